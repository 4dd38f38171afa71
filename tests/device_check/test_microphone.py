import pytest

from appliance.device_check import microphone
from appliance.device_check.records import (
    AnalyserMicrophone,
    BrowserMicrophone,
    DeviceError,
    Verdict,
)
from tests.provoking import Provoked

BROWSER = BrowserMicrophone(duration_s=6, speech_dbfs=-25, noise_dbfs=-60, peak_dbfs=-8)
ANALYSER = AnalyserMicrophone(duration_s=6, speech_dbfs=-26, noise_dbfs=-61, voice_s=2, packets=300)


def judged(
    browser: dict[str, object] | None = None, analyser: dict[str, object] | None = None
) -> tuple[Verdict, str]:
    finding = microphone.judge(
        BROWSER.model_copy(update=browser or {}), ANALYSER.model_copy(update=analyser or {})
    )
    return finding.verdict, finding.cause


def test_it_works() -> None:
    assert judged() == (Verdict.PASSED, "")


def test_a_voice_that_gain_control_lifts_is_heard() -> None:
    lifted = {"speech_dbfs": -33, "plain_speech_dbfs": -52, "noise_dbfs": -78}
    assert judged(lifted, {"speech_dbfs": -34}) == (Verdict.PASSED, "")


def test_open_before_anything_was_measured() -> None:
    assert microphone.judge(None, None).verdict is Verdict.OPEN


def test_open_while_there_is_time_to_speak() -> None:
    assert judged({}, {"voice_s": 0.79, "listening_s": 11.9}) == (Verdict.OPEN, "")


def test_open_while_the_room_and_the_voice_cannot_be_told_apart_yet() -> None:
    """Others talked before anybody was asked: half a second of them has pauses and is no room."""
    assert judged({"duration_s": 1.4}) == (Verdict.OPEN, "")
    assert judged({"duration_s": 1.5}) == (Verdict.PASSED, "")


def test_an_engine_that_falls_asleep_early_keeps_nobody_waiting() -> None:
    """The browser measures no longer; the analyser has heard a sentence."""
    assert judged({"duration_s": 0.4, "engine_asleep": True}) == (Verdict.PASSED, "")


def test_after_a_long_wait_a_word_will_do() -> None:
    """One packet of twelve is lost, and half of a voice with them."""
    lossy = {"voice_s": 0.4, "listening_s": 12, "packets": 560, "gaps": 45}
    assert judged({}, lossy) == (Verdict.WARNING, "microphone_some_packets_missing")
    assert judged({}, lossy | {"gaps": 0}) == (Verdict.PASSED, "")
    assert judged({}, lossy | {"voice_s": 0.39})[1] == "microphone_no_speech"


def test_the_analyser_alone_is_enough_to_pass() -> None:
    assert microphone.judge(None, ANALYSER).verdict is Verdict.PASSED


@pytest.mark.parametrize("error", list(DeviceError))
def test_no_track(error: DeviceError) -> None:
    finding = microphone.judge(BrowserMicrophone(error=error), None)
    assert (finding.verdict, finding.cause) == (Verdict.FAILED, f"microphone_{error}")


SILENT = {"voice_s": 0.0, "speech_dbfs": -90, "noise_dbfs": -91, "listening_s": 12}


@pytest.mark.parametrize(
    ("browser", "analyser", "cause"),
    [
        ({"digital_silence_s": 3.0}, SILENT, "microphone_silent"),
        ({"track_muted": True, "digital_silence_s": 3.0}, SILENT, "microphone_muted"),
        ({"voice_elsewhere": True, "duration_s": 0}, SILENT, "microphone_wrong_device"),
        ({}, SILENT | {"packets": 0, "listening_s": 5}, "microphone_not_arriving"),
        (
            {"speech_dbfs": -70, "noise_dbfs": -75.9},
            SILENT,
            "microphone_no_speech",
        ),
        (
            {"speech_dbfs": -60.1, "noise_dbfs": -66.2},
            SILENT,
            "microphone_too_quiet",
        ),
        (
            {"speech_dbfs": -50, "noise_dbfs": -60},
            SILENT,
            "microphone_no_speech",
        ),
        (
            {"speech_dbfs": -45, "noise_dbfs": -60},
            SILENT,
            "microphone_not_arriving",
        ),
        # Typing: as loud at the appliance as in the browser, and no voice.
        (
            {"speech_dbfs": -45, "noise_dbfs": -70},
            SILENT | {"speech_dbfs": -59.9},
            "microphone_no_speech",
        ),
        # A voice that nothing recognises, for what would spoil any voice.
        (
            {"speech_dbfs": -50, "noise_dbfs": -75, "channel_gap_db": 70},
            SILENT | {"speech_dbfs": -50},
            "microphone_one_side",
        ),
        (
            {"speech_dbfs": -11, "noise_dbfs": -48, "clipped_bursts": 60},
            SILENT | {"speech_dbfs": -4},
            "microphone_clipping",
        ),
        (
            {},
            SILENT | {"packets": 89, "gaps": 11},
            "microphone_packets_missing",
        ),
        ({}, {"packets": 89, "gaps": 11}, "microphone_packets_missing"),
        (
            {"speech_dbfs": -60.1, "noise_dbfs": -90},
            {"speech_dbfs": -60.1},
            "microphone_too_quiet",
        ),
    ],
)
def test_faults(browser: dict[str, object], analyser: dict[str, object], cause: str) -> None:
    assert judged(browser, analyser) == (Verdict.FAILED, cause)


