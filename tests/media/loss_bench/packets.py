"""Two clients of our own on lines of many shapes, both hops alike: which packets arrive in time."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

from appliance.relay.control import Route
from tests.media.loss_bench.caller import Caller
from tests.media.process import media_process
from tests.media.udp_hop import UdpHop

HOST: Final = "127.0.0.1"
TICK_S: Final = 0.004
ROUND_TRIPS: Final = (1, 2, 3)
DELAY_S: Final = 0.0125  # of each hop, each way: 50 ms from client to client and back
# Fields of UdpHop, the same for both clients and both ways.
SHAPES: Final[dict[str, dict[str, float]]] = {
    "no loss": {"delay_s": DELAY_S},
    "1 % lost": {"delay_s": DELAY_S, "loss": 0.01},
    "5 % lost": {"delay_s": DELAY_S, "loss": 0.05},
    "20 % lost": {"delay_s": DELAY_S, "loss": 0.2},
    "5 % lost, 200 ms": {"delay_s": 0.05, "loss": 0.05},
    "10 % out of order": {"delay_s": DELAY_S, "late": 0.1},
}


async def _call(client: Any, room: str, shape: dict[str, float]) -> list[tuple[Caller, UdpHop]]:
    """Two connected callers, each behind a hop of its own that is still without faults."""
    await client.open_room(room)
    ends = []
    for name in (f"{room}a", f"{room}b"):
        caller = Caller(HOST, 2 * shape["delay_s"])
        answer = await caller.join((await client.add_peer(room, name)).offer)
        hop = await UdpHop(HOST, caller.relay_address).open()
        caller.relay_address = (HOST, hop.port)
        await client.accept_answer(name, answer)
        await caller.connect()
        ends.append((caller, hop))
    (a, _), (b, _) = ends
    a.other, b.other = b, a
    kinds = ("microphone", "camera")
    names = (f"{room}a", f"{room}b")
    ways = (names, names[::-1])
    routes = [Route(source=s, kind=kind, target=t) for s, t in ways for kind in kinds]
    await client.set_routes(room, routes)
    return ends


async def _play(callers: list[Caller], seconds: float) -> None:
    until_s = time.monotonic() + seconds
    check_at_s = 0.0
    while (now_s := time.monotonic()) < until_s:
        if now_s >= check_at_s:
            check_at_s = now_s + 1
            for caller in callers:
                caller.check()
        for caller in callers:
            caller.tick()
        await asyncio.sleep(TICK_S)


async def one(client: Any, room: str, shape: dict[str, float], seconds: float) -> dict[str, Any]:
    """The row of one shape."""
    ends = await _call(client, room, shape)
    callers = [caller for caller, _ in ends]
    for caller in callers:
        caller.begin()
    await _play(callers, 1.0)  # both pictures flow
    for caller, hop in ends:
        for name, value in shape.items():
            setattr(hop, name, value)
        caller.pictures.left_s.clear()
        caller.sounds.left_s.clear()
    await _play(callers, seconds)
    row = _row(callers, 4 * shape["delay_s"])
    for caller, hop in ends:
        hop.close()
        await caller.hang_up()
    await client.close_room(room)
    return row


def _row(callers: list[Caller], round_trip_s: float) -> dict[str, Any]:
    until_s = time.monotonic() - max(ROUND_TRIPS) * round_trip_s - 0.1

    def share(kind: str, trips: float) -> float:
        limit_s = trips * round_trip_s
        found = [getattr(c, kind).within(limit_s, until_s) for c in callers]
        return round(sum(found) / len(found), 5)

    return {
        "round_trip_ms": round(round_trip_s * 1000),
        "packets": sum(len(caller.pictures.left_s) for caller in callers),
        "picture_within": {f"{n} RTT": share("pictures", n) for n in ROUND_TRIPS},
        "sound_within": {f"{n} RTT": share("sounds", n) for n in ROUND_TRIPS},
        "asked_by_receivers": sum(caller.asked for caller in callers),
        "sent_again_by_senders": sum(caller.answered for caller in callers),
    }


async def measure(names: list[str], seconds: float) -> dict[str, Any]:
    """All shapes, one after another, through one media process."""
    rows = {}
    async with media_process([HOST]) as (_, client):
        for count, name in enumerate(names):
            rows[name] = await one(client, f"room{count}", SHAPES[name], seconds)
            print(name, rows[name], flush=True)
    return rows
