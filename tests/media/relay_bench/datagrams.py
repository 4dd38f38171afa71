"""Many datagrams per system call, with the kernel's arrival times.

Python's own sockets take one datagram a call, which would make the load generator the limit of what
it measures. The structures are Linux's on 64 bits (recvmmsg(2), cmsg(3)).
"""

from __future__ import annotations

import socket
from typing import Any, Final

import numpy as np
from cffi import FFI

SLOTS: Final = 64
SLOT_BYTES: Final = 2048
SO_TIMESTAMPNS: Final = 35
_CONTROL_BYTES: Final = 32  # one cmsghdr and one timespec
_DONTWAIT: Final = 0x40

ffi: Any = FFI()
ffi.cdef("""
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
""")
libc: Any = ffi.dlopen(None)


class Slots:
    """Room for ``SLOTS`` datagrams; slot ``i`` begins at ``addresses[i]`` and ``views[i]``."""

    def __init__(self) -> None:
        self.memory = ffi.new("char[]", SLOTS * SLOT_BYTES)
        self.control = ffi.new("char[]", SLOTS * _CONTROL_BYTES)
        self.vectors = ffi.new("struct iovec[]", SLOTS)
        self.headers = ffi.new("struct mmsghdr[]", SLOTS)
        whole = memoryview(ffi.buffer(self.memory)).cast("B")
        self.views = [whole[i * SLOT_BYTES : (i + 1) * SLOT_BYTES] for i in range(SLOTS)]
        self.addresses = [self.memory + i * SLOT_BYTES for i in range(SLOTS)]
        self.bytes = np.frombuffer(ffi.buffer(self.memory), np.uint8).reshape(SLOTS, SLOT_BYTES)
        for i in range(SLOTS):
            self.vectors[i].iov_base = self.addresses[i]
            self.vectors[i].iov_len = SLOT_BYTES
            header = self.headers[i].msg_hdr
            header.msg_iov = self.vectors + i
            header.msg_iovlen = 1
        words = np.frombuffer(ffi.buffer(self.headers), np.uint64).reshape(SLOTS, -1)
        self._control_sizes = words[:, 5]
        self.lengths = np.frombuffer(ffi.buffer(self.headers), np.uint32).reshape(SLOTS, -1)[:, 14]
        self._stamps = np.frombuffer(ffi.buffer(self.control), np.int64).reshape(SLOTS, 4)

    def send(self, descriptor: int, count: int) -> int:
        """Sends the first ``count`` slots on a connected socket; how many the kernel took."""
        return max(int(libc.sendmmsg(descriptor, self.headers, count, 0)), 0)

    def set_length(self, slot: int, length: int) -> None:
        """How much of a slot is to be sent."""
        self.vectors[slot].iov_len = length

    def take_arrival_times(self) -> None:
        """From now on ``receive`` gives arrival times, too."""
        for i in range(SLOTS):
            self.headers[i].msg_hdr.msg_control = self.control + i * _CONTROL_BYTES

    def receive(self, descriptor: int) -> int:
        """Reads what is there, never waiting; how many datagrams."""
        self._control_sizes[:] = _CONTROL_BYTES
        return max(int(libc.recvmmsg(descriptor, self.headers, SLOTS, _DONTWAIT, ffi.NULL)), 0)

    def arrived_ns(self, slot: int) -> int:
        """The kernel's clock when the datagram came."""
        return int(self._stamps[slot, 2]) * 1_000_000_000 + int(self._stamps[slot, 3])


def open_socket(host: str) -> socket.socket:
    """An unconnected socket whose datagrams get arrival times."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
    opened.bind((host, 0))
    opened.setblocking(False)
    return opened
