"""Web and media over the Unix socket: requests, errors, events, reconnection."""

import asyncio
import json

import pytest

from appliance.relay.client import RelayClient, RelayError
from appliance.relay.control import MAX_LINE_BYTES, Route
from appliance.relay.options import MediaOptions
from appliance.relay.service import Service
from tests.media.conftest import eventually
from tests.media.phone import Phone


@pytest.fixture
async def service(tmp_path):
    made = Service(
        MediaOptions(runtime_dir=tmp_path, port=0, addresses=("127.0.0.1",), rooms_kept_s=0.3)
    )
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def client(service, tmp_path):
    made = RelayClient(tmp_path / "media.sock")
    await made.start()
    await made.wait_connected()
    yield made
    await made.close()


async def test_it_works(client):
    events = []

    async def keep(event):
        if event.event != "restart_offered":  # soon, as sound stops: see test_come_and_go.py
            events.append(event)

    client.on_event = keep
    await client.open_room("r")
    phone = Phone()
    answer = await phone.join((await client.add_peer("r", "a")).offer)
    await client.accept_answer("a", answer)
    await phone.connect()
    await eventually(lambda: events)
    assert (events[0].event, events[0].peer_id, events[0].state) == ("peer_state", "a", "connected")
    phone.send_media("microphone", b"x")
    await eventually(lambda: len(events) == 2)
    assert (events[1].event, events[1].kind, events[1].flowing) == (
        "media_flow",
        "microphone",
        True,
    )
    await eventually(lambda: len(events) == 3, within_s=10)
    assert events[2].flowing is False
    stats = await client.stats()
    assert stats["rooms"]["r"]["a"]["state"] == "connected"
    await client.close_room("r")
    await client.close_room("r")
    await client.remove_peer("a")
    phone.vanish()


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda c: c.add_peer("none", "a"), "room_unknown"),
        (lambda c: c.add_peer("r", "b"), "peer_exists"),
        (lambda c: c.accept_answer("none", "v=0"), "peer_unknown"),
        (lambda c: c.accept_answer("b", "v=0"), "answer_invalid"),
        (lambda c: c.restart_ice("none"), "peer_unknown"),
        (lambda c: c.tell_analyser("b", {}), "not_an_analyser"),
        (lambda c: c.add_analyser("r", "x", {}), "analyser_unavailable"),
        (
            lambda c: c.set_routes("r", [Route(source="b", kind="camera", target="z")]),
            "peer_unknown",
        ),
        (
            lambda c: c.set_routes("r", [Route(source="b", kind="camera", target="b", slot=4)]),
            "slot_unknown",
        ),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_code(client, ask, code):
    await client.open_room("r")
    await client.add_peer("r", "b")
    with pytest.raises(RelayError) as refused:
        await ask(client)
    assert refused.value.code == code


async def test_two_sources_for_one_slot_are_refused_and_change_nothing(client, service):
    await client.open_room("r")
    for name in "abc":
        await client.add_peer("r", name)
    good = [Route(source="a", kind="camera", target="c")]
    await client.set_routes("r", good)
    with pytest.raises(RelayError, match="slot_taken"):
        await client.set_routes("r", [*good, Route(source="b", kind="camera", target="c")])
    assert service.relay.room("r").routes == frozenset(good)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        b'{"id": 1}',
        b'{"id": 1, "do": "record"}',
        b'{"id": 1, "do": "open_room", "room_id": "../etc"}',
        b'{"id": 1, "do": "open_room", "room_id": "r", "more": 1}',
        b'{"id": 1, "do": "hello", "protocol": 99}',
    ],
)
async def test_lines_that_web_never_writes(service, tmp_path, line):
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "media.sock"))
    writer.write(line + b"\n")
    reply = json.loads(await reader.readline())
    assert reply["error"]["code"] in ("request_invalid", "protocol_unknown")
    writer.write(b'{"id": 2, "do": "open_room", "room_id": "r"}\n')
    assert json.loads(await reader.readline()) == {"id": 2, "ok": {}}
    writer.close()


async def test_a_line_without_an_end_is_cut(service, tmp_path):
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "media.sock"))
    writer.write(b"x" * (MAX_LINE_BYTES + 10))
    assert await reader.read() == b""
    writer.close()


async def test_a_new_web_replaces_the_old_one_and_hears_what_was_kept(client, service, tmp_path):
    await client.open_room("r")
    await client.add_peer("r", "a")
    greetings = []

    async def greeted(reply):
        greetings.append(reply)

    second = RelayClient(tmp_path / "media.sock", on_connected=greeted)
    await client.close()
    await second.start()
    await second.wait_connected()
    await eventually(lambda: greetings)
    assert greetings[0].rooms[0].room_id == "r"
    assert greetings[0].rooms[0].peers[0].peer_id == "a"
    await second.close()


async def test_rooms_go_a_while_after_web(client, service):
    await client.open_room("r")
    await client.close()
    assert "r" in service.relay.rooms
    await eventually(lambda: not service.relay.rooms)


async def test_the_client_comes_back_after_a_restart_of_media(tmp_path):
    options = MediaOptions(runtime_dir=tmp_path, port=0, addresses=("127.0.0.1",))
    first = Service(options)
    await first.start()
    lost = asyncio.Event()

    async def disconnected():
        lost.set()

    client = RelayClient(tmp_path / "media.sock", on_disconnected=disconnected)
    await client.start()
    await client.wait_connected()
    await first.close()
    await asyncio.wait_for(lost.wait(), 2)
    with pytest.raises(RelayError, match="relay_unavailable"):
        await client.open_room("r")
    again = Service(options)
    await again.start()
    await client.wait_connected()
    await client.open_room("r")
    await client.close()
    await again.close()


async def test_a_failing_handler_does_not_end_the_events(client):
    seen = []

    async def fails_first(event):
        seen.append(event)
        if len(seen) == 1:
            raise RuntimeError

    client.on_event = fails_first
    await client.open_room("r")
    phone = Phone()
    await client.accept_answer("a", await phone.join((await client.add_peer("r", "a")).offer))
    await phone.connect()
    phone.send_media("microphone", b"x")
    await eventually(lambda: len(seen) >= 2)
    phone.vanish()


async def test_a_second_media_process_does_not_steal_the_socket(service, tmp_path):
    second = Service(MediaOptions(runtime_dir=tmp_path, port=0, addresses=("127.0.0.1",)))
    with pytest.raises(OSError, match="another media process"):
        await second.start()
    second.plane.close()


async def test_a_guest_asks_without_becoming_web(client, service, tmp_path):
    """Its rooms are its own, and go with it."""
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "media.sock"))
    writer.write(b'{"id": 1, "do": "open_room", "room_id": "guest"}\n')
    assert json.loads(await reader.readline()) == {"id": 1, "ok": {}}
    await client.open_room("r")
    assert set(service.relay.rooms) == {"r", "guest"}
    writer.close()
    await eventually(lambda: set(service.relay.rooms) == {"r"})
    assert client.connected