@pytest.mark.parametrize(
    ("browser", "analyser", "cause"),
    [
        ({"clipped_bursts": 2}, {}, "microphone_clipping"),
        ({"speech_dbfs": -45.1, "noise_dbfs": -90}, {"speech_dbfs": -46}, "microphone_quiet"),
        ({"speech_dbfs": -60, "noise_dbfs": -90}, {"speech_dbfs": -61}, "microphone_quiet"),
        ({"speech_dbfs": -20, "noise_dbfs": -44.9}, {}, "microphone_noisy"),
        ({"speech_dbfs": -40, "noise_dbfs": -54.9}, {"speech_dbfs": -41}, "microphone_noisy"),
        # Lifted by gain control, and the noise with it.
        (
            {"speech_dbfs": -30, "plain_speech_dbfs": -52, "noise_dbfs": -66.9},
            {"speech_dbfs": -31},
            "microphone_noisy",
        ),
        ({}, {"packets": 94, "gaps": 6}, "microphone_some_packets_missing"),
        ({}, {"packets": 90, "gaps": 10}, "microphone_some_packets_missing"),
    ],
)
def test_warnings(browser: dict[str, object], analyser: dict[str, object], cause: str) -> None:
    assert judged(browser, analyser) == (Verdict.WARNING, cause)


@pytest.mark.parametrize(
    ("browser", "analyser"),
    [
        ({"clipped_bursts": 1}, {}),
        ({"speech_dbfs": -45, "noise_dbfs": -60}, {"speech_dbfs": -46}),
        ({"speech_dbfs": -20, "noise_dbfs": -45}, {}),
        ({}, {"packets": 95, "gaps": 5}),
        ({}, {"packets": 49, "gaps": 50}),  # too few packets to call it a share
        ({"digital_silence_s": 4.0}, {}),  # a noise gate's pause after a spoken sentence
        ({}, {"voice_s": 0.8}),
    ],
)
def test_the_edge_still_passes(browser: dict[str, object], analyser: dict[str, object]) -> None:
    assert judged(browser, analyser) == (Verdict.PASSED, "")


def test_silence_shorter_than_three_seconds_is_no_fault() -> None:
    early = SILENT | {"listening_s": 3}
    assert judged({"digital_silence_s": 2.9}, early) == (Verdict.OPEN, "")
    muted = {"track_muted": True, "duration_s": 2.9}
    assert judged(muted, early) == (Verdict.OPEN, "")


def test_whoever_waits_for_an_analyser_is_not_blamed() -> None:
    assert microphone.judge(BROWSER.model_copy(update={"duration_s": 60}), None).cause == ""
    just_there = SILENT | {"packets": 0, "listening_s": 4.9}
    assert judged({"duration_s": 60}, just_there) == (Verdict.OPEN, "")


def test_quiet_after_the_sentence_is_no_fault() -> None:
    """The browser has forgotten what was said; the analyser remembers."""
    assert judged({"speech_dbfs": -70, "noise_dbfs": -75}) == (Verdict.PASSED, "")


@pytest.mark.provokes("microphone_overconstrained", by="numbers")
def test_a_device_that_fits_no_wish_at_all_would_be_named(provoked: Provoked) -> None:
    """The page asks again without wishes; whoever says so all the same is still understood."""
    refused = BROWSER.model_copy(update={"error": DeviceError.OVERCONSTRAINED})
    assert provoked(microphone.judge(refused, None)) == "microphone_overconstrained"
