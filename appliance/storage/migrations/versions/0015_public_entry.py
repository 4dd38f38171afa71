"""Topics that clients may come for without an appointment, and visits that have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_TOPICS = ("public", "public_hours", "public_most", "team_id")


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("public", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("public_hours", sa.String(83), server_default="", nullable=False),
        sa.Column("public_most", sa.Integer(), server_default="10", nullable=False),
        sa.Column("team_id", sa.String(64), nullable=True),
    )
    with op.batch_alter_table("topic", recreate="always") as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table("visit", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("topic_id", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("topic", sa.String(120), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("visit", recreate="always") as batch_op:
        batch_op.drop_column("topic")
        batch_op.drop_column("topic_id")
    with op.batch_alter_table("topic", recreate="always") as batch_op:
        for name in OF_TOPICS:
            batch_op.drop_column(name)
