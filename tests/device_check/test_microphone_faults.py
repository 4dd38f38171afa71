"""Real speech, spoilt on purpose, through the page's measuring and the analyser's: what comes out.

Each sound goes through the worklet's code (under Node) as the unprocessed track, and through Opus,
RTP and ``SoundIn`` as what arrives; then ``microphone.judge`` names the cause.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.device_check import microphone
from appliance.device_check.analyser_sound import SoundIn
from appliance.device_check.records import AnalyserMicrophone, BrowserMicrophone
from appliance.device_check.voice import VoiceDetector
from tests.device_check.media_path import Microphone, speech
from tests.device_check.sounds import Sound, at_level, coloured
from tests.provoking import Provoked

RATE_HZ = 48_000
QUIET_S = 1.5
SECONDS = 8
METER = Path(__file__).with_name("page_meter.mjs")


def never(_number: int) -> bool:
    """No packet gets lost."""
    return False


@cache
def detector() -> VoiceDetector:
    return VoiceDetector()


def on_the_page(sound: Sound, quiet_s: float = QUIET_S, rate_hz: int = RATE_HZ) -> dict[str, Any]:
    channels = sound.reshape(len(sound), -1)
    command = ["node", str(METER), str(channels.shape[1]), str(rate_hz), str(quiet_s)]
    data = channels.astype(np.float32).tobytes()
    return dict(json.loads(subprocess.run(command, input=data, capture_output=True).stdout))


def at_the_appliance(sound: Sound, lost: Callable[[int], bool] = never) -> AnalyserMicrophone:
    """``lost`` says of each packet, by its number, whether it gets lost on the way."""
    mixed = sound.reshape(len(sound), -1).mean(axis=1)
    samples = (np.clip(mixed, -1, 1) * 32767).astype(np.int16)
    sender, sound_in = Microphone(), SoundIn(detector())
    for start in range(0, len(samples) - 959, 960):
        for packet in sender.packets(samples[start : start + 960]):
            if not lost(start // 960):
                sound_in.add(packet)
    return sound_in.record(len(samples) / RATE_HZ + 5)


def cause(sound: Sound, quiet_s: float = QUIET_S, **facts: Any) -> str:
    browser = BrowserMicrophone(**(on_the_page(sound, quiet_s) | facts))
    return microphone.judge(browser, at_the_appliance(sound)).cause


def spoken(dbfs: float = -26, room_dbfs: float = -65, slope: float = 1) -> Sound:
    """A second and a half of the room alone, then phrases in it."""
    voice = at_level(speech()[: SECONDS * RATE_HZ] / 32768, dbfs)
    sound = np.concatenate([np.zeros(round(QUIET_S * RATE_HZ)), voice])
    room = np.resize(coloured(9.0, slope, np.random.default_rng(5)), len(sound))
    return np.asarray(sound + 10 ** (room_dbfs / 20) * room)


def low_passed(sound: Sound, limit_hz: float) -> Sound:
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / RATE_HZ) > limit_hz] = 0
    return np.fft.irfft(spectrum, len(sound))


@pytest.mark.parametrize("dbfs", [-16, -26, -38])
def test_it_works(dbfs: float) -> None:
    assert cause(spoken(dbfs)) == ""


def test_in_a_quiet_and_in_a_lively_room() -> None:
    assert cause(spoken(room_dbfs=-90)) == ""
    assert cause(spoken(-22, room_dbfs=-50)) == ""


@pytest.mark.provokes("microphone_silent", by="samples")
def test_hardware_mute_is_digital_silence(provoked: Provoked) -> None:
    assert provoked(cause(np.zeros(5 * RATE_HZ))) == "microphone_silent"


def test_the_system_mutes_the_track() -> None:
    assert cause(np.zeros(5 * RATE_HZ), track_muted=True) == "microphone_muted"


@pytest.mark.provokes("microphone_no_speech", by="samples")
def test_nobody_speaks(provoked: Provoked) -> None:
    room = np.resize(coloured(9.0, 1, np.random.default_rng(5)), 8 * RATE_HZ) * 0.001
    assert provoked(cause(room)) == "microphone_no_speech"


@pytest.mark.provokes("microphone_too_quiet", by="samples")
def test_far_too_quiet(provoked: Provoked) -> None:
    assert provoked(cause(spoken(-70, room_dbfs=-95))) == "microphone_too_quiet"


@pytest.mark.provokes("microphone_quiet", by="samples")
def test_quiet(provoked: Provoked) -> None:
    assert provoked(cause(spoken(-56, room_dbfs=-90))) == "microphone_quiet"


@pytest.mark.provokes("microphone_clipping", by="samples")
def test_clipping(provoked: Provoked) -> None:
    assert provoked(cause(np.clip(spoken() * 30, -1, 1))) == "microphone_clipping"


@pytest.mark.provokes("microphone_noisy", by="samples")
@pytest.mark.parametrize("slope", [0, 1, 2], ids=["white", "pink", "fan"])
def test_a_loud_room(slope: float, provoked: Provoked) -> None:
    assert provoked(cause(spoken(-20, room_dbfs=-36, slope=slope))) == "microphone_noisy"


def test_a_voice_hardly_over_the_room() -> None:
    assert cause(spoken(-38, room_dbfs=-48)) == "microphone_noisy"


def test_whoever_speaks_too_early_is_not_taken_for_noise() -> None:
    voice = at_level(speech()[: SECONDS * RATE_HZ] / 32768, -26)
    assert cause(voice + 10 ** (-70 / 20) * coloured(24.0, 1, np.random.default_rng(5))) == ""


@pytest.mark.provokes("microphone_call_profile", by="samples")
def test_a_telephone_line(provoked: Provoked) -> None:
    narrow = low_passed(spoken(), 3600)
    hiss = np.random.default_rng(1).normal(0, 10 ** (-85 / 20), len(narrow))
    assert provoked(cause(narrow + hiss)) == "microphone_call_profile"


def test_bluetooth_in_its_call_profile_tells_its_rate() -> None:
    assert cause(low_passed(spoken(), 7400), sample_rate_hz=16_000) == "microphone_call_profile"


def test_seven_kilohertz_are_enough() -> None:
    assert cause(low_passed(spoken(), 7400)) == ""


@pytest.mark.parametrize("dead", [0, 1], ids=["left", "right"])
def test_one_dead_side_is_mixed_down_without_a_word(dead: int) -> None:
    sides = np.stack([spoken(), spoken()], axis=1)
    sides[:, dead] = 0
    assert cause(sides) == ""


@pytest.mark.provokes("microphone_one_side", by="samples")
def test_one_dead_side_that_makes_the_whole_too_soft(provoked: Provoked) -> None:
    sides = np.stack([spoken(-54, room_dbfs=-90), np.zeros(len(spoken()))], axis=1)
    assert provoked(cause(sides)) == "microphone_one_side"


@pytest.mark.parametrize(
    ("lost", "wanted"),
    [
        pytest.param(
            lambda _number: True,
            "microphone_not_arriving",
            marks=pytest.mark.provokes("microphone_not_arriving", by="samples"),
        ),
        pytest.param(
            lambda number: number % 6 == 3,
            "microphone_packets_missing",
            marks=pytest.mark.provokes("microphone_packets_missing", by="samples"),
        ),
        pytest.param(
            lambda number: number % 14 == 3,
            "microphone_some_packets_missing",
            marks=pytest.mark.provokes("microphone_some_packets_missing", by="samples"),
        ),
    ],
    ids=["all of it", "a sixth", "a fourteenth"],
)
def test_sound_that_gets_lost_on_the_way(
    lost: Callable[[int], bool], wanted: str, provoked: Provoked
) -> None:
    sound = spoken()
    browser = BrowserMicrophone(**on_the_page(sound))
    assert provoked(microphone.judge(browser, at_the_appliance(sound, lost))) == wanted


def test_the_audio_engine_is_asleep_and_nobody_was_heard() -> None:
    asleep = {"engine_asleep": True, "duration_s": 0, "digital_silence_s": 0}
    assert cause(np.zeros(5 * RATE_HZ), **asleep) == "microphone_engine_asleep"
    assert cause(spoken(), **asleep) == ""  # the appliance hears them
