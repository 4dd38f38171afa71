"""Who may hear and see whom, as one pure function: the list of routes that a room has now.

No route, no packet. Every right of a visit (its state, its mode, the client's two choices, the
confirmed identity, a said mute) is expressed here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.device_check.records import CheckKind
from appliance.relay.control import Route, TrackKind
from appliance.visits.states import IdentityStatus, Mode, VisitState

SESSION_STATES = frozenset({VisitState.ADMITTED, VisitState.IN_SESSION})

_TO_ANALYSER: dict[CheckKind, TrackKind] = {
    CheckKind.MICROPHONE: TrackKind.MICROPHONE,
    CheckKind.CAMERA: TrackKind.CAMERA,
    CheckKind.BACKGROUND: TrackKind.CAMERA,
}
_FROM_ANALYSER: dict[CheckKind, TrackKind] = {
    CheckKind.MICROPHONE: TrackKind.MICROPHONE,  # the echo
    CheckKind.SPEAKER: TrackKind.MICROPHONE,  # the spoken number
    CheckKind.BACKGROUND: TrackKind.CAMERA,  # the preview
}


@dataclass(frozen=True, slots=True)
class Sends:
    """What a page has said that it sends. A said mute ends the route too."""

    microphone: bool = True
    camera: bool = True
    screen: bool = True


UNSAID = Sends()  # nothing said yet (also after a restart of web): the page itself mutes


@dataclass(frozen=True, slots=True)
class Members:
    """The peer of each member that is in the room now."""

    client: str | None = None
    adviser: str | None = None
    analyser: str | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything that decides about routes."""

    state: VisitState
    mode: Mode = Mode.VIDEO
    sees_adviser: bool = True
    seen_by_adviser: bool = True
    identity: IdentityStatus = IdentityStatus.OPEN
    step: CheckKind | None = None
    blurred: bool = False  # the client's room is shown as the analyser's picture only
    client_sends: Sends = UNSAID
    adviser_sends: Sends = UNSAID

    def saying(self, client: Sends | None, adviser: Sends | None) -> Rights:
        """With what both pages have said that they send; None has not said anything yet."""
        return replace(self, client_sends=client or UNSAID, adviser_sends=adviser or UNSAID)


def routes(members: Members, rights: Rights) -> list[Route]:
    """The whole truth for the room; an empty list where nobody may hear or see anybody."""
    if rights.state is VisitState.DEVICE_CHECK:
        return _check(members, rights.step)
    if rights.state in SESSION_STATES:
        return _from_client(members, rights) + _from_adviser(members, rights)
    return []


def _check(members: Members, step: CheckKind | None) -> list[Route]:
    client, analyser = members.client, members.analyser
    if client is None or analyser is None or step is None:
        return []
    found = []
    if step in _TO_ANALYSER:
        found.append(Route(source=client, kind=_TO_ANALYSER[step], target=analyser))
    if step in _FROM_ANALYSER:
        found.append(Route(source=analyser, kind=_FROM_ANALYSER[step], target=client))
    return found


def _from_client(members: Members, rights: Rights) -> list[Route]:
    client, adviser = members.client, members.adviser
    if client is None or adviser is None:
        return []
    kinds = _allowed(rights, rights.client_sends, camera=rights.seen_by_adviser)
    if TrackKind.CAMERA not in kinds or not rights.blurred:
        return [Route(source=client, kind=kind, target=adviser) for kind in kinds]
    plain = [kind for kind in kinds if kind is not TrackKind.CAMERA]
    found = [Route(source=client, kind=kind, target=adviser) for kind in plain]
    if members.analyser is not None:  # without it the room stays unseen: fails closed
        found.append(Route(source=client, kind=TrackKind.CAMERA, target=members.analyser))
        found.append(Route(source=members.analyser, kind=TrackKind.CAMERA, target=adviser))
    return found


def _from_adviser(members: Members, rights: Rights) -> list[Route]:
    client, adviser = members.client, members.adviser
    if client is None or adviser is None:
        return []
    kinds = _allowed(rights, rights.adviser_sends, camera=rights.sees_adviser)
    return [Route(source=adviser, kind=kind, target=client) for kind in kinds]


def _allowed(rights: Rights, sends: Sends, *, camera: bool) -> list[TrackKind]:
    """Of one side's tracks. A screen is withheld until the adviser has confirmed the identity."""
    if rights.mode is Mode.TEXT:
        return []
    kinds = [TrackKind.MICROPHONE] if sends.microphone else []
    if rights.mode is Mode.AUDIO:
        return kinds
    if sends.camera and camera:
        kinds.append(TrackKind.CAMERA)
    if sends.screen and rights.identity is IdentityStatus.CONFIRMED:
        kinds.append(TrackKind.SCREEN)
    return kinds
