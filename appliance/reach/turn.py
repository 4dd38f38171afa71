"""Short-lived credentials of the agency's coturn, and what a page is told of it.

The scheme is coturn's ``use-auth-secret``: the user name is the time of expiry and a word, the
password its HMAC-SHA1 under the shared secret. coturn looks at the time when an allocation is made
and not when it is refreshed, so a conversation outlives its credential. The user name travels in
the clear, so its word is a keyed hash: nobody on the way can tie it to a visit.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.ports import STRANGERS
from appliance.secret_files import read_secret as read_text
from appliance.settings import TurnSettings

CREDENTIAL: Final = "turn-secret"
LEAST_SECRET: Final = 32  # characters; openssl rand -hex 32 gives 64
LIVES_S: Final = 600  # security.md, attack 38: ten minutes
HTTPS_PORT: Final = 443


class SecretWrong(Exception):
    """The shared secret is missing, unreadable or too short; the text says which file."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """As browsers take it in ``RTCConfiguration.iceServers``."""

    urls: tuple[str, ...]
    username: str
    credential: str


def read_secret(settings: TurnSettings) -> str:
    """The secret shared with coturn. Raises ``SecretWrong``."""
    path = settings.secret_file
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    if path is None and directory:
        path = Path(directory) / CREDENTIAL
    if path is None:
        raise SecretWrong("turn.secret_file is not set")
    try:
        secret = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SecretWrong(f"turn.secret_file: {path} cannot be read") from error
    if len(secret) < LEAST_SECRET or not (secret.isascii() and secret.isalnum()):
        raise SecretWrong(f"turn.secret_file: {path} needs {LEAST_SECRET} letters and digits")
    return secret


def tls_port(settings: TurnSettings) -> int:
    """Where clients find TURN over TLS."""
    return HTTPS_PORT if settings.share_443 else settings.tls_port


def urls(settings: TurnSettings) -> tuple[str, ...]:
    """UDP, TCP, TLS: browsers try all and prefer the first that carries."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return (
        f"turn:{host}:{settings.port}?transport=udp",
        f"turn:{host}:{settings.port}?transport=tcp",
        f"turns:{host}:{tls_port(settings)}?transport=tcp",
    )


def credential(secret: str, username: str) -> str:
    """Coturn's password for a user name."""
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def hashed(secret: str, user: str) -> str:
    """What coturn and the wire know of an id: the same each time, and nothing to go back from."""
    return hmac.new(secret.encode(), f"user:{user}".encode(), hashlib.sha256).hexdigest()[:16]


class TurnServers:
    """Hands out credentials; nothing while no host is configured."""

    def __init__(self, settings: TurnSettings) -> None:
        """Raises ``SecretWrong``."""
        self._settings = settings
        self._secret = read_secret(settings) if settings.host else ""

    def for_user(self, user: str, now_s: float) -> list[IceServer]:
        """For one page from now on. ``user`` is an id; coturn counts allocations by its hash."""
        if not self._settings.host:
            return []
        username = f"{int(now_s) + LIVES_S}:{hashed(self._secret, user)}"
        return [IceServer(urls(self._settings), username, credential(self._secret, username))]

    def for_stranger(self, network: str, now_s: float) -> list[IceServer]:
        """For a test page, which anybody may open as often as they like.

        All of a ``network`` are one user, of a few in all: coturn's quota for a user keeps them
        together from taking the ports that conversations need.
        """
        return self.for_user(f"test-{int(hashed(self._secret, network), 16) % STRANGERS}", now_s)
