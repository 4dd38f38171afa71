"""A small WebRTC client for tests and measurements: real ICE, DTLS and SRTP, made-up media.

It stands for a browser where a browser would be too slow, or too well-behaved.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import struct
from dataclasses import dataclass

from aioice import stun

from appliance.relay.dtls import DtlsLink, new_certificate
from appliance.relay.sdp import DtlsSetup, Fingerprint
from appliance.relay.srtp import PacketBuffer, SrtpSession

CERTIFICATE = new_certificate()
KINDS = ("microphone", "camera", "screen")


@dataclass
class Received:
    """One packet as the phone got it."""

    ssrc: int
    number: int
    timestamp: int
    payload_type: int
    payload: bytes
    extension: bytes = b""
    marker: bool = False


def vp8(
    picture: int, *, keyframe: bool, start: bool = True, size: int = 200, tl0: int = 0
) -> bytes:
    """A VP8 payload with a two-byte picture id and TL0PICIDX."""
    head = bytes([0x90 if start else 0x80, 0xC0]) + struct.pack("!HB", 0x8000 | picture, tl0)
    return head + bytes([0x00 if keyframe else 0x01]) + os.urandom(size)


class Phone(asyncio.DatagramProtocol):
    """One client. ``await join(offer)`` gives the answer; ``connected`` is set after DTLS."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        kinds: tuple[str, ...] = KINDS[:2],
        names_ssrcs: bool = True,
    ) -> None:
        self.host = host
        self.kinds = kinds
        self.connected = asyncio.Event()
        self.received: list[Received] = []
        self.rtcp: list[bytes] = []
        self.answers: list[stun.Message] = []
        self.ssrc = {kind: secrets.randbelow(1 << 31) + 1 for kind in KINDS}
        self.rtx = {kind: secrets.randbelow(1 << 31) + 1 for kind in KINDS[1:]}
        self.number = dict.fromkeys(KINDS, 100)
        self.timestamp = dict.fromkeys(KINDS, 1000)
        self.wide = self.rtx_number = 0
        self.ufrag = secrets.token_hex(4)
        self.names_ssrcs = names_ssrcs
        self.fingerprint = CERTIFICATE.sha256()
        self.on_packet = None
        self.drop = lambda number: False
        self._keys: tuple[SrtpSession, SrtpSession] | None = None
        self._in, self._out = PacketBuffer(), PacketBuffer()
        self.dtls = DtlsLink(CERTIFICATE, self.send, self._use_keys, lambda: None)
        self.transport: asyncio.DatagramTransport | None = None

    # ---- signalling ------------------------------------------------------------------------------
    def read_offer(self, offer: str) -> None:
        """Takes what it needs of an offer."""
        self.remote_ufrag = re.search(r"a=ice-ufrag:(\S+)", offer)[1]
        self.remote_password = re.search(r"a=ice-pwd:(\S+)", offer)[1]
        self.remote_fingerprint = re.search(r"a=fingerprint:sha-256 (\S+)", offer)[1]
        candidate = re.search(r"a=candidate:\d+ 1 udp \d+ (\S+) (\d+) typ host", offer)
        self.relay_address = (candidate[1], int(candidate[2]))
        self.sections = offer.count("\r\nm=")
        self.slot_ssrc = [int(s) for s in re.findall(r"a=ssrc-group:FID (\d+)", offer)]

    def answer(self) -> str:
        """The answer to the offer that was read."""
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        for mid in range(self.sections):
            audio = mid % 3 == 0
            media = "audio 9 UDP/TLS/RTP/SAVPF 111" if audio else "video 9 UDP/TLS/RTP/SAVPF 96 97"
            lines += [
                f"m={media}",
                "c=IN IP4 0.0.0.0",
                f"a=mid:{mid}",
                f"a=ice-ufrag:{self.ufrag}",
                "a=ice-pwd:" + "p" * 24,
                f"a=fingerprint:sha-256 {CERTIFICATE.sha256()}",
                "a=setup:active",
            ]
            if mid >= len(KINDS):
                lines.append("a=recvonly")
            elif KINDS[mid] not in self.kinds:
                lines.append("a=inactive")
            else:
                lines += ["a=sendonly", *self._ssrc_lines(KINDS[mid])]
        return "\r\n".join(lines) + "\r\n"

    def _ssrc_lines(self, kind: str) -> list[str]:
        if not self.names_ssrcs:
            return []
        main = f"a=ssrc:{self.ssrc[kind]} cname:x"
        if kind == "microphone":
            return [main]
        return [
            f"a=ssrc-group:FID {self.ssrc[kind]} {self.rtx[kind]}",
            main,
            f"a=ssrc:{self.rtx[kind]} cname:x",
        ]

    async def open(self) -> None:
        """Binds a fresh UDP socket; a second call is a new address, as after roaming."""
        if self.transport is not None:
            self.transport.close()
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self.host, 0)
        )

    async def join(self, offer: str) -> str:
        """Opens a socket and gives the answer."""
        self.read_offer(offer)
        await self.open()
        return self.answer()

    async def connect(self, timeout_s: float = 10.0) -> None:
        """Checks, then the handshake."""
        self.check(nominate=True)
        fingerprint = Fingerprint("sha-256", self.remote_fingerprint)
        self.dtls.start(fingerprint, DtlsSetup.PASSIVE)
        async with asyncio.timeout(timeout_s):
            while not self.connected.is_set():
                self.check(nominate=True)
                await asyncio.sleep(0.05)

    def check(self, *, nominate: bool = False, password: str | None = None) -> None:
        """Sends one connectivity check."""
        attributes = {
            "USERNAME": f"{self.remote_ufrag}:{self.ufrag}",
            "PRIORITY": 1,
            "ICE-CONTROLLING": 7,
        }
        if nominate:
            attributes["USE-CANDIDATE"] = None
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        message.add_message_integrity((password or self.remote_password).encode())
        self.send(bytes(message))

    # ---- sending ---------------------------------------------------------------------------------
    def send(self, data: bytes) -> None:
        """Raw bytes to the relay."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(data, self.relay_address)

    def send_media(
        self,
        kind: str,
        payload: bytes,
        *,
        step: int = 3000,
        number: int | None = None,
        marker: bool = True,
        ssrc: int | None = None,
        payload_type: int | None = None,
        level: int | None = None,
    ) -> int:
        """Sends one RTP packet with the extensions of a browser; its sequence number.

        ``level``: how loud it is, in -dBov (RFC 6464).
        """
        if number is None:
            number = self.number[kind]
            self.number[kind] = (number + 1) & 0xFFFF
            self.timestamp[kind] = (self.timestamp[kind] + step) & 0xFFFFFFFF
        self.wide = (self.wide + 1) & 0xFFFF
        mid = str(KINDS.index(kind)).encode()
        extension = b"\x10" + mid + b"\x22\x01\x02\x03" + b"\x31" + struct.pack("!H", self.wide)
        if level is not None:
            extension += bytes([0x40, 0x80 | level])
        extension += bytes(-len(extension) % 4)
        if payload_type is None:
            payload_type = 111 if kind == "microphone" else 96
        header = struct.pack(
            "!BBHIIHH",
            0x90,
            (0x80 if marker else 0) | payload_type,
            number,
            self.timestamp[kind],
            ssrc or self.ssrc[kind],
            0xBEDE,
            len(extension) // 4,
        )
        self.send_protected(header + extension + payload)
        return number

    def send_rtx(self, kind: str, original: int, payload: bytes) -> None:
        """Sends a retransmission."""
        self.rtx_number += 1
        self.send_media(
            kind,
            struct.pack("!H", original) + payload,
            number=self.rtx_number,
            ssrc=self.rtx[kind],
            payload_type=97,
        )

    def send_protected(self, packet: bytes) -> None:
        """Encrypts and sends any RTP bytes."""
        self._out.view[: len(packet)] = packet
        length = self._keys[1].protect(self._out, len(packet))
        self.send(bytes(self._out.view[:length]))

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypts and sends any RTCP bytes."""
        self._out.view[: len(packet)] = packet
        length = self._keys[1].protect_rtcp(self._out, len(packet))
        self.send(bytes(self._out.view[:length]))

    # ---- receiving -------------------------------------------------------------------------------
    def _use_keys(self, inbound: SrtpSession, outbound: SrtpSession) -> None:
        self._keys = (inbound, outbound)
        self.connected.set()

    def datagram_received(self, data: bytes, addr: tuple) -> None:
        """Sorts, decrypts and keeps."""
        first = data[0]
        if first < 4:
            self.answers.append(stun.parse_message(data))
        elif 20 <= first < 64:
            self.dtls.receive(data)
        elif self._keys is not None:
            self._take_media(data)

    def _take_media(self, data: bytes) -> None:
        buffer = self._in
        buffer.view[: len(data)] = data
        if 192 <= data[1] <= 223:
            length = self._keys[0].unprotect_rtcp(buffer, len(data))
            assert length, "the relay's RTCP must authenticate"
            self.rtcp.append(bytes(buffer.view[:length]))
            return
        if self.drop(int.from_bytes(data[2:4])):
            return
        length = self._keys[0].unprotect(buffer, len(data))
        assert length, "the relay's packets must authenticate, and none twice"
        packet = parse(bytes(buffer.view[:length]))
        if self.on_packet is not None:
            self.on_packet(packet)
        else:
            self.received.append(packet)

    def of_type(self, payload_type: int) -> list[Received]:
        """What came with a payload type."""
        return [packet for packet in self.received if packet.payload_type == payload_type]

    async def hang_up(self) -> None:
        """Closes as a page does."""
        await self.dtls.close()
        self.vanish()

    def vanish(self) -> None:
        """Is gone without a word."""
        if self.transport is not None:
            self.transport.close()


def parse(packet: bytes) -> Received:
    """Reads a plain RTP packet."""
    first, second, number, timestamp, ssrc = struct.unpack_from("!BBHII", packet)
    at = 12
    extension = b""
    if first & 0x10:
        size = 4 * int.from_bytes(packet[14:16])
        extension = packet[16 : 16 + size]
        at = 16 + size
    return Received(
        ssrc, number, timestamp, second & 0x7F, packet[at:], extension, bool(second & 0x80)
    )
