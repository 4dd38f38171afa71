"""SRTP in place: libsrtp's functions on the relay's own buffers, without a copy or an object each.

The handle inside pylibsrtp's ``Session`` is private; this is the one file that uses it, and
``tests/media/test_private_members.py`` holds the contract.
"""

from __future__ import annotations

from typing import Any, Final

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

BUFFER_BYTES: Final = 2304
TRAILER_BYTES: Final = 148  # the most that libsrtp may append
REPLAY_WINDOW: Final = 1024

srtp_protect: Final = lib.srtp_protect
srtp_unprotect: Final = lib.srtp_unprotect


class PacketBuffer:
    """Bytes that both Python and libsrtp see. ``length`` is libsrtp's in-and-out length.

    ``pointer`` is where they are, for system calls.
    """

    __slots__ = ("address", "length", "pointer", "view")

    def __init__(self) -> None:
        self.address: Any = ffi.new("char[]", BUFFER_BYTES)
        self.pointer = int(ffi.cast("uintptr_t", self.address))
        self.view = memoryview(ffi.buffer(self.address)).cast("B")
        self.length: Any = ffi.new("int *")


class SrtpSession:
    """Keys of one direction. ``context`` goes to libsrtp.

    ``allow_repeat_tx`` stays off: protecting a second packet under a number that was used fails,
    because with AES-GCM two different packets under one number expose the authentication key.
    """

    __slots__ = ("_session", "context")

    def __init__(self, key: bytes, profile: int, *, inbound: bool) -> None:
        policy = Policy(
            key=key,
            ssrc_type=Policy.SSRC_ANY_INBOUND if inbound else Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=profile,
        )
        policy.allow_repeat_tx = False
        policy.window_size = REPLAY_WINDOW
        self._session = Session(policy)
        self.context: Any = self._session._srtp[0]

    def protect(self, buffer: PacketBuffer, length: int) -> int:
        """Encrypts an RTP packet in place; the new length, or 0 if libsrtp refused."""
        buffer.length[0] = length
        refused = srtp_protect(self.context, buffer.address, buffer.length)
        return 0 if refused else int(buffer.length[0])

    def unprotect(self, buffer: PacketBuffer, length: int) -> int:
        """Verifies and decrypts an RTP packet in place; the new length, or 0."""
        buffer.length[0] = length
        refused = srtp_unprotect(self.context, buffer.address, buffer.length)
        return 0 if refused else int(buffer.length[0])

    def protect_rtcp(self, buffer: PacketBuffer, length: int) -> int:
        """The same for RTCP."""
        buffer.length[0] = length
        refused = lib.srtp_protect_rtcp(self.context, buffer.address, buffer.length)
        return 0 if refused else int(buffer.length[0])

    def unprotect_rtcp(self, buffer: PacketBuffer, length: int) -> int:
        """The same for RTCP."""
        buffer.length[0] = length
        refused = lib.srtp_unprotect_rtcp(self.context, buffer.address, buffer.length)
        return 0 if refused else int(buffer.length[0])
