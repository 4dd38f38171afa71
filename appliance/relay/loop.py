"""An event loop whose selector reads media itself.

asyncio needs some ten microseconds from a readable socket to its callback. A relay of one
conversation is woken 200 times a second, each time for a packet or two, so this is a large part of
its cost and of its delay. Here the selector calls the reader directly, and asyncio only learns of
what is not mere forwarding: a check, a report, a timer that has become due.
"""

from __future__ import annotations

import asyncio
import select
import selectors
import time
from collections.abc import Callable
from typing import Final

from appliance.relay.inbox import SLOTS

Event = tuple[selectors.SelectorKey, int]
Read = Callable[[], bool]

BUSY_PER_S: Final = 12_000  # datagrams; 30 conversations
GATHERED: Final = 24
LONGEST_PAUSE_S: Final = 0.001
WINDOW_NS: Final = 20_000_000


class MediaSelector(selectors.DefaultSelector):
    """Calls a reader in ``select``; it says whether asyncio has nothing to do because of it.

    Media descriptors are in a poll of their own, with asyncio's own as one more descriptor (an
    epoll can watch another): so nothing is built or looked up for asyncio while media come.
    """

    def __init__(self) -> None:
        super().__init__()
        self._reads: dict[int, Read] = {}
        self._poll = select.epoll()
        self._poll.register(self.fileno(), select.EPOLLIN)

    def read_with(self, descriptor: int, read: Read) -> None:
        """Calls ``read`` whenever there is something to read."""
        self._reads[descriptor] = read
        self._poll.register(descriptor, select.EPOLLIN)

    def read_no_more(self, descriptor: int) -> None:
        """Forgets a descriptor of ``read_with``."""
        if self._reads.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def close(self) -> None:
        """Closes both polls."""
        self._poll.close()
        super().close()

    def select(self, timeout: float | None = None) -> list[Event]:
        """As ``selectors.BaseSelector.select``; media are read on the way."""
        if timeout is not None:
            timeout = max(timeout, 0)
        until_s = None if timeout is None else time.monotonic() + timeout
        reads, poll, most = self._reads, self._poll.poll, len(self._reads) + 1
        while True:
            mere = True
            for descriptor, _ in poll(timeout, most):
                read = reads.get(descriptor)
                if read is None or not read():
                    mere = False
            if not mere:
                return super().select(0)  # after the readers, who may have closed something
            if until_s is not None:
                timeout = until_s - time.monotonic()
                if timeout <= 0:
                    return super().select(0)


class Moderation:
    """Lets packets gather when there are many, as network cards do with their interrupts.

    Being woken costs as much as forwarding several packets. Below ``BUSY_PER_S`` nothing waits:
    bursts come too rarely for two of them to meet within a millisecond, so a rest would only be
    one more waking. Above it each turn is followed by a rest, as long as it takes ``GATHERED``
    packets to come and never longer than a millisecond, unless the turn was full: then more waits.
    """

    def __init__(self) -> None:
        self._count = 0
        self._began_ns = 0
        self._pause_s = 0.0

    def rest(self, count: int, now_ns: int) -> None:
        """Waits as long as ``pause_s`` says."""
        pause_s = self.pause_s(count, now_ns)
        if pause_s:
            time.sleep(pause_s)

    def pause_s(self, count: int, now_ns: int) -> float:
        """How long to wait after a turn of ``count`` datagrams that began at ``now_ns``."""
        self._count += count
        passed_ns = now_ns - self._began_ns
        if passed_ns > WINDOW_NS:
            per_s = self._count * 1e9 / passed_ns
            self._pause_s = min(GATHERED / per_s, LONGEST_PAUSE_S) if per_s > BUSY_PER_S else 0.0
            self._count, self._began_ns = 0, now_ns
        return self._pause_s if count < SLOTS else 0.0


class MediaLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop on a ``MediaSelector``."""

    def __init__(self) -> None:
        self.media = MediaSelector()
        super().__init__(self.media)
