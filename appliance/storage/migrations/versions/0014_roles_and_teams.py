"""Roles, teams, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime

revision: str = "0014"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"],
            ["adviser.id"],
            name=op.f("fk_team_member_adviser_id_adviser"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "adviser_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_adviser_id"), ["adviser_id"], unique=False)

    allow_roles("adviser", "front_desk", "team_lead", "administrator")
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.add_column(
            sa.Column("all_teams", sa.Boolean(), server_default="0", nullable=False)
        )

    with op.batch_alter_table("appointment", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.String(64), nullable=True))

    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("team_id")

    with op.batch_alter_table("appointment", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("team_id")

    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("all_teams")
    # The older version knows neither: both may do less than an adviser, so they are locked.
    op.execute(
        "UPDATE adviser SET role = 'adviser', active = 0 WHERE role IN ('front_desk', 'team_lead')"
    )
    allow_roles("adviser", "administrator")

    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_adviser_id"))

    op.drop_table("team_member")
    op.drop_table("team")


def allow_roles(*roles: str) -> None:
    """The CHECK of the role, with these words."""
    check = op.f("ck_adviser_adviser_role")
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(check, type_="check")
        batch_op.create_check_constraint(check, f"role IN ({listed})")
