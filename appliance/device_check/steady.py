"""Keeps words on a screen from flickering: what is shown changes seldom, and only for good."""

from __future__ import annotations

from typing import Generic, TypeVar

Word = TypeVar("Word")


class Steady(Generic[Word]):
    """``see`` takes what would be said now and gives back what to show.

    Something new is shown when it has been so for ``hold_s``, and at the earliest ``least_s`` after
    the last change. Time is an argument, in seconds, and never runs backwards.
    """

    def __init__(self, *, hold_s: float, least_s: float = 0.0) -> None:
        self._hold_s = hold_s
        self._least_s = least_s
        self._shown: Word | None = None
        self._shown_at_s = 0.0
        self._next: Word | None = None
        self._next_at_s = 0.0

    def restart(self) -> None:
        """The next word is shown at once."""
        self._shown = self._next = None

    @property
    def shown(self) -> Word | None:
        """What was given back last."""
        return self._shown

    def see(self, word: Word, at_s: float) -> Word:
        """The first word is shown at once."""
        if self._shown is None or word == self._shown:
            self._next = None
            if self._shown is None:
                self._shown, self._shown_at_s = word, at_s
            return self._shown
        if word != self._next:
            self._next, self._next_at_s = word, at_s
        held = at_s - self._next_at_s >= self._hold_s
        if held and at_s - self._shown_at_s >= self._least_s:
            self._shown, self._shown_at_s, self._next = word, at_s, None
        return self._shown
