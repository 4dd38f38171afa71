"""The WebSockets: a client's page (or a test page), the adviser's desk, pages of conferences.

Origin, host and cookie have been checked when a socket gets here (``security``, ``access``). One
task reads commands, one sends pushes; whichever ends first ends the socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from quart import Blueprint, abort, g, websocket

from appliance.advisers.logins import LoginState
from appliance.advisers.rights import Action
from appliance.conferences.errors import ConferenceUnknown
from appliance.web import commands as c
from appliance.web.access import CONFERENCE_SOCKET, Who, access, present_adviser, present_guest
from appliance.web.address import address_of
from appliance.web.cookies import LOGIN, VISIT, check_grant_of, kiosk_of
from appliance.web.help_messages import MoveToDevice
from appliance.web.language import reader_language
from appliance.web.limits import Budget
from appliance.web.live import Live
from appliance.web.live.hand_overs import device_of
from appliance.web.live.owners import (
    adviser_id_of,
    conference_owner,
    desk_owner,
    test_owner,
    visit_owner,
)
from appliance.web.live.pages_online import (
    CLOSE_NOT_ALLOWED,
    CLOSE_TOO_MUCH,
    SOCKETS_PER_ADDRESS,
    Page,
    TooManySockets,
)
from appliance.web.live.problems import problem, problem_of
from appliance.web.live_text_messages import WriteLive
from appliance.web.parts import parts
from appliance.web.wire import Answering

MESSAGES_PER_S = 32
BURST_MESSAGES = 64
LOGIN_CHECKED_EVERY_S = 15.0

blueprint = Blueprint("sockets", __name__)

Take = Callable[[Page, c.Wire], Awaitable[None]]
Allowed = Callable[[Page, c.Wire], Awaitable[bool]]

_client_commands: TypeAdapter[c.ClientCommand] = TypeAdapter(c.ClientCommand)
_conference_commands: TypeAdapter[c.ConferenceCommand] = TypeAdapter(c.ConferenceCommand)
_desk_commands: TypeAdapter[c.DeskCommand] = TypeAdapter(c.DeskCommand)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a socket of one kind understands, and who follows it."""

    adapter: TypeAdapter[Any]
    take: Take
    allowed: Allowed


class MessageBudget:
    """32 messages a second, with a burst of 64. ``now_s`` is monotonic."""

    def __init__(self, now_s: float) -> None:
        self._left = float(BURST_MESSAGES)
        self._at_s = now_s

    def take(self, now_s: float) -> bool:
        """Whether one more message is within the budget."""
        refilled = self._left + (now_s - self._at_s) * MESSAGES_PER_S
        self._left = min(float(BURST_MESSAGES), refilled) - 1
        self._at_s = now_s
        return self._left >= 0


@blueprint.websocket("/api/v1/visit/socket")
@access(Who.CHECKER, Budget.SOCKETS)
async def visit_socket() -> None:
    """A client's page; with ``?test=1``, or without a visit, a page that only checks devices.

    ``?idle=1``: a window that was told ``elsewhere`` reconnects without taking over.
    """
    live = parts().live
    visit = None if websocket.args.get("test") == "1" else g.visit
    if visit is not None:
        secret = websocket.cookies.get(VISIT, "")
        device = device_of(secret)
        kiosk = await kiosk_of(websocket)
        at = kiosk.id if kiosk else None
        left = live.hand_overs.left(visit.id, device)
        page = _opened(live, visit_owner(visit.id), device=device, left=left, kiosk_id=at)
        live.chat.greet(page, visit)
        watch = AccessWatch(live, secret)
        await _serve(live, page, Talk(_client_commands, live.client_commands.take, watch.allowed))
        return
    grant_id = await _may_test()
    if grant_id is None:
        abort(401)
    page = _opened(live, test_owner(grant_id))
    await _serve(live, page, Talk(_client_commands, live.test_page_commands.take, _always))


async def _may_test() -> str | None:
    """A browser's grant; a kiosk needs none to test itself."""
    kiosk = await kiosk_of(websocket)
    return kiosk.id if kiosk is not None else check_grant_of(websocket)


@blueprint.websocket("/api/v1/console/socket")
@access(Who.ADVISER, Budget.SOCKETS, Action.BE_HERE)
async def console_socket() -> None:
    """The desk of whoever is logged in."""
    live, adviser = parts().live, present_adviser()
    secret = websocket.cookies.get(LOGIN, "")
    view = await live.parts.advisers.look(secret)
    if view is None:
        abort(401)
    await live.parts.looks.note_desk(adviser.id)
    page = _opened(live, desk_owner(adviser.id))
    page.login_id = view.login.id
    session = await live.desk_commands.session_of(adviser.id)
    if session is not None:
        live.chat.greet(page, session)
    watch = LoginWatch(live, secret)
    await _serve(live, page, Talk(_desk_commands, live.desk_commands.take, watch.allowed))


@blueprint.websocket(CONFERENCE_SOCKET)
@access(Who.ADVISER, Budget.SOCKETS)
async def conference_socket() -> None:
    """A member of staff in, or called into, ``?conference=<id>``."""
    live, adviser = parts().live, present_adviser()
    secret = websocket.cookies.get(LOGIN, "")
    view = await live.parts.advisers.look(secret)
    try:
        found = await live.parts.conferences.get(websocket.args.get("conference", ""))
    except ConferenceUnknown:
        abort(404)
    member = found.of_adviser(adviser.id)
    if member is None or view is None:
        abort(404)
    page = _opened(live, conference_owner(member.conference_id, member.id))
    page.login_id = view.login.id
    await live.joined.greet(page)
    await _serve_conference(live, page, ConferenceWatch(live, secret).allowed)


