import json

import pytest

from appliance.device_check import speaker
from appliance.device_check.records import CheckKind, Finding, Policy, PolicyLevel, Verdict
from appliance.device_check.report import (
    REQUIRED_KINDS,
    CheckReport,
    LineAdvice,
    Readiness,
    Waiver,
    line_advice,
    may_finish,
    readiness,
    troubled,
    unfinished,
)

CAMERA_BLACK = Finding(kind=CheckKind.CAMERA, verdict=Verdict.FAILED, cause="camera_black")
MICROPHONE_SILENT = Finding(
    kind=CheckKind.MICROPHONE, verdict=Verdict.FAILED, cause="microphone_silent"
)
ALL_PASSED = CheckReport(
    findings={kind: Finding(kind=kind, verdict=Verdict.PASSED) for kind in REQUIRED_KINDS}
)


def test_it_works() -> None:
    assert may_finish(ALL_PASSED, Policy())
    assert readiness(ALL_PASSED) == (Readiness.GREEN, [])


def test_nothing_checked_keeps_the_client_here() -> None:
    assert unfinished(CheckReport(), Policy()) == list(REQUIRED_KINDS)
    assert readiness(CheckReport()) == (Readiness.YELLOW, [])


def test_a_block_is_lifted_by_a_waiver() -> None:
    report = ALL_PASSED.with_finding(MICROPHONE_SILENT)
    assert unfinished(report, Policy()) == [CheckKind.MICROPHONE]
    waived = report.with_waiver(CheckKind.MICROPHONE, Waiver.TEXT_ONLY)
    assert waived.verdict(CheckKind.MICROPHONE) is Verdict.WAIVED
    assert may_finish(waived, Policy())


def test_a_waived_fault_stays_visible_to_the_adviser() -> None:
    report = ALL_PASSED.with_finding(MICROPHONE_SILENT)
    waived = report.with_waiver(CheckKind.MICROPHONE, Waiver.ANYWAY)
    assert readiness(waived) == (Readiness.RED, ["microphone_silent"])


def test_whoever_writes_is_ready_and_the_desk_knows() -> None:
    report = ALL_PASSED.without(CheckKind.SPEAKER)
    assert not may_finish(report, Policy())
    writing = report.with_finding(speaker.text_wanted())
    writing = writing.with_waiver(CheckKind.SPEAKER, Waiver.TEXT_ONLY)
    assert may_finish(writing, Policy())
    assert readiness(writing) == (Readiness.YELLOW, ["speaker_text_wanted"])
    assert CheckReport.from_codes(writing.codes()) == writing


def test_a_warning_counts_as_passed() -> None:
    dark = Finding(kind=CheckKind.CAMERA, verdict=Verdict.WARNING, cause="camera_dark")
    report = ALL_PASSED.with_finding(dark)
    assert may_finish(report, Policy(camera=PolicyLevel.BLOCK))
    assert readiness(report) == (Readiness.YELLOW, ["camera_dark"])


@pytest.mark.parametrize(
    ("level", "after_failure", "unchecked"),
    [
        (PolicyLevel.INFORM, True, True),
        (PolicyLevel.WARN, True, False),
        (PolicyLevel.BLOCK, False, False),
    ],
)
def test_the_agency_decides(level: PolicyLevel, after_failure: bool, unchecked: bool) -> None:
    policy = Policy(camera=level)
    assert may_finish(ALL_PASSED.with_finding(CAMERA_BLACK), policy) is after_failure
    assert may_finish(ALL_PASSED.without(CheckKind.CAMERA), policy) is unchecked


def test_a_failed_system_always_blocks_until_waived() -> None:
    old = Finding(kind=CheckKind.SYSTEM, verdict=Verdict.FAILED, cause="system_old_browser")
    lenient = Policy(
        microphone=PolicyLevel.INFORM, camera=PolicyLevel.INFORM, speaker=PolicyLevel.INFORM
    )
    report = ALL_PASSED.with_finding(old)
    assert not may_finish(report, lenient)
    assert may_finish(report.with_waiver(CheckKind.SYSTEM, Waiver.TEXT_ONLY), lenient)


def test_an_open_finding_replaces_no_judgement() -> None:
    waiting = Finding(kind=CheckKind.CAMERA, verdict=Verdict.OPEN)
    report = ALL_PASSED.with_finding(CAMERA_BLACK).with_finding(waiting)
    assert report.finding(CheckKind.CAMERA) == CAMERA_BLACK


def test_try_again_forgets_finding_and_waiver() -> None:
    report = ALL_PASSED.with_finding(CAMERA_BLACK).with_waiver(CheckKind.CAMERA, Waiver.SOUND_ONLY)
    again = report.without(CheckKind.CAMERA)
    assert again.verdict(CheckKind.CAMERA) is Verdict.OPEN
    assert again.verdict(CheckKind.MICROPHONE) is Verdict.PASSED


def test_a_waiver_does_not_hide_a_pass() -> None:
    report = ALL_PASSED.with_waiver(CheckKind.SPEAKER, Waiver.ANYWAY)
    assert report.verdict(CheckKind.SPEAKER) is Verdict.PASSED


def test_a_good_microphone_that_stays_off_is_not_called_in_order() -> None:
    """It is really off when the client goes on without: the desk and the light say so."""
    report = ALL_PASSED.with_waiver(CheckKind.MICROPHONE, Waiver.ANYWAY)
    assert report.verdict(CheckKind.MICROPHONE) is Verdict.WAIVED
    assert may_finish(report, Policy())
    assert readiness(report) == (Readiness.YELLOW, [])
    on_again = report.without_waivers({CheckKind.MICROPHONE})
    assert readiness(on_again) == (Readiness.GREEN, [])


