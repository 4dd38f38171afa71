"""People do what people do: type wrongly, open two windows, reload, change their mind."""

import asyncio
import time
from typing import Any

import pytest
from sqlmodel import select

from appliance.settings import Settings
from appliance.storage.database import Database
from appliance.visits.models import Visit
from tests.e2e import clips, walk
from tests.e2e.chromium import Devices

pytestmark = pytest.mark.timeout(240)

PHONE = {"width": 390, "height": 844}


async def to_consent_by_text(client: Any, booked: walk.Booked) -> None:
    """The quick way for tests that are not about devices: without sound and picture."""
    await walk.arrive(client, booked)
    await walk.check_by_text(client)


async def agree(client: Any) -> None:
    """Three ticks."""
    boxes = client.page.locator(
        "[data-screen=consent] [role=checkbox], [data-screen=consent] input"
    )
    for number in range(await boxes.count()):
        await boxes.nth(number).check()
    await client.click("button", "Ich stimme zu")


async def state(client: Any, password: str) -> None:
    """Name and password."""
    await client.fill("Ihr Name", "Ayşe Öztürk")
    await client.fill("Ihr Passwort für den Termin", password)
    await client.click("button", "Zum Warteraum")


@pytest.mark.patient
async def test_it_works(appliance, people):
    """A wrong password three times is no dead end, and the adviser knows."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", viewport=PHONE)
    await to_consent_by_text(client, booked)
    await agree(client)
    for _ in range(2):
        await state(client, "ABCD EFGH")
        await client.see("Diese Angaben passen nicht zu Ihrem Termin.")
        await client.see("Bitte prüfen Sie Ihre Angaben und das Passwort.")
        name = client.page.get_by_role("textbox", name="Ihr Name")
        assert await name.input_value() == "Ayşe Öztürk"  # nothing is typed twice
    await state(client, "ABCD EFGH")
    await client.see("Ihre Angaben passten nicht zusammen. Das macht nichts")
    await client.see("Sie müssen nichts tun")
    await adviser.see("Passwort oder Nummer 3× falsch: erst anrufen")
    await adviser.see("Ayşe Öztürk")
    await two_advisers_want_one_client(appliance, adviser, people)


async def two_advisers_want_one_client(appliance: Any, adviser: Any, people: Any) -> None:
    """Both see an unassigned client and press at once: one conversation begins."""
    make_unassigned(appliance)
    other = await people("adviser")
    await walk.log_in(other, appliance, await walk.add_adviser(appliance, "weber", "Herr Weber"))
    await adviser.page.reload()
    desks = (adviser, other)
    for desk in desks:
        await desk.see("Passwort oder Nummer 3× falsch: erst anrufen")
    await asyncio.gather(*(desk.click("button", "Hereinbitten") for desk in desks))
    loser = await who_lost(desks)
    await loser.see("Inzwischen hat sich etwas geändert.")
    await loser.see("Vielleicht war jemand schneller. Bitte sehen Sie noch einmal in die Liste.")
    winner = desks[1 - desks.index(loser)]
    await winner.see("Gespräch nur mit Text. Bitte schreiben Sie im Chat.")
    assert not await loser.page.get_by_role("button", name="Hereinbitten").is_visible()


async def who_lost(desks: tuple[Any, Any]) -> Any:
    """The desk that was told so."""
    for _ in range(100):
        for desk in desks:
            if await desk.page.get_by_text("Vielleicht war jemand schneller.").is_visible():
                return desk
        await asyncio.sleep(0.1)
    raise TimeoutError("nobody was told that a colleague was faster")


def make_unassigned(appliance: Any) -> None:
    """As somebody who has come in without an appointment; written beside the running programs."""
    folder = appliance.box.folder
    database = Database.open(Settings(data_dir=folder / "data", runtime_dir=folder / "run"))
    try:

        def work(session):
            session.exec(select(Visit)).one().adviser_id = None

        database.write_sync(work)
    finally:
        database.close()


async def coming_back(client: Any, booked: walk.Booked, words: str) -> Any:
    """Reload, then close the window and come back by the link; both show the same place."""
    await client.page.reload()
    await client.see(words)
    await client.page.close()
    client.page = await client.context.new_page()
    await client.goto(booked.link)
    await client.click("button", "Termin öffnen")
    await client.see(words)


async def test_coming_back_goes_on_where_it_was(appliance, people):
    """Reloaded and closed in every stage, with the conversation at the end."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    black = clips.black()  # a camera that does not pass stays where it is
    client = await people("client", viewport=PHONE, picture=black)
    await walk.arrive(client, booked)
    await client.click("button", "Gerätetest starten")
    await walk.onward(client, "camera")
    await coming_back(client, booked, "Sehen wir Sie gut?")
    for onward in ("Ohne Kamera weiter", "Ohne Lautsprecher weiter"):
        await client.click("button", onward)
    await client.see("Sie können weitermachen")
    await client.click("button", "Weiter zur Einwilligung")
    await client.see("Sind Sie einverstanden?")  # who reloads before that has not gone on
    await coming_back(client, booked, "Sind Sie einverstanden?")
    await agree(client)
    await coming_back(client, booked, "Wer sind Sie?")
    await state(client, booked.password)
    await coming_back(client, booked, "Sie müssen nichts tun")
    await adviser.see("Passwort oder Nummer stimmt")
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await client.page.reload()
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await client.page.close()
    client.page = await client.context.new_page()
    await client.goto(booked.link)
    await client.click("button", "Termin öffnen")
    await client.page.wait_for_url("**/visit")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser")
    await withdrawing_ends_both(adviser, client)


