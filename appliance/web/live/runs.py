"""All running checks, in memory; from consent on a visit's verdicts come back from its row."""

from __future__ import annotations

import json
from datetime import datetime
from random import Random, SystemRandom
from typing import Any

from appliance.device_check.report import CheckReport
from appliance.visits.models import Visit
from appliance.web.live.check_run import CheckRun, background_mode
from appliance.web.live.signed_check import CheckSigner

_BACKGROUND, _MODE, _LOOK = "background", "mode", "look"
_SYSTEM = "system"


class CheckRuns:
    """By subject: a visit's id, or the room of a check without a visit."""

    def __init__(self, signer: CheckSigner, random: Random | None = None) -> None:
        self._signer = signer
        self._random = random or SystemRandom()
        self._runs: dict[str, CheckRun] = {}
        self._signed: dict[str, tuple[object, str]] = {}

    def known(self, subject_id: str) -> CheckRun | None:
        """The run in memory."""
        return self._runs.get(subject_id)

    def of(self, subject_id: str) -> CheckRun:
        """The run in memory, or a fresh one."""
        return self._runs.setdefault(subject_id, CheckRun(random=self._random))

    def of_visit(self, visit: Visit) -> CheckRun:
        """The visit's run; after a restart as it was stored with the consent.

        At a registered kiosk the device is the agency's: the cookie of its browser says so.
        """
        if visit.id not in self._runs and visit.check_report:
            self._runs[visit.id] = restored(json.loads(visit.check_report), self._random)
        run = self.of(visit.id)
        run.kiosk = visit.kiosk_id is not None
        return run

    def present(self, subject_id: str, signed: str, now: datetime) -> None:
        """Takes a signed record back where memory has nothing. Raises ``CheckRecordRefused``."""
        run = self.of(subject_id)
        if run.report.findings or run.report.waivers:
            return
        old = self._signer.restore(subject_id, signed, self._random, now)
        old.step, old.terms = run.step, run.terms or old.terms
        old.kiosk = run.kiosk
        self._runs[subject_id] = old

    def signed(self, subject_id: str, now: datetime) -> str:
        """The record for the page to keep; made anew only when something in it has changed."""
        run = self._runs.get(subject_id)
        if run is None:
            return ""
        content = (run.report, run.background, run.look, run.browser, run.os, run.terms)
        known = self._signed.get(subject_id)
        if known is None or known[0] != content:
            known = (content, self._signer.sign(subject_id, run, now))
            self._signed[subject_id] = known
        return known[1]

    def forget(self, subject_id: str) -> None:
        """The check is over and nobody needs its result any more."""
        self._runs.pop(subject_id, None)
        self._signed.pop(subject_id, None)


def stored(run: CheckRun) -> dict[str, dict[str, str]]:
    """Verdict codes as a visit's row keeps them, with the chosen background.

    The families of browser and system too: with them the desk shows the remedies that were shown.
    """
    codes = run.report.codes()
    if _SYSTEM in codes:
        codes[_SYSTEM].update(browser=run.browser, os=run.os)
    if run.background != "none" or run.look:
        words = codes.setdefault(_BACKGROUND, {"verdict": "open", "cause": ""})
        words[_MODE] = run.background
        words[_LOOK] = run.look
    return codes


def restored(codes: dict[str, Any], random: Random) -> CheckRun:
    """The inverse of ``stored``: the room behind a client stays hidden after a restart."""
    run = CheckRun(random=random, report=CheckReport.from_codes(codes), counted=True)
    words, system = codes.get(_BACKGROUND, {}), codes.get(_SYSTEM, {})
    run.browser, run.os = system.get("browser", ""), system.get("os", "")
    run.background = background_mode(words.get(_MODE, "none"))
    run.look = words.get(_LOOK, "")
    return run
