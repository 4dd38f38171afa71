"""Domain events: frozen facts, published in the process after the database has committed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; carries ids only."""


@dataclass(frozen=True, slots=True)
class VisitChanged(Event):
    """A visit has a new revision (state, choices, presence or identity)."""

    visit_id: str
    revision: int
    happened: str  # the event's word in the table of transitions


@dataclass(frozen=True, slots=True)
class AppointmentChanged(Event):
    """An appointment was booked, moved, cancelled, or got another outcome."""

    appointment_id: str
    happened: str


@dataclass(frozen=True, slots=True)
class ConferenceChanged(Event):
    """Somebody was called into a conference, knocked, came, went, or it is over."""

    conference_id: str
    happened: str


@dataclass(frozen=True, slots=True)
class RequestChanged(Event):
    """A client's request for an appointment was confirmed, answered or ended."""

    request_id: str


@dataclass(frozen=True, slots=True)
class KioskChanged(Event):
    """A kiosk has gone silent (``away``, ``back``) or has judged itself (``broken``, ``well``)."""

    kiosk_id: str
    happened: str


@dataclass(frozen=True, slots=True)
class MessageQueued(Event):
    """The outbox has something new to send."""

    message_id: str


@dataclass(frozen=True, slots=True)
class LoginEnded(Event):
    """An adviser's login was ended: logged out, revoked, or its account changed."""

    adviser_id: str
    login_id: str


@dataclass(frozen=True, slots=True)
class StaffChanged(Event):
    """An account has other teams, another role, or is open again: desks show other clients."""

    adviser_id: str


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """An adviser has left: whoever waits for them is anybody's now."""

    adviser_id: str


@dataclass(frozen=True, slots=True)
class AwayChanged(Event):
    """An adviser has left the desk for a while, or is back."""

    adviser_id: str


@dataclass(frozen=True, slots=True)
class MessagesChanged(Event):
    """A client has left a message, or somebody works on one."""

    message_id: str


Handler = Callable[[Any], Awaitable[None]]


class EventBus:
    """Hands each event to its handlers in the order of subscription; one failing harms no other."""

    def __init__(self) -> None:
        self._handlers: defaultdict[type[Event], list[Handler]] = defaultdict(list)

    def subscribe(self, kind: type[Event], handler: Handler) -> None:
        """Calls ``handler(event)`` for every published event of this very type."""
        self._handlers[kind].append(handler)

    async def publish(self, event: Event) -> None:
        """Awaits the handlers one after another; a handler's exception is logged, not raised."""
        for handler in self._handlers[type(event)]:
            try:
                await handler(event)
            except Exception:
                log.exception("event_handler_failed", kind=type(event).__name__)
