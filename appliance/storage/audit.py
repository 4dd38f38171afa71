"""Audit lines: who did what to which row and when. Ids only; pseudonymised at the cut-off."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention
from appliance.storage.ids import ID_MAX_LENGTH


class AuditLine(SQLModel, table=True):
    """One line; never changed but by the purge, which replaces the ids by pseudonyms."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True, retention=Retention.ID)
    at: datetime = Field(sa_type=UtcDateTime, index=True, retention=Retention.OPERATIONAL)
    actor_id: str = Field(max_length=ID_MAX_LENGTH, retention=Retention.AUDIT)
    action: str = Field(max_length=48, index=True, retention=Retention.OPERATIONAL)
    subject_id: str = Field(max_length=ID_MAX_LENGTH, index=True, retention=Retention.AUDIT)
    pseudonymised: bool = Field(default=False, retention=Retention.OPERATIONAL)


def audit(session: Session, actor_id: str, action: str, subject_id: str, at: datetime) -> None:
    """Adds a line to the transaction that does the thing. ``action`` is a past participle."""
    session.add(AuditLine(at=at, actor_id=actor_id, action=action, subject_id=subject_id))
