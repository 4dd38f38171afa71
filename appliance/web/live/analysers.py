"""Who has an analyser, who waits for one, and what it is told.

There are only so many (``settings.check.analysers``); the relay knows how many are free. Checks
wait in an honest line; a running session that shows the client's room blurred comes first, and
whoever only tries a device without an appointment comes last. A running check is never interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from appliance.device_check.records import CheckKind
from appliance.i18n import main_language
from appliance.relay.client import RelayError
from appliance.web.live.check_run import BackgroundMode
from appliance.web.live.rooms import Rooms
from appliance.web.live.seats import Room

RETRY_S = 1.0

AnalyserWord = Literal["none", "waiting", "ready", "unavailable"]


class Turn(IntEnum):
    """Whose turn comes first; among equals, who came first."""

    SESSION = 0  # it is running, and the room stays unseen until then
    EXPECTED = 1  # a booked client, or an adviser
    ANYBODY = 2  # a test page


@dataclass(frozen=True, slots=True)
class Wish:
    """What a room wants of its analyser now; None instead of a wish: nothing."""

    kinds: tuple[CheckKind, ...] = ()
    background: BackgroundMode = "none"
    echo: bool = False
    reads_code: bool = False
    language: str = "de"
    turn: Turn = Turn.EXPECTED


class Analysers:
    """The line. ``touch`` is called with the id of a room whose turn it is."""

    def __init__(
        self, rooms: Rooms, now_s: Callable[[], float], touch: Callable[[str], None]
    ) -> None:
        self._rooms = rooms
        self._now_s = now_s
        self._touch = touch
        self._line: list[str] = []
        self._turns: dict[str, Turn] = {}  # of the rooms that wish
        self._troubled: set[str] = set()
        self._next_try_s = 0.0

    def word(self, room: Room | None) -> AnalyserWord:
        """How it stands, for the page."""
        if room is None:
            return "none"
        if room.analyser is not None:
            return "ready" if room.analyser_ready else "waiting"
        if room.room_id in self._troubled:
            return "unavailable"
        return "waiting" if room.room_id in self._line else "none"

    async def apply(self, room: Room, wish: Wish | None) -> None:
        """Brings the room's analyser in line with the wish. Raises ``RelayError``."""
        if wish is None:
            self._leave(room.room_id)
            self._turns.pop(room.room_id, None)
            if room.analyser is not None:
                await self._rooms.remove_analyser(room)
                self.next_please()
            return
        self._turns[room.room_id] = wish.turn
        if room.analyser is None:
            await self._try_to_get(room, wish)
        if room.analyser is not None and room.analyser_ready:
            await self._tell(room, wish)

    def next_please(self) -> None:
        """One may be free now."""
        self._next_try_s = 0.0
        if self._line:
            self._touch(self._line[0])

    def tick(self) -> None:
        """Others than we may have freed one: whoever is first asks again every second."""
        if self._line and self._now_s() >= self._next_try_s:
            self._touch(self._line[0])

    def gone(self, room: Room) -> None:
        """Its process has ended by itself, or turned us away because all are in use.

        Who was turned away is first of its equals again, and asks again a little later. Whose
        analyser has served (until its time was up, perhaps) stands behind those who have had none.
        """
        served = room.analyser_ready
        room.lose_analyser()
        room.routes = None
        if not served and room.room_id not in self._line:
            self._line.insert(self._place(room.room_id, first=True), room.room_id)
        self._next_try_s = self._now_s() + RETRY_S

    def _place(self, room_id: str, *, first: bool) -> int:
        """Where it belongs in the line: before its equals, or behind them."""
        mine = self._turns.get(room_id, Turn.EXPECTED)
        theirs = [self._turns.get(other, Turn.EXPECTED) for other in self._line]
        return sum(turn < mine if first else turn <= mine for turn in theirs)

    def _leave(self, room_id: str) -> None:
        self._troubled.discard(room_id)
        if room_id in self._line:
            self._line.remove(room_id)
            self.next_please()

    async def _try_to_get(self, room: Room, wish: Wish) -> None:
        if room.room_id not in self._line:
            self._line.insert(self._place(room.room_id, first=False), room.room_id)
        if self._line[0] != room.room_id or self._now_s() < self._next_try_s:
            return
        self._next_try_s = self._now_s() + RETRY_S
        try:
            await self._rooms.add_analyser(
                room, {"type": "hello", "language": main_language(wish.language)}
            )
        except RelayError as error:
            self._now_troubled(self._whom_it_troubles(error, room.room_id), room.room_id)
            return
        self._now_troubled(set(), room.room_id)
        self._leave(room.room_id)
        self.next_please()

    def _whom_it_troubles(self, error: RelayError, room_id: str) -> set[str]:
        """Where no analyser runs, it is no use to anybody to wait in line."""
        if error.code == "analyser_unavailable":
            return set(self._line)
        return set() if error.code == "analyser_busy" else {room_id}

    def _now_troubled(self, troubled: set[str], asking: str) -> None:
        """Those of whom this is news are looked after; who asks is being looked after."""
        turned = self._troubled ^ troubled
        self._troubled = troubled
        for room_id in turned - {asking}:
            self._touch(room_id)

    async def _tell(self, room: Room, wish: Wish) -> None:
        """Only what has changed since it was last told."""
        wishes: dict[str, dict[str, Any]] = {
            "measure": {
                "type": "measure",
                "kinds": [str(kind) for kind in wish.kinds],
                "round": room.round,
            },
            "background": {"type": "background", "mode": wish.background},
            "echo": {"type": "echo", "on": wish.echo},
        }
        if wish.reads_code:
            wishes["read_code"] = {"type": "read_code", "on": True}
        for word, message in wishes.items():
            if room.analyser_told.get(word) != message:
                await self._rooms.tell_analyser(room, message)
                room.analyser_told[word] = message
