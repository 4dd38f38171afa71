"""Counters of device checks."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "check_count",
        sa.Column("key", sa.String(156), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("site", sa.String(80), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_count")),
    )
    with op.batch_alter_table("check_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_count_week_on"), ["week_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("check_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_count_week_on"))

    op.drop_table("check_count")
