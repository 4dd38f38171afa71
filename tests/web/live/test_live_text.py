"""Real-time text: letter by letter to the other side while it is on, kept nowhere."""

import pytest

from appliance.visits.states import VisitState
from appliance.web.live.live_text import DRAFTS_PER_S
from appliance.web.live.pages_online import Page
from appliance.web.live_text_messages import LiveDraft
from tests.web.live.joining import Talking, shown


def drafts(window, sender=""):
    found = [push for push in window.pushes() if isinstance(push, LiveDraft)]
    return [push.text for push in found if sender in ("", push.sender)]


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


async def test_a_clients_letters_wait_for_the_clients_yes(meeting):
    await meeting.begin()
    client, desk = meeting.client, meeting.desk
    await desk.say("switch_live_text", on=True)
    assert (client.shown.live_text, client.shown.live_text_agreed) == (True, False)
    await desk.say("write_live", text="Guten Tag")
    assert drafts(client) == ["Guten Tag"]
    await client.say("write_live", text="nur für mich")
    assert client.problems == ["live_text_waits"]
    assert drafts(desk) == []
    await client.say("switch_live_text", on=True)
    assert client.shown.live_text_agreed is True
    await client.say("write_live", text="für alle")
    assert drafts(desk) == ["für alle"]
    await desk.say("switch_live_text", on=False)
    await desk.say("switch_live_text", on=True)  # each time anew
    assert client.shown.live_text_agreed is False
    await client.say("write_live", text="wieder für mich")
    assert client.problems == ["live_text_waits"] * 2
    assert drafts(desk)[-1] == ""


async def test_whoever_sits_beside_reads_and_writes_as_long_as_the_client_has_them(meeting):
    talking = Talking(meeting)
    await talking.begin()
    client, desk = meeting.client, meeting.desk
    await client.say("switch_live_text", on=True)
    guest = await talking.guest()  # the client has not said yes
    await client.say("write_live", text="vorher")
    await guest.say("write_live", text="zu früh")
    assert (shown(guest).live_text, drafts(guest), drafts(client)) == (False, [], [])
    member_id = shown(guest).member_id
    await client.say("answer_person", member_id=member_id, welcome=True)
    assert shown(guest).live_text is True
    await client.say("write_live", text="Guten")
    await desk.say("write_live", text="Ich")
    await guest.say("write_live", text="Merhaba")
    assert (drafts(guest, "client"), drafts(guest, "adviser")) == (["Guten"], ["Ich"])
    assert drafts(client, "joined") == drafts(desk, "joined") == ["Merhaba"]
    assert drafts(guest, "joined") == []  # nobody's own letters come back
    (push,) = [one for one in guest.pushes() if isinstance(one, LiveDraft) and one.text == "Ich"]
    assert (push.name, push.member_id) == ("Ayşe Yılmaz", "")
    (push,) = [one for one in desk.pushes() if isinstance(one, LiveDraft) and one.text == "Merhaba"]
    assert (push.name, push.member_id) == ("Dana Dolmetsch", member_id)

    await client.say("answer_person", member_id=member_id, welcome=False)
    assert drafts(client, "joined")[-1] == drafts(desk, "joined")[-1] == ""  # with them it goes
    await client.say("write_live", text="unter uns")
    await guest.say("write_live", text="noch da")
    assert drafts(guest, "client") == ["Guten"]
    assert drafts(desk, "joined")[-1] == ""
    assert guest.problems == client.problems == desk.problems == []


async def test_whoever_sits_beside_reads_only_what_a_client_gives(meeting):
    talking = Talking(meeting)
    await talking.begin()
    window = await talking.colleague()
    await meeting.desk.say("switch_live_text", on=True)
    await meeting.client.say("write_live", text="nur für mich")
    await meeting.desk.say("write_live", text="Ich suche")
    assert drafts(window) == ["Ich suche"]
    again = await talking.window(shown(window).member_id)  # a reload reads what is being written
    await talking.stage.live.joined.greet(again.page)
    assert drafts(again) == ["Ich suche"]
    await meeting.client.say("withdraw_consent")
    await window.say("write_live", text="zu spät")
    assert drafts(meeting.desk, "joined") == []


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
        page.push(LiveDraft(sender="joined", member_id="m", text=f"m{number}"))
        page.push(LiveDraft(sender="joined", member_id="n", text=f"n{number}"))
    assert [push.text for push in page._pushes] == ["c2", "a2", "m2", "n2"]


async def test_it_is_never_in_the_database_and_never_logged(writing, caplog, capsys):
    await writing.client.say("write_live", text="Zebrafink")

    def everything(session):
        ask = session.connection().exec_driver_sql
        tables = [row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(repr(row) for table in tables for row in ask(f'SELECT * FROM "{table}"'))

    dump = await writing.stage.parts.database.read(everything)
    said = capsys.readouterr()
    assert "Zebrafink" not in dump + caplog.text + said.out + said.err
