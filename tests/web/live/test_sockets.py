"""The two sockets over the real application: who may open them, and what they withstand."""

import asyncio
import json

import pytest
from quart.testing.connections import WebsocketDisconnectError, WebsocketResponseError

from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from appliance.web import sockets
from appliance.web.live.pages_online import CLOSE_NOT_ALLOWED, CLOSE_TOO_MUCH
from appliance.web.sockets import BURST_MESSAGES, MessageBudget
from tests.builders.visits import DETAILS
from tests.web.conftest import SAME_ORIGIN

VISIT_SOCKET = "/api/v1/visit/socket"
DESK_SOCKET = "/api/v1/console/socket"


@pytest.fixture
async def running(web):
    await web.parts.live.start()
    yield web
    await web.parts.live.stop()


async def visit_cookies(web, **arrival):
    visit = await web.parts.visits.arrive(Arrival(entry="walk_in", language="de", **arrival))
    return visit, {"__Host-visit": await web.parts.visits.issue_access(visit.id)}


def open_socket(web, path, cookies, **headers):
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    sent = {"Host": "localhost:8080", **SAME_ORIGIN, "Cookie": cookie, **headers}
    return web.app.test_client(use_cookies=False).websocket(
        path, headers={name: value for name, value in sent.items() if value}
    )


async def heard(socket, kind):
    """The next push of a kind."""
    async with asyncio.timeout(5):
        while True:
            push = json.loads(await socket.receive())
            if push["type"] == kind:
                return push


async def ended_with(socket):
    """The code that the socket is closed with."""
    try:
        async with asyncio.timeout(5):
            while True:
                await socket.receive()
    except WebsocketDisconnectError as ended:
        return ended.args[0]


async def test_it_works(running):
    visit, cookies = await visit_cookies(running)
    async with open_socket(running, VISIT_SOCKET, cookies) as socket:
        assert (await heard(socket, "snapshot"))["state"] == "arrived"
        await socket.send(json.dumps({"type": "start_check", "terms_version": "t-1"}))
        assert (await heard(socket, "snapshot"))["state"] == "device_check"
    assert (await running.parts.visits.get(visit.id)).state is VisitState.DEVICE_CHECK


async def test_the_desk_opens_for_whoever_is_logged_in(running):
    adviser = await running.adviser()
    async with open_socket(running, DESK_SOCKET, adviser.cookies) as socket:
        assert (await heard(socket, "desk"))["adviser_name"] == "Ayşe Yılmaz"


@pytest.mark.parametrize("path", [VISIT_SOCKET, DESK_SOCKET])
@pytest.mark.parametrize("cookies", [{}, {"__Host-visit": "x" * 43, "__Host-login": "y" * 43}])
async def test_without_a_secret_it_stays_closed(running, path, cookies):
    with pytest.raises(WebsocketResponseError) as refused:
        async with open_socket(running, path, cookies) as socket:
            await socket.receive()
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": ""},
        {"Origin": "", "Sec-Fetch-Site": ""},
        {"Origin": "null"},
    ],
)
async def test_a_foreign_origin_is_refused_before_it_is_open(running, headers):
    _, cookies = await visit_cookies(running)
    with pytest.raises(WebsocketResponseError) as refused:
        async with open_socket(running, VISIT_SOCKET, cookies, **headers) as socket:
            await socket.receive()
    assert refused.value.response.status_code == 403


async def test_a_clients_secret_opens_no_desk(running):
    _, cookies = await visit_cookies(running)
    with pytest.raises(WebsocketResponseError) as refused:
        async with open_socket(running, DESK_SOCKET, cookies) as socket:
            await socket.receive()
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    "message",
    ["", "[]", "nonsense", '{"type": "nobody_knows"}', '{"type": "leave", "role": "adviser"}',
     '{"type": "sending", "microphone": NaN, "camera": true}', "[" * 5000,
     '{"type": "admit", "visit_id": "x", "revision": 1}', "\x00"],
)  # fmt: skip
async def test_a_wrong_message_is_answered_and_harms_nothing(running, message):
    visit, cookies = await visit_cookies(running)
    async with open_socket(running, VISIT_SOCKET, cookies) as socket:
        await socket.send(message)
        assert (await heard(socket, "problem"))["code"] == "message_wrong"
        await socket.send(b"\xff\xfe")
        assert (await heard(socket, "problem"))["code"] == "message_wrong"
        await socket.send('{"type": "start_check", "terms_version": "t-1"}')
        while (await heard(socket, "snapshot"))["state"] != "device_check":
            pass
    assert (await running.parts.visits.get(visit.id)).state is VisitState.DEVICE_CHECK


