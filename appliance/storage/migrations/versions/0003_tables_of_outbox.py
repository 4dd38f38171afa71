"""Tables of outbox."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FAILURES = (
    "none",
    "unreachable",
    "tls",
    "login_refused",
    "refused_for_now",
    "recipient_refused",
    "message_refused",
    "too_late",
    "not_tried",
)


def upgrade() -> None:
    create_outbox_message()


def downgrade() -> None:
    op.drop_table("outbox_message")


def create_outbox_message() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "kind",
            fixed_words("outbox_kind", "invitation", "cancellation", "password_sms"),
            nullable=False,
        ),
        sa.Column(
            "state",
            fixed_words("outbox_state", "waiting", "sent", "failed", "kept", "withdrawn"),
            nullable=False,
        ),
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "failure",
            fixed_words("outbox_failure", *FAILURES),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("useless_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_message_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outbox_message_next_try_at"), ["next_try_at"], unique=False
        )
