"""Passwords and recovery codes: hashed with Argon2id, two at once at most.

Two, because each takes 64 MiB and a core for a while, and conversations come first.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.advisers.errors import LoginBusy, PasswordWeak

AT_ONCE = 2
WAITING_AT_MOST = 16
# RFC 9106's second choice (64 MiB, 3 passes), with one lane: cores belong to the media process.
ITERATIONS = 3
MEMORY_KIB = 64 * 1024
LANES = 1

SHORTEST = 12  # ASVS 5.0 6.2.1 asks for 8 and recommends 15; with a second factor 12
LONGEST = 128
FEWEST_DIFFERENT = 5
GUESSED_FIRST = frozenset(
    {"passwort", "password", "vorzimmer", "qwertz", "qwerty", "qwertzuiop", "qwertyuiop", "asdfgh",
     "geheim", "hallo", "willkommen", "welcome", "sommer", "winter", "fruehling", "frühling",
     "herbst", "administrator", "admin", "letmein", "iloveyou", "ichliebedich", "schatz",
     "abcdefgh", "abcdefghijkl", "musteramt", "berater", "beraterin", "videotermin"}
)  # fmt: skip
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODES = 10
LABEL_LENGTH = 2
CODE_LENGTH = 10  # 49.5 bit behind a label that is no secret
CODE_PATTERN = re.compile(rf"[{CODE_ALPHABET}]{{{LABEL_LENGTH + CODE_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A recovery code as it was typed, taken apart."""

    label: str
    secret: str


class Passwords:
    """Hashes and verifies in threads of its own. Raises ``LoginBusy`` when the line is long."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(ITERATIONS, MEMORY_KIB, LANES)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0
        # What an unknown account is compared with, so that it takes as long as a known one.
        self._dummy = self._hasher.hash(secrets.token_urlsafe(16))

    async def hashed(self, password: str) -> str:
        """The hash with its parameters and salt."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, normal(password))

    async def hashed_all(self, texts: list[str]) -> list[str]:
        """Several hashes, in the same order."""
        return list(await asyncio.gather(*(self.hashed(text) for text in texts)))

    async def match(self, password_hash: str | None, password: str) -> bool:
        """Whether they belong together. None takes the same time and is always False."""
        if self._waiting >= WAITING_AT_MOST:
            raise LoginBusy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(
                self._threads, self._verify, password_hash or self._dummy, normal(password)
            )
        finally:
            self._waiting -= 1
        return right and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def normal(password: str) -> str:
    """One form for what different keyboards make of the same letters; cut where hashing ends."""
    return unicodedata.normalize("NFC", password)[: LONGEST + 1]


def ensure_strong(password: str, *own_words: str) -> None:
    """Raises ``PasswordWeak``. No rules about kinds of characters: they make passwords worse."""
    password = normal(password)
    core = EDGES.sub("", password.lower())
    own = {word.lower() for text in own_words for word in (text, *text.split())}
    if (
        not SHORTEST <= len(password) <= LONGEST
        or len(set(password)) < FEWEST_DIFFERENT
        or not core
        or core in GUESSED_FIRST | own
    ):
        raise PasswordWeak


def new_first_password() -> str:
    """74 bit in three groups, to be typed from a sheet and then replaced by its owner."""
    return "-".join(_letters(5).lower() for _ in range(3))


def new_recovery_codes() -> list[str]:
    """Ten codes as they are shown: label, then two groups of five."""
    labels: set[str] = set()
    while len(labels) < CODES:
        labels.add(_letters(LABEL_LENGTH))
    return [f"{label}-{_letters(5)}-{_letters(5)}" for label in sorted(labels)]


def typed_code(text: str) -> TypedCode | None:
    """A recovery code in any case, with or without its hyphens; None for anything else."""
    letters = re.sub(r"[\s\-]", "", text.upper())
    if not CODE_PATTERN.fullmatch(letters):
        return None
    return TypedCode(letters[:LABEL_LENGTH], letters[LABEL_LENGTH:])


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(count))