def test_a_good_camera_that_stays_off_is_not_called_in_order() -> None:
    """Who wants to hide the room and cannot has a camera that passed, and goes on without it."""
    report = ALL_PASSED.with_waiver(CheckKind.CAMERA, Waiver.SOUND_ONLY)
    assert report.verdict(CheckKind.CAMERA) is Verdict.WAIVED
    assert may_finish(report, Policy(camera=PolicyLevel.BLOCK))
    assert readiness(report) == (Readiness.YELLOW, [])


def test_gravest_causes_first() -> None:
    report = ALL_PASSED.with_finding(CAMERA_BLACK).with_finding(MICROPHONE_SILENT)
    assert readiness(report) == (Readiness.RED, ["microphone_silent", "camera_black"])
    assert readiness(ALL_PASSED.with_finding(CAMERA_BLACK))[0] is Readiness.YELLOW


def failed(kind: CheckKind) -> Finding:
    return Finding(kind=kind, verdict=Verdict.FAILED, cause=f"{kind}_broken")


@pytest.mark.parametrize(
    ("kind", "light"),
    [
        (CheckKind.SYSTEM, Readiness.RED),
        (CheckKind.MICROPHONE, Readiness.RED),
        (CheckKind.SPEAKER, Readiness.RED),
        (CheckKind.NETWORK, Readiness.YELLOW),
        (CheckKind.CAMERA, Readiness.YELLOW),
        (CheckKind.BACKGROUND, Readiness.YELLOW),
    ],
)
def test_every_kind_has_its_light(kind: CheckKind, light: Readiness) -> None:
    assert readiness(ALL_PASSED.with_finding(failed(kind))) == (light, [f"{kind}_broken"])
    assert troubled(ALL_PASSED.with_finding(failed(kind))) == [kind]


@pytest.mark.parametrize(
    "cause", ["network_loss", "network_telephone", "network_turn_down", "network_udp_blocked"]
)
def test_a_line_too_weak_for_sound_goes_first(cause: str) -> None:
    line = Finding(kind=CheckKind.NETWORK, verdict=Verdict.FAILED, cause=cause)
    assert readiness(ALL_PASSED.with_finding(CAMERA_BLACK).with_finding(line)) == (
        Readiness.RED,
        [cause, "camera_black"],
    )


def test_who_has_chosen_to_write_is_in_no_doubt() -> None:
    report = ALL_PASSED.with_finding(failed(CheckKind.SYSTEM)).with_finding(MICROPHONE_SILENT)
    assert readiness(report)[0] is Readiness.RED
    writes = report.with_waiver(CheckKind.SYSTEM, Waiver.TEXT_ONLY)
    assert readiness(writes) == (Readiness.YELLOW, ["system_broken", "microphone_silent"])


def test_what_is_not_checked_comes_last_but_is_named() -> None:
    dark = Finding(kind=CheckKind.CAMERA, verdict=Verdict.WARNING, cause="camera_dark")
    report = CheckReport().with_finding(dark).with_finding(failed(CheckKind.NETWORK))
    order = [CheckKind.NETWORK, CheckKind.CAMERA, CheckKind.SYSTEM, CheckKind.MICROPHONE]
    assert troubled(report) == [*order, CheckKind.SPEAKER]


def test_codes_travel_as_words() -> None:
    report = ALL_PASSED.with_finding(CAMERA_BLACK).with_waiver(CheckKind.CAMERA, Waiver.SOUND_ONLY)
    codes = json.loads(json.dumps(report.codes()))
    assert codes["camera"] == {
        "verdict": "failed",
        "cause": "camera_black",
        "waiver": "sound_only",
    }
    assert CheckReport.from_codes(codes) == report


def test_words_that_an_update_has_renamed_judge_nothing() -> None:
    codes = {
        "camera": {"verdict": "splendid"},
        "kamera": {"verdict": "passed"},
        "speaker": {"verdict": "failed", "cause": "of_yesterday", "waiver": "of_yesterday"},
    }
    report = CheckReport.from_codes(codes)
    assert set(report.findings) == {CheckKind.SPEAKER}
    assert report.waivers == {CheckKind.SPEAKER: Waiver.ANYWAY}


def line(cause: str, verdict: Verdict = Verdict.FAILED) -> CheckReport:
    return ALL_PASSED.with_finding(Finding(kind=CheckKind.NETWORK, verdict=verdict, cause=cause))


@pytest.mark.parametrize(
    ("cause", "light"),
    [
        ("network_telephone", Readiness.RED),
        ("network_udp_blocked", Readiness.RED),
        ("network_turn_down", Readiness.RED),
        ("network_upload_weak", Readiness.YELLOW),
        ("network_loss", Readiness.RED),
    ],
)
def test_a_line_too_weak_for_sound_is_red(cause: str, light: Readiness) -> None:
    assert readiness(line(cause)) == (light, [cause])


def test_a_hint_is_no_trouble() -> None:
    report = line("network_mobile_data", Verdict.PASSED)
    assert readiness(report) == (Readiness.GREEN, [])
    assert line_advice(report, Policy()) is LineAdvice.NONE
    assert CheckReport.from_codes(report.codes()) == report
