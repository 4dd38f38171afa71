"""What the media process is started with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What one media process takes on. Times in seconds."""

    rooms: int = 256  # every check, everybody who waits and every test page has one
    peers_per_room: int = 16  # six people, each with an old and a new connection, and analysers
    pending_per_room: int = 6  # offered, and not connected yet
    pending: int = 32
    peers: int = 512
    connect_within_s: float = 15.0
    flow_stops_after_s: float = 2.0


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """What the process is started with. Port 0 takes any free one (tests)."""

    runtime_dir: Path
    port: int = 40000
    addresses: Sequence[str] = field(default_factory=tuple)
    public_addresses: Sequence[str] = field(default_factory=tuple)
    keep_private: bool = True
    rooms_kept_s: float = 120.0
    limits: Limits = field(default_factory=Limits)
    worker: int = 1
