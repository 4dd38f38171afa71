"""What was looked at, how it is, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"  # works, and something is better done soon
    WRONG = "wrong"
    UNKNOWN = "unknown"  # cannot be seen from here; ``do`` says how to find out


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``code`` is stable, for monitoring; the rest is for people."""

    code: str
    name: str
    state: State
    says: str = "ok"
    do: str = ""

    def __str__(self) -> str:
        """The state first, so that an eye finds what is wrong."""
        mark = {State.OK: "ok", State.WARNING: "note", State.WRONG: "WRONG", State.UNKNOWN: "?"}
        line = f"{mark[self.state]:<5}  {self.name}: {self.says}"
        return f"{line}. {self.do}" if self.do else line


def ok(code: str, name: str, says: str = "ok") -> Finding:
    """It is well."""
    return Finding(code, name, State.OK, says)


def warning(code: str, name: str, says: str, do: str = "") -> Finding:
    """It works, and something is better done soon."""
    return Finding(code, name, State.WARNING, says, do)


def wrong(code: str, name: str, says: str, do: str = "") -> Finding:
    """It does not work."""
    return Finding(code, name, State.WRONG, says, do)


def unknown(code: str, name: str, says: str, do: str = "") -> Finding:
    """It cannot be seen from here."""
    return Finding(code, name, State.UNKNOWN, says, do)


def all_well(findings: Iterable[Finding]) -> bool:
    """Whether nothing is wrong; notes and what cannot be seen do not count."""
    return all(one.state is not State.WRONG for one in findings)
