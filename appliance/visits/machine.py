"""The visit as an explicit table: state → event → transition. A missing pair is not allowed.

Pure: no clock, no database. ``service`` is the only one who acts on it. Rule 1: whoever may bring
an event about stands in the table. Rule 2: where a cell names two targets, ``destination`` picks
one from the facts of the visit, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from appliance.i18n import N_
from appliance.visits.errors import VisitError
from appliance.visits.states import VisitState


class VisitEvent(StrEnum):
    """What can happen to a visit."""

    LINK_OPENED = "link_opened"
    NUMBER_ENTERED = "number_entered"
    WALKED_IN = "walked_in"
    PUBLIC_ENTERED = "public_entered"
    ENTERED_AGAIN = "entered_again"
    CHECK_STARTED = "check_started"
    CHECK_RECORDED = "check_recorded"
    CHECK_FINISHED = "check_finished"
    CHECK_RESTARTED = "check_restarted"
    WENT_BACK = "went_back"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    IDENTITY_STATED = "identity_stated"
    IDENTITY_CONFIRMED = "identity_confirmed"
    IDENTITY_REFUSED = "identity_refused"
    ADMITTED = "admitted"
    ADMISSION_LAPSED = "admission_lapsed"
    MEDIA_CONNECTED = "media_connected"
    TEXT_ONLY = "text_only"
    SENT_BACK = "sent_back"
    MEDIA_LOST_TOO_LONG = "media_lost_too_long"
    TRANSFERRED = "transferred"
    CHOICES_CHANGED = "choices_changed"
    HELP_REQUESTED = "help_requested"
    HELP_SETTLED = "help_settled"
    MOVED_TO_DEVICE = "moved_to_device"
    BUSY_TOLD = "busy_told"
    MESSAGE_LEFT = "message_left"
    CLOSED = "closed"
    LEFT = "left"
    ENDED = "ended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Actor(StrEnum):
    """Who brings an event about."""

    CLIENT = "client"
    ADVISER = "adviser"
    SYSTEM = "system"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """A cell: where it leads (several where facts decide) and who may bring it about."""

    to: tuple[VisitState, ...]
    actors: frozenset[Actor]


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides between the targets of a cell."""

    consented: bool  # an own consent of this visit, not withdrawn
    identified: bool  # identity stated; nothing more is to be asked from the client
    identity_settled: bool = True  # of this very statement: no further try is wanted


class NotAllowedNow(VisitError):
    """The event does not belong to the state (or to this actor). The page's snapshot is old."""

    code = "not_allowed_now"
    sentence = N_(
        "Das geht an dieser Stelle nicht. Die Seite wird auf den neuesten Stand gebracht."
    )

    def __init__(self, state: VisitState | None, event: VisitEvent) -> None:
        super().__init__(f"{event} in {state or 'no state'}")
        self.state = state
        self.event = event


_S = VisitState
_E = VisitEvent
_CLIENT = frozenset({Actor.CLIENT})
_ADVISER = frozenset({Actor.ADVISER})
_SYSTEM = frozenset({Actor.SYSTEM})
_CLOCK = frozenset({Actor.CLOCK})
_HOUSE = frozenset({Actor.ADVISER, Actor.SYSTEM})

OPEN_STATES = tuple(state for state in VisitState if state is not VisitState.CLOSED)


def _anywhere(state: VisitState) -> dict[VisitEvent, Transition]:
    """What may happen in any open state: notes beside the way, and every end."""
    same = (state,)
    closed = (_S.CLOSED,)
    return {
        _E.CHOICES_CHANGED: Transition(same, _CLIENT),
        _E.HELP_REQUESTED: Transition(same, _CLIENT),
        _E.HELP_SETTLED: Transition(same, _CLIENT | _ADVISER),
        _E.MOVED_TO_DEVICE: Transition(same, _CLIENT),
        _E.BUSY_TOLD: Transition(same, _HOUSE),
        _E.CONSENT_WITHDRAWN: Transition(closed, _CLIENT),
        _E.MESSAGE_LEFT: Transition(closed, _CLIENT),
        _E.CLOSED: Transition(closed, _ADVISER),
        _E.LEFT: Transition(closed, _CLIENT),
        _E.ENDED: Transition(closed, _CLIENT),
        _E.EXPIRED: Transition(closed, _CLOCK),
        _E.CANCELLED: Transition(closed, _HOUSE),
    }


_ARRIVE = Transition((_S.ARRIVED,), _CLIENT)
_CHECK_AGAIN = Transition((_S.DEVICE_CHECK,), _CLIENT)
_WAIT_AGAIN_BY_ADVISER = Transition((_S.WAITING,), _ADVISER)
_WAIT_AGAIN_BY_CLOCK = Transition((_S.WAITING,), _CLOCK)

