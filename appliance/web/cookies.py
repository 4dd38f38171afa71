"""Cookies: a client's visit, a check without a visit, a login, a language. All ``__Host-``.

Chromium and Firefox accept ``__Host-`` and ``Secure`` on http://localhost, too (tried with both,
sockets included), so there is one form for all. Secrets are stored as hashes by the services.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from quart import Request, Response, Websocket

from appliance.advisers.models import Adviser
from appliance.conferences.models import ConferenceMember
from appliance.kiosks.models import Kiosk
from appliance.storage.keys import read_key
from appliance.visits.models import Visit
from appliance.web.parts import Parts, parts

VISIT = "__Host-visit"
GUEST = "__Host-guest"
CHECK = "__Host-check"
KIOSK = "__Host-kiosk"
LOGIN = "__Host-login"
LANGUAGE = "__Host-language"
OIDC = "__Host-oidc"
FIRST_START = "__Host-setup"

VISIT_LIVES = timedelta(hours=4)  # a client's longest time (security.md 1.4)
GUEST_LIVES = timedelta(hours=12)  # of a conference
CHECK_LIVES = timedelta(hours=1)
LOGIN_LIVES = timedelta(hours=12)
OIDC_LIVES = timedelta(minutes=10)
LANGUAGE_LIVES = timedelta(days=90)
FIRST_START_LIVES = timedelta(hours=8)  # longer ones type the code again
KIOSK_LIVES = timedelta(days=400)  # the longest that browsers keep one; renewed at each start


def give(response: Response, name: str, value: str, lives: timedelta) -> None:
    """Sets a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        name,
        value,
        max_age=int(lives.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def give_to_returning(response: Response, name: str, value: str, lives: timedelta) -> None:
    """As ``give``, but it comes along when another site leads the browser back here (Lax)."""
    response.set_cookie(
        name,
        value,
        max_age=int(lives.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def take(response: Response, name: str) -> None:
    """Removes a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")


async def visit_of(connection: Request | Websocket) -> Visit | None:
    """The visit whose secret this browser holds; None when unknown, revoked or too old."""
    secret = connection.cookies.get(VISIT, "")
    return await parts().visits.by_access(secret) if secret else None


async def kiosk_of(connection: Request | Websocket) -> Kiosk | None:
    """The registered kiosk whose browser this is; None everywhere else."""
    return await parts().kiosks.by_secret(connection.cookies.get(KIOSK, ""))


async def guest_of(connection: Request | Websocket) -> ConferenceMember | None:
    """The guest of a conference whose secret this browser holds; None when the room is closed."""
    return await parts().conferences.by_access(connection.cookies.get(GUEST, ""))


async def adviser_of(connection: Request | Websocket) -> Adviser | None:
    """Who is logged in here; None when nobody is, or the login has ended."""
    secret = connection.cookies.get(LOGIN, "")
    return await parts().advisers.by_login(secret) if secret else None


def signature(settings_parts: Parts, purpose: str, text: str) -> str:
    """HMAC-SHA-256 under a key of its own per purpose, made from the database key.

    It survives a restart, so a page can present again what web had signed before.
    """
    key = hmac.digest(bytes.fromhex(read_key(settings_parts.settings)), purpose.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def give_check_grant(response: Response) -> str:
    """Lets this browser check its devices without a visit, for an hour. Returns the grant's id."""
    grant_id = secrets.token_urlsafe(12)
    until = int((parts().clock() + CHECK_LIVES).timestamp())
    text = f"{grant_id}.{until}"
    give(response, CHECK, f"{text}.{signature(parts(), 'check_grant', text)}", CHECK_LIVES)
    return grant_id


def check_grant_of(connection: Request | Websocket) -> str | None:
    """The id of the browser's check grant; None when it has none, or it is over or not ours."""
    text, _, signed = connection.cookies.get(CHECK, "").rpartition(".")
    grant_id, _, until = text.partition(".")
    if not grant_id or not until.isdecimal():
        return None
    if not hmac.compare_digest(signed, signature(parts(), "check_grant", text)):
        return None
    return grant_id if int(until) > parts().clock().timestamp() else None
