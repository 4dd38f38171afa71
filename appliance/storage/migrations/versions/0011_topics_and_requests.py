"""Topics and requests."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHANNELS = ("mail", "screen", "print", "short_mail", "short_sms")
KINDS = ("invitation", "cancellation", "short_notice", "password_sms", "link_sms")
NEW_CHANNELS = ("lost", "reminder")
NEW_KINDS = ("reminder", "reminder_sms", "request_confirm", "request_offer", "request_decline")


def upgrade() -> None:
    allow("invitation", "channel", "invitation_channel", *CHANNELS, *NEW_CHANNELS)
    allow("outbox_message", "kind", "outbox_kind", *KINDS, *NEW_KINDS)
    add_requests()
    add_topics_and_slots()
    with op.batch_alter_table("appointment", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("alternative_done_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("call_wanted_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("call_done_at", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("call_phone", sa.String(20), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("called_off_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("called_off_seen_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("day_reminder_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("hour_reminder_at", UtcDateTime(), nullable=True))


def add_requests() -> None:
    op.create_table(
        "appointment_request",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "state",
            fixed_words(
                "appointment_request_state",
                "unconfirmed",
                "open",
                "offered",
                "booked",
                "declined",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("topic_id", sa.String(64), nullable=False),
        sa.Column("moves", sa.Boolean(), nullable=False),
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("client_name", sa.String(120), nullable=False),
        sa.Column("client_email", sa.String(254), nullable=False),
        sa.Column("client_phone", sa.String(20), nullable=False),
        sa.Column("wishes", sa.String(500), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_request")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_appointment_request_secret_hash")),
    )
    with op.batch_alter_table("appointment_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointment_request_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointment_request_state"), ["state"], unique=False)


def add_topics_and_slots() -> None:
    op.create_table(
        "topic",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name_de", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("video", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_table(
        "slot_offer",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["appointment_request.id"],
            name=op.f("fk_slot_offer_request_id_appointment_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_offer")),
    )
    with op.batch_alter_table("slot_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_offer_request_id"), ["request_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("appointment", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("hour_reminder_at")
        batch_op.drop_column("day_reminder_at")
        batch_op.drop_column("called_off_seen_at")
        batch_op.drop_column("called_off_at")
        batch_op.drop_column("call_phone")
        batch_op.drop_column("call_done_at")
        batch_op.drop_column("call_wanted_at")
        batch_op.drop_column("alternative_done_at")

    with op.batch_alter_table("slot_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_offer_request_id"))

    op.drop_table("slot_offer")
    op.drop_table("topic")
    with op.batch_alter_table("appointment_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_request_state"))
        batch_op.drop_index(batch_op.f("ix_appointment_request_appointment_id"))

    op.drop_table("appointment_request")
    op.execute("DELETE FROM invitation WHERE channel IN ('lost', 'reminder')")
    allow("invitation", "channel", "invitation_channel", *CHANNELS)
    op.execute("DELETE FROM outbox_message WHERE kind LIKE 'reminder%' OR kind LIKE 'request_%'")
    allow("outbox_message", "kind", "outbox_kind", *KINDS)


def allow(table: str, column: str, name: str, *values: str) -> None:
    """The CHECK of a column's words, with these words."""
    check = op.f(f"ck_{table}_{name}")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(check, type_="check")
        batch_op.create_check_constraint(check, f"{column} IN ({listed})")
