"""Real-time text of running sessions: in memory only, nowhere logged, forgotten with the session.

Letters come ten times a second: they ask no database. Whether they may be passed on, and to whom,
was settled when it was switched on, and is looked after by the visit's work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from appliance.visits.models import Visit
from appliance.web.live.chat import clean
from appliance.web.live.owners import adviser_id_of, desk_owner, visit_id_of, visit_owner
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live.seats import Side
from appliance.web.live_text_messages import LiveDraft, SwitchLiveText, WriteLive
from appliance.web.message import Wire

if TYPE_CHECKING:
    from appliance.web.live import Live

DRAFTS_PER_S = 20  # twice of what a page says; more waits for the next tick, and only the newest

Handler = Callable[[Page, Any], Awaitable[None]]


@dataclass(slots=True)
class _Draft:
    """What one side is writing."""

    text: str = ""
    waits: bool = False  # too many at once: passed on with the next tick
    newest_s: deque[float] = field(default_factory=lambda: deque(maxlen=DRAFTS_PER_S))


@dataclass(slots=True)
class _Talk:
    """One session in which it was switched on, and perhaps off again."""

    adviser_id: str
    on: bool = False
    drafts: dict[Side, _Draft] = field(default_factory=lambda: {side: _Draft() for side in Side})


class LiveTexts:
    """All of them, by visit."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._talks: dict[str, _Talk] = {}

    def handlers(self, side: Side) -> Mapping[type[Wire], Handler]:
        """For the table of commands of a side."""
        if side is Side.CLIENT:
            return {SwitchLiveText: self._client_switches, WriteLive: self._client_writes}
        return {SwitchLiveText: self._adviser_switches, WriteLive: self._adviser_writes}

    def word(self, visit_id: str) -> bool | None:
        """Whether it is on. None: never switched here; a page that had it on may say so again."""
        talk = self._talks.get(visit_id)
        return talk.on if talk else None

    # ---- commands ------------------------------------------------------------------------------
    async def _client_switches(self, page: Page, command: SwitchLiveText) -> None:
        visit = await self._live.parts.visits.get(visit_id_of(page.owner) or "")
        self._switch(visit, on=command.on)

    async def _adviser_switches(self, page: Page, command: SwitchLiveText) -> None:
        visit = await self._live.desk_commands.session_of(adviser_id_of(page.owner) or "")
        if visit is None:
            raise Refused("no_session")
        self._switch(visit, on=command.on)

    async def _client_writes(self, page: Page, command: WriteLive) -> None:
        self._write(visit_id_of(page.owner) or "", Side.CLIENT, command.text)

    async def _adviser_writes(self, page: Page, command: WriteLive) -> None:
        adviser_id = adviser_id_of(page.owner)
        for visit_id, talk in self._talks.items():
            if talk.adviser_id == adviser_id:
                self._write(visit_id, Side.ADVISER, command.text)

    def _switch(self, visit: Visit, *, on: bool) -> None:
        if visit.state not in SESSION_STATES or visit.admitted_by is None:
            raise Refused("not_allowed_now")
        self.follow(visit)
        talk = self._talks.setdefault(visit.id, _Talk(visit.admitted_by))
        talk.on = on
        if not on:
            for side in Side:
                talk.drafts[side] = _Draft()
                self._pass_on(visit.id, side)
        self._live.touch_visit(visit.id)
        self._live.touch_desk(visit.admitted_by)

    def _write(self, visit_id: str, side: Side, text: str) -> None:
        """A page that has not yet heard that it was switched off is told nothing."""
        talk = self._talks.get(visit_id)
        if talk is None or not talk.on:
            return
        draft, now_s = talk.drafts[side], self._live.now_s()
        draft.text = clean(text)
        if len(draft.newest_s) == DRAFTS_PER_S and now_s - draft.newest_s[0] < 1:
            draft.waits = True
            return
        draft.newest_s.append(now_s)
        self._pass_on(visit_id, side)

    # ---- passing on ----------------------------------------------------------------------------
    def tick(self) -> None:
        """What came too fast is passed on now."""
        for visit_id, talk in self._talks.items():
            for side, draft in talk.drafts.items():
                if draft.waits:
                    self._pass_on(visit_id, side)

    def greet(self, page: Page, visit_id: str) -> None:
        """A window that has just become the active one reads what the other is writing."""
        talk = self._talks.get(visit_id)
        if talk is None or not talk.on or page.idle:
            return
        other = Side.ADVISER if visit_id_of(page.owner) else Side.CLIENT
        page.push(LiveDraft(sender=other.value, text=talk.drafts[other].text))

    def _pass_on(self, visit_id: str, side: Side) -> None:
        talk = self._talks[visit_id]
        draft = talk.drafts[side]
        draft.waits = False
        owner = desk_owner(talk.adviser_id) if side is Side.CLIENT else visit_owner(visit_id)
        for page in self._live.pages.of(owner):
            if not page.idle:  # it may belong to a browser that knows the link alone
                page.push(LiveDraft(sender=side.value, text=draft.text))

    # ---- the end -------------------------------------------------------------------------------
    def follow(self, visit: Visit) -> None:
        """Over with the session, and with this adviser."""
        talk = self._talks.get(visit.id)
        here = visit.state in SESSION_STATES and talk and talk.adviser_id == visit.admitted_by
        if not here:
            self.forget(visit.id)

    def forget(self, visit_id: str) -> None:
        """Nothing of it is left."""
        self._talks.pop(visit_id, None)
