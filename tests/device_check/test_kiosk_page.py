"""A kiosk before its next client: devices gone, and things of the client before, made under Node.

The page's own modules look at a browser whose devices and stores are as a case says (see
``page_kiosk.mjs``); what they send is judged as web does.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appliance.device_check import system
from appliance.device_check.records import BrowserSystem, Finding, Verdict
from tests.provoking import Provoked

PAGE = Path(__file__).with_name("page_kiosk.mjs")
MICROPHONE = {"kind": "microphone", "label": "Konferenz-Mikrofon"}
CAMERA = {"kind": "camera", "label": "Kamera am Schirm"}
SPEAKER = {"kind": "speaker", "label": "Konferenz-Lautsprecher"}
CAMERAS_MICROPHONE = {"kind": "microphone", "label": "Kamera am Schirm"}
ALL = [MICROPHONE, CAMERA, SPEAKER]
WELL = {"setUp": ALL, "here": [*ALL, CAMERAS_MICROPHONE]}


def found_in(cases: dict[str, dict[str, Any]]) -> dict[str, Finding]:
    command = ["node", "--no-warnings", str(PAGE)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name: system.judge(kiosk(**told)) for name, told in json.loads(done.stdout).items()}


def kiosk(**told: Any) -> BrowserSystem:
    return BrowserSystem(
        secure_context=True,
        media_devices=True,
        web_rtc=True,
        opus=True,
        vp8=True,
        web_assembly=True,
        audio_context=True,
        browser="chromium",
        browser_version=156,
        os="linux",
        in_app_browser=False,
        **told,
    )


@pytest.mark.provokes(
    "kiosk_microphone_missing",
    "kiosk_camera_missing",
    "kiosk_speaker_missing",
    by="interface",
)
def test_a_device_of_the_set_up_is_gone(provoked: Provoked) -> None:
    cases = {
        "kiosk_microphone_missing": [CAMERAS_MICROPHONE, CAMERA, SPEAKER],  # another in its place
        "kiosk_camera_missing": [MICROPHONE, SPEAKER],
        "kiosk_speaker_missing": [MICROPHONE, CAMERA],
    }
    found = found_in({cause: {"setUp": ALL, "here": here} for cause, here in cases.items()})
    assert {cause: provoked(one) for cause, one in found.items()} == {one: one for one in cases}
    assert {one.verdict for one in found.values()} == {Verdict.WARNING}


@pytest.mark.provokes("kiosk_traces", by="interface")
def test_who_was_here_before_has_left_something(provoked: Provoked) -> None:
    cases = {
        "a choice": {**WELL, "left": {"vorzimmer.devices": "{}"}},
        "another's mark": {**WELL, "left": {"vorzimmer.kiosk.visit": "another-visit"}},
        "a cache": {**WELL, "cached": ["pages"]},
    }
    for found in found_in(cases).values():
        assert (provoked(found), found.verdict, found.notes) == (
            "",
            Verdict.PASSED,
            ("kiosk_traces",),
        )


def test_a_kiosk_that_is_as_it_was_set_up() -> None:
    own = {"vorzimmer.kiosk.visit": "this-visit", "vorzimmer.devices": "{}"}
    untold = [{**one, "label": ""} for one in ALL]
    found = found_in(
        {
            "well": WELL,
            "reloaded": {**WELL, "left": own},
            "names not told": {"setUp": ALL, "here": untold},
            "never set up": {"here": []},
        }
    )
    assert {(one.verdict, one.cause, one.notes) for one in found.values()} == {
        (Verdict.PASSED, "", ())
    }
