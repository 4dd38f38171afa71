"""Registered kiosks, and which visit is at which."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime

revision: str = "0019"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "invitation",
    "cancellation",
    "short_notice",
    "password_sms",
    "link_sms",
    "reminder",
    "reminder_sms",
    "request_confirm",
    "request_offer",
    "request_decline",
)


def upgrade() -> None:
    create_kiosks()
    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("kiosk_id", sa.String(64), nullable=True))
    allow_kinds(*KINDS, "notice")


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE kind = 'notice'")
    allow_kinds(*KINDS)
    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("kiosk_id")
    op.drop_table("kiosk")


def create_kiosks() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("away_since", UtcDateTime(), nullable=True),
        sa.Column("test_wanted_at", UtcDateTime(), nullable=True),
        sa.Column("tested_at", UtcDateTime(), nullable=True),
        sa.Column("faults", sa.String(400), nullable=False),
        sa.Column("set_up", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_kiosk_code_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_kiosk_secret_hash")),
    )


def allow_kinds(*kinds: str) -> None:
    """The CHECK of a message's kind, with these words."""
    check = op.f("ck_outbox_message_outbox_kind")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outbox_message", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(check, type_="check")
        batch_op.create_check_constraint(check, f"kind IN ({listed})")
