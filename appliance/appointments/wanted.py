"""What a client asks for, and what each side sees of a request. Pure: now is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appliance.appointments.booking import (
    FARTHEST,
    tidy_email,
    tidy_lines,
    tidy_name,
    tidy_phone,
)
from appliance.appointments.errors import BookingInvalid
from appliance.appointments.states import RequestState
from appliance.i18n import MAILED, N_

WISHES_CHARACTERS = 500
SLOTS_MOST = 3
# A mail address that nobody confirms within a day was not meant, or not theirs.
UNCONFIRMED_LASTS = timedelta(hours=24)
# An office that has not answered within a month will not: the client is told so.
UNANSWERED_LASTS = timedelta(days=30)
# Mails to one address that nobody confirmed: a stranger cannot fill somebody's mailbox.
UNCONFIRMED_MOST = 3
SOONEST = timedelta(minutes=30)  # between an offer and the time offered: the client has to read it


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request as typed. Empty strings mean: not stated."""

    topic_id: str
    client_name: str
    client_email: str
    client_phone: str = ""
    wishes: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A time that can be picked; ``id`` names it."""

    id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """What the client sees behind the mailed link: no name, no topic."""

    state: RequestState
    moves: bool
    slots: list[OfferedSlot]
    starts_at: datetime | None  # of what was booked, or is to be moved


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who works on it. ``may`` says of an adviser's id and a team's (or None) whether they book."""

    adviser_id: str
    may: Callable[[str | None, str | None], bool]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What staff see of a request."""

    id: str
    state: RequestState
    moves: bool
    topic: str
    duration_min: int
    client_name: str
    client_email: str
    client_phone: str
    wishes: str
    language: str
    created_at: datetime
    state_since: datetime  # handed back with an answer: it is to what was seen
    adviser_id: str
    appointment_id: str
    starts_at: datetime | None  # of the appointment that is to be moved
    slots: list[OfferedSlot]


def checked_wanted(wanted: Wanted) -> Wanted:
    """With texts tidied. Raises ``BookingInvalid`` with all mistakes at once."""
    mistakes: dict[str, str] = {}

    def field(name: str, tidy: Callable[[str], str]) -> str:
        try:
            return tidy(getattr(wanted, name))
        except ValueError as error:
            mistakes[name] = str(error)
            return ""

    tidied = replace(
        wanted,
        client_name=field("client_name", tidy_name),
        client_email=field("client_email", tidy_email),
        client_phone=field("client_phone", tidy_phone),
        wishes=field("wishes", tidy_wishes),
    )
    if not tidied.client_email:
        mistakes.setdefault("client_email", N_("Bitte geben Sie Ihre E-Mail-Adresse an."))
    if wanted.language not in MAILED:
        mistakes["language"] = N_("Diese Sprache gibt es hier nicht.")
    if mistakes:
        raise BookingInvalid(mistakes)
    return tidied


def tidy_wishes(text: str) -> str:
    """When it would suit, in some lines. ``ValueError`` (a sentence) otherwise."""
    return tidy_lines(text, WISHES_CHARACTERS)


def checked_starts(starts: list[datetime], now: datetime) -> list[datetime]:
    """One to three different times ahead, earliest first. Raises ``BookingInvalid``."""
    mistakes: dict[str, str] = {}
    if not starts:
        mistakes["starts_on_1"] = N_("Bitte schlagen Sie mindestens eine Zeit vor.")
    elif len(starts) > SLOTS_MOST or len(set(starts)) != len(starts):
        mistakes["starts_on_1"] = N_("Bitte schlagen Sie bis zu drei verschiedene Zeiten vor.")
    elif min(starts) < now + SOONEST:
        mistakes["starts_on_1"] = N_("Eine Zeit liegt zu nah. Der Gast muss die E-Mail noch lesen.")
    elif max(starts) > now + FARTHEST:
        mistakes["starts_on_1"] = N_("Bitte wählen Sie einen Zeitpunkt in den nächsten 12 Monaten.")
    if mistakes:
        raise BookingInvalid(mistakes)
    return sorted(starts)
