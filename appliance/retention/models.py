"""The proof that was left by each purge."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, words
from appliance.storage.ids import ID_MAX_LENGTH

OPERATIONAL = Retention.OPERATIONAL
HASH_LENGTH = 64


class DeletionReason(StrEnum):
    """Why something was deleted."""

    DUE = "due"  # its time was over
    REQUEST = "request"  # the person wanted it


class PurgeProof(SQLModel, table=True):
    """One line: what went, what is the oldest that stayed, what a look at the disk found."""

    __tablename__ = "purge_proof"

    id: int | None = Field(default=None, primary_key=True, retention=Retention.ID)
    at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)
    cut_off: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    counts: str = Field(sa_type=Text, retention=OPERATIONAL)  # JSON: table → rows
    oldest_left_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    checkpoint_done: bool = Field(retention=OPERATIONAL)
    markers: int = Field(retention=OPERATIONAL)  # ids of deleted rows that were searched for
    markers_found: int = Field(retention=OPERATIONAL)  # 0, or deletion did not work
    backups_opened: int | None = Field(default=None, retention=OPERATIONAL)
    backups_failed: int | None = Field(default=None, retention=OPERATIONAL)
    backup_rows: int | None = Field(default=None, retention=OPERATIONAL)
    reason: DeletionReason = Field(
        default=DeletionReason.DUE,
        sa_type=words(DeletionReason, "reason"),
        sa_column_kwargs={"server_default": DeletionReason.DUE.value},
        retention=OPERATIONAL,
    )
    by_id: str = Field(
        default="",
        max_length=ID_MAX_LENGTH,
        sa_column_kwargs={"server_default": ""},
        retention=Retention.ID,
    )
    # JSON: hashes of the ids deleted on request, so that backups can be cleared of them again. A
    # request's line is written with its deletion; a later one with the same hashes finishes it.
    erased: str = Field(
        default="[]", sa_type=Text, sa_column_kwargs={"server_default": "[]"}, retention=OPERATIONAL
    )
    previous_hash: str = Field(max_length=HASH_LENGTH, retention=OPERATIONAL)
    hash: str = Field(max_length=HASH_LENGTH, retention=OPERATIONAL)