async def test_problems_speak_the_readers_language(running):
    _, cookies = await visit_cookies(running)
    async with open_socket(running, f"{VISIT_SOCKET}?sprache=en", cookies) as socket:
        await socket.send('{"type": "go_back"}')
        push = await heard(socket, "problem")
    assert push["code"] == "not_allowed_now"
    assert push["title"] == "That is not possible here."


@pytest.mark.parametrize("kind", ["visit", "desk"])
async def test_a_sign_of_life_is_answered(running, kind):
    if kind == "visit":
        path, (_, cookies) = VISIT_SOCKET, await visit_cookies(running)
    else:
        path, cookies = DESK_SOCKET, (await running.adviser()).cookies
    async with open_socket(running, path, cookies) as socket:
        for _ in range(2):
            await socket.send('{"type": "alive"}')
            assert await heard(socket, "alive") == {"type": "alive"}


async def test_a_flood_ends_the_socket(running):
    _, cookies = await visit_cookies(running)
    async with open_socket(running, VISIT_SOCKET, cookies) as socket:
        for _ in range(BURST_MESSAGES + 10):
            await socket.send('{"type": "alive"}')
        assert await ended_with(socket) == CLOSE_TOO_MUCH


def test_the_budget_refills():
    budget = MessageBudget(0.0)
    assert all(budget.take(0.0) for _ in range(BURST_MESSAGES))
    assert not budget.take(0.0)
    budget = MessageBudget(0.0)
    assert all(budget.take(second / 32) for second in range(1000))


async def test_a_fourth_socket_of_one_visit_is_refused(running):
    _, cookies = await visit_cookies(running)
    opened = [open_socket(running, VISIT_SOCKET, cookies) for _ in range(3)]
    for one in opened:
        await heard(await one.__aenter__(), "snapshot")
    with pytest.raises(WebsocketResponseError) as refused:
        async with open_socket(running, VISIT_SOCKET, cookies) as socket:
            await socket.receive()
    assert refused.value.response.status_code == 429
    for one in opened:
        await one.__aexit__(None, None, None)
    async with open_socket(running, VISIT_SOCKET, cookies) as socket:
        await heard(socket, "snapshot")


async def test_a_login_that_is_ended_closes_its_desk(running):
    adviser = await running.adviser()
    async with open_socket(running, DESK_SOCKET, adviser.cookies) as socket:
        await heard(socket, "desk")
        await running.parts.advisers.revoke_all(adviser.adviser_id)
        assert await ended_with(socket) == CLOSE_NOT_ALLOWED


async def test_the_idle_lock_takes_no_commands(running):
    adviser = await running.adviser()
    async with open_socket(running, DESK_SOCKET, adviser.cookies) as socket:
        await heard(socket, "desk")
        running.clock.forward(minutes=31)
        await socket.send('{"type": "tell_busy", "visit_id": "x"}')
        assert await ended_with(socket) == CLOSE_NOT_ALLOWED


async def test_the_idle_lock_cuts_no_session(running):
    adviser = await running.adviser()
    visits = running.parts.visits
    visit, _ = await visit_cookies(running, adviser_id=adviser.adviser_id)
    await lead_to_waiting(visits, visit.id)
    who = {"actor_id": adviser.adviser_id, "adviser_id": adviser.adviser_id}
    await visits.happen(visit.id, VisitEvent.ADMITTED, Actor.ADVISER, **who)
    async with open_socket(running, DESK_SOCKET, adviser.cookies) as socket:
        assert (await heard(socket, "desk"))["session"]["visit_id"] == visit.id
        running.clock.forward(minutes=31)
        await socket.send('{"type": "end_visit", "outcome": "telephone"}')
        while (await heard(socket, "desk"))["session"] is not None:
            pass
    assert (await visits.get(visit.id)).outcome == "telephone"


