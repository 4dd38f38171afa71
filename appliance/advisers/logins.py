"""How long a login lasts. Pure: times in, a state out.

Figures: security.md 1.4. The idle lock covers the console; it never cuts a running conversation.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from appliance.advisers.models import Adviser, AdviserLogin, Role

SECRET_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)  # a row is not written for each request


class LoginState(StrEnum):
    """What a login is good for."""

    OPEN = "open"
    LOCKED = "locked"  # idle for too long: the password opens it again
    OVER = "over"  # too old, ended, or the account is closed


@dataclass(frozen=True, slots=True)
class Lasting:
    """Limits of a role's logins."""

    idle: timedelta
    absolute: timedelta


LASTING = {
    Role.ADVISER: Lasting(timedelta(minutes=30), timedelta(hours=12)),
    Role.FRONT_DESK: Lasting(timedelta(minutes=30), timedelta(hours=12)),
    Role.TEAM_LEAD: Lasting(timedelta(minutes=30), timedelta(hours=12)),
    Role.ADMINISTRATOR: Lasting(timedelta(minutes=15), timedelta(hours=8)),
}


@dataclass(frozen=True, slots=True)
class LoginView:
    """A login, whose it is, and its state."""

    login: AdviserLogin
    adviser: Adviser
    state: LoginState


class LoginLimiter(Protocol):
    """Counts failures by account and address; successes are free."""

    def check(self, address: str, login: str) -> None:
        """Raises when a budget is used up."""

    def failed(self, address: str, login: str) -> None:
        """Counts one failure."""


def new_login_secret() -> str:
    """256 bit; the browser keeps it in its cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> str:
    """SHA-256: all that is stored of a login's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def state_of(login: AdviserLogin, adviser: Adviser, now: datetime) -> LoginState:
    """Open, locked or over at ``now``."""
    lasting = LASTING[adviser.role]
    if (
        login.ended_at is not None
        or not adviser.active
        or now >= login.created_at + lasting.absolute
    ):
        return LoginState.OVER
    return LoginState.LOCKED if now >= login.seen_at + lasting.idle else LoginState.OPEN
