"""What the relay of a running appliance has counted, asked over its control socket."""

import asyncio
import json
from typing import Any


async def peers(appliance: Any) -> dict[str, dict[str, Any]]:
    """The peers of the one room there is. Web is hung up on, and calls again by itself."""
    path = str(appliance.box.folder / "run" / "media.sock")
    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 20)
    writer.write(b'{"id": 1, "do": "stats"}\n')
    try:
        while True:
            answer = json.loads(await asyncio.wait_for(reader.readline(), 10))
            if answer.get("id") == 1:
                break
    finally:
        writer.close()
    rooms = answer["ok"]["rooms"]
    assert len(rooms) <= 1, rooms
    return dict(next(iter(rooms.values()), {}))


def sent(peer: dict[str, Any], kind: str) -> int:
    """Packets of this kind that have come from the peer."""
    return int(peer["sends"].get(kind, {}).get("packets", 0))


def received(peer: dict[str, Any], kind: str) -> int:
    """Packets of this kind that the peer was sent."""
    return sum(int(one["packets"]) for one in peer["receives"] if one["kind"] == kind)
