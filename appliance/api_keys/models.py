"""Tables of keys, and of the bookings that each has asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL
SECRET = Retention.SECRET


class Scope(StrEnum):
    """What a key is good for."""

    READ = "read"  # the day's appointments
    BOOK = "book"  # and booking, moving, cancelling


class ApiKey(SQLModel, table=True):
    """One key. Only its hash is kept."""

    __tablename__ = "api_key"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    name: str = Field(max_length=80, retention=OPERATIONAL)
    key_hash: str = Field(max_length=64, unique=True, retention=SECRET)
    scope: Scope = Field(sa_type=words(Scope, "api_key_scope"), retention=OPERATIONAL)
    team_id: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)  # None: all
    created_by: str = Field(max_length=ID_MAX_LENGTH, retention=ID)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class ApiBooking(SQLModel, table=True):
    """A booking asked for with an idempotency key: asked again, it is the same appointment.

    The appointment's id is settled before it is booked, so that whoever asks again after a crash
    or at the same moment books this one or none.
    """

    __tablename__ = "api_booking"
    __table_args__ = (sa.UniqueConstraint("key_id", "idempotency_hash"),)

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    key_id: str = Field(
        foreign_key="api_key.id", ondelete="CASCADE", max_length=ID_MAX_LENGTH, retention=ID
    )
    idempotency_hash: str = Field(max_length=64, retention=SECRET)
    request_hash: str = Field(max_length=64, retention=SECRET)
    appointment_id: str = Field(default_factory=new_id, max_length=ID_MAX_LENGTH, retention=ID)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)
