"""``vorzimmer setup-code``: the code that opens the set-up page, and what an installation says."""

from __future__ import annotations

from sqlmodel import Session, col, select

from appliance.advisers.models import Adviser
from appliance.first_start import CODE_LIVES, FirstStart
from appliance.settings import Settings
from appliance.storage.clock import utcnow
from appliance.storage.database import Database

KEPT = (
    "The data from before are there, with their logins."
    " To open the set-up page again: vorzimmer setup-code"
)


def code(settings: Settings) -> str:
    """A new one, with the page's address. Raises ``OSError``."""
    made = FirstStart(settings.data_dir, utcnow).new_code()
    return f"{settings.web.base_url}/setup\nCode, good for {CODE_LIVES.days} days:\n  {made}"


def first_code(settings: Settings) -> str:
    """How a box gets its first login; no code where there is one. Raises ``DatabaseError``."""
    database = Database.open(settings)
    try:
        if database.read_sync(_somebody_logs_in):
            return KEPT
    finally:
        database.close()
    return (
        f"Set it up in the browser:\n{code(settings)}\nOr make the first login here:"
        " vorzimmer add-adviser LOGIN --name 'First Last' --role administrator"
    )


def _somebody_logs_in(session: Session) -> bool:
    return session.exec(select(Adviser.id).where(col(Adviser.active)).limit(1)).first() is not None
