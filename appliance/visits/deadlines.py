"""When a visit must move on by itself. Pure; durations in seconds with their source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from appliance.visits.machine import VisitEvent
from appliance.visits.states import Mode, VisitState

ADMISSION_S = 60  # design.md 3: admitted, but no media
MEDIA_LOST_S = 120  # design.md 3: the room is closed, the place kept
UNSEEN_AFTER_SESSION_S = 10 * 60  # design.md 3: sent back and unseen
IDLE_S = 30 * 60  # ASVS 7.3, decided: a client's idle limit; a live page counts as seen
SEEN_LATELY_S = 5 * 60  # own: who has gone takes nobody's room, who reloads keeps theirs
ACCESS_S = 4 * 60 * 60  # ASVS 7.3, decided: absolute limit of a client's access


@dataclass(frozen=True, slots=True)
class Timing:
    """The facts about a visit that its deadline hangs on."""

    state: VisitState
    mode: Mode
    media_up: bool
    session_began: bool

    @property
    def by_media(self) -> bool:
        """A conversation whose life sign is its sound and picture."""
        return self.state is VisitState.IN_SESSION and self.mode is not Mode.TEXT


def fresh_deadline(timing: Timing, now: datetime) -> datetime | None:
    """The deadline of a visit that has just come to its state, mode or media fact."""
    if timing.state is VisitState.ADMITTED:
        return now + timedelta(seconds=ADMISSION_S)
    if timing.by_media:
        return None if timing.media_up else now + timedelta(seconds=MEDIA_LOST_S)
    return unseen_deadline(timing, now)


def unseen_deadline(timing: Timing, seen_at: datetime) -> datetime | None:
    """The deadline of a client last seen then; None in states that presence does not prolong."""
    if timing.by_media or timing.state in (VisitState.ADMITTED, VisitState.CLOSED):
        return None
    seconds = UNSEEN_AFTER_SESSION_S if timing.session_began else IDLE_S
    return seen_at + timedelta(seconds=seconds)


def event_at_deadline(timing: Timing) -> VisitEvent:
    """What the clock makes happen when an open visit's deadline has passed."""
    if timing.state is VisitState.ADMITTED:
        return VisitEvent.ADMISSION_LAPSED
    return VisitEvent.MEDIA_LOST_TOO_LONG if timing.by_media else VisitEvent.EXPIRED
