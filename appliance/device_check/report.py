"""What a check came to: findings, the client's waivers, and what the agency's policy wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Self, TypeVar

from appliance.device_check.records import (
    CheckKind,
    Finding,
    NetworkPolicy,
    Policy,
    PolicyLevel,
    Record,
    Verdict,
)

WordT = TypeVar("WordT", bound=StrEnum)


class Waiver(StrEnum):
    """How the client goes on although a check has not passed."""

    ANYWAY = "anyway"
    SOUND_ONLY = "sound_only"
    TEXT_ONLY = "text_only"


class LineAdvice(StrEnum):
    """What the agency's policy makes of the line on the result card."""

    NONE = "none"
    WARN = "warn"  # named before one goes on
    SOUND_ONLY = "sound_only"  # the camera is off to begin with
    TELEPHONE = "telephone"  # the same, and the telephone number comes first


WITHOUT_PICTURE = frozenset({LineAdvice.SOUND_ONLY, LineAdvice.TELEPHONE})


class Readiness(StrEnum):
    """One light for the adviser's waiting list."""

    GREEN = "green"  # all required kinds passed
    YELLOW = "yellow"  # a warning, a kind not checked, or a conversation without picture
    RED = "red"  # hearing each other is in doubt


REQUIRED_KINDS = (CheckKind.SYSTEM, CheckKind.MICROPHONE, CheckKind.CAMERA, CheckKind.SPEAKER)
_OFF_WHEN_WAIVED = frozenset({CheckKind.MICROPHONE, CheckKind.CAMERA})
_TOO_WEAK_FOR_A_PICTURE = frozenset(
    {
        "network_loss",
        "network_upload_weak",
        "network_download_weak",
        "network_telephone",
        "network_turn_down",
        "network_udp_blocked",
    }
)
_NEEDED_TO_TALK = frozenset({CheckKind.SYSTEM, CheckKind.MICROPHONE, CheckKind.SPEAKER})
# A line on which not even sound can be relied on; a weaker one costs the picture alone.
_TOO_WEAK_TO_TALK = frozenset(
    {"network_loss", "network_telephone", "network_turn_down", "network_udp_blocked"}
)


class CheckReport(Record):
    """Immutable: ``with_finding`` and ``with_waiver`` give a new report back."""

    findings: dict[CheckKind, Finding] = {}
    waivers: dict[CheckKind, Waiver] = {}

    def finding(self, kind: CheckKind) -> Finding:
        """What the machine found; ``OPEN`` when the kind has not been judged."""
        return self.findings.get(kind, Finding(kind=kind, verdict=Verdict.OPEN))

    def verdict(self, kind: CheckKind) -> Verdict:
        """The machine's verdict, or ``WAIVED`` where the client has overruled a bad or open one.

        A device that stays off by choice is waived, too, however good it was.
        """
        verdict = self.finding(kind).verdict
        overruled = kind in self.waivers and verdict in {Verdict.OPEN, Verdict.FAILED}
        if overruled or self.stays_off(kind):
            return Verdict.WAIVED
        return verdict

    def stays_off(self, kind: CheckKind) -> bool:
        """Whether the client goes on without this device: a microphone or a camera."""
        return kind in self.waivers and kind in _OFF_WHEN_WAIVED

    def with_finding(self, finding: Finding) -> Self:
        """An open finding says nothing new, so it replaces none that was judged."""
        if finding.verdict is Verdict.OPEN and finding.kind in self.findings:
            return self
        return self.model_copy(update={"findings": {**self.findings, finding.kind: finding}})

    def with_waiver(self, kind: CheckKind, waiver: Waiver) -> Self:
        """The client goes on without this kind."""
        return self.model_copy(update={"waivers": {**self.waivers, kind: waiver}})

    def without(self, kind: CheckKind) -> Self:
        """Forgets finding and waiver of a kind: "try again"."""
        return self.model_copy(
            update={
                "findings": {k: f for k, f in self.findings.items() if k is not kind},
                "waivers": {k: w for k, w in self.waivers.items() if k is not kind},
            }
        )

    def without_waivers(self, kinds: Collection[CheckKind]) -> Self:
        """The client goes on with these after all; what was found of them stands."""
        kept = {kind: waiver for kind, waiver in self.waivers.items() if kind not in kinds}
        return self.model_copy(update={"waivers": kept})

    def codes(self) -> dict[str, dict[str, str]]:
        """As JSON-ready words, without anything that was measured.

        ``{"camera": {"verdict": "failed", "cause": "camera_black", "waiver": "sound_only"}}``
        """
        kinds = [kind for kind in CheckKind if kind in self.findings or kind in self.waivers]
        codes: dict[str, dict[str, str]] = {}
        for kind in kinds:
            finding = self.finding(kind)
            words = {"verdict": str(finding.verdict), "cause": finding.cause}
            if finding.notes:
                words["notes"] = " ".join(finding.notes)
            if kind in self.waivers:
                words["waiver"] = str(self.waivers[kind])
            codes[str(kind)] = words
        return codes

    @classmethod
    def from_codes(cls, codes: Mapping[str, Mapping[str, str]]) -> Self:
        """The inverse of ``codes``.

        They may be older than this program: of a kind or with a verdict that it does not know,
        nothing was judged; an unknown waiver is the general one. Causes stay as they are.
        """
        findings: dict[CheckKind, Finding] = {}
        waivers: dict[CheckKind, Waiver] = {}
        for name, words in codes.items():
            kind, verdict = _word(CheckKind, name), _word(Verdict, words.get("verdict"))
            if kind is None or verdict is None:
                continue
            findings[kind] = Finding(
                kind=kind,
                verdict=verdict,
                cause=words.get("cause", ""),
                notes=tuple(words.get("notes", "").split()),
            )
            if "waiver" in words:
                waivers[kind] = _word(Waiver, words["waiver"]) or Waiver.ANYWAY
        return cls(findings=findings, waivers=waivers)


