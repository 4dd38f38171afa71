"""The camera's step over time: what is found and advised, without flicker."""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.device_check import camera, thresholds
from appliance.device_check.advice import Advice, Adviser
from appliance.device_check.records import AnalyserCamera, BrowserCamera, Finding, Verdict
from appliance.device_check.steady import Steady


def _steady_finding() -> Steady[Finding]:
    return Steady(hold_s=thresholds.FINDING_HOLD_S)


@dataclass(slots=True)
class CameraWatch:
    """People move before a camera: what was found stays until the next is so for good."""

    advice: Advice | None = None  # the one thing that would help most now
    _at_s: float = 0.0
    _adviser: Adviser = field(default_factory=Adviser)
    _steady: Steady[Finding] = field(default_factory=_steady_finding)

    def restart(self) -> None:
        """For a new look, or another camera."""
        self.advice = None
        self._adviser.restart()
        self._steady.restart()

    def judge(self, own: BrowserCamera | None, seen: AnalyserCamera | None) -> Finding:
        """What to show now; the analyser's records are the clock."""
        finding = camera.judge(own, seen)
        failed = own is not None and own.error is not None
        if seen is None or failed or finding.verdict is Verdict.OPEN:
            return finding
        if seen.listening_s < self._at_s:  # another analyser has taken over, and counts anew
            self.restart()
        self._at_s = seen.listening_s
        shown = self._steady.see(finding, seen.listening_s)
        advice = self._adviser.advise(seen)
        stuck = shown.verdict is Verdict.FAILED and advice is Advice.GOOD
        self.advice = None if stuck else advice  # moving mends no camera that stands still
        return shown
