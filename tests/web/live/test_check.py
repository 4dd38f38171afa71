"""The device check of a visit: step by step, with an acted analyser."""

import pytest
from sqlmodel import select

from appliance.device_check.records import Verdict
from appliance.visits.models import Consent
from appliance.visits.states import Mode, VisitState
from appliance.web.live.agreements import CONSENT_VERSION, consent_text_hash
from tests.web.live.acted_check import (
    BLACK,
    HEARD,
    OWN_LEVELS,
    finding,
    hide,
    measures,
    step,
    told,
)
from tests.web.live.stage import SYSTEM, Stage


async def test_it_works(checking):
    await step(checking, "microphone")
    assert checking.client.shown.check.analyser == "ready"
    assert checking.stage.relay.words(checking.visit.id) == {"c>x microphone", "x>c microphone"}
    assert told(checking, "measure")[-1]["kinds"] == ["microphone"]
    await checking.client.say("measured", record=OWN_LEVELS)
    await measures(checking, HEARD)
    assert finding(checking.client.shown, "microphone").verdict is Verdict.PASSED
    heard = [push for push in checking.client.pushes() if push.type == "heard"]
    assert heard[-1].level_dbfs == -20
    assert heard[-1].voice


async def test_the_page_is_told_that_the_microphone_was_gone_on_without(checking):
    """A working one as well: it stays off after a reload, until it is tested again."""
    await step(checking, "microphone")
    await checking.client.say("measured", record=OWN_LEVELS)
    await measures(checking, HEARD)
    assert not checking.client.shown.check.without_microphone
    await checking.client.say("waive", kind="microphone")
    assert checking.client.shown.check.without_microphone
    await step(checking, "microphone")
    assert not checking.client.shown.check.without_microphone


async def test_a_cause_is_explained_to_both_in_their_words(checking):
    await step(checking, "camera")
    assert checking.stage.relay.words(checking.visit.id) == {"c>x camera"}
    await measures(checking, BLACK)
    found = finding(checking.client.shown, "camera")
    assert (found.verdict, found.cause) == (Verdict.FAILED, "camera_black")
    assert found.title
    assert found.steps
    row = checking.desk.desk.waiting[0]
    assert row.findings[0].cause == "camera_black"
    assert row.findings[0].title != found.title, "staff read their own sentence"
    assert row.readiness == "yellow"
    english = await checking.stage.client_window(checking.visit, language="en")
    assert finding(english.shown, "camera").title != found.title


async def test_each_line_of_the_system_check_is_told_in_words(checking):
    low = {**SYSTEM, "battery": 0.1, "charging": False, "screen": "refused"}
    await checking.client.say("measured", record=low)
    ticks = {tick.item: tick for tick in checking.client.shown.check.ticks}
    assert ticks["path"].verdict is Verdict.PASSED
    assert ticks["path"].title == ""
    assert ticks["battery"].verdict is Verdict.WARNING
    assert ticks["battery"].title == "Der Akku Ihres Geräts ist fast leer."
    assert ticks["screen"].title == "Ihr Bildschirm geht vielleicht von selbst aus."
    assert finding(checking.client.shown, "system").cause == "system_battery_low"
    await checking.client.say("measured", record={**low, "charging": True})
    ticks = {tick.item: tick for tick in checking.client.shown.check.ticks}
    assert ticks["battery"].verdict is Verdict.PASSED
    assert finding(checking.client.shown, "system").verdict is Verdict.PASSED


async def test_the_step_again_starts_anew(checking):
    await step(checking, "camera")
    await measures(checking, BLACK)
    await checking.client.say("run_step", kind="camera")
    assert checking.client.shown.check.findings == []
    assert len(told(checking, "measure")) == 2


async def test_a_late_measurement_of_another_step_changes_nothing(checking):
    await step(checking, "camera")
    await checking.client.say("run_step", kind="microphone")
    await measures(checking, BLACK)
    await checking.client.say("measured", record={"kind": "camera", "error": "in_use"})
    assert checking.client.shown.check.findings == []


