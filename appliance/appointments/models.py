"""Tables of appointments, of invitations and requests, and of advisers' calendars."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import SQLModel

from appliance.appointments.hours import HOURS_CHARACTERS
from appliance.appointments.states import (
    Alternative,
    AppointmentStatus,
    Channel,
    RequestState,
)
from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL
PUBLIC_MOST = 10  # own: two advisers take an hour for so many


class Appointment(SQLModel, table=True):
    """One booked slot of one adviser for one client."""

    __tablename__ = "appointment"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    adviser_id: str = Field(max_length=ID_MAX_LENGTH, index=True, retention=ID)
    team_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)
    status: AppointmentStatus = Field(
        default=AppointmentStatus.PLANNED,
        sa_type=words(AppointmentStatus, "appointment_status"),
        retention=OPERATIONAL,
    )
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)
    language: str = Field(max_length=16, retention=OPERATIONAL)
    client_name: str = personal(max_length=120)
    client_email: str = personal(default="", max_length=254)
    client_phone: str = personal(default="", max_length=20)  # E.164
    topic: str = personal(default="", max_length=200)
    birth_on: date | None = personal(default=None)
    customer_number: str = personal(default="", max_length=40)
    session_number: str | None = Field(
        default=None, max_length=10, unique=True, retention=Retention.SECRET
    )
    sealed_password: bytes | None = Field(default=None, retention=Retention.SECRET)
    alternative: Alternative = Field(
        default=Alternative.NONE,
        sa_type=words(Alternative, "appointment_alternative"),
        retention=OPERATIONAL,
    )
    alternative_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    alternative_done_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    # The client wants to be told on the phone how it goes, before the appointment.
    call_wanted_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    call_done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    call_phone: str = personal(  # E.164; as the client has typed it for the call
        default="", max_length=20, sa_column_kwargs={"server_default": ""}
    )
    called_off_at: datetime | None = Field(  # by the client
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    called_off_seen_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    day_reminder_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    hour_reminder_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    calendar_uid: str = Field(max_length=320, retention=ID)
    calendar_sequence: int = Field(default=0, retention=OPERATIONAL)
    moved_to_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class Invitation(SQLModel, table=True):
    """One link. Only its hash is kept."""

    __tablename__ = "invitation"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    appointment_id: str = Field(
        foreign_key="appointment.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        index=True,
        retention=ID,
    )
    channel: Channel = Field(sa_type=words(Channel, "invitation_channel"), retention=OPERATIONAL)
    secret_hash: str = Field(max_length=64, unique=True, retention=Retention.SECRET)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class Topic(SQLModel, table=True):
    """What clients can ask an appointment about, in the agency's words."""

    __tablename__ = "topic"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    name_de: str = Field(max_length=120, retention=OPERATIONAL)
    name_en: str = Field(default="", max_length=120, retention=OPERATIONAL)
    duration_min: int = Field(retention=OPERATIONAL)
    listed: bool = Field(default=True, retention=OPERATIONAL)  # for everybody to see
    video: bool = Field(default=True, retention=OPERATIONAL)  # else by telephone or in person
    # Whether clients may come from home without an appointment, when, how many at once, and to
    # whom (None: to the whole house).
    public: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, retention=OPERATIONAL
    )
    public_hours: str = Field(
        default="",
        max_length=HOURS_CHARACTERS,
        sa_column_kwargs={"server_default": ""},  # topics before 0015
        retention=OPERATIONAL,
    )
    public_most: int = Field(
        default=PUBLIC_MOST, sa_column_kwargs={"server_default": "10"}, retention=OPERATIONAL
    )
    team_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)


class AppointmentRequest(SQLModel, table=True):
    """A client's wish for an appointment or, with ``moves``, for another time of theirs.

    The personal fields are emptied once it is decided; those of a ``moves`` are the appointment's.
    """

    __tablename__ = "appointment_request"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    state: RequestState = Field(
        sa_type=words(RequestState, "appointment_request_state"),
        index=True,
        retention=OPERATIONAL,
    )
    topic_id: str = Field(default="", max_length=ID_MAX_LENGTH, retention=ID)
    moves: bool = Field(default=False, retention=OPERATIONAL)
    # The one that is to be moved; then, and of a new one, what it became.
    appointment_id: str = Field(default="", max_length=ID_MAX_LENGTH, index=True, retention=ID)
    adviser_id: str = Field(default="", max_length=ID_MAX_LENGTH, retention=ID)  # who offers
    language: str = Field(max_length=16, retention=OPERATIONAL)
    client_name: str = personal(default="", max_length=120)
    client_email: str = personal(default="", max_length=254)
    client_phone: str = personal(default="", max_length=20)  # E.164
    wishes: str = personal(default="", max_length=500)
    secret_hash: str | None = Field(
        default=None, max_length=64, unique=True, retention=Retention.SECRET
    )
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    state_since: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class SlotOffer(SQLModel, table=True):
    """One of the times that staff offer."""

    __tablename__ = "slot_offer"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    request_id: str = Field(
        foreign_key="appointment_request.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        index=True,
        retention=ID,
    )
    starts_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    ends_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)


class CalendarFeed(SQLModel, table=True):
    """The address of an adviser's calendar. Only its hash is kept."""

    __tablename__ = "calendar_feed"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    adviser_id: str = Field(max_length=ID_MAX_LENGTH, index=True, retention=ID)
    secret_hash: str = Field(max_length=64, unique=True, retention=Retention.SECRET)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
