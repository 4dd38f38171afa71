"""What an administrator reads on a box that has nothing yet."""

from appliance.advisers.models import Role
from appliance.appointments.topics import TopicFacts
from appliance.settings import AgencySettings, MailSettings
from tests.builders.bookings import PASSWORD
from tests.web.conftest import text_of

STEPS = {
    "Ohne Mailserver gehen keine Einladungen hinaus.": "/console/mail",
    "Außer Ihnen hat noch niemand einen Zugang.": "/console/accounts",
    "Es gibt noch kein Thema.": "/console/topics",
    "Das Impressum nennt noch nicht, wer das Amt vertritt.": "/impressum",
}


async def test_it_works(web):
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    answer = await administrator.get("/console")
    words, html = await text_of(answer), await answer.get_data(as_text=True)
    assert "Einrichtung: 4 Schritte sind offen" in words
    for sentence, address in STEPS.items():
        assert sentence in words
        assert f'href="{address}"' in html
    words = await text_of(await administrator.get("/console/accounts"))
    assert "Legen Sie unten für jede Person einen Zugang an." in words


async def test_what_is_done_is_not_said(web, settings):
    administrator = await web.adviser(role=Role.ADMINISTRATOR)
    await web.parts.advisers.add("weber", "Herr Weber", PASSWORD)
    await web.parts.topics.add(TopicFacts(name_de="Wohngeld"), administrator.adviser_id)
    assert "2 Schritte" in await text_of(await administrator.get("/console"))
    web.parts.settings = settings.model_copy(
        update={
            "mail": MailSettings(host="mail.example.org"),
            "agency": AgencySettings(represented_by="Die Amtsleiterin"),
        }
    )
    assert "Einrichtung" not in await text_of(await administrator.get("/console"))


async def test_advisers_are_not_asked_to_set_up_the_box(web):
    adviser = await web.adviser()
    assert "Einrichtung" not in await text_of(await adviser.get("/console"))