TABLE: Mapping[VisitState | None, Mapping[VisitEvent, Transition]] = MappingProxyType(
    {
        None: {
            _E.LINK_OPENED: _ARRIVE,
            _E.NUMBER_ENTERED: _ARRIVE,
            _E.WALKED_IN: _ARRIVE,
            _E.PUBLIC_ENTERED: _ARRIVE,
        },
        _S.ARRIVED: {
            _E.ENTERED_AGAIN: _ARRIVE,
            _E.CHECK_STARTED: Transition((_S.DEVICE_CHECK,), _CLIENT),
            **_anywhere(_S.ARRIVED),
        },
        _S.DEVICE_CHECK: {
            _E.ENTERED_AGAIN: Transition((_S.DEVICE_CHECK,), _CLIENT),
            _E.CHECK_RECORDED: Transition((_S.DEVICE_CHECK,), _SYSTEM),
            # A check that was started again leads back to where the client had been.
            _E.CHECK_FINISHED: Transition((_S.CONSENT, _S.IDENTITY, _S.WAITING), _CLIENT),
            **_anywhere(_S.DEVICE_CHECK),
        },
        _S.CONSENT: {
            _E.ENTERED_AGAIN: Transition((_S.CONSENT,), _CLIENT),
            _E.CONSENT_GIVEN: Transition((_S.IDENTITY,), _CLIENT),
            _E.CONSENT_REFUSED: Transition((_S.CLOSED,), _CLIENT),
            _E.CHECK_RESTARTED: _CHECK_AGAIN,
            _E.WENT_BACK: _CHECK_AGAIN,
            **_anywhere(_S.CONSENT),
        },
        _S.IDENTITY: {
            _E.ENTERED_AGAIN: Transition((_S.IDENTITY,), _CLIENT),
            # A wrong password leaves the client here, until the third.
            _E.IDENTITY_STATED: Transition((_S.WAITING, _S.IDENTITY), _CLIENT),
            _E.CHECK_RESTARTED: _CHECK_AGAIN,
            _E.WENT_BACK: Transition((_S.CONSENT,), _CLIENT),
            **_anywhere(_S.IDENTITY),
        },
        _S.WAITING: {
            # The link alone is not enough: another browser states the second factor again.
            _E.ENTERED_AGAIN: Transition((_S.IDENTITY,), _CLIENT),
            _E.CHECK_RESTARTED: _CHECK_AGAIN,
            _E.WENT_BACK: Transition((_S.IDENTITY,), _CLIENT),
            _E.ADMITTED: Transition((_S.ADMITTED,), _ADVISER),
            _E.TRANSFERRED: _WAIT_AGAIN_BY_ADVISER,  # to a colleague, before anybody has talked
            **_anywhere(_S.WAITING),
        },
        _S.ADMITTED: {
            _E.MEDIA_CONNECTED: Transition((_S.IN_SESSION,), _SYSTEM),
            _E.TEXT_ONLY: Transition((_S.IN_SESSION,), _SYSTEM),
            _E.ADMISSION_LAPSED: _WAIT_AGAIN_BY_CLOCK,
            _E.SENT_BACK: Transition((_S.WAITING,), _SYSTEM),  # the adviser's account was closed
            **_anywhere(_S.ADMITTED),
        },
        _S.IN_SESSION: {
            _E.IDENTITY_CONFIRMED: Transition((_S.IN_SESSION,), _ADVISER),
            _E.IDENTITY_REFUSED: Transition((_S.CLOSED,), _ADVISER),
            _E.SENT_BACK: Transition((_S.WAITING,), _HOUSE),
            # To a colleague who sits in it already: the conversation goes on.
            _E.TRANSFERRED: Transition((_S.IN_SESSION,), _ADVISER),
            _E.MEDIA_LOST_TOO_LONG: _WAIT_AGAIN_BY_CLOCK,
            **_anywhere(_S.IN_SESSION),
        },
        _S.CLOSED: {},
    }
)


def allowed(state: VisitState | None, event: VisitEvent, actor: Actor) -> Transition:
    """The cell. Raises ``NotAllowedNow`` when there is none, or not for this actor."""
    transition = TABLE[state].get(event)
    if transition is None or actor not in transition.actors:
        raise NotAllowedNow(state, event)
    return transition


def destination(transition: Transition, event: VisitEvent, facts: Facts) -> VisitState:
    """Which of the cell's targets the facts choose; it is always one of them."""
    if event is VisitEvent.CHECK_FINISHED:
        if not facts.consented:
            return VisitState.CONSENT
        return VisitState.WAITING if facts.identified else VisitState.IDENTITY
    if event is VisitEvent.IDENTITY_STATED and not facts.identity_settled:
        return VisitState.IDENTITY
    return transition.to[0]