async def lead_to_waiting(visits, visit_id):
    for event in ("check_started", "check_finished", "consent_given", "identity_stated"):
        await visits.happen(visit_id, VisitEvent(event), Actor.CLIENT, **DETAILS[event])


async def test_many_may_share_an_address_of_the_agency(running, monkeypatch):
    monkeypatch.setattr(sockets, "SOCKETS_PER_ADDRESS", 1)
    visits = [await visit_cookies(running) for _ in range(2)]
    async with open_socket(running, VISIT_SOCKET, visits[0][1]) as first:
        await heard(first, "snapshot")
        with pytest.raises(WebsocketResponseError) as refused:
            async with open_socket(running, VISIT_SOCKET, visits[1][1]) as second:
                await second.receive()
        assert refused.value.response.status_code == 429
        monkeypatch.setattr(running.parts.limiter, "factor", lambda _: 10)
        async with open_socket(running, VISIT_SOCKET, visits[1][1]) as second:
            await heard(second, "snapshot")


async def test_the_test_page_checks_devices_without_a_visit(running):
    browser = running.browser()
    assert (await browser.get("/test")).status_code == 200
    async with open_socket(running, VISIT_SOCKET, browser.cookies) as socket:
        assert (await heard(socket, "snapshot"))["state"] == "arrived"
        await socket.send('{"type": "start_check", "terms_version": "t-1"}')
        await socket.send('{"type": "leave_message", "text": "Hallo"}')
        assert (await heard(socket, "problem"))["code"] == "not_allowed_now"
    assert await running.parts.visits.open_visits() == []


# ---- two browsers of one client
async def in_the_check(running):
    """A browser that has come in by the link, the link's secret, and the visit."""
    browser, secret = running.browser(), await running.link_secret()
    await browser.post("/api/v1/links/open", json={"secret": secret})
    (visit,) = await running.parts.visits.open_visits()
    await running.parts.visits.happen(visit.id, VisitEvent.CHECK_STARTED, Actor.CLIENT)
    return browser, secret, visit


@pytest.mark.parametrize(
    "wish", [{"type": "continue_here"}, {"type": "move_to_device", "on": True}]
)
async def test_whoever_lost_the_visit_to_another_browser_cannot_take_it_back(running, wish):
    browser, secret, visit = await in_the_check(running)
    async with open_socket(running, VISIT_SOCKET, browser.cookies) as socket:
        await heard(socket, "snapshot")
        await running.browser().post("/api/v1/links/open", json={"secret": secret})
        await socket.send(json.dumps(wish))
        assert await ended_with(socket) == CLOSE_NOT_ALLOWED
    assert visit.id not in running.parts.live.hand_overs._offers


async def test_a_code_is_worth_nothing_once_another_browser_came_in_by_the_link(running):
    _, secret, visit = await in_the_check(running)
    code = running.parts.live.hand_overs.offer(visit.id)
    await running.browser().post("/api/v1/links/open", json={"secret": secret})
    answer = await running.browser().post("/api/v1/hand-over/take", json={"secret": code})
    assert answer.status_code == 404


async def test_the_browsers_of_a_moved_check_are_told_apart_by_their_cookies(running):
    computer, _, visit = await in_the_check(running)
    phone, code = running.browser(), running.parts.live.hand_overs.offer(visit.id)
    await phone.post("/api/v1/hand-over/take", json={"secret": code})
    async with open_socket(running, VISIT_SOCKET, phone.cookies) as socket:
        assert not (await heard(socket, "snapshot"))["elsewhere"]
        await running.parts.visits.happen(visit.id, VisitEvent.CHECK_FINISHED, Actor.CLIENT)
    # The phone's screen is dark: the computer's window reconnects, and waits to be asked.
    async with open_socket(running, f"{VISIT_SOCKET}?idle=1", computer.cookies) as socket:
        shown = await heard(socket, "snapshot")
        assert (shown["elsewhere"], shown["moved"], shown["state"]) == (True, True, "consent")
    async with open_socket(running, VISIT_SOCKET, phone.cookies) as socket:
        assert (await heard(socket, "snapshot"))["state"] == "consent"
    async with open_socket(running, VISIT_SOCKET, computer.cookies) as socket:  # loaded anew
        while (await heard(socket, "snapshot"))["state"] != "device_check":
            pass  # what was true before its arrival may come first
