"""What is known of a visit but must not be in the database: before consent, verdicts and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.visits.machine import VisitEvent
from appliance.visits.models import Visit

SEEN_MAX = 4096  # visits remembered; far more than one appliance holds open

Report = dict[str, Any]  # kind → verdict, cause: codes only


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that the start button accepted."""

    version: str
    at: datetime


class Unstored:
    """Memory of the process; a restart forgets it, and the page presents its signed record again.

    Everything about a visit goes when it is consented to (then it is stored) or closed.
    """

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}
        self._terms: dict[str, Terms] = {}
        self._seen_at: dict[str, datetime] = {}

    def report(self, visit_id: str) -> Report | None:
        """The verdicts that may not be stored yet."""
        return self._reports.get(visit_id)

    def add_to_consent(
        self, visit_id: str, event: VisitEvent, details: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The details of a consent, completed by what was kept until now."""
        completed = dict(details)
        if event is VisitEvent.CONSENT_GIVEN:
            if visit_id in self._reports:
                completed.setdefault("report", self._reports[visit_id])
            terms = self._terms.get(visit_id)
            if terms is not None and not completed.get("terms_version"):
                completed.update(terms_version=terms.version, terms_at=terms.at)
        return completed

    def learn(
        self, visit: Visit, event: VisitEvent, at: datetime, details: Mapping[str, Any]
    ) -> None:
        """Keeps what the event brought, or forgets what is stored or over."""
        if not visit.is_open:
            self.forget(visit.id)
        elif event is VisitEvent.CONSENT_GIVEN:
            self._reports.pop(visit.id, None)
            self._terms.pop(visit.id, None)
        elif event is VisitEvent.CHECK_STARTED and details.get("terms_version"):
            self._terms[visit.id] = Terms(details["terms_version"], at)
        elif details.get("report") is not None and not visit.consented:
            self._reports[visit.id] = details["report"]

    def seen_is_news(self, visit_id: str, at: datetime, step_s: float) -> bool:
        """Whether the client was last seen at least ``step_s`` seconds earlier; notes it if so."""
        last = self._seen_at.get(visit_id)
        if last is not None and (at - last).total_seconds() < step_s:
            return False
        if len(self._seen_at) >= SEEN_MAX:  # goodbye pages of closed visits; lose at most one step
            self._seen_at.clear()
        self._seen_at[visit_id] = at
        return True

    def forget(self, visit_id: str) -> None:
        """The visit is over."""
        for memory in (self._reports, self._terms, self._seen_at):
            memory.pop(visit_id, None)