async def speak(meeting, *, again=False):
    await meeting.client.say("say_number", again=again)
    digits = told(meeting, "say_number")[-1]["digits"]
    said = {"type": "said", "digits": digits}
    await meeting.stage.relay.analyser_says(meeting.visit.id, said)
    await meeting.stage.live.settle()
    return digits


async def test_the_number_is_shown_among_six_once_it_was_spoken(checking):
    await step(checking, "speaker")
    assert checking.stage.relay.words(checking.visit.id) == {"x>c microphone"}
    await checking.client.say("say_number")
    assert checking.client.shown.check.speaker_numbers == []
    digits = await speak(checking, again=True)
    numbers = checking.client.shown.check.speaker_numbers
    assert len(set(numbers)) == 6
    assert digits in numbers
    assert len({m["digits"] for m in told(checking, "say_number")}) == 1, "the same once more"
    await checking.client.say("measured", record={"kind": "speaker", "tapped": digits})
    assert finding(checking.client.shown, "speaker").verdict is Verdict.PASSED
    assert checking.client.shown.check.speaker_numbers == []


@pytest.mark.provokes("speaker_wrong_number", by="programs")
async def test_two_wrong_numbers_mean_not_heard(checking, provoked):
    await step(checking, "speaker")
    for expected in ([], [Verdict.FAILED]):
        digits = await speak(checking)
        wrong = next(n for n in checking.client.shown.check.speaker_numbers if n != digits)
        await checking.client.say("measured", record={"kind": "speaker", "tapped": wrong})
        assert [f.verdict for f in checking.client.shown.check.findings] == expected
    assert provoked(finding(checking.client.shown, "speaker").cause) == "speaker_wrong_number"
    assert len({m["digits"] for m in told(checking, "say_number")}) == 2, "a new number each time"


async def test_no_number_can_be_tapped_before_one_was_spoken(checking):
    await step(checking, "speaker")
    await checking.client.say("measured", record={"kind": "speaker", "tapped": "123"})
    assert checking.client.problems == ["no_number_spoken"]
    await checking.client.say("run_step", kind="camera")
    await checking.client.say("say_number")
    assert checking.client.problems[1:] == ["not_this_step"]


async def test_the_blurred_preview_comes_back(checking):
    await hide(checking, "blur")
    assert told(checking, "background")[-1]["mode"] == "blur"
    assert checking.stage.relay.words(checking.visit.id) == {"c>x camera", "x>c camera"}
    assert checking.client.shown.check.background == "blur"


async def test_a_hidden_room_stays_hidden_in_the_session(checking):
    await hide(checking, "blur")
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    assert checking.stage.relay.analysers == {}, "nobody waits in line for a waiting client"
    await checking.admit()
    await checking.desk.connect()
    await checking.stage.tick(seconds=1)
    words = checking.stage.relay.words(checking.visit.id)
    assert "c>a camera" not in words
    assert "x>a camera" not in words, "not before the analyser is ready"
    await checking.stage.relay.analyser_says(checking.visit.id, {"type": "ready"})
    await checking.stage.live.settle()
    words = checking.stage.relay.words(checking.visit.id)
    assert {"c>x camera", "x>a camera"} <= words
    assert "c>a camera" not in words
    assert told(checking, "background")[-1]["mode"] == "blur"
    await checking.stage.relay.analyser_dies(checking.visit.id)
    await checking.stage.live.settle()
    assert "c>a camera" not in checking.stage.relay.words(checking.visit.id)


async def test_a_hidden_room_stays_hidden_after_a_restart_of_everything(checking, tmp_path):
    await hide(checking, "blur_strong")
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    await checking.admit()
    await checking.desk.connect()
    await checking.stage.relay.vanish(forgets=True)
    await checking.stage.close()
    stage = Stage(tmp_path, earlier=checking.stage)
    await stage.open()
    client = await stage.client_window(checking.visit)
    desk = await stage.desk_window(checking.adviser)
    await client.connect()
    await desk.connect()
    words = stage.relay.words(checking.visit.id)
    assert "c>a microphone" in words
    assert "c>a camera" not in words
    await stage.close()


