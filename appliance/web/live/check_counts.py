"""Hands each visit's check to the statistics, once, with the causes that were left at its end."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from appliance.device_check.records import CheckKind, Verdict
from appliance.device_check.remedies import CAUSES
from appliance.statistics.service import CheckStatistics
from appliance.storage.errors import DatabaseError
from appliance.web.live.check_run import CheckRun

if TYPE_CHECKING:
    from appliance.web.parts import Parts

log = structlog.get_logger()

_TROUBLE = frozenset({Verdict.WARNING, Verdict.FAILED})
_COUNTED_THOUGH_PASSED = frozenset({"network_turn"})  # IT asks how many networks block UDP


class CheckCounts:
    """A check ends when the client goes on, or goes away: who is stuck for good counts too."""

    def __init__(self, parts: Parts) -> None:
        agency = parts.settings.agency
        zone = ZoneInfo(agency.time_zone)
        self.statistics = CheckStatistics(parts.database, agency.site, zone, parts.clock)

    async def ended(self, run: CheckRun | None) -> None:
        """Counts it unless it was counted or nothing was found out. Never fails."""
        if run is None or run.counted or not run.report.findings:
            return
        run.counted = True
        run.counted_causes = left(run)
        await self._never_fails(self.statistics.count(run.counted_causes))

    async def line_judged_late(self, run: CheckRun) -> None:
        """After the end: the line alone goes on being tested then. Never fails.

        Whoever repeats the test and hears the same again is still one check with this cause.
        """
        found = run.report.finding(CheckKind.NETWORK)
        new = ({found.cause, *found.notes} & left(run)) - run.counted_causes
        if run.counted and new:
            run.counted_causes |= new
            await self._never_fails(self.statistics.count_later(new))

    async def _never_fails(self, counting: Awaitable[None]) -> None:
        try:
            await counting
        except DatabaseError as error:
            log.warning("database_failed", code=error.code)


def left(run: CheckRun) -> set[str]:
    """The causes that stand at the end, waived or not.

    And faults that cost nothing: told to staff alone, or a network that lets only a detour through.
    """
    findings = run.report.findings.values()
    causes = {one.cause for one in findings if one.verdict in _TROUBLE}
    notes = {note for one in findings for note in one.notes}
    notes |= {one.cause for one in findings} & _COUNTED_THOUGH_PASSED
    faults = {note for note in notes & set(CAUSES) if CAUSES[note].severity in _TROUBLE}
    return (causes & set(CAUSES)) | faults
