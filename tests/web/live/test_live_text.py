"""Real-time text: letter by letter to the other side while it is on, kept nowhere."""

import pytest

from appliance.visits.states import VisitState
from appliance.web.live.live_text import DRAFTS_PER_S
from appliance.web.live.pages_online import Page
from appliance.web.live_text_messages import LiveDraft


def drafts(window):
    return [push.text for push in window.pushes() if isinstance(push, LiveDraft)]


@pytest.fixture
async def writing(meeting):
    """In a session, with real-time text switched on by the client."""
    await meeting.begin()
    await meeting.client.say("switch_live_text", on=True)
    return meeting


async def test_it_works(writing):
    assert writing.client.shown.live_text is True
    assert writing.desk.desk.session.live_text is True
    for text in ("Ha", "Hal", "Ha", ""):
        await writing.client.say("write_live", text=text)
        await writing.desk.say("write_live", text=text.upper())
        assert drafts(writing.desk)[-1] == text
        assert drafts(writing.client)[-1] == text.upper()
    assert writing.client.problems == writing.desk.problems == []
    senders = {push.sender for push in writing.desk.pushes() if isinstance(push, LiveDraft)}
    assert senders == {"client"}


async def test_nothing_is_passed_on_before_somebody_switches_it_on(meeting):
    await meeting.begin()
    assert meeting.client.shown.live_text is None
    await meeting.client.say("write_live", text="nur für mich")
    await meeting.desk.say("write_live", text="nur für mich")
    assert drafts(meeting.desk) == drafts(meeting.client) == []
    assert meeting.client.problems == meeting.desk.problems == []


async def test_either_switches_it_off_and_what_was_begun_is_gone(writing):
    await writing.client.say("write_live", text="Meine Numm")
    await writing.desk.say("switch_live_text", on=False)
    assert writing.client.shown.live_text is False
    assert drafts(writing.desk)[-1] == ""
    await writing.client.say("write_live", text="Meine Nummer")
    assert drafts(writing.desk)[-1] == ""


async def test_nobody_switches_it_on_outside_a_session(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("switch_live_text", on=True)
    await meeting.desk.say("switch_live_text", on=True)
    assert meeting.client.problems == ["not_allowed_now"]
    assert meeting.desk.problems == ["no_session"]


async def test_it_ends_with_the_session(writing):
    await writing.client.say("write_live", text="Nur für Sie")
    await writing.desk.say("send_back")
    assert writing.stage.live.live_text.word(writing.visit.id) is None
    before = drafts(writing.desk)
    await writing.client.say("write_live", text="Noch etwas")
    assert drafts(writing.desk) == before


async def test_the_next_adviser_reads_nothing_of_the_last(writing):
    visit = await writing.now()
    visit.admitted_by = "somebody-else"
    writing.stage.live.live_text.follow(visit)
    assert writing.stage.live.live_text.word(writing.visit.id) is None


async def test_a_reloaded_page_reads_what_is_being_written(writing):
    await writing.desk.say("write_live", text="Ich suche")
    window = await writing.stage.client_window(writing.visit)
    writing.stage.live.chat.greet(window.page, await writing.now())
    assert drafts(window) == ["Ich suche"]


async def test_too_fast_is_held_back_and_only_the_newest_passed_on(writing):
    texts = ["x" * length for length in range(1, DRAFTS_PER_S + 6)]
    for text in texts:
        await writing.client.say("write_live", text=text)
    assert drafts(writing.desk)[-1] == texts[DRAFTS_PER_S - 1]
    assert writing.client.problems == []
    await writing.stage.tick(seconds=1)
    assert drafts(writing.desk)[-1] == texts[-1]


async def test_too_long_and_unprintable(writing):
    await writing.client.say("write_live", text="x" * 2001)
    assert writing.client.problems == ["message_wrong"]
    await writing.client.say("write_live", text="\u202egnp.exe\x00")
    assert drafts(writing.desk) == ["gnp.exe"]


def test_a_page_that_reads_slowly_gets_the_newest_of_each_sender():
    page = Page("desk:a", "de", "127.0.0.1", 0.0, None)
    for number in range(3):
        page.push(LiveDraft(sender="client", text=f"c{number}"))
        page.push(LiveDraft(sender="adviser", text=f"a{number}"))
    assert [push.text for push in page._pushes] == ["c2", "a2"]


async def test_it_is_never_in_the_database_and_never_logged(writing, caplog, capsys):
    await writing.client.say("write_live", text="Zebrafink")

    def everything(session):
        ask = session.connection().exec_driver_sql
        tables = [row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(repr(row) for table in tables for row in ask(f'SELECT * FROM "{table}"'))

    dump = await writing.stage.parts.database.read(everything)
    said = capsys.readouterr()
    assert "Zebrafink" not in dump + caplog.text + said.out + said.err
