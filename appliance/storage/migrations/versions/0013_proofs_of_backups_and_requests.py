"""Proofs of deletion in backups and on request."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.fields import fixed_words

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = ("backups_opened", "backups_failed", "backup_rows", "reason", "by_id", "erased")


def upgrade() -> None:
    with op.batch_alter_table("purge_proof", recreate="always") as batch_op:
        for name in NEW[:3]:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        reason = fixed_words("reason", "due", "request")
        batch_op.add_column(sa.Column("reason", reason, server_default="due", nullable=False))
        batch_op.add_column(sa.Column("by_id", sa.String(64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("erased", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("purge_proof", recreate="always") as batch_op:
        batch_op.drop_constraint(op.f("ck_purge_proof_reason"), type_="check")
        for name in NEW:
            batch_op.drop_column(name)
