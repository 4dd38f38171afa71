"""Visits whose link was opened in another browser as well: the adviser should know.

Mostly the same person with a second device; perhaps somebody who has got hold of the mail. Who came
in is in the journal. Who was kept out, because the conversation was running, is in memory only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from appliance.visits.models import Visit

if TYPE_CHECKING:
    from appliance.web.live import Live


class SecondEntries:
    """Asked for each desk; nothing about the browsers is known, only that there were two."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._kept_out: set[str] = set()

    async def among(self, visits: Sequence[Visit]) -> set[str]:
        """The ids of those of ``visits`` that were entered, or tried, a second time."""
        ids = {visit.id for visit in visits}
        return await self._live.parts.visits.entered_again(ids) | self._kept_out & ids

    async def kept_out(self, appointment_id: str) -> None:
        """Another browser has stood before the running conversation."""
        for visit in await self._live.parts.visits.open_visits():
            if visit.appointment_id == appointment_id:
                self._kept_out.add(visit.id)
                self._live.touch_desks()

    def forget(self, visit_id: str) -> None:
        """The visit has ended."""
        self._kept_out.discard(visit_id)
