"""The words of appointments and invitations, the same in database, wire and log."""

from __future__ import annotations

from enum import StrEnum


class AppointmentStatus(StrEnum):
    """What became of a booked appointment. A visit has states of its own."""

    PLANNED = "planned"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    MOVED = "moved"  # another row took over; ``moved_to_id`` names it


class Channel(StrEnum):
    """How a link reached the client. Each message carries a secret of its own."""

    MAIL = "mail"
    SCREEN = "screen"  # a QR code or link shown at the adviser's desk
    PRINT = "print"
    SHORT_MAIL = "short_mail"  # sent while on the phone: the session number is said there
    SHORT_SMS = "short_sms"  # the same by SMS
    LOST = "lost"  # asked for by the client, who has lost the first one
    REMINDER = "reminder"


# Behind these links the session number is asked for instead of the password.
SHORT_NOTICE = frozenset({Channel.SHORT_MAIL, Channel.SHORT_SMS})


class Alternative(StrEnum):
    """What the client would rather have than video."""

    NONE = "none"
    TELEPHONE = "telephone"
    VISIT = "visit"


class Door(StrEnum):
    """Whether a valid link leads in yet."""

    EARLY = "early"
    OPEN = "open"


class Need(StrEnum):
    """What the client is asked for after the link or number."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    SESSION_NUMBER = "session_number"
    BIRTH_ON = "birth_on"
    CUSTOMER_NUMBER = "customer_number"


class RequestState(StrEnum):
    """Where a client's request for an appointment is."""

    UNCONFIRMED = "unconfirmed"  # the mail address may be anybody's; staff do not see it
    OPEN = "open"  # waits for staff
    OFFERED = "offered"  # waits for the client to pick one of the times
    BOOKED = "booked"
    DECLINED = "declined"  # by staff, or since nobody answered in time
    WITHDRAWN = "withdrawn"  # by the client


# Staff see it, and nobody has decided it.
UNDER_WAY = (RequestState.OPEN, RequestState.OFFERED)


class RequestStep(StrEnum):
    """What a mail about a request is for."""

    CONFIRM = "confirm"
    OFFER = "offer"
    DECLINE = "decline"
