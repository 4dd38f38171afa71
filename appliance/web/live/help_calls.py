"""Clients who are stuck before the session, and what is said about it: in memory only.

The row of a visit holds that help was asked for, and since when. Number and lines are personal and
are said before any consent, so they are never written: they go with the session's beginning, with
the visit's end, with "it works now", and with another browser that has come in by the link.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from appliance.web.live.chat import Chats, Sender, Speaker
from appliance.web.wire import ChatLine

LINES_PER_CALL = 50  # of 500 characters; all of them are in each snapshot

Answer = Literal["write", "call"]


@dataclass(slots=True)
class HelpCall:
    """How the client wants to be helped, and whether somebody has called."""

    answer: Answer = "write"
    phone: str = ""  # named by the client; empty means the appointment's
    called_at: datetime | None = None


class HelpCalls:
    """All calls by visit."""

    def __init__(self) -> None:
        self._calls: dict[str, HelpCall] = {}
        self._lines = Chats(LINES_PER_CALL)

    def ask(self, visit_id: str, answer: Answer, phone: str) -> None:
        """Newer wishes replace older ones; the lines stay."""
        self._calls[visit_id] = HelpCall(answer, phone)

    def called(self, visit_id: str, at: datetime) -> None:
        """Somebody has called; the first time counts."""
        call = self.of(visit_id)
        call.called_at = call.called_at or at
        self._calls[visit_id] = call

    def of(self, visit_id: str) -> HelpCall:
        """The call in memory, or one that nothing is known of."""
        return self._calls.get(visit_id) or HelpCall()

    def known(self, visit_id: str) -> bool:
        """Whether there is anything to show."""
        return visit_id in self._calls or bool(self.lines(visit_id))

    def say(
        self,
        visit_id: str,
        sender: Sender,
        text: str,
        *,
        sent_at: datetime,
        now_s: float,
        line_id: str = "",
    ) -> ChatLine:
        """As ``Chats.say``; a note has no id of the page's. Raises ``ChatRefused``."""
        line_id = line_id or secrets.token_urlsafe(12)
        return self._lines.say(
            visit_id, Speaker(sender), line_id, text, sent_at=sent_at, now_s=now_s
        )

    def lines(self, visit_id: str) -> list[ChatLine]:
        """All lines in the order of time."""
        return self._lines.lines(visit_id)

    def forget(self, visit_id: str) -> None:
        """Nobody needs help any more, or whoever is there now has not been a part of it."""
        self._calls.pop(visit_id, None)
        self._lines.forget(visit_id)
