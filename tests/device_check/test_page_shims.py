"""Faults that only a browser, a driver or a system can have, made at the browser's interfaces.

The check's own steps run under Node (see ``page_shims.mjs``) against a browser that refuses,
takes away, lacks or never answers as the browsers do; what the steps send is judged as web does.
Real browsers show the most frequent of them in ``tests/e2e/test_bad_devices.py``.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appliance.device_check import camera, microphone, speaker, system
from appliance.device_check.faces import FaceFinder
from appliance.device_check.records import (
    AnalyserCamera,
    BrowserCamera,
    BrowserMicrophone,
    BrowserSystem,
    Finding,
    SpeakerAnswer,
)
from appliance.device_check.speaker import Attempt
from tests.device_check import views
from tests.device_check.media_path import VENDOR
from tests.provoking import Provoked

PAGE = Path(__file__).with_name("page_shims.mjs")
ASKED_AFTER_MS = {"answersAfterMs": 4_000}  # a person who reads the question

# What the browser is like when it is asked for a device -> the word of the cause.
REFUSALS: dict[str, dict[str, Any]] = {
    "prompt_dismissed": {"permission": "prompt", "refuses": "NotAllowedError", **ASKED_AFTER_MS},
    "denied_by_browser": {
        "permission": "prompt",
        "after": "denied",
        "refuses": "NotAllowedError",
        **ASKED_AFTER_MS,
    },
    "denied_by_system": {"refuses": "NotAllowedError"},
    "denied_by_policy": {"permission": "denied", "refuses": "NotAllowedError", "asked": []},
    "denied_one_of_two": {
        "permission": "prompt",
        "after": "denied",
        "other": "granted",
        "refuses": "NotAllowedError",
        **ASKED_AFTER_MS,
    },
    "not_found": {"refuses": "NotFoundError", "listed": []},
    "in_use": {"refuses": "NotReadableError"},
    "broken": {"refuses": "NotReadableError", "rounds": 3},
    "timed_out": {"never": True},
    "unsupported": {"noMediaDevices": True},
    "taken_away": {"fate": "taken"},
    "ended": {"fate": "ends", "listed": []},
}
WELL_AS_BEFORE = {"forMs": 3_000}


def told(cases: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the page sends in each case: its newest record, and what was waived."""
    command = ["node", "--no-warnings", str(PAGE)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def of_the_microphone(cases: dict[str, dict[str, Any]]) -> dict[str, Finding]:
    found = told({name: {"step": "microphone", **one} for name, one in cases.items()})
    return {
        name: microphone.judge(BrowserMicrophone.model_validate(one["record"]), None)
        for name, one in found.items()
    }


def of_the_camera(
    cases: dict[str, dict[str, Any]], seen: AnalyserCamera | None = None
) -> dict[str, Finding]:
    found = told({name: {"step": "camera", **one} for name, one in cases.items()})
    return {
        name: camera.judge(BrowserCamera.model_validate(one["record"]), seen)
        for name, one in found.items()
    }


@pytest.mark.provokes(
    "microphone_prompt_dismissed",
    "microphone_denied_by_browser",
    "microphone_denied_by_system",
    "microphone_denied_by_policy",
    "microphone_denied_one_of_two",
    "microphone_not_found",
    "microphone_in_use",
    "microphone_broken",
    "microphone_timed_out",
    "microphone_unsupported",
    "microphone_taken_away",
    "microphone_ended",
    by="interface",
)
def test_a_microphone_that_is_not_to_be_had(provoked: Provoked) -> None:
    found = {word: provoked(one) for word, one in of_the_microphone(REFUSALS).items()}
    assert found == {word: f"microphone_{word}" for word in REFUSALS}


@pytest.mark.provokes(
    "camera_prompt_dismissed",
    "camera_denied_by_browser",
    "camera_denied_by_system",
    "camera_denied_by_policy",
    "camera_denied_one_of_two",
    "camera_not_found",
    "camera_in_use",
    "camera_broken",
    "camera_timed_out",
    "camera_unsupported",
    "camera_taken_away",
    "camera_ended",
    by="interface",
)
def test_a_camera_that_is_not_to_be_had(provoked: Provoked) -> None:
    found = {word: provoked(one) for word, one in of_the_camera(REFUSALS).items()}
    assert found == {word: f"camera_{word}" for word in REFUSALS}


@pytest.mark.provokes("microphone_muted", "microphone_engine_asleep", by="interface")
def test_a_microphone_without_a_sound(provoked: Provoked) -> None:
    """Muted by the system from the start; and an audio engine that waits for a click."""
    found = of_the_microphone(
        {
            "microphone_muted": {"fate": "muted", "heardRms": 0, "forMs": 8_000},
            "microphone_engine_asleep": {"asleep": True, "forMs": 8_000},
            "": {"heardRms": 0.05, "forMs": 8_000},
        }
    )
    assert {name: provoked(one) for name, one in found.items()} == {name: name for name in found}


@pytest.mark.provokes("camera_muted", by="interface")
def test_a_camera_without_a_picture(provoked: Provoked) -> None:
    found = of_the_camera({"camera_muted": {"fate": "muted", "forMs": 8_000}, "": {"forMs": 8_000}})
    assert {name: provoked(one) for name, one in found.items()} == {name: name for name in found}


@pytest.mark.provokes("camera_virtual", by="interface")
def test_a_camera_that_is_a_program(provoked: Provoked) -> None:
    """By the name that the browser gives; its picture is a man in a room, and passes."""
    faces = FaceFinder(VENDOR / "models")
    frames = views.as_received(views.filmed(views.room_with_a_man()))
    seen = views.measured(faces, frames, seconds=4, fps=12)
    faces.close()
    program = {"label": "OBS Virtual Camera", "forMs": 5_000}
    finding = of_the_camera({"program": program}, seen)["program"]
    assert provoked(finding) == ""
    assert finding.notes == ("camera_virtual",)


IN_AN_APP = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 GMX Mail"
)
OLD = "Mozilla/5.0 (X11; Linux x86_64; rv:88.0) Gecko/20100101 Firefox/88.0"
BROWSERS: dict[str, dict[str, Any]] = {
    "system_in_app_browser": {"agent": IN_AN_APP, "noMediaDevices": True},
    "system_in_app_browser_doubtful": {"agent": IN_AN_APP},
    "system_old_browser": {"agent": OLD, "noWebRtc": True},
    "system_old_browser_doubtful": {"agent": OLD},
    "system_no_web_rtc": {"noWebRtc": True},
    "system_no_codec": {"codecs": ["audio/opus", "video/H264"]},
    "system_page_forbidden": {"keptFromPage": ["camera"]},
    "system_no_path": {"forMs": 16_000},
    "system_no_blur": {"noWebGl": True},
    "system_screen_sleeps": {"wakeLock": "refused"},
    "system_battery_low": {"battery": {"level": 0.1, "charging": False}},
    "system_clock_wrong": {"clockFastS": -400},
    "": {"battery": {"level": 0.1, "charging": True}, "clockFastS": 200},
}


