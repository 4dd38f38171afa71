"""Tables of a visit. Only ``service`` writes them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, Text, text
from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.states import (
    IdentityMethod,
    IdentityStatus,
    Mode,
    Outcome,
    SecondFactor,
    VisitState,
)

NAME_MAX_LENGTH = 120
PHONE_MAX_LENGTH = 40
NOTE_MAX_LENGTH = 80
VERSION_MAX_LENGTH = 120
HASH_BYTES = 32


class Entry(StrEnum):
    """By which door the client came."""

    LINK = "link"
    NUMBER = "number"
    WALK_IN = "walk_in"
    PUBLIC = "public"


class Visit(SQLModel, table=True):
    """One client's run, from the door to goodbye."""

    __tablename__ = "visit"
    __table_args__ = (
        # At most one open visit per appointment, whatever two browsers do at once.
        Index(
            "uq_visit_open_appointment",
            "appointment_id",
            unique=True,
            sqlite_where=text("state != 'closed' AND appointment_id IS NOT NULL"),
        ),
    )

    id: str = Field(
        default_factory=new_id,
        primary_key=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    appointment_id: str | None = Field(
        default=None, index=True, max_length=ID_MAX_LENGTH, retention=Retention.ID
    )
    adviser_id: str | None = Field(
        default=None, index=True, max_length=ID_MAX_LENGTH, retention=Retention.ID
    )
    team_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=Retention.ID)
    # What a client who has come without an appointment wants to talk about; its name with consent.
    topic_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=Retention.ID)
    entry: Entry = Field(sa_type=words(Entry, "entry"), retention=Retention.OPERATIONAL)
    second_factor: SecondFactor = Field(
        default=SecondFactor.PASSWORD,
        sa_type=words(SecondFactor, "second_factor"),
        sa_column_kwargs={"server_default": SecondFactor.PASSWORD.value},  # visits before 0007
        retention=Retention.OPERATIONAL,
    )
    language: str = Field(max_length=16, retention=Retention.OPERATIONAL)

    state: VisitState = Field(
        default=VisitState.ARRIVED,
        index=True,
        sa_type=words(VisitState, "state"),
        retention=Retention.OPERATIONAL,
    )
    outcome: Outcome | None = Field(
        default=None, sa_type=words(Outcome, "outcome"), retention=Retention.OPERATIONAL
    )
    revision: int = Field(default=1, retention=Retention.OPERATIONAL)
    state_since: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    deadline_at: datetime | None = Field(
        default=None, index=True, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    waiting_since: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    session_began_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    admitted_by: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=Retention.ID)

    # Facts beside the state: presence and media.
    client_seen_at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    media_up: bool = Field(default=False, retention=Retention.OPERATIONAL)

    mode: Mode = Field(
        default=Mode.VIDEO, sa_type=words(Mode, "mode"), retention=Retention.OPERATIONAL
    )
    sees_adviser: bool = Field(default=True, retention=Retention.OPERATIONAL)
    seen_by_adviser: bool = Field(default=True, retention=Retention.OPERATIONAL)

    identity: IdentityStatus = Field(
        default=IdentityStatus.OPEN,
        sa_type=words(IdentityStatus, "identity"),
        retention=Retention.OPERATIONAL,
    )
    identity_tries: int = Field(default=0, retention=Retention.OPERATIONAL)
    identity_method: IdentityMethod | None = Field(
        default=None,
        sa_type=words(IdentityMethod, "identity_method"),
        retention=Retention.OPERATIONAL,
    )
    identity_by: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=Retention.ID)
    identity_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    stated_name: str = personal(default="", max_length=NAME_MAX_LENGTH)
    topic: str = personal(
        default="", max_length=NAME_MAX_LENGTH, sa_column_kwargs={"server_default": ""}
    )
    stated_phone: str = personal(default="", max_length=PHONE_MAX_LENGTH)

    consent_text_version: str = Field(
        default="", max_length=VERSION_MAX_LENGTH, retention=Retention.OPERATIONAL
    )
    consent_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    consent_withdrawn_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    check_report: str = personal(default="", sa_type=Text)  # JSON of verdict codes
    help_requested_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    busy_told_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )

    slot_starts_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    slot_ends_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    created_at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    closed_at: datetime | None = Field(
        default=None, index=True, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )

    @property
    def is_open(self) -> bool:
        """Not closed yet."""
        return self.state is not VisitState.CLOSED

    @property
    def consented(self) -> bool:
        """An own consent, not withdrawn."""
        return self.consent_at is not None and self.consent_withdrawn_at is None


class JournalEntry(SQLModel, table=True):
    """One line per event, written in the transaction that changes the visit."""

    __tablename__ = "visit_journal"

    id: int | None = Field(default=None, primary_key=True, retention=Retention.ID)
    visit_id: str = Field(
        foreign_key="visit.id",
        ondelete="CASCADE",
        index=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    event: VisitEvent = Field(sa_type=words(VisitEvent, "event"), retention=Retention.OPERATIONAL)
    actor: Actor = Field(sa_type=words(Actor, "actor"), retention=Retention.OPERATIONAL)
    actor_id: str = Field(default="", max_length=ID_MAX_LENGTH, retention=Retention.ID)
    state_from: VisitState | None = Field(
        default=None, sa_type=words(VisitState, "state_from"), retention=Retention.OPERATIONAL
    )
    state_to: VisitState = Field(
        sa_type=words(VisitState, "state_to"), retention=Retention.OPERATIONAL
    )
    revision: int = Field(retention=Retention.OPERATIONAL)
    note: str = Field(default="", max_length=NOTE_MAX_LENGTH, retention=Retention.OPERATIONAL)


class VisitAccess(SQLModel, table=True):
    """A browser that may act for the client; the cookie holds the secret, we its SHA-256."""

    __tablename__ = "visit_access"

    id: str = Field(
        default_factory=new_id,
        primary_key=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    visit_id: str = Field(
        foreign_key="visit.id",
        ondelete="CASCADE",
        index=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    secret_hash: bytes = Field(
        sa_type=LargeBinary(HASH_BYTES), unique=True, retention=Retention.SECRET
    )
    created_at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    revoked_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )


class Consent(SQLModel, table=True):
    """Which text was agreed to, in which language, when, and when that was taken back."""

    __tablename__ = "consent"

    id: str = Field(
        default_factory=new_id,
        primary_key=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    visit_id: str = Field(
        foreign_key="visit.id",
        ondelete="CASCADE",
        index=True,
        max_length=ID_MAX_LENGTH,
        retention=Retention.ID,
    )
    text_version: str = Field(max_length=VERSION_MAX_LENGTH, retention=Retention.OPERATIONAL)
    text_hash: str = Field(max_length=64, retention=Retention.OPERATIONAL)
    language: str = Field(max_length=16, retention=Retention.OPERATIONAL)
    given_at: datetime = Field(sa_type=UtcDateTime, retention=Retention.OPERATIONAL)
    terms_version: str = Field(
        default="", max_length=VERSION_MAX_LENGTH, retention=Retention.OPERATIONAL
    )
    terms_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
    withdrawn_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=Retention.OPERATIONAL
    )
