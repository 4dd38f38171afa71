"""Table of messages and call-backs. Only ``service`` writes it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL


class MessageState(StrEnum):
    """How far the office is with it."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


class LeftMessage(SQLModel, table=True):
    """What one visit ended with. Text and number are sealed under the visit's field key."""

    __tablename__ = "left_message"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    visit_id: str = Field(
        foreign_key="visit.id",
        ondelete="CASCADE",
        unique=True,
        max_length=ID_MAX_LENGTH,
        retention=ID,
    )
    # For whom; None for anybody.
    adviser_id: str | None = Field(default=None, index=True, max_length=ID_MAX_LENGTH, retention=ID)
    wants_call: bool = Field(default=False, retention=OPERATIONAL)
    sealed_text: bytes = personal()
    sealed_phone: bytes = personal()
    state: MessageState = Field(
        default=MessageState.OPEN,
        index=True,
        sa_type=words(MessageState, "left_message_state"),
        retention=OPERATIONAL,
    )
    left_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    taken_by: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    done_by: str | None = Field(default=None, max_length=ID_MAX_LENGTH, retention=ID)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class TextBlock(SQLModel, table=True):
    """A line for the chat, written beforehand. It holds nothing of any client."""

    __tablename__ = "text_block"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    # Whose; None for everybody's.
    adviser_id: str | None = Field(default=None, index=True, max_length=ID_MAX_LENGTH, retention=ID)
    text: str = Field(max_length=500, retention=Retention.STAFF)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
