"""Names of rooms as they stand in an address, and secrets of links."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

NAME_CHARACTERS = 40
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def room_name(title: str) -> str:
    """Such as ``fallbesprechung-maerz``: lower case letters, digits, hyphens; never empty."""
    spelled = unicodedata.normalize("NFKC", title).lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:NAME_CHARACTERS].strip("-") or "raum"


def another(name: str, number: int) -> str:
    """The same name for one more room: ``raum-2``."""
    return f"{name[:NAME_CHARACTERS]}-{number}"


def new_secret() -> str:
    """43 URL-safe characters, 256 bit."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def room_address(base_url: str, name: str, secret: str) -> str:
    """A guest's link. The secret is in the fragment, so it reaches no log and no Referer."""
    return f"{base_url.rstrip('/')}/rooms/{name}#{secret}"
