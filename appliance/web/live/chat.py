"""The chat of running visits: in memory only, forgotten when the visit closes."""

from __future__ import annotations

import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from appliance.web.commands import LineAgain
from appliance.web.message import MAX_CHAT_CHARACTERS
from appliance.web.wire import ChatLine

LINES_PER_VISIT = 500
LINES_PER_S = 5
MARKS_IN_A_ROW = 4  # of combining marks; more is drawn over the neighbouring lines
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT_CONTROLS = frozenset("\n")

Sender = Literal["client", "adviser", "joined"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who writes. ``name``: as the others read it; empty for the client, whom each page knows."""

    sender: Sender
    name: str = ""


class ChatRefused(Exception):
    """``code``: ``chat_empty``, ``chat_too_fast`` or ``chat_full``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Conversation:
    lines: dict[tuple[Sender, str], ChatLine] = field(default_factory=dict)
    newest_s: defaultdict[Sender, deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=LINES_PER_S))
    )


class Chats:
    """All conversations by visit. Holds at most ``most_lines`` of 2,000 characters each."""

    def __init__(self, most_lines: int = LINES_PER_VISIT) -> None:
        self._most_lines = most_lines
        self._conversations: defaultdict[str, _Conversation] = defaultdict(_Conversation)

    def say(
        self,
        visit_id: str,
        speaker: Speaker,
        line_id: str,
        text: str,
        *,
        sent_at: datetime,
        now_s: float,
    ) -> ChatLine:
        """The line as it is shown; a repeated ``line_id`` gives the first one back.

        ``now_s`` is a monotonic time. Raises ``ChatRefused``.
        """
        conversation, sender = self._conversations[visit_id], speaker.sender
        known = conversation.lines.get((sender, line_id))
        if known is not None:
            return known
        line = ChatLine(
            line_id=line_id, sender=sender, name=speaker.name, text=_shown(text), sent_at=sent_at
        )
        newest_s = conversation.newest_s[sender]
        if len(newest_s) == LINES_PER_S and now_s - newest_s[0] < 1:
            raise ChatRefused("chat_too_fast")
        if len(conversation.lines) >= self._most_lines:
            raise ChatRefused("chat_full")
        newest_s.append(now_s)
        conversation.lines[sender, line_id] = line
        return line

    def offered_again(
        self, visit_id: str, speaker: Speaker, offered: Iterable[LineAgain], *, now: datetime
    ) -> list[ChatLine]:
        """Takes back what a restart of web has lost: a page's own lines, never the other's."""
        conversation, sender = self._conversations[visit_id], speaker.sender
        taken: list[ChatLine] = []
        for again in offered:
            text = clean(again.text)
            known = (sender, again.line_id) in conversation.lines
            if known or not text or len(conversation.lines) >= self._most_lines:
                continue
            sent_at = min(again.sent_at or now, now)
            line = ChatLine(
                line_id=again.line_id, sender=sender, name=speaker.name, text=text, sent_at=sent_at
            )
            conversation.lines[sender, again.line_id] = line
            taken.append(line)
        return taken

    def lines(self, visit_id: str) -> list[ChatLine]:
        """All lines in the order of time."""
        if visit_id not in self._conversations:
            return []
        lines = self._conversations[visit_id].lines.values()
        return sorted(lines, key=lambda line: line.sent_at)

    def forget(self, visit_id: str) -> None:
        """The visit has closed."""
        self._conversations.pop(visit_id, None)


def clean(text: str) -> str:
    """NFC; control characters, lone surrogates and bidi overrides stripped; marks not piled up."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    kept: list[str] = []
    marks = 0
    for character in composed:
        if not _shows(character):
            continue
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept).strip()[:MAX_CHAT_CHARACTERS]


def _shown(text: str) -> str:
    shown = clean(text)
    if not shown:
        raise ChatRefused("chat_empty")
    return shown


def _shows(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _BIDI_OVERRIDES
