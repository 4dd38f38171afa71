"""Tables of appointments, the invitations that lead to them, and advisers' calendars."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import SQLModel

from appliance.appointments.states import Alternative, AppointmentStatus, Channel
from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL


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