@blueprint.websocket("/api/v1/rooms/socket")
@access(Who.GUEST, Budget.SOCKETS)
async def guest_socket() -> None:
    """A guest in, or before, the conference that the browser's secret is for."""
    guest = present_guest()
    page = _opened(parts().live, conference_owner(guest.conference_id, guest.id))
    await parts().live.joined.greet(page)
    await _serve_conference(parts().live, page, _always)


async def _serve_conference(live: Live, page: Page, allowed: Allowed) -> None:
    await _serve(live, page, Talk(_conference_commands, live.conference_commands.take, allowed))


class ConferenceWatch:
    """Whether the login behind a page in a conference stands; being idle ends no conference."""

    def __init__(self, live: Live, secret: str) -> None:
        self._live = live
        self._secret = secret
        self._checked_s = live.now_s()

    async def allowed(self, _page: Page, command: c.Wire) -> bool:
        """Signs of life are checked now and then, commands always."""
        now_s = self._live.now_s()
        if isinstance(command, c.Alive) and now_s - self._checked_s < LOGIN_CHECKED_EVERY_S:
            return True
        self._checked_s = now_s
        view = await self._live.parts.advisers.look(self._secret)
        return view is not None and view.state is not LoginState.OVER


class AccessWatch:
    """Whether an idle window may take its visit over: its browser must still hold the visit."""

    def __init__(self, live: Live, secret: str) -> None:
        self._live = live
        self._secret = secret

    async def allowed(self, _page: Page, command: c.Wire) -> bool:
        """An access ends when another browser enters by the link; that one is the client's now."""
        if not isinstance(command, c.ContinueHere | MoveToDevice):
            return True
        return await self._live.parts.visits.by_access(self._secret) is not None


class LoginWatch:
    """Whether the login behind a desk still stands; the idle lock never cuts a session."""

    def __init__(self, live: Live, secret: str) -> None:
        self._live = live
        self._secret = secret
        self._checked_s = live.now_s()

    async def allowed(self, page: Page, command: c.Wire) -> bool:
        """Signs of life are checked now and then and are no use of the login; commands always.

        Letters are checked now and then, too: whose login ends is cut off at once anyway.
        """
        now_s = self._live.now_s()
        alive = isinstance(command, c.Alive)
        if (
            alive or isinstance(command, WriteLive)
        ) and now_s - self._checked_s < LOGIN_CHECKED_EVERY_S:
            return True
        self._checked_s = now_s
        advisers = self._live.parts.advisers
        if await advisers.by_login(self._secret, touch=not alive) is not None:
            return True
        view = await advisers.look(self._secret)
        if view is None or view.state is LoginState.OVER:
            return False
        return (
            await self._live.desk_commands.session_of(adviser_id_of(page.owner) or "") is not None
        )


async def _always(_page: Page, _command: c.Wire) -> bool:
    return True


def _opened(
    live: Live, owner: str, *, device: str = "", left: bool = False, kiosk_id: str | None = None
) -> Page:
    address = address_of(websocket)
    try:
        return live.pages.open(
            owner,
            reader_language(),
            address,
            idle=websocket.args.get("idle") == "1",
            left=left,
            device=device,
            kiosk_id=kiosk_id,
            most=SOCKETS_PER_ADDRESS * live.parts.limiter.factor(address),
        )
    except TooManySockets:
        abort(429)


async def _serve(live: Live, page: Page, talk: Talk) -> None:
    try:
        await websocket.accept()
        if not page.idle:
            await live.hand_over.took_over(page)
        live.touch_owner(page.owner)
        live.touch_sessions_of(page.owner)
        tasks = [
            asyncio.create_task(_send(page), name="socket-send"),
            asyncio.create_task(_receive(live, page, talk), name="socket-receive"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await websocket.close(page.close_code or 1000)
    finally:
        live.pages.close(page)


async def _send(page: Page) -> None:
    while (push := await page.next_push()) is not None:
        await websocket.send(push.model_dump_json())


async def _receive(live: Live, page: Page, talk: Talk) -> None:
    budget = MessageBudget(live.now_s())
    while page.close_code is None:
        message = await websocket.receive()
        if not budget.take(live.now_s()):
            page.push(problem("too_many_messages", page.language))
            page.close(CLOSE_TOO_MUCH)
            return
        live.pages.heard(page)
        await follow(live, page, talk, message)


async def follow(live: Live, page: Page, talk: Talk, message: str | bytes) -> None:
    """One message of a page. Whatever goes wrong is answered with a problem and a snapshot."""
    try:
        command = talk.adapter.validate_json(message)
    except ValidationError:
        page.push(problem("message_wrong", page.language))
        return
    try:
        if not await talk.allowed(page, command):
            page.close(CLOSE_NOT_ALLOWED)
        elif isinstance(command, c.ContinueHere):
            await live.continue_here(page)
        elif isinstance(command, c.Alive):
            page.push(Answering())
        elif page.idle:
            page.push(problem("elsewhere", page.language))
        else:
            await talk.take(page, command)
    except Exception as error:  # noqa: BLE001 - a failed wish is answered, it ends no socket
        page.push(problem_of(error, page.language))
        page.show_again()
        live.touch_owner(page.owner)
