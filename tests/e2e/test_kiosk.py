"""A walk-in at a registered kiosk, from greeting to greeting; and whoever just goes away."""

import pytest

from tests.e2e import at_a_kiosk, walk
from tests.e2e.chromium import until

pytestmark = pytest.mark.timeout(120)


async def test_it_works(appliance, people, tmp_path):
    """Upright: registered, looked over; a walk-in talks with an adviser; nothing is left."""
    adviser = await people("adviser")
    await adviser.add_init_script(walk.KEEP_PEERS)
    await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
    async with at_a_kiosk.kiosk_browser(tmp_path / "room") as kiosk:
        await at_a_kiosk.register(adviser, kiosk, appliance)
        await at_a_kiosk.is_ready(adviser, appliance)
        await adviser.goto(f"{appliance.url}/console")
        await at_a_kiosk.begin_without_appointment(kiosk)
        await kiosk.click("button", "Gerätetest starten")
        await kiosk.click("button", "Weiter zur Einwilligung", 40)
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
        await nothing_is_left(kiosk)


async def nothing_is_left(kiosk) -> None:
    kept = await kiosk.evaluate(at_a_kiosk.KEPT)
    assert kept == ["vorzimmer.kiosk", "vorzimmer.kiosk.started"]  # its own set-up, its own start
    cookies = {one["name"] for one in await kiosk.context.cookies()}
    assert cookies == {"__Host-kiosk"}


class TestGone:
    """With the clock shortened: three seconds until the question, three for an answer."""

    @pytest.fixture
    def box_settings(self):
        return {
            "VORZIMMER_KIOSK__IDLE_QUESTION_S": "3",
            "VORZIMMER_KIOSK__IDLE_WIPE_S": "3",
        }

    async def test_who_goes_away_is_forgotten(self, appliance, people, tmp_path):
        """Lying: asked with a countdown, an answer helps, silence does not."""
        adviser = await people("adviser")
        await walk.log_in(adviser, appliance, await walk.add_adviser(appliance))
        async with at_a_kiosk.kiosk_browser(tmp_path / "room", at_a_kiosk.LYING) as kiosk:
            await at_a_kiosk.register(adviser, kiosk, appliance)
            await at_a_kiosk.begin_without_appointment(kiosk)
            await kiosk.see("Sind Sie noch da?", 6)
            await kiosk.click("button", "Ja, ich bin noch da")
            await until(kiosk.page, "!document.querySelector('dialog[open]')")
            assert await kiosk.evaluate("location.pathname") == "/visit"
            await kiosk.see("Ihre Daten sind von diesem Gerät gelöscht.", 15)
            await nothing_is_left(kiosk)
            await adviser.goto(f"{appliance.url}/console")
            await adviser.see("Der Warteraum ist leer")