async def test_an_unfinished_check_leads_nowhere(checking):
    await checking.client.say("finish_check")
    assert checking.client.problems == ["check_unfinished"]
    assert not checking.client.shown.check.may_finish
    assert (await checking.now()).state is VisitState.DEVICE_CHECK


async def test_without_a_camera_the_client_is_not_seen(checking):
    for kind in ("microphone", "camera", "speaker"):
        await checking.client.say("waive", kind=kind)
    await checking.client.say("measured", record=SYSTEM)
    await checking.client.say("finish_check")
    visit = await checking.now()
    assert not visit.seen_by_adviser
    assert visit.sees_adviser
    assert visit.mode is Mode.VIDEO


@pytest.mark.provokes("speaker_text_wanted", by="programs")
async def test_whoever_hears_badly_goes_on_with_text_at_once(checking, provoked):
    """No number was spoken, nothing has failed; the desk reads "Text"."""
    await step(checking, "speaker")
    await checking.client.say("waive", kind="speaker", text=True)
    found = {one.kind: one for one in checking.client.shown.check.findings}["speaker"]
    assert (found.verdict, provoked(found.cause)) == ("waived", "speaker_text_wanted")
    for kind in ("microphone", "camera"):
        await checking.client.say("waive", kind=kind)
    await checking.client.say("measured", record=SYSTEM)
    await checking.client.say("finish_check")
    assert (await checking.now()).mode is Mode.VIDEO  # they see each other, and write
    row = checking.desk.desk.waiting[0]
    told = next(one.title for one in row.findings if one.kind == "speaker")
    assert told.startswith("Text: ")
    assert row.readiness == "yellow"


async def test_verdicts_are_stored_from_consent_on(checking):
    await step(checking, "camera")
    await measures(checking, BLACK)
    await checking.stage.pass_check(checking.client)
    assert (await checking.now()).check_report == ""
    await checking.stage.walk(checking.client, checking.visit, VisitState.IDENTITY)
    assert "camera" in (await checking.now()).check_report


async def test_the_signed_record_survives_a_restart_before_consent(checking, tmp_path):
    await checking.stage.pass_check(checking.client)
    signed = checking.client.shown.check.signed
    assert 0 < len(signed) <= 4096
    await checking.stage.close()
    stage = Stage(tmp_path, earlier=checking.stage)
    await stage.open()
    client = await stage.client_window(checking.visit)
    consent = {
        "privacy": True,
        "identity_check": True,
        "session": True,
        "text_version": CONSENT_VERSION,
    }
    await client.say("give_consent", **consent)
    assert client.problems == ["check_lost"]
    await client.say("present_check", record=signed[:-2] + "AA")
    await client.say("give_consent", **consent)
    assert client.problems == ["check_lost"] * 2, "a forged record is worth nothing"
    await client.say("present_check", record=signed)
    assert finding(client.shown, "camera").cause == "camera_in_use"
    await client.say("give_consent", **consent)
    visit = await stage.parts.visits.get(checking.visit.id)
    assert visit.state is VisitState.IDENTITY
    assert "camera_in_use" in visit.check_report
    await stage.close()


async def test_a_check_that_was_lost_is_done_again_and_then_counts(checking, tmp_path):
    """The window was closed and web restarted: no copy of the record is left anywhere."""
    started_at = checking.stage.clock()
    await checking.stage.pass_check(checking.client)
    await checking.stage.close()
    stage = Stage(tmp_path, earlier=checking.stage)
    stage.clock.forward(minutes=3)
    await stage.open()
    client = await stage.client_window(checking.visit)
    consent = {
        "privacy": True,
        "identity_check": True,
        "session": True,
        "text_version": CONSENT_VERSION,
    }
    await client.say("give_consent", **consent)
    assert client.problems == ["check_lost"]
    await client.say("go_back")
    await stage.pass_check(client)
    await client.say("give_consent", **consent)
    assert client.problems == ["check_lost"]
    assert (await stage.parts.visits.get(checking.visit.id)).state is VisitState.IDENTITY
    (given,) = await stage.parts.database.read(lambda session: list(session.exec(select(Consent))))
    assert given.terms_at == started_at
    await stage.close()


