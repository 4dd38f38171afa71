"""``vorzimmer add-adviser``: an account, and what is shown of it once."""

from __future__ import annotations

import asyncio

from appliance.advisers.models import Role
from appliance.advisers.service import AdviserService
from appliance.settings import Settings
from appliance.storage.database import Database


class NoLimit:
    """Whoever may run the command on the box needs no budget."""

    def check(self, address: str, login: str) -> None:
        """Never refuses."""

    def failed(self, address: str, login: str) -> None:
        """Counts nothing."""


def advisers_of(database: Database, settings: Settings) -> AdviserService:
    """The service as commands use it."""
    return AdviserService(database, settings, NoLimit())


def add(settings: Settings, login: str, name: str, role: str, password: str) -> str:
    """Adds the account; gives the lines to print. Raises ``AdviserError``."""
    database = Database.open(settings)
    try:
        made = asyncio.run(
            advisers_of(database, settings).add(login, name, password, Role(role), by="command")
        )
    finally:
        database.close()
    codes = "\n".join(f"  {code}" for code in made.recovery_codes)
    return (
        f"Added {made.adviser.login}.\n"
        f"Key for the code app (shown only now):\n  {made.totp_uri}\n"
        f"Recovery codes, each for one login (shown only now):\n{codes}"
    )
