"""Who comes to a visit's conversation: a conference that belongs to the visit."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = ("ringing", "declined", "missed", "knocking", "refused", "inside", "left", "removed")


def upgrade() -> None:
    allow_states(*BEFORE[:4], "announced", *BEFORE[4:])  # in the order of the model
    with op.batch_alter_table("conference", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("visit_id", sa.String(64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_conference_visit_id"), ["visit_id"])
    with op.batch_alter_table("conference_member", schema=None, recreate="always") as batch_op:
        batch_op.add_column(
            sa.Column("interpreter", sa.Boolean(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    # The older version would take such a one for an empty room of its own.
    op.execute("DELETE FROM conference WHERE visit_id IS NOT NULL")
    op.execute(
        "DELETE FROM conference_member WHERE conference_id NOT IN (SELECT id FROM conference)"
    )
    with op.batch_alter_table("conference_member", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("interpreter")
    with op.batch_alter_table("conference", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_conference_visit_id"), type_="unique")
        batch_op.drop_column("visit_id")
    allow_states(*BEFORE)


def allow_states(*states: str) -> None:
    """The CHECK of a member's state, with these words."""
    check = op.f("ck_conference_member_member_state")
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("conference_member", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(check, type_="check")
        batch_op.create_check_constraint(check, f"state IN ({listed})")
