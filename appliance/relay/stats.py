"""What the process tells about itself: counters and reception, no personal data."""

from __future__ import annotations

import asyncio
import resource
import threading
from typing import Any

from appliance.relay.peer import AnalyserPeer, BrowserPeer, Peer
from appliance.relay.room import Relay
from appliance.relay.streams import BrowserSink, Source


def describe(relay: Relay) -> dict[str, Any]:
    """One JSON object: the process, its rooms, their peers."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "memory_peak_kib": usage.ru_maxrss,
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "load": relay.load().model_dump(),
        "paths": len(relay.plane.by_path),
        "names": len(relay.plane.by_ufrag),
        "counters": relay.plane.described(),
        "rooms": {
            room.room_id: {peer.peer_id: _peer(peer) for peer in room.peers.values()}
            for room in relay.rooms.values()
        },
    }


def _peer(peer: Peer) -> dict[str, Any]:
    sends = {str(kind): _source(source) for kind, source in peer.sources.items() if source.packets}
    if isinstance(peer, AnalyserPeer):
        return {"state": peer.state, "sends": sends, "dropped": peer.link.dropped}
    return {
        "state": peer.state,
        "sends": sends,
        "receives": [_sink(sink) for sink in peer.transport.sinks if sink.packets],
        **_transport(peer),
    }


def _transport(peer: BrowserPeer) -> dict[str, Any]:
    transport = peer.transport
    return {
        "round_trip_ms": round(transport.round_trip_s * 1000, 1),
        "estimate_kbps": round(transport.downlink.estimate_kbps),
        "limit_kbps": round(transport.downlink.kbps),
        "sent_kbps": round(transport.downlink.sent_kbps),
        "checks": transport.ice.checks,
        "dtls": peer.dtls.described(),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "packets": source.packets,
        "octets": source.octets,
        "lost": max(source.highest - source.base + 1 - source.received, 0),
        "recovered": source.recovered,
        "keyframes": source.keyframes,
        "keyframe_requests": source.keyframe_requests,
        "jitter_ms": round(source.jitter * 1000 / source.clock_hz, 2),
    }


def _sink(sink: BrowserSink) -> dict[str, Any]:
    return {
        "kind": sink.kind,
        "packets": sink.packets,
        "octets": sink.octets,
        "resent": sink.resent,
        "refused": sink.refused,
        "loss": round(sink.loss, 4),
    }
