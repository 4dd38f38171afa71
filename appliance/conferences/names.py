"""Names of rooms as they stand in an address, and secrets of links."""

from __future__ import annotations

import hashlib
import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
LENGTH = 8


def new_name() -> str:
    """Such as ``raum-7k3m9xqa``. Never the title: links stand in mails, histories and logs."""
    return "raum-" + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def new_secret() -> str:
    """43 URL-safe characters, 256 bit."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def room_address(base_url: str, name: str, secret: str) -> str:
    """A guest's link. The secret is in the fragment, so it reaches no log and no Referer."""
    return f"{base_url.rstrip('/')}/rooms/{name}#{secret}"
