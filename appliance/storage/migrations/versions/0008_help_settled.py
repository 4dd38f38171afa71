"""Help that was asked for can be settled."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "link_opened", "number_entered", "walked_in", "public_entered", "entered_again",
    "check_started", "check_recorded", "check_finished", "check_restarted", "went_back",
    "consent_given", "consent_refused", "consent_withdrawn", "identity_stated",
    "identity_confirmed", "identity_refused", "admitted", "admission_lapsed", "media_connected",
    "text_only", "sent_back", "media_lost_too_long", "transferred", "choices_changed",
    "help_requested",
)  # fmt: skip
AFTER = (
    "moved_to_device", "busy_told", "message_left", "closed", "left", "ended", "expired",
    "cancelled",
)  # fmt: skip


def upgrade() -> None:
    allow(*BEFORE, "help_settled", *AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM visit_journal WHERE event = 'help_settled'")
    allow(*BEFORE, *AFTER)


def allow(*events: str) -> None:
    """The CHECK of the journal's events, with these words."""
    check = op.f("ck_visit_journal_event")
    listed = ", ".join(f"'{event}'" for event in events)
    with op.batch_alter_table("visit_journal", schema=None, recreate="always") as batch_op:
        batch_op.drop_constraint(check, type_="check")
        batch_op.create_check_constraint(check, f"event IN ({listed})")
