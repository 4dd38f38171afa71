"""Sends hostile datagrams to a relay's port at an even rate, from several addresses.

A program of its own, so that the load beside it keeps its time table:
``python -m tests.media.relay_bench.strangers`` with one JSON object on standard input: ``host``,
``port``, ``packets``, ``per_second``, ``ufrags`` and ``ssrcs`` of live sessions, as somebody would
know them who watches the network. Prints how many were sent, by kind.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from aioice import stun

from tests.media.relay_bench.datagrams import SLOTS, Slots, open_socket

ADDRESSES: Final = 16  # source ports, taken in turn
VARIANTS: Final = 512  # of each kind; made once, as making one costs more than refusing it
ALERT: Final = bytes.fromhex("15fefd00000000000000000002") + b"\x02\x28"


class Hostile:
    """Makes datagrams that a stranger may send."""

    def __init__(self, ufrags: Sequence[str], ssrcs: Sequence[int], seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._ufrags = [*ufrags, "0" * 16]
        self._ssrcs = [*ssrcs, 1]
        self.kinds: dict[str, Callable[[], bytes]] = {
            "stun_wrong_password": self.check,
            "stun_spoiled": self.spoiled_check,
            "stun_answer": self.answer,
            "dtls": self.dtls,
            "rtp": self.rtp,
            "rtcp": self.rtcp,
            "noise": self.noise,
            "empty_or_huge": self.odd_size,
        }

    def variants(self) -> dict[str, list[bytes]]:
        """Some hundred datagrams of each kind."""
        return {kind: [make() for _ in range(VARIANTS)] for kind, make in self.kinds.items()}

    def check(self) -> bytes:
        """A nominating check that names a live session, under a guessed password."""
        name = f"{self._random.choice(self._ufrags)}:x"
        attributes: dict[str, Any] = {"USERNAME": name, "PRIORITY": 1, "ICE-CONTROLLING": 7}
        attributes["USE-CANDIDATE"] = None
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        message.add_message_integrity(self._random.randbytes(16))
        return bytes(message)

    def spoiled_check(self) -> bytes:
        """The same with some bytes changed: lengths, types, values."""
        changed = bytearray(self.check())
        for _ in range(self._random.randrange(1, 5)):
            changed[self._random.randrange(2, len(changed))] = self._random.randrange(256)
        return bytes(changed)

    def answer(self) -> bytes:
        """A success that nobody has asked for."""
        address = {"XOR-MAPPED-ADDRESS": ("192.0.2.7", 9)}
        reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, attributes=address)
        reply.add_message_integrity(b"guess")
        return bytes(reply)

    def dtls(self) -> bytes:
        """A fatal alert, or a record that begins like a handshake."""
        if self._random.random() < 0.5:
            return ALERT
        body = self._random.randbytes(self._random.randrange(1, 1200))
        head = bytes([self._random.choice((20, 21, 22, 23, 63))])
        return head + b"\xfe\xfd" + bytes(8) + len(body).to_bytes(2) + body

    def rtp(self) -> bytes:
        """Media under the SSRC of a live stream."""
        head = bytes([0x90, self._random.choice((96, 97, 111))]) + self._random.randbytes(6)
        return head + self._ssrc() + self._random.randbytes(self._random.randrange(1200))

    def rtcp(self) -> bytes:
        """A report under the SSRC of a live stream: good-bye, key frame request, NACK, REMB."""
        head = bytes([0x80 | self._random.randrange(32), self._random.randrange(192, 224)])
        return head + b"\0\x0a" + self._ssrc() + self._random.randbytes(52)

    def noise(self) -> bytes:
        """Random bytes of any size."""
        return self._random.randbytes(self._random.randrange(1, 1400))

    def odd_size(self) -> bytes:
        """Nothing, next to nothing, or more than fits."""
        return self._random.randbytes(self._random.choice((0, 0, 1, 11, 12, 19, 2047)))

    def _ssrc(self) -> bytes:
        return self._random.choice(self._ssrcs).to_bytes(4)


class Strangers:
    """Sends batches on a clock; what the kernel does not take counts as not sent."""

    def __init__(self, host: str, port: int, variants: dict[str, list[bytes]]) -> None:
        self._sockets = [open_socket(host) for _ in range(ADDRESSES)]
        for link in self._sockets:
            link.connect((host, port))
        self._variants = variants
        self._out = Slots()
        self._batches = 0
        self.sent: Counter[str] = Counter()

    def run(self, packets: int, per_second: float) -> float:
        """Sends so many; the seconds that it took."""
        began_s = time.monotonic()
        while (done := self.sent.total()) < packets:
            late_s = time.monotonic() - began_s - done / per_second
            if late_s < 0:
                time.sleep(-late_s)
            self._send(min(SLOTS, packets - done))
        return time.monotonic() - began_s

    def _send(self, count: int) -> None:
        self._batches += 1
        kinds = list(self._variants)
        chosen = [kinds[(self._batches + slot) % len(kinds)] for slot in range(count)]
        for slot, kind in enumerate(chosen):
            several = self._variants[kind]
            datagram = several[(self._batches * 31 + slot) % len(several)]
            self._out.views[slot][: len(datagram)] = datagram
            self._out.set_length(slot, len(datagram))
        link = self._sockets[self._batches % ADDRESSES]
        taken = 0
        try:
            taken = self._out.send(link.fileno(), count)
            while link.recv(2048, socket.MSG_DONTWAIT):
                pass  # refusals are not read, only taken away
        except BlockingIOError:
            pass
        self.sent.update(chosen[:taken])


def main() -> None:
    """Reads what to do, does it, and tells what was done."""
    told = json.loads(sys.stdin.readline())
    hostile = Hostile(told["ufrags"], told["ssrcs"])
    strangers = Strangers(told["host"], told["port"], hostile.variants())
    print("ready", flush=True)
    took_s = strangers.run(told["packets"], told["per_second"])
    print(json.dumps({"sent": strangers.sent, "seconds": round(took_s, 2)}), flush=True)


if __name__ == "__main__":
    main()
