"""Who hears and sees whom while others sit beside client and adviser, as one pure function.

What the client has chosen holds towards everybody, and among the others, too: nobody talks over a
client's head who writes. The two themselves are as ``routes`` says, whoever else is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from appliance.conferences.states import FIRST_PLACE_BESIDE
from appliance.relay.control import Route, TrackKind
from appliance.visits.states import IdentityStatus, Mode, VisitState
from appliance.web.live.conference_routes import Sitting, shows, slot_of
from appliance.web.live.routes import UNSAID, Members, Rights, routes

CLIENT_PLACE, ADVISER_PLACE = 0, 1
CLIENT, ADVISER = "client", "adviser"  # their ids among the members


def seated(members: Members, rights: Rights, others: Sequence[Sitting]) -> list[Sitting]:
    """Everybody, client and adviser first."""
    return [
        Sitting(CLIENT, CLIENT_PLACE, staff=False, peer=members.client, sends=rights.client_sends),
        Sitting(
            ADVISER, ADVISER_PLACE, staff=True, peer=members.adviser, sends=rights.adviser_sends
        ),
        *others,
    ]


def kinds_between(source: Sitting, target: Sitting, rights: Rights) -> list[TrackKind]:
    """What the target may get of the source, one of them at least beside the two."""
    confirmed = rights.identity is IdentityStatus.CONFIRMED
    if rights.state is not VisitState.IN_SESSION or not confirmed or rights.mode is Mode.TEXT:
        return []
    sends = source.sends or UNSAID
    kinds = [TrackKind.MICROPHONE] if sends.microphone and not source.muted else []
    unseen = source.place == CLIENT_PLACE and not rights.seen_by_adviser
    blind = target.place == CLIENT_PLACE and not rights.sees_adviser
    if rights.mode is not Mode.VIDEO:
        return kinds
    if sends.camera and not unseen and not blind:
        kinds.append(TrackKind.CAMERA)
    if sends.screen and source.place == ADVISER_PLACE:  # the client's own route is in ``routes``
        kinds.append(TrackKind.SCREEN)
    return kinds


def joined_routes(members: Members, rights: Rights, others: Sequence[Sitting]) -> list[Route]:
    """The whole truth for the room of a visit, whoever sits in it."""
    found = routes(members, rights)
    people = seated(members, rights, others)
    if not any(one.staff and one.peer for one in people):
        return found  # guests hear and see nobody, and nobody them, without the agency
    for source in people:
        for target in people:
            beside = max(source.place, target.place) >= FIRST_PLACE_BESIDE
            if source is not target and beside:
                found += _between(source, target, members, rights)
    return found


def _between(source: Sitting, target: Sitting, members: Members, rights: Rights) -> list[Route]:
    if target.peer is None:
        return []
    slot = slot_of(source, target)
    found = []
    for kind in kinds_between(source, target, rights):
        picture = kind is TrackKind.CAMERA
        hidden = picture and source.place == CLIENT_PLACE and rights.blurred
        peer = members.analyser if hidden else source.peer  # without it: unseen, fails closed
        if peer is not None and (not picture or shows(target, source)):
            found.append(Route(source=peer, kind=kind, target=target.peer, slot=slot))
    return found
