"""Who is stuck calls for help from inside the check; the office writes or calls back."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from appliance.visits.errors import VisitUnknown
from appliance.visits.machine import VisitEvent
from appliance.visits.states import VisitState
from appliance.web.live.chat import LINES_PER_S
from appliance.web.live.help_calls import LINES_PER_CALL
from appliance.web.message import MAX_HELP_CHARACTERS

MINE = {"line_id": "line-client-1", "text": "Ich sehe keinen Knopf."}
YOURS = {"line_id": "line-office-1", "text": "Oben links, neben der Adresse."}


def row(meeting):
    return meeting.desk.desk.waiting[0]


def words(view):
    return [(line.sender, line.text) for line in view.lines]


async def stuck_at_the_microphone(meeting):
    await meeting.client.say("run_step", kind="microphone")
    meeting.stage.clock.forward(minutes=2)
    await meeting.client.say("run_step", kind="microphone")
    record = {"kind": "microphone", "error": "denied_by_browser"}
    await meeting.client.say("measured", record=record)


async def test_it_works(checking):
    """Asked with a line; the desk sees step, cause and remedy; answers; it is settled."""
    await stuck_at_the_microphone(checking)
    await checking.client.say("request_help", note="Es geht nicht.")
    assert checking.client.shown.help.since == (await checking.now()).help_requested_at
    assert not checking.client.shown.help.staffed  # for two minutes nobody was heard
    checking.stage.live.pages.heard(checking.desk.page)
    await checking.client.say("request_help")
    assert checking.client.shown.help.staffed
    seen = row(checking)
    assert (seen.wants_help, seen.at_step, seen.at_step_tries) == (True, "microphone", 2)
    assert seen.help.since - seen.at_step_since == timedelta(minutes=2)
    (found,) = [one for one in seen.findings if one.kind == "microphone"]
    assert found.title
    assert found.steps == checking.client.shown.check.findings[-1].steps  # shown already
    assert words(seen.help) == [("client", "Es geht nicht.")]
    await checking.desk.say("write_help", visit_id=checking.visit.id, **YOURS)
    assert words(checking.client.shown.help)[-1] == ("adviser", YOURS["text"])
    await checking.client.say("help_line", **MINE)
    assert words(row(checking).help)[-1] == ("client", MINE["text"])
    await checking.client.say("help_done")
    assert checking.client.shown.help is None
    assert not row(checking).wants_help
    assert row(checking).help.lines == []


async def test_a_call_is_made_and_ticked_off(checking):
    await checking.client.say("request_help", answer="call", phone="0170 55 55 55")
    help_ = row(checking).help
    assert (help_.answer, help_.phone, help_.phone_from) == ("call", "0170 55 55 55", "client")
    await checking.desk.say("settle_help", visit_id=checking.visit.id, called=True)
    assert row(checking).help.called_at == checking.client.shown.help.called_at
    assert not row(checking).wants_help
    assert checking.client.shown.help.since is None
    journal = await checking.stage.parts.visits.journal(checking.visit.id)
    assert journal[-1].event is VisitEvent.HELP_SETTLED
    assert journal[-1].actor_id == checking.adviser.id


async def test_without_a_number_the_appointment_has_it(checking):
    await checking.client.say("request_help", answer="call")
    help_ = row(checking).help
    assert (help_.phone, help_.phone_from) == (checking.appointment.client_phone, "appointment")


async def test_a_call_needs_a_number(stage):
    adviser = await stage.add_adviser()
    visit = await stage.arrive(await stage.book(adviser, client_phone=""))
    client = await stage.client_window(visit)
    await client.say("request_help", answer="call")
    assert client.problems == ["help_number_missing"]
    assert (await stage.parts.visits.get(visit.id)).help_requested_at is None


async def test_nothing_of_it_is_written(checking):
    """Neither number nor lines, in no table, whatever happens."""
    await checking.client.say("request_help", note="Notiz-Wort", answer="call", phone="0170 987")
    await checking.client.say("help_line", line_id="line-client-1", text="Zeile-Wort")
    await checking.desk.say(
        "write_help", visit_id=checking.visit.id, line_id="line-office-1", text="Amts-Wort"
    )
    await checking.desk.say("settle_help", visit_id=checking.visit.id, called=True)

    def everything(session):
        tables = SQLModel.metadata.sorted_tables
        return [session.execute(text(f"SELECT * FROM {t.name}")).all() for t in tables]

    kept = repr(await checking.stage.parts.database.read(everything))
    assert checking.visit.id in kept
    for word in ("Notiz-Wort", "Zeile-Wort", "Amts-Wort", "0170 987"):
        assert word not in kept


async def test_since_the_first_time(checking):
    await checking.client.say("request_help", note="eins")
    since = (await checking.now()).help_requested_at
    checking.stage.clock.forward(minutes=3)
    await checking.client.say("request_help", note="zwei", answer="call", phone="030 1")
    assert row(checking).help.since == since
    assert row(checking).help.answer == "call"
    assert [line.text for line in row(checking).help.lines] == ["eins", "zwei"]


async def test_staff_may_offer_help_unasked(checking):
    await checking.desk.say("write_help", visit_id=checking.visit.id, **YOURS)
    shown = checking.client.shown.help
    assert shown.since is None
    assert words(shown) == [("adviser", YOURS["text"])]


# ---- who may not
async def test_a_colleague_neither_sees_nor_answers(checking):
    colleague = await checking.stage.add_adviser("berg", "Jan Berg")
    desk = await checking.stage.desk_window(colleague)
    await checking.client.say("request_help", note="nur für Frau Yılmaz")
    assert desk.desk.waiting == []
    await desk.say("write_help", visit_id=checking.visit.id, **YOURS)
    await desk.say("settle_help", visit_id=checking.visit.id, called=True)
    assert desk.problems == [VisitUnknown.code] * 2
    assert row(checking).wants_help
    assert len(checking.client.shown.help.lines) == 1


async def test_an_idle_window_is_shown_nothing(checking):
    await checking.client.say("request_help", note="Es geht nicht.")
    second = await checking.stage.client_window(checking.visit)
    assert second.shown.help is not None
    assert checking.client.shown.elsewhere
    assert checking.client.shown.help is None


async def test_another_browser_by_the_link_learns_nothing(checking):
    await checking.client.say("request_help", note="Meine Nummer", answer="call", phone="0170 1")
    await checking.stage.live.client_commands.entered_anew(await checking.now())
    await checking.stage.live.settle()
    assert checking.client.shown.help.lines == []
    assert row(checking).help.phone == checking.appointment.client_phone


async def test_the_test_page_has_nobody_to_ask(stage):
    page = await stage.test_window()
    await page.say("start_check", terms_version="t-1")
    await page.say("request_help", note="Hilfe")
    await page.say("help_line", **MINE)
    assert page.problems == ["not_allowed_now"] * 2
    assert page.shown.help is None


# ---- what is wrong or missing
@pytest.mark.parametrize("note", ["x" * (MAX_HELP_CHARACTERS + 1), 7])
async def test_a_wrong_note_is_refused(checking, note):
    await checking.client.say("request_help", note=note)
    assert checking.client.problems == ["message_wrong"]
    assert not row(checking).wants_help


async def test_a_line_of_nothing_is_refused(checking):
    await checking.client.say("help_line", line_id="line-client-1", text="\u202e")
    assert checking.client.problems == ["chat_empty"]


async def test_a_talk_has_an_end(checking):
    for number in range(LINES_PER_CALL + 1):
        checking.stage.clock.forward(seconds=1)
        await checking.client.say("help_line", line_id=f"line-{number:04}", text="und noch eins")
    assert checking.client.problems == ["chat_full"]


async def test_a_note_too_many_keeps_the_call_from_nobody(checking):
    """The office sees that a call is wanted, although the line that came with it was refused."""
    await checking.client.say("request_help", note="eins")
    for number in range(2, LINES_PER_S + 1):
        await checking.client.say("help_line", line_id=f"line-{number:04}", text="und noch eins")
    await checking.client.say("request_help", note="zu viel", answer="call", phone="030 1")
    assert checking.client.problems == ["chat_too_fast"]
    assert (row(checking).help.answer, row(checking).help.phone) == ("call", "030 1")


async def test_nobody_at_the_desk_is_said(checking):
    checking.stage.live.pages.close(checking.desk.page)
    for _ in range(5):
        checking.stage.live.pages.heard(checking.client.page)
        await checking.stage.tick(seconds=3)
    await checking.client.say("request_help")
    assert not checking.client.shown.help.staffed


# ---- too late
async def test_in_the_session_the_chat_is_there(meeting):
    await meeting.client.say("request_help", note="vorher")
    await meeting.begin()
    assert (await meeting.now()).help_requested_at is None
    await meeting.client.say("request_help")
    await meeting.desk.say("write_help", visit_id=meeting.visit.id, **YOURS)
    assert meeting.client.problems == ["not_allowed_now"]
    assert meeting.desk.problems == ["not_allowed_now"]
    await meeting.desk.say("send_back")
    assert (await meeting.now()).state is VisitState.WAITING
    assert row(meeting).help.lines == []  # forgotten when they talked


async def test_a_closed_visit_gets_no_help(meeting):
    await meeting.client.say("request_help", note="gleich vorbei")
    await meeting.client.say("leave")
    await meeting.client.say("help_line", **MINE)
    await meeting.desk.say("write_help", visit_id=meeting.visit.id, **YOURS)
    await meeting.desk.say("settle_help", visit_id=meeting.visit.id, called=False)
    assert meeting.client.problems == ["not_allowed_now"]
    assert meeting.desk.problems == ["not_allowed_now"] * 2
    assert not meeting.stage.live.help_calls.known(meeting.visit.id)


# ---- two at once
async def test_two_tick_it_off(checking):
    """Two windows of the same desk; the first call counts."""
    await checking.client.say("request_help", answer="call", phone="030 1")
    await checking.desk.say("settle_help", visit_id=checking.visit.id, called=True)
    first = row(checking).help.called_at
    checking.stage.clock.forward(minutes=1)
    await checking.desk.say("settle_help", visit_id=checking.visit.id, called=True)
    assert row(checking).help.called_at == first
    journal = await checking.stage.parts.visits.journal(checking.visit.id)
    assert [line.event for line in journal].count(VisitEvent.HELP_SETTLED) == 1


async def test_a_repeated_line_is_one_line(checking):
    await checking.desk.say("write_help", visit_id=checking.visit.id, **YOURS)
    await checking.desk.say("write_help", visit_id=checking.visit.id, **YOURS)
    assert words(checking.client.shown.help) == [("adviser", YOURS["text"])]
