"""Does what the client states agree with the appointment? Pure and forgiving of typing."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date

from appliance.visits.states import IdentityStatus

MAX_TRIES = 3  # design.md 3: after the third mismatch the adviser calls the number on file

# What people read, hear or type for another character: both sides are folded the same way.
_LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """What the client typed."""

    name: str
    phone: str = ""
    password: str = ""
    birth_on: date | None = None
    customer_number: str = ""
    session_number: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedIdentity:
    """What the appointment holds; None where it holds nothing. No ``repr`` of secrets."""

    password: str | None = None
    birth_on: date | None = None
    customer_number: str | None = None
    session_number: str | None = None

    def __repr__(self) -> str:
        """Says nothing, so that no log line can."""
        return "ExpectedIdentity(…)"


def fold_password(text: str) -> str:
    """Without case, spaces and punctuation, look-alikes made equal (o=0, i=l=1)."""
    return re.sub(r"[\W_]+", "", text.casefold().translate(_LOOK_ALIKES))


def fold_number(text: str) -> str:
    """A customer's or session number's letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())


def compare(stated: StatedIdentity, expected: ExpectedIdentity | None) -> IdentityStatus:
    """``UNCHECKED`` when there is nothing to compare with, else ``MATCHED`` or ``MISMATCHED``.

    Everything that the appointment holds must agree. Comparing takes the same time wherever the
    difference is, and nobody learns which part was wrong.
    """
    agrees: list[bool] = []
    if expected is not None and expected.password:
        agrees.append(_same(fold_password(stated.password), fold_password(expected.password)))
    if expected is not None and expected.session_number:
        given, wanted = fold_number(stated.session_number), fold_number(expected.session_number)
        agrees.append(_same(given, wanted))
    if expected is not None and expected.birth_on is not None:
        agrees.append(stated.birth_on == expected.birth_on)
    if expected is not None and expected.customer_number:
        given, wanted = fold_number(stated.customer_number), fold_number(expected.customer_number)
        agrees.append(_same(given, wanted))
    if not agrees:
        return IdentityStatus.UNCHECKED
    return IdentityStatus.MATCHED if all(agrees) else IdentityStatus.MISMATCHED


def _same(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode(), second.encode())
