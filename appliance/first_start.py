"""The one-time code that opens the set-up page: made by the install, good until set-up is done.

The file holds the code's hash alone. While there is none, nobody gets to the set-up page.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from appliance.kept_settings import write_private

CODE_FILE: Final = "first-start.json"
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
GROUPS: Final = 4
GROUP_LETTERS: Final = 4  # 80 bits in all
CODE_LIVES: Final = timedelta(days=7)
SENT_TWICE: Final = timedelta(minutes=1)  # own: the second click of a double one


class FirstStart:
    """Whether the set-up page is open, and for whom."""

    def __init__(self, data_dir: Path, clock: Callable[[], datetime]) -> None:
        self._file = data_dir / CODE_FILE
        self._clock = clock
        self._shown: tuple[str, datetime, dict[str, Any]] | None = None
        self.one_by_one = asyncio.Lock()  # the second click waits for what the first one made

    def show(self, form: str, secrets_shown: dict[str, Any]) -> None:
        """What is shown this once, to whoever sent this form (its random id)."""
        self._shown = (form, self._clock() + SENT_TWICE, secrets_shown)

    def shown(self, form: str) -> dict[str, Any] | None:
        """The same to the same form, which was sent twice: the browser shows the last answer."""
        if self._shown is None or not form or self._shown[0] != form:
            return None
        return self._shown[2] if self._clock() < self._shown[1] else None

    def new_code(self) -> str:
        """A new code; one from before is good no more. Raises ``OSError``."""
        groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LETTERS))
                  for _ in range(GROUPS))  # fmt: skip
        code = "-".join(groups)
        until = self._clock() + CODE_LIVES
        write_private(self._file, json.dumps({"sha256": _hash(code), "until": until.isoformat()}))
        return code

    def is_open(self) -> bool:
        """Whether there is a code that still counts."""
        return self._wanted() is not None

    def accepts(self, code: str) -> bool:
        """Whether this is the code, however it was typed: spaces, dashes and small letters."""
        wanted = self._wanted()
        return wanted is not None and hmac.compare_digest(wanted, _hash(code))

    def done(self) -> None:
        """Nobody gets in by the code any more."""
        self._file.unlink(missing_ok=True)
        self._shown = None

    def _wanted(self) -> str | None:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            until, wanted = datetime.fromisoformat(kept["until"]), str(kept["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return wanted if self._clock() < until else None


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
