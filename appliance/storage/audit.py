"""Audit lines: who did what to which row and when. Ids only; pseudonymised at the cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, SQLModel, col, select

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention
from appliance.storage.ids import ID_MAX_LENGTH

if TYPE_CHECKING:
    from appliance.storage.database import Database

AUDIT_SHOWN = 100


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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines somebody wants to read; empty means all."""

    action: str = ""
    actor: str = ""
    before: int | None = None

    @classmethod
    def typed(cls, words: Mapping[str, str]) -> AuditFilter:
        """From texts that were typed; what cannot be meant is left out."""
        before = words.get("before", "")
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
        return cls(words.get("action", "")[:48], words.get("actor", "")[:ID_MAX_LENGTH], number)


async def audit_page(
    database: Database, chosen: AuditFilter, by: str, now: datetime
) -> list[AuditLine]:
    """The newest lines that meet the filter, newest first; this look is a line, too."""
    query = select(AuditLine).order_by(col(AuditLine.id).desc()).limit(AUDIT_SHOWN)
    if chosen.action:
        query = query.where(col(AuditLine.action) == chosen.action)
    if chosen.actor:
        query = query.where(col(AuditLine.actor_id) == chosen.actor)
    if chosen.before is not None:
        query = query.where(col(AuditLine.id) < chosen.before)

    def work(session: Session) -> list[AuditLine]:
        lines = list(session.exec(query))
        audit(session, by, "audit_read", "audit", now)
        return lines

    return await database.write(work)
