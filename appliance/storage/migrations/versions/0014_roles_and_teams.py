"""Roles, teams, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0014"
down_revision: str | None = "0013"
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
    op.create_index(op.f("ix_team_member_adviser_id"), "team_member", ["adviser_id"], unique=False)

    allow_roles("adviser", "front_desk", "team_lead", "administrator")
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.add_column(
            sa.Column("all_teams", sa.Boolean(), server_default="0", nullable=False)
        )
    for table in ("appointment", "visit"):
        with op.batch_alter_table(table, schema=None, recreate="always") as batch_op:
            batch_op.add_column(sa.Column("team_id", sa.String(64), nullable=True))
            if table == "appointment":  # a copied table puts a default of '' into brackets
                batch_op.alter_column("call_phone", server_default="")
    create_api_keys()
    create_calendar_feeds()
    create_oidc_subject()


def downgrade() -> None:
    drop_oidc_subject()
    drop_calendar_feeds()
    drop_api_keys()
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


def create_api_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scope", fixed_words("api_key_scope", "read", "book"), nullable=False),
        sa.Column("team_id", sa.String(64), nullable=True),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_table(
        "api_booking",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("idempotency_hash", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["api_key.id"],
            name=op.f("fk_api_booking_key_id_api_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_booking")),
        sa.UniqueConstraint(
            "key_id", "idempotency_hash", name=op.f("uq_api_booking_key_id_idempotency_hash")
        ),
    )
    with op.batch_alter_table("api_booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_booking_created_at"), ["created_at"], unique=False)


def drop_api_keys() -> None:
    with op.batch_alter_table("api_booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_booking_created_at"))

    op.drop_table("api_booking")
    op.drop_table("api_key")


def create_calendar_feeds() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calendar_feed_adviser_id"), ["adviser_id"], unique=False
        )


def drop_calendar_feeds() -> None:
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_adviser_id"))

    op.drop_table("calendar_feed")


def create_oidc_subject() -> None:
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("oidc_subject", sa.String(255), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_adviser_oidc_subject"), ["oidc_subject"])
        batch_op.alter_column("away_words", server_default="")  # as above


def drop_oidc_subject() -> None:
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_adviser_oidc_subject"), type_="unique")
        batch_op.drop_column("oidc_subject")
