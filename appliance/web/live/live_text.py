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
from appliance.web.live.owners import (
    adviser_id_of,
    conference_id_of,
    desk_owner,
    member_id_of,
    visit_id_of,
    visit_owner,
)
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
    """What one person is writing."""

    text: str = ""
    name: str = ""  # of somebody beside the two
    waits: bool = False  # too many at once: passed on with the next tick
    newest_s: deque[float] = field(default_factory=lambda: deque(maxlen=DRAFTS_PER_S))


@dataclass(slots=True)
class _Talk:
    """One session in which it was switched on, and perhaps off again.

    ``drafts``: by who writes, a ``Side`` or the id of a member beside the two.
    """

    adviser_id: str
    adviser_name: str
    on: bool = False
    agreed: bool = False  # the client has switched it on themselves
    drafts: dict[str, _Draft] = field(default_factory=dict)


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

    def agreed(self, visit_id: str) -> bool:
        """Whether the client's own letters are passed on."""
        talk = self._talks.get(visit_id)
        return talk is not None and talk.agreed

    # ---- commands ------------------------------------------------------------------------------
    async def _client_switches(self, page: Page, command: SwitchLiveText) -> None:
        visit = await self._live.parts.visits.get(visit_id_of(page.owner) or "")
        await self._switch(visit, on=command.on, by=Side.CLIENT)

    async def _adviser_switches(self, page: Page, command: SwitchLiveText) -> None:
        visit = await self._live.desk_commands.session_of(adviser_id_of(page.owner) or "")
        if visit is None:
            raise Refused("no_session")
        await self._switch(visit, on=command.on, by=Side.ADVISER)

    async def _client_writes(self, page: Page, command: WriteLive) -> None:
        visit_id = visit_id_of(page.owner) or ""
        talk = self._talks.get(visit_id)
        if talk is not None and talk.on and not talk.agreed:
            raise Refused("live_text_waits")
        self._write(visit_id, Side.CLIENT, command.text)

    async def _adviser_writes(self, page: Page, command: WriteLive) -> None:
        adviser_id = adviser_id_of(page.owner)
        for visit_id, talk in self._talks.items():
            if talk.adviser_id == adviser_id:
                self._write(visit_id, Side.ADVISER, command.text)

    async def joined_writes(self, page: Page, command: WriteLive) -> None:
        """Of somebody beside the two, as long as the client has them there."""
        conference_id, member_id = conference_id_of(page.owner), member_id_of(page.owner)
        visit_id = self._live.joined.where_inside(conference_id or "", member_id)
        talk = self._talks.get(visit_id)
        if talk is None:
            return
        if member_id not in talk.drafts:  # once; letters ask no database
            name = await self._live.joined.name(visit_id, member_id)
            talk.drafts.setdefault(member_id, _Draft(name=name))
        self._write(visit_id, member_id, command.text)

    async def _switch(self, visit: Visit, *, on: bool, by: Side) -> None:
        if visit.state not in SESSION_STATES or visit.admitted_by is None:
            raise Refused("not_allowed_now")
        name = await self._live.parts.advisers.name(visit.admitted_by)
        self.follow(visit)
        talk = self._talks.setdefault(visit.id, _Talk(visit.admitted_by, name))
        talk.on = on
        talk.agreed = on and (talk.agreed or by is Side.CLIENT)
        if not on:
            for writer in list(talk.drafts):
                self._drop(visit.id, writer)
        self._live.touch_visit(visit.id)
        self._live.touch_desk(visit.admitted_by)

    def _write(self, visit_id: str, writer: str, text: str) -> None:
        """A page that has not yet heard that it was switched off is told nothing."""
        talk = self._talks.get(visit_id)
        if talk is None or not talk.on or self._live.withdrawals.in_force(visit_id):
            return
        draft, now_s = talk.drafts.setdefault(writer, _Draft()), self._live.now_s()
        draft.text = clean(text)
        if len(draft.newest_s) == DRAFTS_PER_S and now_s - draft.newest_s[0] < 1:
            draft.waits = True
            return
        draft.newest_s.append(now_s)
        self._pass_on(visit_id, writer)

    # ---- passing on ----------------------------------------------------------------------------
    def tick(self) -> None:
        """What came too fast is passed on now."""
        for visit_id, talk in self._talks.items():
            for writer, draft in talk.drafts.items():
                if draft.waits:
                    self._pass_on(visit_id, writer)

    def greet(self, page: Page, visit_id: str) -> None:
        """A window that has just become the active one reads what the others are writing."""
        talk = self._talks.get(visit_id)
        if talk is None or not talk.on or page.idle:
            return
        for writer, draft in talk.drafts.items():
            if draft.text and page.owner != self._owner(visit_id, writer):
                page.push(_shown(talk, writer))

    def _pass_on(self, visit_id: str, writer: str) -> None:
        talk = self._talks[visit_id]
        talk.drafts[writer].waits = False
        pages = self._live.pages.of(visit_owner(visit_id))
        pages += self._live.pages.of(desk_owner(talk.adviser_id))
        pages += self._live.joined.pages_inside(visit_id)
        own = self._owner(visit_id, writer)
        for page in pages:
            # An idle one may belong to a browser that knows the link alone.
            if not page.idle and page.owner != own:
                page.push(_shown(talk, writer))

    def _owner(self, visit_id: str, writer: str) -> str:
        if writer == Side.CLIENT:
            return visit_owner(visit_id)
        if writer == Side.ADVISER:
            return desk_owner(self._talks[visit_id].adviser_id)
        return self._live.joined.owner(visit_id, writer)

    def _drop(self, visit_id: str, writer: str) -> None:
        """What was begun is gone, at the others' pages, too."""
        draft = self._talks[visit_id].drafts[writer]
        draft.text = ""
        self._pass_on(visit_id, writer)
        del self._talks[visit_id].drafts[writer]

    # ---- the end -------------------------------------------------------------------------------
    def follow(self, visit: Visit) -> None:
        """Over with the session, and with this adviser; and for somebody who has gone."""
        talk = self._talks.get(visit.id)
        if talk is None:
            return
        if visit.state not in SESSION_STATES or talk.adviser_id != visit.admitted_by:
            self.forget(visit.id)
            return
        here = {*Side, *self._live.joined.inside(visit.id)}
        for writer in [one for one in talk.drafts if one not in here]:
            self._drop(visit.id, writer)

    def forget(self, visit_id: str) -> None:
        """Nothing of it is left."""
        self._talks.pop(visit_id, None)


def _shown(talk: _Talk, writer: str) -> LiveDraft:
    draft = talk.drafts[writer]
    if writer == Side.CLIENT:
        return LiveDraft(sender="client", text=draft.text)
    if writer == Side.ADVISER:
        return LiveDraft(sender="adviser", name=talk.adviser_name, text=draft.text)
    return LiveDraft(sender="joined", member_id=writer, name=draft.name, text=draft.text)
