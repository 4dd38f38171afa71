"""Two taps after the conversation, each counted once; which visit they came from is not kept."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from appliance.statistics.feedback import Answer, FeedbackStatistics
from appliance.visits.models import Visit
from appliance.visits.states import Mode, Outcome

if TYPE_CHECKING:
    from appliance.web.parts import Parts

REMEMBERED = 2000  # visits that have answered; in memory, so that a reload asks nobody twice
GOOD_ENDS = frozenset({Outcome.COMPLETED, Outcome.TELEPHONE, Outcome.CALL_BACK, Outcome.FAILED})


class Feedbacks:
    """Sound and picture, each once a visit."""

    def __init__(self, parts: Parts) -> None:
        agency = parts.settings.agency
        zone = ZoneInfo(agency.time_zone)
        self.statistics = FeedbackStatistics(parts.database, agency.site, zone, parts.clock)
        self._given: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)

    async def give(self, visit: Visit, answer: Answer) -> None:
        """A second answer to the same question is left alone."""
        about = answer.partition("_")[0]
        if (visit.id, about) not in self._given:
            self._given.append((visit.id, about))
            await self.statistics.count(answer)


def asked_of(visit: Visit) -> list[Literal["sound", "picture"]]:
    """What there was to judge: nothing where nobody has talked, or somebody withdrew."""
    if visit.session_began_at is None or visit.outcome not in GOOD_ENDS:
        return []
    if visit.mode is Mode.TEXT:
        return []
    return ["sound"] if visit.mode is Mode.AUDIO else ["sound", "picture"]
