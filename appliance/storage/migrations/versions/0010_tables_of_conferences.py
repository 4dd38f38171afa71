"""Tables of conferences."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    make_conference()
    make_member()
    index_member()


def make_conference() -> None:
    op.create_table(
        "conference",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("mode", fixed_words("conference_mode", "video", "audio"), nullable=False),
        sa.Column("host_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference")),
        sa.UniqueConstraint("name", name=op.f("uq_conference_name")),
    )
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conference_ends_at"), ["ends_at"], unique=False)


def make_member() -> None:
    op.create_table(
        "conference_member",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conference_id", sa.String(64), nullable=False),
        sa.Column("kind", fixed_words("member_kind", "staff", "guest"), nullable=False),
        sa.Column(
            "state",
            fixed_words(
                "member_state",
                "ringing",
                "declined",
                "missed",
                "knocking",
                "refused",
                "inside",
                "left",
                "removed",
            ),
            nullable=False,
        ),
        sa.Column("adviser_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("without_microphone", sa.Boolean(), nullable=False),
        sa.Column("access_hash", sa.String(64), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conference.id"],
            name=op.f("fk_conference_member_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_member")),
    )


def index_member() -> None:
    with op.batch_alter_table("conference_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conference_member_access_hash"), ["access_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conference_member_adviser_id"), ["adviser_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conference_member_conference_id"), ["conference_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("conference_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_member_conference_id"))
        batch_op.drop_index(batch_op.f("ix_conference_member_adviser_id"))
        batch_op.drop_index(batch_op.f("ix_conference_member_access_hash"))

    op.drop_table("conference_member")
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_ends_at"))

    op.drop_table("conference")