async def withdrawing_ends_both(adviser: Any, client: Any) -> None:
    """At once on the own side, within a second or so on the other; with what follows."""
    await client.click("button", "Einwilligung widerrufen")
    pressed_at = time.monotonic()
    await asyncio.gather(
        client.see("Ihre Einwilligung ist widerrufen"),
        adviser.page.locator(walk.DESK_SEES).wait_for(state="hidden"),
    )
    assert time.monotonic() - pressed_at < 2.5
    await client.see("Am Telefon sind wir gern für Sie da.")
    await client.see("Kamera und Mikrofon sind aus.")
    assert await client.evaluate(
        "[...document.querySelectorAll('video')].every((v) => !v.checkVisibility())"
    )
    await client.page.get_by_role("link", name="030 1234567 anrufen").first.wait_for()


@pytest.mark.patient
async def test_one_link_in_two_windows_and_two_browsers(appliance, people):
    """The older window is told, nothing is taken over in silence, and there is a way back."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    phone = await people("client", viewport=PHONE)
    await to_consent_by_text(phone, booked)
    first = phone.page
    second = phone.page = await phone.context.new_page()
    await phone.goto(f"{appliance.url}/visit")
    await phone.see("Sind Sie einverstanden?")
    phone.page = first
    await phone.see("Ihr Termin ist in einem anderen Fenster offen")
    await phone.see("Sie können dort weitermachen oder hier.")
    await phone.click("button", "Hier weitermachen")
    await phone.see("Sind Sie einverstanden?")
    phone.page = second
    await phone.see("Ihr Termin ist in einem anderen Fenster offen")
    await second.close()
    phone.page = first
    await phone.see("Sind Sie einverstanden?")
    await another_browser_states_all_again(
        adviser, phone, await people("client", devices=Devices.NONE), booked
    )


async def another_browser_states_all_again(
    adviser: Any, phone: Any, laptop: Any, booked: walk.Booked
) -> None:
    """Who has the link alone gets nowhere by it: devices, consent and password are asked again."""
    await agree(phone)
    await state(phone, booked.password)
    await adviser.see("Passwort oder Nummer stimmt")
    await laptop.goto(booked.link)
    await laptop.click("button", "Termin öffnen")
    await laptop.page.locator("[data-screen=device_check]:visible").wait_for()
    await phone.see("Ihr Termin ist in einem anderen Fenster offen")
    await walk.on_by_text(laptop)  # devices are asked again, though they were tested elsewhere
    await agree(laptop)
    await laptop.see("Wer sind Sie?")
    await phone.click("button", "Hier weitermachen")  # its access has ended with the other's entry
    await phone.see("Dieser Termin ist hier nicht mehr offen")
    await phone.see("Öffnen Sie bitte noch einmal den Link aus Ihrer E-Mail.")
    await phone.page.get_by_role("link", name="030 1234567 anrufen").first.wait_for()
    await laptop.see("Wer sind Sie?")
