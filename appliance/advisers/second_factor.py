"""Time-based codes (RFC 6238). Pure: now and the last counter are arguments."""

from __future__ import annotations

import re
from datetime import datetime
from hmac import compare_digest

import pyotp

STEP_S = 30
DRIFT_STEPS = 1  # a phone's clock may be half a minute off


def new_totp_secret() -> str:
    """160 bit, base32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def totp_uri(secret: str, login: str, agency_name: str) -> str:
    """What an authenticator application reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=login, issuer_name=agency_name)


def totp_now(secret: str, now: datetime) -> str:
    """The present code."""
    return pyotp.TOTP(secret, interval=STEP_S).at(now)


def matching_counter(secret: str, code: str, last_counter: int, now: datetime) -> int | None:
    """The step whose code it is; None when wrong, too old, or not newer than the last one used."""
    digits = re.sub(r"\s", "", code)
    totp = pyotp.TOTP(secret, interval=STEP_S)
    present = int(now.timestamp()) // STEP_S
    matched: int | None = None
    for counter in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        right = compare_digest(totp.generate_otp(counter).encode(), digits.encode())
        if right and counter > last_counter:
            matched = counter
    return matched
