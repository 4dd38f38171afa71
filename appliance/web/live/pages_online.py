"""Which pages are connected, which window of a person is the active one, and who is online.

An owner is a visit, a desk or a test; it may have several windows, of which one is active. Online
means: the active window was heard within six seconds. A closed window is noticed the same way, so
that a reload is no absence.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from appliance.storage.clock import Clock, utcnow
from appliance.web.live_text_messages import LiveDraft
from appliance.web.message import Wire

ABSENT_AFTER_S = 6.0
SILENT_SOCKET_S = 30.0  # a socket that says nothing for so long is closed
FORGOTTEN_AFTER_S = 3600.0
SOCKETS_PER_OWNER = 3
SOCKETS_PER_ADDRESS = 20
PUSHES_WAITING = 200  # more means that the page does not read any more

# Pages take 4400 to 4499 as "do not come again", others as "try again".
CLOSE_NOT_ALLOWED = 4401
CLOSE_TOO_MUCH = 4429
CLOSE_SILENT = 4508
CLOSE_SLOW = 4509
CLOSE_RESTART = 1012


class TooManySockets(Exception):
    """Per visit or per address."""

    code = "too_many_sockets"


@dataclass(eq=False)
class Page:
    """One socket. What is pushed is sent in order; a newer snapshot replaces one not sent yet."""

    owner: str
    language: str
    address: str
    heard_s: float
    since: datetime
    login_id: str = ""  # of an adviser's window
    device: str = ""  # of a client's window: tells the browsers of one visit apart
    kiosk_id: str | None = None  # where a client's window is at a kiosk
    idle: bool = False
    close_code: int | None = None
    _pushes: list[Wire] = field(default_factory=list)
    _shown: dict[str, Wire] = field(default_factory=dict)
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, push: Wire) -> None:
        """Queues it. A page that does not read is closed, not waited for."""
        kind: str = push.type  # type: ignore[attr-defined]  # every push has its type
        if kind in {"snapshot", "desk", "conference", "heard", "alive"}:
            self._pushes = [queued for queued in self._pushes if not isinstance(queued, type(push))]
        elif isinstance(push, LiveDraft):
            self._pushes = [queued for queued in self._pushes if not _older(queued, push)]
        self._pushes.append(push)
        if len(self._pushes) > PUSHES_WAITING:
            self.close(CLOSE_SLOW)
        self._ready.set()

    def show(self, snapshot: Wire) -> None:
        """Pushes a snapshot unless the page has just this one (but for the server's time)."""
        kind = type(snapshot).__name__
        timeless = snapshot.model_copy(update={"server_at": None})
        if self._shown.get(kind) != timeless:
            self._shown[kind] = timeless
            self.push(snapshot)

    def show_again(self) -> None:
        """The next snapshot is pushed whatever the page has."""
        self._shown.clear()

    def close(self, code: int) -> None:
        """The sender ends the socket with this code."""
        if self.close_code is None:
            self.close_code = code
        self._ready.set()

    async def next_push(self) -> Wire | None:
        """The oldest push; None when the socket is to be closed."""
        while not self._pushes and self.close_code is None:
            self._ready.clear()
            await self._ready.wait()
        if self._pushes and self.close_code != CLOSE_SLOW:
            return self._pushes.pop(0)
        return None


def _older(queued: Wire, draft: LiveDraft) -> bool:
    """Whether this says what the same person had written before."""
    if not isinstance(queued, LiveDraft):
        return False
    return (queued.sender, queued.member_id) == (draft.sender, draft.member_id)


class PagesOnline:
    """All sockets. ``now_s`` is a monotonic clock."""

    def __init__(self, now_s: Callable[[], float], clock: Clock = utcnow) -> None:
        self._now_s = now_s
        self._clock = clock
        self._since_s = now_s()
        self._pages: defaultdict[str, list[Page]] = defaultdict(list)
        self._per_address: defaultdict[str, int] = defaultdict(int)
        self._heard_s: dict[str, float] = {}
        self._was_online: set[str] = set()

    def open(
        self,
        owner: str,
        language: str,
        address: str,
        *,
        idle: bool = False,
        left: bool = False,
        device: str = "",
        kiosk_id: str | None = None,
        most: int = SOCKETS_PER_ADDRESS,
    ) -> Page:
        """A new socket becomes the active one; ``idle`` asks for that only if nobody else is.

        ``left``: the visit has gone on to another device, where it may just be out of reach, so
        an idle window stays idle. ``most`` is how many this address may have. Raises
        ``TooManySockets``.
        """
        # Half-open sockets of a network that was lost keep nobody from coming back by another.
        heard = [one for one in self.of(owner) if self._now_s() - one.heard_s < ABSENT_AFTER_S]
        if len(heard) >= SOCKETS_PER_OWNER or self._per_address.get(address, 0) >= most:
            raise TooManySockets
        page = Page(owner, language, address, self._now_s(), self._clock(), device=device)
        page.kiosk_id = kiosk_id
        page.idle = idle and (left or self.active(owner) is not None)
        self._pages[owner].append(page)
        self._per_address[address] += 1
        if not page.idle:
            self.continue_here(page)
        return page

    def close(self, page: Page) -> None:
        """The socket has ended."""
        pages = self._pages[page.owner]
        if page in pages:
            pages.remove(page)
            self._per_address[page.address] -= 1
            if not self._per_address[page.address]:
                del self._per_address[page.address]
        if not pages:
            del self._pages[page.owner]

    def continue_here(self, page: Page) -> None:
        """Makes this window the active one, the others idle."""
        for other in self._pages[page.owner]:
            other.idle = other is not page
        self.heard(page)

    def active(self, owner: str) -> Page | None:
        """The window that gets offers and may give commands."""
        return next((page for page in self.of(owner) if not page.idle), None)

    def of(self, owner: str) -> list[Page]:
        """All windows of an owner."""
        return list(self._pages.get(owner, ()))

    def owners(self) -> list[str]:
        """Everybody who has a window."""
        return list(self._pages)

    def heard(self, page: Page) -> None:
        """A message has come."""
        page.heard_s = self._now_s()
        if not page.idle:
            self._heard_s[page.owner] = page.heard_s

    def online(self, owner: str) -> bool:
        """Heard within six seconds."""
        heard_s = self._heard_s.get(owner)
        return heard_s is not None and self._now_s() - heard_s < ABSENT_AFTER_S

    def lately(self, owner: str, within_s: float) -> bool:
        """Heard within so many seconds, and not said goodbye."""
        heard_s = self._heard_s.get(owner)
        return heard_s is not None and self._now_s() - heard_s < within_s

    def said_goodbye(self, owner: str) -> None:
        """Logged out: not there any more, unless another window is heard."""
        self._heard_s.pop(owner, None)

    def gone(self, owner: str) -> bool:
        """The last window was closed, and no reload has followed."""
        return not self._pages.get(owner) and self.absent_s(owner) >= ABSENT_AFTER_S

    def absent_s(self, owner: str) -> float:
        """Seconds since the owner was heard, or since our own start."""
        return self._now_s() - self._heard_s.get(owner, self._since_s)

    def turned(self) -> set[str]:
        """Owners who have come or gone since the last call. Who left long ago is forgotten."""
        long_ago_s = self._now_s() - FORGOTTEN_AFTER_S
        self._heard_s = {
            owner: heard_s
            for owner, heard_s in self._heard_s.items()
            if heard_s > long_ago_s or owner in self._pages
        }
        online = {owner for owner in self._heard_s if self.online(owner)}
        turned = online ^ self._was_online
        self._was_online = online
        return turned

    def close_silent(self) -> None:
        """Ends sockets that have not said anything for half a minute."""
        for pages in self._pages.values():
            for page in pages:
                if self._now_s() - page.heard_s > SILENT_SOCKET_S:
                    page.close(CLOSE_SILENT)
