"""Moving a half-done check to the phone, and back."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from appliance.appointments.credentials import qr_svg
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web import help_messages as h
from appliance.web.live.hand_overs import LIVES_S, device_of
from appliance.web.live.owners import visit_id_of, visit_owner
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.wire import HandOver

if TYPE_CHECKING:
    from appliance.web.live import Live

PATH = "/h#"
_PAST_THE_CHECK = frozenset({VisitState.CONSENT, VisitState.IDENTITY, VisitState.WAITING})


class HandOverCommands:
    """Offers and takes; a check alone can be moved, neither consent nor a conversation."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def offer(self, page: Page, command: h.MoveToDevice) -> None:
        """The code goes to the window that asks, and is in no snapshot; a newer one replaces it."""
        if not command.on:
            self._live.hand_overs.revoke(_id(page))
            return
        visit = await self._live.parts.visits.get(_id(page))
        self._check_runs(visit)
        secret = self._live.hand_overs.offer(visit.id)
        address = self._live.parts.settings.web.base_url.rstrip("/") + PATH + secret
        page.push(HandOver(picture=_picture(address), valid_s=int(LIVES_S)))

    async def take(self, secret: str) -> str | None:
        """For the device that has read the code: a secret of its own for the cookie, or None.

        Place in the queue, consent and what was accepted stay; devices are checked anew.
        """
        live = self._live
        visit_id = live.hand_overs.take(secret)
        if visit_id is None:
            return None
        with live.hand_overs.on_the_way(visit_id):
            visit = await live.parts.visits.get(visit_id)
            try:
                self._check_runs(visit)
            except NotAllowedNow:
                return None
            access = await live.parts.visits.issue_access(visit.id)
            event = VisitEvent.MOVED_TO_DEVICE
            visit = await live.parts.visits.happen(visit.id, event, Actor.CLIENT)
            await self._checked_anew(visit)
            live.hand_overs.note_moved(visit.id, device_of(access))
            await live.parts.visits.sits_at(visit.id, None)  # a kiosk forgets, and ends nothing
            for page in live.pages.of(visit_owner(visit.id)):
                page.idle = True  # until somebody chooses "go on here"
        self._shown_anew(visit.id)
        return access

    async def took_over(self, page: Page) -> None:
        """A window has become the active one: on a device that was left, all is checked anew.

        That holds for each way there and back. A conversation goes on as it is.
        """
        visit_id = visit_id_of(page.owner)
        if visit_id is None or not self._live.hand_overs.left(visit_id, page.device):
            return
        visit = await self._live.parts.visits.get(visit_id)
        before = self._live.hand_overs.place(visit_id)
        self._live.hand_overs.note_moved(visit_id, page.device)
        try:
            await self._live.parts.visits.sits_at(visit_id, page.kiosk_id)
            await self._checked_anew(visit)
        except BaseException:  # not written: whoever comes next must not be past the check
            self._live.hand_overs.note_moved(visit_id, before)
            page.idle = True  # "go on here" tries again
            raise
        self._shown_anew(visit.id)

    async def _checked_anew(self, visit: Visit) -> None:
        """Staff keep what is known of a client whom they are talking to."""
        if visit.state in SESSION_STATES or not visit.is_open:
            return
        await self.unlearn(visit)
        if visit.state in _PAST_THE_CHECK:
            event = VisitEvent.CHECK_RESTARTED
            await self._live.parts.visits.happen(visit.id, event, Actor.CLIENT)

    async def unlearn(self, visit: Visit) -> None:
        """Forgets what another device came to, also where a restart would bring it back from."""
        if visit.is_open and visit.check_report:
            await self._live.parts.visits.keep_report(visit.id, {})
        self._live.runs.of_visit(visit).another_device()

    def _check_runs(self, visit: Visit) -> None:
        if visit.state is not VisitState.DEVICE_CHECK:
            raise NotAllowedNow(visit.state, VisitEvent.MOVED_TO_DEVICE)

    def _shown_anew(self, visit_id: str) -> None:
        self._live.touch_visit(visit_id)
        self._live.touch_desks()


def _picture(address: str) -> str:
    drawn = base64.b64encode(qr_svg(address).encode()).decode()
    return f"data:image/svg+xml;base64,{drawn}"


def _id(page: Page) -> str:
    visit_id = visit_id_of(page.owner)
    if visit_id is None:
        raise Refused("not_allowed_now")
    return visit_id