@pytest.mark.parametrize("language", ["de-simple", "ar"])
async def test_who_reads_an_explanation_agrees_to_the_german_text(checking, language):
    stage = checking.stage
    client = await stage.client_window(checking.visit, language=language)
    await stage.walk(client, checking.visit, VisitState.IDENTITY)
    (given,) = await stage.parts.database.read(lambda session: list(session.exec(select(Consent))))
    assert given.language == "de"
    assert given.text_hash == consent_text_hash(CONSENT_VERSION, "de")


async def test_a_finding_speaks_easy_german_and_names_its_drawing(checking):
    client = await checking.stage.client_window(checking.visit, language="de-simple")
    await client.say("measured", record={**SYSTEM, "browser": "firefox"})
    await client.say("run_step", kind="camera")
    await client.say("measured", record={"kind": "camera", "error": "denied_by_browser"})
    found = finding(client.shown, "camera")
    assert found.title.startswith("Wir sehen Sie noch nicht.\n")
    assert found.drawing == "firefox_blocked"


async def test_words_of_before_an_update_are_not_agreed_to(checking):
    await checking.stage.pass_check(checking.client)
    consent = {"privacy": True, "identity_check": True, "session": True, "text_version": "2025-01"}
    await checking.client.say("give_consent", **consent)
    assert checking.client.problems == ["text_changed"]
    assert (await checking.now()).state is VisitState.CONSENT


async def test_a_running_step_goes_on_after_a_restart(checking, tmp_path):
    await step(checking, "microphone")
    await checking.stage.close()
    stage = Stage(tmp_path, earlier=checking.stage)
    await stage.open()
    client = await stage.client_window(checking.visit)
    await client.say("join_media", peer_id=checking.client.shown.peer_id)
    assert client.shown.check.step is None
    await client.say("measured", record=OWN_LEVELS)
    assert client.shown.check.step == "microphone"
    await stage.relay.analyser_says(checking.visit.id, {"type": "ready"})
    await stage.live.settle()
    assert client.shown.check.analyser == "ready"
    assert stage.relay.words(checking.visit.id) == {"c>x microphone", "x>c microphone"}
    await stage.close()


async def test_another_visits_record_is_worth_nothing(checking):
    await checking.stage.pass_check(checking.client)
    signed = checking.client.shown.check.signed
    stage = checking.stage
    visit = await stage.arrive(await stage.book(checking.adviser, client_name="Zweite Person"))
    second = await stage.client_window(visit)
    await second.say("start_check", terms_version="t-1")
    await second.say("present_check", record=signed)
    assert second.shown.check.findings == []


async def test_a_check_again_keeps_the_place(checking):
    await checking.stage.walk(checking.client, checking.visit, VisitState.WAITING)
    since = (await checking.now()).waiting_since
    checking.stage.clock.forward(minutes=2)
    await checking.client.say("restart_check")
    assert checking.client.shown.state is VisitState.DEVICE_CHECK
    await checking.client.say("finish_check")
    assert checking.client.shown.state is VisitState.WAITING
    assert (await checking.now()).waiting_since == since


async def test_who_is_stuck_can_call_for_help(checking):
    await checking.client.say("request_help")
    assert checking.desk.desk.waiting[0].wants_help


async def test_echo_only_where_it_belongs(checking):
    await step(checking, "microphone")
    await checking.client.say("echo", on=True)
    assert told(checking, "echo")[-1]["on"]
    await checking.client.say("run_step", kind="camera")
    assert not told(checking, "echo")[-1]["on"]
