"""Tables of advisers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    create_adviser()
    create_adviser_login()
    create_recovery_code()


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("adviser_login")
    op.drop_table("adviser")


def create_adviser() -> None:
    op.create_table(
        "adviser",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", fixed_words("adviser_role", "adviser", "administrator"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("totp_secret", sa.String(64), nullable=False),
        sa.Column("totp_counter", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser")),
        sa.UniqueConstraint("login", name=op.f("uq_adviser_login")),
    )


def create_adviser_login() -> None:
    op.create_table(
        "adviser_login",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"],
            ["adviser.id"],
            name=op.f("fk_adviser_login_adviser_id_adviser"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_login")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_adviser_login_secret_hash")),
    )
    with op.batch_alter_table("adviser_login", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adviser_login_adviser_id"), ["adviser_id"], unique=False
        )


def create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("label", sa.String(2), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"],
            ["adviser.id"],
            name=op.f("fk_recovery_code_adviser_id_adviser"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_code_adviser_id"), ["adviser_id"], unique=False
        )
