"""The table of messages to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from appliance.outbox.states import Failure, MessageKind, MessageState
from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL


class OutboxMessage(SQLModel, table=True):
    """One message. ``body`` (a whole MIME message, or an SMS's text) goes once it is delivered."""

    __tablename__ = "outbox_message"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    kind: MessageKind = Field(sa_type=words(MessageKind, "outbox_kind"), retention=OPERATIONAL)
    state: MessageState = Field(sa_type=words(MessageState, "outbox_state"), retention=OPERATIONAL)
    # Or a request's for an appointment: what the message is about, and goes with.
    appointment_id: str = Field(max_length=ID_MAX_LENGTH, index=True, retention=ID)
    adviser_id: str = Field(max_length=ID_MAX_LENGTH, retention=ID)
    recipient: str = personal(max_length=254)
    subject: str = personal(default="", max_length=300)
    body: bytes | None = Field(default=None, retention=Retention.SECRET)
    tries: int = Field(default=0, retention=OPERATIONAL)
    failure: Failure = Field(
        default=Failure.NONE, sa_type=words(Failure, "outbox_failure"), retention=OPERATIONAL
    )
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    next_try_at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)
    useless_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