@pytest.mark.provokes(
    "system_in_app_browser",
    "system_in_app_browser_doubtful",
    "system_old_browser",
    "system_old_browser_doubtful",
    "system_no_web_rtc",
    "system_no_codec",
    "system_page_forbidden",
    "system_no_path",
    "system_no_blur",
    "system_screen_sleeps",
    "system_battery_low",
    "system_clock_wrong",
    by="interface",
)
def test_a_browser_that_lacks_something(provoked: Provoked) -> None:
    """Each lack alone: nothing else in the list of ticks complains."""
    cases = {name: {"step": "system", "forMs": 3_000} | one for name, one in BROWSERS.items()}
    for name, one in told(cases).items():
        record = BrowserSystem.model_validate(one["record"])
        causes = [tick.cause for tick in system.ticks(record) if tick.cause]
        assert [provoked(cause) for cause in causes] == ([name] if name else [])


HANDS: dict[str, dict[str, Any]] = {
    "speaker_not_heard": {"taps": ["heard-nothing"]},
    "speaker_no_output": {"taps": ["heard-nothing"], "listed": []},
    "speaker_not_playing": {"silenced": True, "taps": ["say-number"]},
}


@pytest.mark.provokes(
    "speaker_not_heard", "speaker_no_output", "speaker_not_playing", by="interface"
)
def test_outputs_that_nobody_hears(provoked: Provoked) -> None:
    """Every output refuses or was not heard; there is none; the browser plays nothing."""
    cases = {name: {"step": "speaker", "forMs": 3_000} | one for name, one in HANDS.items()}
    for name, one in told(cases).items():
        answer = SpeakerAnswer.model_validate(one["record"])
        assert provoked(speaker.judge([Attempt("472", answer)])) == name
