"""Two media processes behind one interface: rooms are spread, and outlive the end of one."""

import asyncio
import contextlib
import sys

import pytest

from appliance.relay.client import RelayError
from appliance.relay.control import Hello
from appliance.relay.workers import RelayWorkers
from appliance.sockets import media_socket
from tests.media.conftest import eventually

START = """
import sys
from pathlib import Path
from appliance.relay.server import MediaOptions, main
options = MediaOptions(Path(sys.argv[1]), 0, ["127.0.0.1"], worker=int(sys.argv[2]))
sys.exit(main(options))
"""


class House:
    """Two processes, and what web heard of them."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = {}
        self.greetings, self.losses = [], 0
        self.relay = self.new_relay()

    def new_relay(self):
        paths = [media_socket(self.folder, worker) for worker in (1, 2)]
        return RelayWorkers(paths, on_connected=self.greeted, on_disconnected=self.lost)

    async def greeted(self, hello):
        self.greetings.append({room.room_id for room in hello.rooms})

    async def lost(self):
        self.losses += 1

    async def begin(self, worker):
        self.processes[worker] = await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, str(self.folder), str(worker)
        )

    async def end(self, worker):
        self.processes[worker].kill()
        await self.processes[worker].wait()

    def worker_of(self, room_id):
        return self.relay._worker_of[room_id] + 1


@pytest.fixture
async def house(tmp_path):
    made = House(tmp_path)
    await made.begin(1)
    await made.begin(2)
    await eventually(lambda: all(path.exists() for path in made.folder.glob("*")), 10)
    await made.relay.start()
    await made.relay.wait_connected(20)
    await eventually(lambda: all(w.connected for w in made.relay._workers), 20)
    yield made
    await made.relay.close()
    for worker in made.processes:
        with contextlib.suppress(ProcessLookupError):
            await made.end(worker)


async def test_it_works(house):
    for name in ("a", "b", "c", "d"):
        await house.relay.open_room(name)
    assert sorted(house.worker_of(name) for name in "abcd") == [1, 1, 2, 2]
    ports = set()
    for name in "abcd":
        offer = (await house.relay.add_peer(name, f"{name}-peer")).offer
        ports.add(offer.split(" typ host")[0].split()[-1])
    assert len(ports) == 2
    assert (await house.relay.restart_ice("c-peer")).offer
    await house.relay.remove_peer("c-peer")
    await house.relay.close_room("d")


async def test_what_is_unknown_is_said_as_by_one(house):
    with pytest.raises(RelayError, match="room_unknown"):
        await house.relay.add_peer("nowhere", "peer")
    with pytest.raises(RelayError, match="peer_unknown"):
        await house.relay.restart_ice("nobody")
    await house.relay.close_room("nowhere")
    await house.relay.remove_peer("nobody")


async def test_a_worker_that_ends_takes_its_rooms_alone(house):
    for name in ("a", "b"):
        await house.relay.open_room(name)
    gone, stays = sorted("ab", key=house.worker_of)
    await house.end(house.worker_of(gone))
    await eventually(lambda: not house.relay.holds(gone))
    await eventually(lambda: house.greetings[-1] == set())
    assert house.relay.holds(stays)
    assert house.losses == 0
    await house.relay.open_room(gone)  # in the other one, at once
    assert house.worker_of(gone) == house.worker_of(stays)
    await house.begin(1)
    await eventually(lambda: all(w.connected for w in house.relay._workers), 20)
    await house.relay.open_room("c")
    assert house.worker_of("c") == 1
    await house.end(1)
    await house.end(2)
    await eventually(lambda: house.losses == 1, 5)
    with pytest.raises(RelayError, match="relay_unavailable"):
        await house.relay.open_room("e")


async def test_web_that_comes_back_finds_all_rooms_where_they_are(house):
    for name in ("a", "b"):
        await house.relay.open_room(name)
    before = {name: house.worker_of(name) for name in "ab"}
    await house.relay.close()
    house.greetings.clear()
    house.relay = house.new_relay()
    await house.relay.start()
    await eventually(lambda: house.greetings, 5)
    assert set().union(*house.greetings) == {"a", "b"}
    assert {name: house.worker_of(name) for name in "ab"} == before


async def test_a_worker_whose_connection_drops_gives_up_what_was_opened_elsewhere(house):
    """The process lives on; meanwhile its room is another one's."""
    await house.relay.open_room("a")
    first = house.worker_of("a")
    link = house.relay._workers[first - 1]
    link._path, path = "/nowhere", link._path
    link._writer.close()
    await eventually(lambda: not house.relay.holds("a"))
    await house.relay.open_room("a")
    assert house.worker_of("a") != first
    link._path = path
    await eventually(lambda: link.connected and len(house.relay._greeted) == 2, 5)
    assert house.worker_of("a") != first
    assert [room["room_id"] for room in (await link._ask(Hello()))["rooms"]] == []


async def test_a_room_that_was_refused_is_no_room(house, monkeypatch):
    async def busy(_):
        raise RelayError("busy")

    for worker in house.relay._workers:
        monkeypatch.setattr(worker, "_ask", busy)
    with pytest.raises(RelayError, match="busy"):
        await house.relay.open_room("a")
    assert not house.relay.holds("a")
