"""The words of a visit, the same in database, wire, metric and log."""

from __future__ import annotations

from enum import StrEnum


class VisitState(StrEnum):
    """Where a visit is. States are places; presence and media are separate facts."""

    ARRIVED = "arrived"
    DEVICE_CHECK = "device_check"
    CONSENT = "consent"
    IDENTITY = "identity"
    WAITING = "waiting"
    ADMITTED = "admitted"
    IN_SESSION = "in_session"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed visit ended."""

    COMPLETED = "completed"
    TELEPHONE = "telephone"
    LEFT = "left"
    MESSAGE = "message"
    CALL_BACK = "call_back"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Mode(StrEnum):
    """What the session carries."""

    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"


class IdentityStatus(StrEnum):
    """What is known about who the client is."""

    OPEN = "open"  # nothing stated yet
    MATCHED = "matched"  # second factor and data agree with the appointment
    UNCHECKED = "unchecked"  # nothing to compare with
    MISMATCHED = "mismatched"  # three wrong tries: call the number on file first
    CONFIRMED = "confirmed"  # by the adviser
    REFUSED = "refused"  # by the adviser


class SecondFactor(StrEnum):
    """What goes with the door that the client came by (design.md 7)."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    SESSION_NUMBER = "session_number"  # given on the phone, for a link sent at short notice


class IdentityMethod(StrEnum):
    """How the adviser confirmed it; never an image, never a serial number."""

    DOCUMENT_SEEN = "document_seen"
    DATA_MATCH = "data_match"
    KNOWN_IN_PERSON = "known_in_person"
