"""Lines for the chat that staff write beforehand."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "text_block",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_block")),
    )
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_block_adviser_id"), ["adviser_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_block_adviser_id"))

    op.drop_table("text_block")
