"""A conversation of two over aiortc's MediaRelay, as its own examples build one."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

relay = MediaRelay()
rooms: dict[int, list[tuple[RTCPeerConnection, dict[str, Any]]]] = {}


async def join(room: int, offer: str) -> str:
    """Answers a peer; the second one gets the first one's tracks, and the other way round."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    tracks: dict[str, Any] = {}
    connection.on("track", lambda track: tracks.__setitem__(track.kind, track))
    await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    others = rooms.setdefault(room, [])
    for transceiver in connection.getTransceivers():
        transceiver.direction = "sendrecv"
    await connection.setLocalDescription(await connection.createAnswer())
    others.append((connection, tracks))
    if len(others) == 2:
        for (receiver, _), (_, heard) in zip(others, others[::-1], strict=True):
            for transceiver in receiver.getTransceivers():
                transceiver.sender.replaceTrack(relay.subscribe(heard[transceiver.kind]))
    return connection.localDescription.sdp


async def main() -> None:
    """Lines of JSON in, lines of JSON out."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        words = json.loads(line)
        answer = await join(words["room"], words["offer"]) if "offer" in words else ""
        print(json.dumps({"answer": answer}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
