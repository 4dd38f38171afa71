"""A registered kiosk, from greeting to greeting: a walk-in, a letter, and who just goes away."""

import pytest

from tests.e2e import at_a_kiosk, walk
from tests.e2e.chromium import until

pytestmark = pytest.mark.timeout(150)

SHORTER = "(Object.assign(document.querySelector('#document').dataset, TIMES), 0)"

LARGE = "document.documentElement.dataset.kiosksize === 'yes'"


async def test_it_works(appliance, people, tmp_path):
    """Upright: it looks itself over, then whoever comes is served and forgotten."""
    adviser = await people("adviser")
    await adviser.add_init_script(walk.KEEP_PEERS)
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    async with at_a_kiosk.kiosk_browser(tmp_path / "room") as kiosk:
        await at_a_kiosk.register(adviser, kiosk, appliance)
        booked = await walk.book(adviser, appliance)
        await at_a_kiosk.is_ready(adviser, appliance)
        await adviser.goto(f"{appliance.url}/console")
        await a_walk_in_is_served(adviser, kiosk)
        await nothing_is_left(kiosk)
        await at_a_kiosk.show_letter(kiosk, booked.link)
        assert await kiosk.evaluate(LARGE)  # through a choice of language as well
        await help_is_asked_for_in_a_dialog(kiosk)
        await what_law_wants_can_be_read(kiosk)
        await who_goes_away_is_asked_first(kiosk)
        await nothing_is_left(kiosk)
        await adviser.see("Der Warteraum ist leer")
        assert kiosk.complaints == []
        elsewhere = [one for one in kiosk.requests if not one.startswith(f"{appliance.url}/")]
        assert [one for one in elsewhere if not one.startswith(("data:", "blob:"))] == []


async def a_walk_in_is_served(adviser, kiosk) -> None:
    await at_a_kiosk.begin_without_appointment(kiosk)
    await at_a_kiosk.pass_check(kiosk)
    for statement in walk.STATEMENTS:
        await kiosk.click("checkbox", statement)
    await kiosk.click("button", "Ich stimme zu")
    await kiosk.page.get_by_role("textbox", name="Ihr Name", exact=True).tap()
    await at_a_kiosk.type_in(kiosk, "kim o")
    assert await kiosk.page.locator("[name=name]").input_value() == "Kim o"
    await kiosk.click("button", "Zum Warteraum")
    await adviser.see("Kim o")
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client")
    await walk.sees_moving(kiosk, walk.CLIENT_SEES, "adviser")
    await adviser.click("button", "Beenden E")
    await adviser.click("button", "Beenden: alles besprochen")
    await kiosk.click("button", "Fertig. Alles auf diesem Gerät löschen")
    await kiosk.see("Ihre Daten sind von diesem Gerät gelöscht.")


async def help_is_asked_for_in_a_dialog(kiosk) -> None:
    """Whose keyboard lies in it: nothing outside of an open dialog can be touched."""
    await kiosk.evaluate("document.querySelector('[data-dialog=help]').showModal()")
    await kiosk.page.locator("[name=help_note]").tap()
    await at_a_kiosk.type_in(kiosk, "ton")
    assert await kiosk.page.locator("[name=help_note]").input_value() == "Ton"
    await kiosk.click("button", "Zurück zum Test")


async def what_law_wants_can_be_read(kiosk) -> None:
    """Here, since no link leads out of the page."""
    await kiosk.click("button", "Rechtliches")
    await kiosk.page.locator("[data-kiosk-law] summary").first.tap()
    await kiosk.see("Was wir nie speichern")
    await kiosk.click("button", "Fertig")
    await kiosk.evaluate("document.querySelector('a[href=\"/datenschutz\"]').click()")
    assert await kiosk.evaluate("location.pathname") == "/visit"
    await kiosk.click("button", "Fertig")


async def who_goes_away_is_asked_first(kiosk) -> None:
    """With a shortened clock: an answer helps, silence does not."""
    await kiosk.evaluate(SHORTER.replace("TIMES", "{ questionS: '2', wipeS: '2' }"))
    await kiosk.see("Sind Sie noch da?", 6)
    await kiosk.click("button", "Ja, ich bin noch da")
    await until(kiosk.page, "!document.querySelector('dialog[open]')")
    assert await kiosk.evaluate("location.pathname") == "/visit"
    await kiosk.see("Ihre Daten sind von diesem Gerät gelöscht.", 15)


async def nothing_is_left(kiosk) -> None:
    assert not await kiosk.evaluate(LARGE)
    kept = await kiosk.evaluate(at_a_kiosk.KEPT)
    assert kept == ["vorzimmer.kiosk", "vorzimmer.kiosk.started"]  # its own set-up, its own start
    assert {one["name"] for one in await kiosk.context.cookies()} == {"__Host-kiosk"}
