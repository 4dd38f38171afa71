"""Measures the blurred picture that is sent back: rate, work, and whether a person was in it."""

from __future__ import annotations

from collections import deque

from appliance.device_check.analyser_words import BackgroundMode
from appliance.device_check.records import AnalyserBackground

_WINDOW_S = 3.0


class PreviewMeter:
    """Rates over the last three seconds."""

    def __init__(self) -> None:
        self.restart(0.0)

    def restart(self, now_s: float) -> None:
        """A mode was asked for."""
        self._asked_at_s = now_s
        self._ready_at_s: float | None = None
        self._sources: deque[float] = deque(maxlen=400)
        self._sent: deque[tuple[float, float]] = deque(maxlen=400)

    def source(self, now_s: float) -> None:
        """A raw frame has come."""
        if now_s >= self._asked_at_s:
            self._sources.append(now_s)

    def sent(self, now_s: float, work_s: float, masked: bool) -> None:
        """A generated frame was sent; ``masked``: with a person in it, not wholly blurred.

        One that was begun before the mode was asked for does not count.
        """
        if now_s < self._asked_at_s:
            return
        self._sent.append((now_s, work_s))
        if masked and self._ready_at_s is None:
            self._ready_at_s = now_s

    def record(self, mode: BackgroundMode, now_s: float) -> AnalyserBackground:
        """How it does."""
        if mode == "none":
            return AnalyserBackground(mode=mode)
        ready = self._ready_at_s is not None
        since_s = self._ready_at_s if self._ready_at_s is not None else now_s
        span_s = max(0.5, min(_WINDOW_S, now_s - since_s))
        recent = [work_s for at_s, work_s in self._sent if at_s > now_s - span_s]
        sources = sum(1 for at_s in self._sources if at_s > now_s - span_s)
        return AnalyserBackground(
            mode=mode,
            ready=ready,
            frames_per_s=round(len(recent) / span_s, 1),
            ms_per_frame=round(1000 * sum(recent) / len(recent), 1) if recent else 0.0,
            source_frames_per_s=round(sources / span_s, 1),
            waiting_s=round(since_s - self._asked_at_s, 2),
            running_s=round(now_s - since_s, 2),
        )
