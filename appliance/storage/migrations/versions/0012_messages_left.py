"""Messages and call-backs in a sealed table of their own; who is away; feedback in numbers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import fixed_words
from appliance.storage.ids import new_id
from appliance.storage.keys import seal

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEFT = sa.table(
    "left_message",
    *(sa.column(name) for name in ("id", "visit_id", "adviser_id", "wants_call", "state")),
    sa.column("sealed_text", sa.LargeBinary()),
    sa.column("sealed_phone", sa.LargeBinary()),
    sa.column("left_at", UtcDateTime()),
)
VISIT = sa.table(
    "visit",
    *(sa.column(name) for name in ("id", "adviser_id", "outcome", "message_text", "stated_phone")),
    sa.column("closed_at", UtcDateTime()),
)


def upgrade() -> None:
    op.create_table(
        "left_message",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("adviser_id", sa.String(64), nullable=True),
        sa.Column("wants_call", sa.Boolean(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_phone", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state", fixed_words("left_message_state", "open", "taken", "done"), nullable=False
        ),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(64), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(64), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_left_message_visit_id_visit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_message")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_left_message_visit_id")),
    )
    with op.batch_alter_table("left_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_left_message_adviser_id"), ["adviser_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_left_message_state"), ["state"], unique=False)
    feedback_in_numbers()
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("away_since", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("away_words", sa.String(300), server_default="", nullable=False)
        )
    move_messages(Session(bind=op.get_bind()))
    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("message_text")


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("message_text", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("adviser", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("away_words")
        batch_op.drop_column("away_since")
    with op.batch_alter_table("left_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_left_message_state"))
        batch_op.drop_index(batch_op.f("ix_left_message_adviser_id"))

    op.drop_table("left_message")
    with op.batch_alter_table("feedback_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_count_week_on"))
    op.drop_table("feedback_count")


def move_messages(session: Session) -> None:
    """What visits have left until now, as if nobody had begun to work on it."""
    query = sa.select(VISIT).where(VISIT.c.outcome.in_(("message", "call_back")))
    for visit in session.execute(query).all():
        row = {
            "id": new_id(),
            "visit_id": visit.id,
            "adviser_id": visit.adviser_id,
            "wants_call": visit.outcome == "call_back",
            "sealed_text": seal(session, visit.id, visit.message_text, visit.closed_at),
            "sealed_phone": seal(session, visit.id, visit.stated_phone, visit.closed_at),
            "state": "open",
            "left_at": visit.closed_at,
        }
        session.flush()
        session.execute(sa.insert(LEFT).values(**row))
    session.flush()


def feedback_in_numbers() -> None:
    """Counters of what clients say after the conversation."""
    op.create_table(
        "feedback_count",
        sa.Column("key", sa.String(108), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("site", sa.String(80), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_count")),
    )
    with op.batch_alter_table("feedback_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_count_week_on"), ["week_on"], unique=False)
