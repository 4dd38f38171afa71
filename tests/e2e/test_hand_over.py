"""A waiting client is given to a colleague, who asks them in: the place in the queue is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from appliance.settings import Settings
from appliance.storage.database import Database
from appliance.visits.models import Visit
from tests.e2e import short_way, walk

pytestmark = [pytest.mark.timeout(120), pytest.mark.patient]

WAITED = timedelta(minutes=12, seconds=10)


def let_them_have_waited(appliance: Any) -> None:
    """Twelve minutes in no time: the client has come that much earlier."""
    folder = appliance.box.folder
    database = Database.open(Settings(data_dir=folder / "data", runtime_dir=folder / "run"))

    def work(session: Any) -> None:
        visit = session.exec(select(Visit)).one()
        visit.waiting_since -= WAITED
        visit.state_since -= WAITED

    try:
        database.write_sync(work)
    finally:
        database.close()


LINE = "Guten Tag, ich übernehme Ihren Termin."


async def writes_a_text_block(colleague: Any, appliance: Any) -> None:
    """Beforehand, for the chat; the desk offers it from its next opening on."""
    await colleague.goto(f"{appliance.url}/console/text-blocks")
    await colleague.fill("Text", LINE)
    await colleague.click("button", "Textbaustein speichern")
    await colleague.goto(f"{appliance.url}/console")
    await colleague.see("Der Warteraum ist leer.")
    await finds_nobody_elses(colleague)


async def finds_nobody_elses(colleague: Any) -> None:
    """By the key that the field shows; the client is still the other adviser's."""
    await colleague.page.keyboard.press("f")
    await colleague.page.keyboard.type("Öztürk")
    await colleague.page.keyboard.press("Enter")
    await colleague.see("Dazu haben wir keinen Termin gefunden, den Sie sehen dürfen.")
    await colleague.click("link", "Arbeitsplatz")
    await colleague.see("Der Warteraum ist leer.")


async def test_it_works(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client", viewport={"width": 390, "height": 844})
    await short_way.to_the_waiting_room(client, appliance, booked)
    await client.see("Frau Yılmaz weiß, dass Sie da sind.")
    let_them_have_waited(appliance)
    staff = await walk.add_adviser(appliance, "weber", "Herr Weber")
    colleague = await adviser.another()
    await walk.log_in(colleague, appliance, staff)
    await writes_a_text_block(colleague, appliance)
    await adviser.page.get_by_label("Oder übergeben an").select_option(label="Herr Weber (da)")
    await adviser.click("button", "Übergeben")
    await colleague.see("Ayşe Öztürk")
    await colleague.see("seit 12 Minuten")
    await client.see("Herr Weber weiß, dass Sie da sind.")
    await client.see("Sie warten seit 12 Minuten.")
    await adviser.see("Der Warteraum ist leer.")
    await colleague.click("button", "Hereinbitten")
    await colleague.see("Wer ist da?")
    # Its key is that of going on by telephone, which must win while a line is broken.
    assert not await colleague.page.get_by_role("button", name="Nicht am Platz").is_visible()
    await colleague.page.keyboard.press("c")
    await colleague.page.get_by_text("Textbausteine", exact=True).locator("visible=true").click()
    await colleague.click("button", LINE)
    assert await colleague.page.get_by_label("Nachricht", exact=True).input_value() == LINE
    await colleague.click("button", "Senden")
    await client.click("button", "Chat")
    await client.see(LINE)
    await colleague.page.keyboard.press("z")
    await colleague.see("seit 12 Minuten")
    await client.see("Herr Weber weiß, dass Sie da sind.")
