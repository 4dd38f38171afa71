"""Tables of visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = (
    "arrived",
    "device_check",
    "consent",
    "identity",
    "waiting",
    "admitted",
    "in_session",
    "closed",
)
OUTCOMES = (
    "completed",
    "telephone",
    "left",
    "message",
    "call_back",
    "declined",
    "withdrawn",
    "cancelled",
    "failed",
)
EVENTS = (
    "link_opened",
    "number_entered",
    "walked_in",
    "public_entered",
    "entered_again",
    "check_started",
    "check_recorded",
    "check_finished",
    "check_restarted",
    "went_back",
    "consent_given",
    "consent_refused",
    "consent_withdrawn",
    "identity_stated",
    "identity_confirmed",
    "identity_refused",
    "admitted",
    "admission_lapsed",
    "media_connected",
    "text_only",
    "sent_back",
    "media_lost_too_long",
    "transferred",
    "choices_changed",
    "help_requested",
    "moved_to_device",
    "busy_told",
    "message_left",
    "closed",
    "left",
    "ended",
    "expired",
    "cancelled",
)


def upgrade() -> None:
    create_visit()
    create_consent()
    create_visit_access()
    create_visit_journal()


def downgrade() -> None:
    op.drop_table("visit_journal")
    op.drop_table("visit_access")
    op.drop_table("consent")
    op.drop_table("visit")


def create_visit() -> None:
    op.create_table(
        "visit",
        *columns_of_its_way(),
        *columns_of_its_client(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visit_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_deadline_at"), ["deadline_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_visit_open_appointment",
            ["appointment_id"],
            unique=True,
            sqlite_where=sa.text("state != 'closed' AND appointment_id IS NOT NULL"),
        )


def columns_of_its_way() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("appointment_id", sa.String(64), nullable=True),
        sa.Column("adviser_id", sa.String(64), nullable=True),
        sa.Column(
            "entry", fixed_words("entry", "link", "number", "walk_in", "public"), nullable=False
        ),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column(
            "state",
            fixed_words("state", *STATES),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            fixed_words("outcome", *OUTCOMES),
            nullable=True,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("waiting_since", UtcDateTime(), nullable=True),
        sa.Column("session_began_at", UtcDateTime(), nullable=True),
        sa.Column("admitted_by", sa.String(64), nullable=True),
        sa.Column("client_seen_at", UtcDateTime(), nullable=False),
    ]


def columns_of_its_client() -> list[sa.Column[Any]]:
    return [
        sa.Column("media_up", sa.Boolean(), nullable=False),
        sa.Column("mode", fixed_words("mode", "video", "audio", "text"), nullable=False),
        sa.Column("sees_adviser", sa.Boolean(), nullable=False),
        sa.Column("seen_by_adviser", sa.Boolean(), nullable=False),
        sa.Column(
            "identity",
            fixed_words(
                "identity", "open", "matched", "unchecked", "mismatched", "confirmed", "refused"
            ),
            nullable=False,
        ),
        sa.Column("identity_tries", sa.Integer(), nullable=False),
        sa.Column(
            "identity_method",
            fixed_words("identity_method", "document_seen", "data_match", "known_in_person"),
            nullable=True,
        ),
        sa.Column("identity_by", sa.String(64), nullable=True),
        sa.Column("identity_at", UtcDateTime(), nullable=True),
        sa.Column("stated_name", sa.String(120), nullable=False),
        sa.Column("stated_phone", sa.String(40), nullable=False),
        sa.Column("consent_text_version", sa.String(120), nullable=False),
        sa.Column("consent_at", UtcDateTime(), nullable=True),
        sa.Column("consent_withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("check_report", sa.Text(), nullable=False),
        sa.Column("message_text", sa.Text(), nullable=False),
        sa.Column("help_requested_at", UtcDateTime(), nullable=True),
        sa.Column("busy_told_at", UtcDateTime(), nullable=True),
        sa.Column("slot_starts_at", UtcDateTime(), nullable=True),
        sa.Column("slot_ends_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
    ]


def create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("text_version", sa.String(120), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("terms_version", sa.String(120), nullable=False),
        sa.Column("terms_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_consent_visit_id_visit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_visit_id"), ["visit_id"], unique=False)


def create_visit_access() -> None:
    op.create_table(
        "visit_access",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_visit_access_visit_id_visit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_access")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_visit_access_secret_hash")),
    )
    with op.batch_alter_table("visit_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_access_visit_id"), ["visit_id"], unique=False)


def create_visit_journal() -> None:
    op.create_table(
        "visit_journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "event",
            fixed_words("event", *EVENTS),
            nullable=False,
        ),
        sa.Column(
            "actor", fixed_words("actor", "client", "adviser", "system", "clock"), nullable=False
        ),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column(
            "state_from",
            fixed_words("state_from", *STATES),
            nullable=True,
        ),
        sa.Column(
            "state_to",
            fixed_words("state_to", *STATES),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_visit_journal_visit_id_visit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_journal")),
    )
    with op.batch_alter_table("visit_journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_journal_visit_id"), ["visit_id"], unique=False)
