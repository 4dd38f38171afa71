"""The floor of the bench: forwards datagrams between two addresses, many per system call."""

from __future__ import annotations

import json
import select
import socket
import sys

from tests.media.relay_bench.datagrams import SLOTS, Slots, ffi, libc, open_socket

NAME_BYTES = 16


class Forwarder:
    """Pairs of addresses; what comes from one goes to the other."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.into = Slots()
        self.names = ffi.new("char[]", SLOTS * NAME_BYTES)
        self.raw_names = memoryview(ffi.buffer(self.names)).cast("B")
        for slot in range(SLOTS):
            header = self.into.headers[slot].msg_hdr
            header.msg_name = self.names + slot * NAME_BYTES
            header.msg_namelen = NAME_BYTES
        self.waiting: dict[int, bytes] = {}
        self.other: dict[bytes, bytes] = {}

    def run(self) -> None:
        """Until it is killed."""
        poll = select.epoll()
        poll.register(self.socket.fileno(), select.EPOLLIN)
        while True:
            poll.poll()
            while got := self.into.receive(self.socket.fileno()):
                self._forward(got)

    def _forward(self, got: int) -> None:
        lengths = self.into.lengths[:got].tolist()
        for slot in range(got):
            at = slot * NAME_BYTES
            name = bytes(self.raw_names[at : at + NAME_BYTES])
            to = self.other.get(name)
            if to is None:
                self._register(slot, name)
                to = name
            self.raw_names[at : at + NAME_BYTES] = to
            self.into.vectors[slot].iov_len = lengths[slot]
            self.into.headers[slot].msg_hdr.msg_controllen = 0
        libc.sendmmsg(self.socket.fileno(), self.into.headers, got, 0)
        for slot in range(got):
            self.into.vectors[slot].iov_len = 2048

    def _register(self, slot: int, name: bytes) -> None:
        first, room = self.into.bytes[slot, 0], int(self.into.bytes[slot, 1])
        if first != 0xFF:
            return
        before = self.waiting.pop(room, None)
        if before is None:
            self.waiting[room] = name
        else:
            self.other[name], self.other[before] = before, name


def main() -> None:
    """Takes the address, says the port, and begins at the second word."""
    words = json.loads(sys.stdin.readline())
    opened = open_socket(words["host"])
    print(json.dumps({"port": str(opened.getsockname()[1])}), flush=True)
    sys.stdin.readline()
    print(json.dumps({"going": "yes"}), flush=True)
    Forwarder(opened).run()


if __name__ == "__main__":
    main()
