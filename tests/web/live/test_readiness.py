"""What the desk is told of a waiting client's devices: light, cause, remedy shown, waiver."""

import json
from random import Random

import pytest

from appliance.device_check.records import CheckKind, Finding, Verdict
from appliance.device_check.remedies import CAUSES
from appliance.i18n import LANGUAGES
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web.live import Live
from appliance.web.live.check_run import CheckRun
from appliance.web.live.desk_snapshots import light_of
from appliance.web.live.snapshots import findings_of

SURROUNDINGS = [("chromium", "windows"), ("firefox", "linux"), ("safari", "ios"), ("", "")]


def row(meeting):
    return meeting.desk.desk.waiting[0]


async def test_it_works(meeting):
    """Camera broken and left out; the desk says so beside the steps that were shown."""
    await meeting.client.say("start_check", terms_version="t-1")
    assert (row(meeting).readiness, row(meeting).gravest) == ("unknown", None)
    await meeting.stage.pass_check(meeting.client)
    seen = row(meeting)
    assert (seen.readiness, seen.gravest) == ("yellow", "camera")
    (camera,) = [one for one in seen.findings if one.kind == "camera"]
    assert (camera.cause, camera.verdict) == ("camera_in_use", "failed")
    assert camera.title
    assert camera.steps
    waived = [one.kind for one in seen.findings if one.verdict is Verdict.WAIVED]
    assert waived == ["microphone", "speaker"]


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_every_cause_reaches_the_desk_in_words(cause):
    """With a light, a sentence for staff, and the very steps that the client reads."""
    finding = Finding(kind=cause.kind, verdict=cause.severity, cause=cause.code)
    for language in LANGUAGES:
        for browser, os in SURROUNDINGS:
            run = CheckRun(random=Random(1), browser=browser, os=os)
            run.report = run.report.with_finding(finding)
            (staff,) = findings_of(run, language, for_staff=True)
            (client,) = findings_of(run, language, for_staff=False)
            assert staff.title
            assert staff.title != client.title
            assert staff.steps == client.steps != []
            light, gravest = light_of(run, checks=False)
            assert light in {"yellow", "red"}
            if cause.severity is Verdict.FAILED:
                assert gravest is cause.kind


def test_while_somebody_still_tests_what_is_open_says_nothing():
    run = CheckRun(random=Random(1))
    run.report = run.report.with_finding(Finding(kind=CheckKind.SYSTEM, verdict=Verdict.PASSED))
    assert light_of(run, checks=True) == ("unknown", None)
    assert light_of(run, checks=False) == ("yellow", CheckKind.MICROPHONE)


def test_a_cause_that_an_update_has_renamed_stops_no_desk():
    run = CheckRun(random=Random(1))
    old = Finding(kind=CheckKind.CAMERA, verdict=Verdict.FAILED, cause="camera_of_yesterday")
    run.report = run.report.with_finding(old)
    (shown,) = findings_of(run, "de", for_staff=True)
    assert (shown.verdict, shown.title, shown.steps) == (Verdict.FAILED, "", [])


def test_a_note_that_an_update_has_renamed_stops_no_desk():
    run = CheckRun(random=Random(1))
    known, renamed = "camera_dark", "camera_of_yesterday"
    notes = Finding(kind=CheckKind.CAMERA, verdict=Verdict.PASSED, notes=(known, renamed))
    run.report = run.report.with_finding(notes)
    (shown,) = findings_of(run, "de", for_staff=True)
    assert shown.title == CAUSES[known].staff


async def test_a_visit_from_before_an_update_is_shown_and_goes_on(meeting):
    """Each stored word renamed, one after another: kind, verdict, cause, note, waiver, hiding."""
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    database, live = meeting.stage.parts.database, meeting.stage.live
    old = {
        "camera_2": {"verdict": "failed", "cause": "camera_black"},
        "system": {"verdict": "splendid", "cause": ""},
        "microphone": {"verdict": "passed", "cause": "", "notes": "of_yesterday"},
        "camera": {"verdict": "failed", "cause": "of_yesterday", "waiver": "of_yesterday"},
        "background": {"verdict": "open", "cause": "", "mode": "blur_of_yesterday"},
    }

    def write(session):
        session.get(Visit, meeting.visit.id).check_report = json.dumps(old)

    await database.write(write)
    live.runs.forget(meeting.visit.id)  # as by the restart that goes with an update
    live.touch_desks()
    await live.settle()
    seen = {one.kind: (one.verdict, one.title) for one in row(meeting).findings}
    assert seen == {CheckKind.MICROPHONE: ("passed", ""), CheckKind.CAMERA: ("waived", "")}
    run = live.runs.known(meeting.visit.id)
    assert (run.background, run.report.waivers) == ("blur", {CheckKind.CAMERA: "anyway"})
    await meeting.client.connect()
    await meeting.admit()
    assert meeting.desk.desk.session.visit_id == meeting.visit.id


async def test_after_a_restart_the_same_remedies_are_shown(meeting):
    """Which ones fit hangs on browser and system: their families are kept with the verdicts."""
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    before = row(meeting).findings
    stage = meeting.stage
    again = Live(stage.parts, stage.live.now_s)
    run = again.runs.of_visit(await meeting.now())
    assert (run.browser, run.os) == ("chromium", "windows")
    assert findings_of(run, "de", for_staff=True) == before
