"""Lines of the chat on their way to all who are in the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.visits.models import Visit
from appliance.web import commands as c
from appliance.web.live.chat import Speaker
from appliance.web.live.owners import desk_owner, visit_owner
from appliance.web.live.pages_online import Page
from appliance.web.live.routes import SESSION_STATES
from appliance.web.wire import ChatLine, ChatPush

if TYPE_CHECKING:
    from appliance.web.live import Live


class ChatCommands:
    """The caller has made sure that this person may speak in this visit now."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def say(self, visit: Visit, speaker: Speaker, command: c.Chat) -> None:
        """Shown to all, the speaker's own window included. Raises ``ChatRefused``."""
        line = self._live.chats.say(
            visit.id,
            speaker,
            command.line_id,
            command.text,
            sent_at=self._live.parts.clock(),
            now_s=self._live.now_s(),
        )
        self._push(visit, [line])

    def again(self, visit: Visit, speaker: Speaker, command: c.OfferChatAgain) -> None:
        """Lines that a restart of web has lost."""
        now = self._live.parts.clock()
        lines = self._live.chats.offered_again(visit.id, speaker, command.lines, now=now)
        if lines:
            self._push(visit, lines)

    def greet(self, page: Page, visit: Visit) -> None:
        """A window that has just become the active one gets the whole conversation."""
        lines = self._live.chats.lines(visit.id)
        if lines and visit.state in SESSION_STATES and not page.idle:
            page.push(ChatPush(lines=lines))
        self._live.live_text.greet(page, visit.id)

    def _push(self, visit: Visit, lines: list[ChatLine]) -> None:
        pages = self._live.pages.of(visit_owner(visit.id))
        if visit.admitted_by is not None:
            pages += self._live.pages.of(desk_owner(visit.admitted_by))
        pages += self._live.joined.pages_inside(visit.id)
        for page in pages:
            if not page.idle:  # it may belong to a browser that knows the link alone
                page.push(ChatPush(lines=lines))
