"""Tables of retention."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "purge_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("cut_off", UtcDateTime(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("oldest_left_at", UtcDateTime(), nullable=True),
        sa.Column("checkpoint_done", sa.Boolean(), nullable=False),
        sa.Column("markers", sa.Integer(), nullable=False),
        sa.Column("markers_found", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_proof")),
    )
    with op.batch_alter_table("purge_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purge_proof_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("purge_proof")
