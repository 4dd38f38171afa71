"""Tables of appointments."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    create_appointment()
    create_invitation()


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("appointment")


def create_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column(
            "status",
            fixed_words("appointment_status", "planned", "held", "no_show", "cancelled", "moved"),
            nullable=False,
        ),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("client_name", sa.String(120), nullable=False),
        sa.Column("client_email", sa.String(254), nullable=False),
        sa.Column("client_phone", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("customer_number", sa.String(40), nullable=False),
        sa.Column("session_number", sa.String(10), nullable=True),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=True),
        sa.Column(
            "alternative",
            fixed_words("appointment_alternative", "none", "telephone", "visit"),
            nullable=False,
        ),
        sa.Column("alternative_at", UtcDateTime(), nullable=True),
        sa.Column("calendar_uid", sa.String(320), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("moved_to_id", sa.String(64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("session_number", name=op.f("uq_appointment_session_number")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_starts_at"), ["starts_at"], unique=False)


def create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column(
            "channel", fixed_words("invitation_channel", "mail", "screen", "print"), nullable=False
        ),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_invitation_appointment_id_appointment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_appointment_id"), ["appointment_id"], unique=False
        )
