"""What leads a client in: link secret, session number, session password; and the QR code.

Lengths are from design.md section 7: 256 random bit for a link, 8 of 31 letters (39.6 bit) for
the password, which is only ever tried against a known appointment, 10 digits for the number,
which is never enough alone.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets

import segno

LINK_SECRET_BYTES = 32
LINK_SECRET_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}")
# Upper case, because it is read out and printed; no 0/O, no 1/I/L.
PASSWORD_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105 - letters, not a password
PASSWORD_LENGTH = 8
PASSWORD_GROUP = 4
NUMBER_DIGITS = 10
QR_BORDER_MODULES = 4  # the quiet zone that ISO/IEC 18004 asks for


def new_link_secret() -> str:
    """43 URL-safe characters."""
    return secrets.token_urlsafe(LINK_SECRET_BYTES)


def secret_hash(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits: all that the database keeps of a link secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def looks_like_link_secret(text: str) -> bool:
    """Whether it has the shape of a link secret at all."""
    return LINK_SECRET_PATTERN.fullmatch(text) is not None


def link_address(base_url: str, secret: str) -> str:
    """The client's link. The secret is in the fragment, so it reaches no log and no Referer."""
    return f"{base_url.rstrip('/')}/v#{secret}"


def request_address(base_url: str, secret: str) -> str:
    """Where a client sees and answers what became of their request."""
    return f"{base_url.rstrip('/')}/r#{secret}"


def new_password() -> str:
    """Eight letters and digits without look-alikes."""
    return "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def in_groups(password: str) -> str:
    """As it is shown and read out: two groups of four."""
    return f"{password[:PASSWORD_GROUP]} {password[PASSWORD_GROUP:]}"


def new_number() -> str:
    """Ten digits; the first is not 0, so that nobody drops it."""
    return str(secrets.randbelow(9 * 10 ** (NUMBER_DIGITS - 1)) + 10 ** (NUMBER_DIGITS - 1))


def number_in_groups(number: str) -> str:
    """As it is shown and read out: 123 456 78 90."""
    return f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"


def typed_number(text: str) -> str | None:
    """The ten digits of what somebody typed (spaces, hyphens, slashes allowed), else None."""
    digits = re.sub(r"[\s\-/.]", "", text)
    return digits if re.fullmatch(rf"[0-9]{{{NUMBER_DIGITS}}}", digits) else None


def qr_svg(link: str) -> str:
    """The link as an inline SVG element without size."""
    buffer = io.BytesIO()
    segno.make_qr(link, error="m").save(
        buffer,
        kind="svg",
        border=QR_BORDER_MODULES,
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        dark="#000",
        light="#fff",
    )
    return buffer.getvalue().decode()


def qr_png(link: str) -> bytes:
    """The link as a picture for mails, where SVG is not shown; 6 px a module."""
    buffer = io.BytesIO()
    segno.make_qr(link, error="m").save(buffer, kind="png", border=QR_BORDER_MODULES, scale=6)
    return buffer.getvalue()
