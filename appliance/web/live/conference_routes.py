"""Who hears and sees whom in a conference, as one pure function: the routes that a room has now.

Sound goes to everybody. A picture goes only where it is shown: pages say whose they show. Guests
hear and see nobody, and nobody them, while nobody of the agency is inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.conferences.states import ConferenceMode
from appliance.relay.control import Route, TrackKind
from appliance.web.live.routes import UNSAID, Sends


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody inside, as far as routes are concerned."""

    member_id: str
    place: int  # 0 to 5, kept while inside
    staff: bool
    peer: str | None = None  # None: no connection yet
    muted: bool = False  # by the host
    sends: Sends | None = None  # None: not said yet, the page itself mutes
    views: frozenset[str] | None = None  # members whose pictures the page shows; None: not said


def slot_of(source: Sitting, target: Sitting) -> int:
    """Where the target's page receives the source: 0 to 4, the same as long as both stay."""
    return source.place if source.place < target.place else source.place - 1


def sent(one: Sitting, mode: ConferenceMode) -> set[TrackKind]:
    """What the others may get of somebody."""
    sends = one.sends or UNSAID
    kinds = set()
    if sends.microphone and not one.muted:
        kinds.add(TrackKind.MICROPHONE)
    if sends.camera and mode is ConferenceMode.VIDEO:
        kinds.add(TrackKind.CAMERA)
    return kinds


def conference_routes(people: Sequence[Sitting], mode: ConferenceMode) -> list[Route]:
    """The whole truth for the room."""
    if not any(one.staff for one in people):
        return []
    found = []
    for source in people:
        kinds = sent(source, mode)
        for target in people:
            if source is target or source.peer is None or target.peer is None:
                continue
            slot = slot_of(source, target)
            found += [
                Route(source=source.peer, kind=kind, target=target.peer, slot=slot)
                for kind in sorted(kinds)
                if kind is TrackKind.MICROPHONE or shows(target, source)
            ]
    return found


def shows(target: Sitting, source: Sitting) -> bool:
    """Whether the target's page has the source's picture in sight."""
    return target.views is None or source.member_id in target.views
