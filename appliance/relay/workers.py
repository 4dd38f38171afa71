"""Several media processes as one relay: a room lives in one of them.

Each has its own UDP port and its own socket for web. Whoever opens a room gets the worker with the
fewest; a worker that ends takes its rooms with it, and they are opened anew in the others at once,
without waiting for it to be started again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from appliance.relay.client import RelayClient, RelayError
from appliance.relay.control import (
    AddAnalyser,
    AddPeer,
    CloseRoom,
    Event,
    HelloReply,
    Message,
    OpenRoom,
    RemovePeer,
)

FIRST_GREETINGS_S: Final = 1.0  # a room that a slow worker has kept must not be opened elsewhere


class RelayWorkers(RelayClient):
    """All media processes behind the interface of one. ``paths``: their sockets."""

    def __init__(self, paths: Sequence[Path], **callbacks: Any) -> None:
        super().__init__("", **callbacks)
        self._workers = [
            RelayClient(
                path,
                on_event=self._said,
                on_connected=partial(self._found, number),
                on_disconnected=partial(self._lost, number),
            )
            for number, path in enumerate(paths)
        ]
        self._worker_of: dict[str, int] = {}  # by room
        self._room_of: dict[str, str] = {}  # by peer
        self._early: dict[int, HelloReply] | None = {}  # greetings before all were heard
        self._early_events: list[Event] = []
        self._all_heard = asyncio.Event()
        self._greeted: set[int] = set()  # those whose greeting was taken in

    # ---- the connection ------------------------------------------------------------------------
    async def start(self) -> None:
        """Begins to connect to all."""
        for worker in self._workers:
            await worker.start()
        self._tasks = [asyncio.create_task(self._hear_all(), name="relay-greetings")]

    async def close(self) -> None:
        """Ends all connections."""
        await asyncio.gather(*(worker.close() for worker in self._workers))
        await super().close()

    async def stats_of_all(self) -> dict[int, dict[str, Any]]:
        """Counters of each media process that is there, by its number, counted from 1."""
        found: dict[int, dict[str, Any]] = {}
        for number in sorted(self._greeted):
            with contextlib.suppress(RelayError):  # it has just ended
                found[number + 1] = await self._workers[number].stats()
        return found

    def holds(self, room_id: str) -> bool:
        """Whether a worker that is there has this room."""
        number = self._worker_of.get(room_id)
        return number is not None and number in self._greeted

    async def _hear_all(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._all_heard.wait(), FIRST_GREETINGS_S)
        early, self._early = self._early or {}, None
        for hello in early.values():
            await self._tell(hello)
        for event in self._early_events:  # what happened after the greetings
            await self.on_event(event)
        self._early_events.clear()

    async def _found(self, number: int, hello: HelloReply) -> None:
        self._greeted.add(number)
        self._forget(number)
        rooms = [room for room in hello.rooms if await self._is_at_home(room.room_id, number)]
        for room in rooms:
            self._worker_of[room.room_id] = number
            self._room_of |= {peer.peer_id: room.room_id for peer in room.peers}
        hello = hello.model_copy(update={"rooms": rooms})
        if self._early is not None:
            self._early[number] = hello
            if len(self._early) == len(self._workers):
                self._all_heard.set()
        else:
            await self._tell(hello)

    async def _is_at_home(self, room_id: str, number: int) -> bool:
        """Whether no other worker has opened the room meanwhile; else it is closed here."""
        if self._worker_of.get(room_id, number) == number:
            return True
        with contextlib.suppress(RelayError):
            await self._workers[number].close_room(room_id)
        return False

    async def _tell(self, hello: HelloReply) -> None:
        self._connected.set()
        await self.on_connected(hello)

    async def _lost(self, number: int) -> None:
        self._greeted.discard(number)
        self._forget(number)
        if self._early is not None:
            self._early.pop(number, None)
        elif self._greeted:
            await self._tell(HelloReply(protocol=0, rooms=[]))  # its rooms are gone, no others
        else:
            self._connected.clear()
            await self.on_disconnected()

    async def _said(self, event: Event) -> None:
        if self._early is not None:
            self._early_events.append(event)
        else:
            await self.on_event(event)

    # ---- requests ------------------------------------------------------------------------------
    async def _ask(self, request: Message) -> Any:
        room_id = getattr(request, "room_id", None) or self._room_of.get(
            getattr(request, "peer_id", "")
        )
        number = self._worker_of.get(room_id or "")
        if number is None and isinstance(request, OpenRoom):
            return await self._open_somewhere(request)
        if number is None:
            if isinstance(request, CloseRoom | RemovePeer):
                return None
            raise RelayError("room_unknown" if hasattr(request, "room_id") else "peer_unknown")
        if isinstance(request, AddPeer | AddAnalyser):
            self._room_of[request.peer_id] = request.room_id
        answer = await self._workers[number]._ask(request)
        if isinstance(request, CloseRoom):
            self._forget_room(request.room_id)
        elif isinstance(request, RemovePeer):
            self._room_of.pop(request.peer_id, None)
        return answer

    async def _open_somewhere(self, request: OpenRoom) -> Any:
        number = self._worker_of[request.room_id] = self._least_used()
        try:
            return await self._workers[number]._ask(request)
        except RelayError:  # another one may have room the next time
            self._forget_room(request.room_id)
            raise

    def _least_used(self) -> int:
        if not self._greeted:
            raise RelayError("relay_unavailable")
        rooms = list(self._worker_of.values())
        return min(sorted(self._greeted), key=rooms.count)

    def _forget(self, number: int) -> None:
        for room_id in [r for r, worker in self._worker_of.items() if worker == number]:
            self._forget_room(room_id)

    def _forget_room(self, room_id: str) -> None:
        self._worker_of.pop(room_id, None)
        self._room_of = {peer: room for peer, room in self._room_of.items() if room != room_id}