def _word(words: type[WordT], text: str | None) -> WordT | None:
    return next((word for word in words if word == text), None)


def level(kind: CheckKind, policy: Policy) -> PolicyLevel:
    """What the agency wants for a kind. A browser that cannot talk always blocks until waived."""
    levels = {
        CheckKind.SYSTEM: PolicyLevel.BLOCK,
        CheckKind.MICROPHONE: policy.microphone,
        CheckKind.CAMERA: policy.camera,
        CheckKind.SPEAKER: policy.speaker,
    }
    return levels.get(kind, PolicyLevel.INFORM)


def unfinished(report: CheckReport, policy: Policy) -> list[CheckKind]:
    """The kinds that still keep the client here, in the order of the check.

    ``block`` wants passed, a warning, or the client's waiver; ``warn`` wants any judgement or
    waiver, so that the warning has been seen; ``inform`` wants nothing.
    """
    kept: list[CheckKind] = []
    for kind in REQUIRED_KINDS:
        verdict = report.verdict(kind)
        wanted = level(kind, policy)
        blocks = wanted is PolicyLevel.BLOCK and verdict in {Verdict.OPEN, Verdict.FAILED}
        unseen = wanted is PolicyLevel.WARN and verdict is Verdict.OPEN
        if blocks or unseen:
            kept.append(kind)
    return kept


def line_advice(report: CheckReport, policy: Policy) -> LineAdvice:
    """What follows from a weak line; nothing once the client has overruled it, where one may."""
    finding = report.finding(CheckKind.NETWORK)
    overruled = CheckKind.NETWORK in report.waivers and policy.network_overrule
    troubled = finding.verdict in {Verdict.FAILED, Verdict.WARNING}
    if not troubled or overruled or policy.network is NetworkPolicy.INFORM:
        return LineAdvice.NONE
    if finding.cause in _TOO_WEAK_FOR_A_PICTURE:
        return LineAdvice(policy.network.value)
    return LineAdvice.WARN


def begins_without_picture(report: CheckReport, policy: Policy) -> bool:
    """Whether the client's camera is off to begin with."""
    by_line = line_advice(report, policy) in WITHOUT_PICTURE
    return by_line or CheckKind.CAMERA in report.waivers


def may_finish(report: CheckReport, policy: Policy) -> bool:
    """Whether the client may go on to consent."""
    return not unfinished(report, policy)


def readiness(report: CheckReport) -> tuple[Readiness, list[str]]:
    """The light for the adviser's list, and the causes behind it, gravest first."""
    kinds = troubled(report)
    causes = [cause for kind in kinds if (cause := report.finding(kind).cause)]
    if any(_red(report, kind) for kind in kinds):
        return Readiness.RED, causes
    return (Readiness.YELLOW if kinds else Readiness.GREEN), causes


def troubled(report: CheckReport) -> list[CheckKind]:
    """The kinds that keep the light from being green, gravest first.

    Hearing each other in doubt, then another failure, then a warning, then a kind not checked.
    """
    ranks = {kind: rank for kind in CheckKind if (rank := _rank(report, kind)) is not None}
    return sorted(ranks, key=lambda kind: ranks[kind])


def _red(report: CheckReport, kind: CheckKind) -> bool:
    """Who has chosen to write needs no sound: then nothing is in doubt."""
    writes = report.waivers.get(CheckKind.SYSTEM) is Waiver.TEXT_ONLY
    finding = report.finding(kind)
    needed = kind in _NEEDED_TO_TALK or finding.cause in _TOO_WEAK_TO_TALK
    return finding.verdict is Verdict.FAILED and needed and not writes


def _rank(report: CheckReport, kind: CheckKind) -> int | None:
    verdict, cause = report.finding(kind).verdict, report.finding(kind).cause
    if verdict is Verdict.FAILED:
        return 0 if _red(report, kind) else 1
    if verdict is Verdict.WARNING or (verdict is Verdict.WAIVED and cause):
        return 2  # somebody who writes is ready, and is to be written to
    unchecked = verdict is Verdict.OPEN and kind in REQUIRED_KINDS
    return 3 if unchecked or report.stays_off(kind) else None
