"""One running device check: what browser and analyser have measured, and what comes of it.

Knows no socket and no relay: records and choices go in, findings and wishes come out. The
judgements themselves are the pure functions of ``device_check``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Literal, TypeVar, get_args

from appliance.device_check import background, kiosk, microphone, network, speaker, system
from appliance.device_check.camera_watch import CameraWatch
from appliance.device_check.records import (
    AnalyserBackground,
    AnalyserCamera,
    AnalyserMicrophone,
    AnalyserRecord,
    BrowserBackground,
    BrowserCamera,
    BrowserMicrophone,
    BrowserNetwork,
    BrowserRecord,
    BrowserSystem,
    CheckKind,
    Finding,
    LoopBack,
    Record,
    SpeakerAnswer,
    Verdict,
)
from appliance.device_check.report import CheckReport, Waiver

BackgroundMode = Literal["none", "blur", "blur_strong"]
Arrived = TypeVar("Arrived", AnalyserMicrophone, AnalyserCamera)
SpeakerLoop = Literal["none", "wanted", "again"]

_WITH_ANALYSER = frozenset(
    {CheckKind.MICROPHONE, CheckKind.CAMERA, CheckKind.SPEAKER, CheckKind.BACKGROUND}
)
_MEASURED_BY_ANALYSER = frozenset({CheckKind.MICROPHONE, CheckKind.CAMERA, CheckKind.BACKGROUND})
_WAIVERS: dict[CheckKind, Waiver] = {
    CheckKind.SYSTEM: Waiver.TEXT_ONLY,
    CheckKind.CAMERA: Waiver.SOUND_ONLY,
}


def background_mode(word: str) -> BackgroundMode:
    """A stored word. One that an update has renamed hid the room, so the room stays hidden."""
    modes: tuple[BackgroundMode, ...] = get_args(BackgroundMode)
    return next((mode for mode in modes if mode == word), "blur")


class CheckRefused(Exception):
    """``code``: ``no_number_spoken``, ``not_this_step`` or ``check_unfinished``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of use as accepted with the start button; stored with the later consent."""

    version: str
    accepted_at: datetime


@dataclass(slots=True)
class CheckRun:
    """The check of one client (or adviser, or anybody on the test page), in memory."""

    random: Random
    kiosk: bool = False  # the device is the agency's, not the client's
    report: CheckReport = field(default_factory=CheckReport)
    step: CheckKind | None = None
    step_since: datetime | None = None  # the first try at this step, for whoever helps
    tries: int = 0
    counted: bool = False  # in the statistics
    counted_causes: set[str] = field(default_factory=set)  # there, so far
    background: BackgroundMode = "none"  # by the appliance
    look: str = ""  # by the browser; its raw picture does not come here
    echo: bool = False
    reads_code: bool = False  # at a kiosk, before a visit: a letter is held to the camera
    terms: Terms | None = None
    browser: str = ""
    browser_version: int | None = None
    os: str = ""
    ticks: list[system.Tick] = field(default_factory=list)
    attempts: list[speaker.Attempt] = field(default_factory=list)
    loops: list[LoopBack] = field(default_factory=list)  # how a kiosk has heard itself
    spoken: str = ""  # never shown but among six
    numbers: list[str] = field(default_factory=list)
    voice_s: float = 0.0  # heard so far, for the meter
    camera: CameraWatch = field(default_factory=CameraWatch)
    taken_up: set[CheckKind] = field(default_factory=set)  # waived first, and tested since
    _asked_until_s: float = 0.0  # by the analyser's own time
    _found: dict[CheckKind, Finding] = field(default_factory=dict)  # before it was begun anew
    _surroundings: BrowserSystem | None = None
    _line: BrowserNetwork | None = None
    _by_browser: dict[CheckKind, BrowserRecord] = field(default_factory=dict)
    _by_analyser: dict[CheckKind, AnalyserRecord] = field(default_factory=dict)

    # ---- the page's words ----------------------------------------------------------------------
    def begin(self, kind: CheckKind) -> None:
        """The page is at this step: what was found and waived for it is forgotten."""
        self.step = kind
        self.echo = False
        if kind is not CheckKind.SYSTEM:
            self.taken_up |= {kind} & set(self.report.waivers)
            self._found[kind] = self.report.finding(kind)
            self.report = self.report.without(kind)
        self._by_browser.pop(kind, None)
        self._by_analyser.pop(kind, None)
        self._asked_until_s = 0.0
        self.camera.restart()
        self._forget_number()
        if kind is CheckKind.SPEAKER:
            self.attempts, self.loops = [], []

    def note_try(self, kind: CheckKind, at: datetime) -> None:
        """Before ``begin``: since when the client has been at this step, and how often."""
        if kind is not self.step or self.step_since is None:
            self.step_since, self.tries = at, 0
        self.tries += 1

    @property
    def shown_step(self) -> CheckKind | None:
        """Where the page is; its card with the results counts as no step."""
        others = {*self.report.findings, *self.report.waivers} - {CheckKind.SYSTEM}
        return None if self.step is CheckKind.SYSTEM and others else self.step

    def leave_steps(self) -> None:
        """The check is over or interrupted: nothing is measured any more."""
        self.step = None
        self.echo = False
        self._by_browser.clear()
        self._by_analyser.clear()
        self.loops = []
        self._forget_number()

    def another_device(self) -> None:
        """What was found out about one device says nothing about the next."""
        self.leave_steps()
        self.kiosk = False
        self.taken_up |= set(self.report.waivers)
        self.report = CheckReport()
        self.browser = self.os = ""
        self.ticks = []
        self.browser_version = self._surroundings = self._line = None
        self._found.clear()

    def take(self, record: BrowserRecord) -> bool:
        """A measurement of the page; late ones of another step are dropped.

        Gives back whether the report has changed. Raises ``CheckRefused`` for a number that was
        tapped although none has been spoken.
        """
        if isinstance(record, BrowserSystem):
            if not self.kiosk:
                record = record.model_copy(update={"kiosk_missing": None, "kiosk_traces": None})
            self.browser, self.os = record.browser, record.os
            self.browser_version, self._surroundings = record.browser_version, record
            before, self.ticks = self.ticks, system.ticks(record)
            return self._judged(system.judge(record)) or self.ticks != before
        if isinstance(record, BrowserNetwork):
            self._line = record
            return self._judged_line(record)
        kind = CheckKind(record.kind)
        if kind is not self.step:
            return False
        if isinstance(record, SpeakerAnswer):
            return self._answered(record)
        self._by_browser[kind] = record
        return self._judge_step()

    def waive(self, kind: CheckKind, *, text: bool = False) -> None:
        """The client goes on without; the consequence has been said.

        ``text``: they hear badly or not at all, which is no fault of any device.
        """
        if text and kind is CheckKind.SPEAKER:
            self.report = self.report.with_finding(speaker.text_wanted())
            self.report = self.report.with_waiver(kind, Waiver.TEXT_ONLY)
            return
        before, now = self._found.get(kind), self.report.finding(kind)
        if now.verdict is Verdict.OPEN and before and before.verdict is Verdict.FAILED:
            self.report = self.report.with_finding(before)  # staff read why
        self.report = self.report.with_waiver(kind, _WAIVERS.get(kind, Waiver.ANYWAY))

    def goes_with(self, *kinds: CheckKind) -> bool:
        """The client wants these after all; gives back whether they had gone on without one."""
        before = self.report
        self.report = before.without_waivers(kinds)
        return self.report != before

    def number_to_say(self, *, again: bool) -> str:
        """The digits to speak: the same ones again, where they are still asked for, else new ones.

        Whoever asks anew while a number is being spoken would hear one and be asked for another.
        Raises ``CheckRefused`` outside the speaker's step.
        """
        if self.step is not CheckKind.SPEAKER:
            raise CheckRefused("not_this_step")
        if not (self.spoken and (again or not self.numbers)):
            self._forget_number()
            self.spoken = speaker.new_number(self.random)
        return self.spoken

    # ---- the analyser's words ------------------------------------------------------------------
    def arrived(self, record: AnalyserRecord) -> bool:
        """What the analyser has measured; gives back whether the report has changed."""
        kind = CheckKind(record.kind)
        if kind is not self.step:
            return False
        self._by_analyser[kind] = record
        return self._judge_step()

    def said(self, digits: str) -> bool:
        """The number was spoken to its end: now it can be tapped among six."""
        if not self.spoken or digits != self.spoken or self.numbers:
            return False
        self.numbers = speaker.choices(self.spoken, self.random)
        return True

    @property
    def speaker_loop(self) -> SpeakerLoop:
        """Whether the kiosk is to hear itself now, before a number is spoken to anybody."""
        asked = self.step is not CheckKind.SPEAKER or self.spoken or self.attempts
        if asked or not self.kiosk:
            return "none"
        if not self.loops:
            return "wanted"
        return "again" if kiosk.another_try(len(self.loops), self.loops[-1]) else "none"

    # ---- wishes --------------------------------------------------------------------------------
    @property
    def wants_analyser(self) -> bool:
        """Whether the running step needs one; a browser that hides the room itself needs none."""
        if self.step is CheckKind.BACKGROUND:
            return self.background != "none"
        return self.step in _WITH_ANALYSER

    @property
    def kinds_to_measure(self) -> list[CheckKind]:
        """What the analyser is to report five times a second."""
        wanted = self.wants_analyser and self.step in _MEASURED_BY_ANALYSER
        return [self.step] if wanted and self.step else []

    def measured(self) -> list[tuple[Literal["browser", "appliance"], Record]]:
        """The newest records of each kind, for the report; empty once the check has been left."""
        apart = [one for one in (self._surroundings, self._line) if one is not None]
        own: list[Record] = [*apart, *self._by_browser.values(), *self.loops[-1:]]
        return [("browser", one) for one in own] + [
            ("appliance", one) for one in self._by_analyser.values()
        ]

    # ---- judging -------------------------------------------------------------------------------
    def _judge_step(self) -> bool:
        by_browser = self._by_browser.get(self.step) if self.step else None
        by_analyser = self._by_analyser.get(self.step) if self.step else None
        if self.step is CheckKind.MICROPHONE:
            heard = by_analyser if isinstance(by_analyser, AnalyserMicrophone) else None
            own = by_browser if isinstance(by_browser, BrowserMicrophone) else None
            if self._still_asking(own, heard, heard.packets if heard else 0):
                return False
            return self._judged(microphone.judge(own, self._since_opened(heard)))
        if self.step is CheckKind.CAMERA:
            seen = by_analyser if isinstance(by_analyser, AnalyserCamera) else None
            view = by_browser if isinstance(by_browser, BrowserCamera) else None
            if self._still_asking(view, seen, seen.frames if seen else 0):
                return False
            return self._judged(self.camera.judge(view, self._since_opened(seen)))
        return self._judge_background(by_browser, by_analyser)

    def _still_asking(
        self,
        own: BrowserMicrophone | BrowserCamera | None,
        arrives: AnalyserMicrophone | AnalyserCamera | None,
        count: int,
    ) -> bool:
        """Nothing has come and the page says nothing of its device: the browser's question waits.

        Whoever reads it slowly is not told that nothing arrives, and has as long as others later.
        """
        if own is not None or arrives is None or count:
            return False
        self._asked_until_s = arrives.listening_s
        return True

    def _since_opened(self, arrives: Arrived | None) -> Arrived | None:
        """Waited for since the device was opened, not since it was asked for."""
        if arrives is None or not self._asked_until_s:
            return arrives
        if arrives.listening_s < self._asked_until_s:  # another analyser, which counts anew
            self._asked_until_s = 0.0
        listening_s = round(arrives.listening_s - self._asked_until_s, 2)
        return arrives.model_copy(update={"listening_s": listening_s})

    def _judge_background(
        self, by_browser: BrowserRecord | None, by_analyser: AnalyserRecord | None
    ) -> bool:
        """Only of the engine that is chosen: late words of the other one say nothing."""
        chosen = by_browser if self.background == "none" else by_analyser
        if isinstance(chosen, AnalyserBackground | BrowserBackground):
            return self._judged(background.judge(chosen))
        return False

    def _judged_line(self, record: BrowserNetwork) -> bool:
        """Tested in the background of any step; a record without a phase begins it anew."""
        before = self.report
        self._by_browser[CheckKind.NETWORK] = record
        if record.connected and not record.phases:
            self.report = before.without(CheckKind.NETWORK)
        return self._judged(network.judge(record)) or self.report != before

    def _answered(self, answer: SpeakerAnswer) -> bool:
        if answer.tapped is not None and not self.numbers:
            raise CheckRefused("no_number_spoken")
        if answer.loop is not None:
            return self._heard_itself(answer.loop)
        self.attempts.append(speaker.Attempt(spoken=self.spoken, answer=answer))
        self._forget_number()
        self._judge_speaker()
        return True

    def _heard_itself(self, loop: LoopBack) -> bool:
        """Nobody's own device is asked for that."""
        if self.speaker_loop == "none":
            return False
        self.loops.append(loop)
        self._judge_speaker()
        microphone_too = kiosk.heard_by_microphone(loop)
        if self.report.verdict(CheckKind.MICROPHONE) is Verdict.OPEN and microphone_too:
            self._judged(microphone_too)
        return True

    def _judge_speaker(self) -> None:
        finding = speaker.judge(self.attempts)
        self._judged(kiosk.with_loop(finding, self.loops[-1]) if self.loops else finding)

    def _judged(self, finding: Finding) -> bool:
        before = self.report
        self.report = before.with_finding(finding)
        return self.report != before

    def _forget_number(self) -> None:
        self.spoken = ""
        self.numbers = []
