"""One transport of a load peer: real ICE, DTLS and SRTP, towards whatever server is measured.

It can answer an offer (our relay, Janus towards a receiver) and offer itself (Janus from a sender,
aiortc). It is always the controlling side of ICE, as browsers are towards these servers.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from typing import Final

from aioice import stun

from appliance.relay.sdp import DtlsSetup, Fingerprint
from appliance.relay.srtp import SrtpSession
from tests.media.phone import CERTIFICATE, Phone
from tests.media.relay_bench import datagrams

PASSWORD: Final = "p" * 24
HEADS: Final = {
    "microphone": ("audio", "111", ["a=rtpmap:111 opus/48000/2"]),
    "camera": (
        "video",
        "96 97",
        [
            "a=rtpmap:96 VP8/90000",
            *("a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 transport-cc"),
            *("a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"),
        ],
    ),
}
EXTENSIONS: Final = (
    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
)


class Leg(Phone):
    """``Phone`` on a socket that the load generator takes over once it is connected."""

    def __init__(self, host: str) -> None:
        super().__init__(host=host)
        self.socket = datagrams.open_socket(host)
        self.remote_setup = DtlsSetup.PASSIVE

    @property
    def keys(self) -> tuple[SrtpSession, SrtpSession]:
        """Inbound and outbound; only after ``connect``."""
        assert self._keys is not None
        return self._keys

    # ---- descriptions ----------------------------------------------------------------------------
    def offer(self, direction: str) -> str:
        """Sound and picture, in one of SDP's directions."""
        return self._describe(direction, "actpass", ("microphone", "camera"), ("0", "1"))

    def answer_to(self, offer: str) -> str:
        """Takes what the offer has: receives only, and waits for the handshake."""
        self.take(offer)
        mids = re.findall(r"a=mid:(\S+)", offer)
        kinds = ["microphone" if m == "audio" else "camera" for m in re.findall(r"m=(\w+)", offer)]
        return self._describe("recvonly", "passive", kinds, mids)

    def _describe(
        self, direction: str, setup: str, kinds: Sequence[str], mids: Sequence[str]
    ) -> str:
        port = self.socket.getsockname()[1]
        lines = ["v=0", f"o=- 1 1 IN IP4 {self.host}", "s=-", "t=0 0"]
        lines += ["a=group:BUNDLE " + " ".join(mids), "a=msid-semantic: WMS *"]
        for mid, kind in zip(mids, kinds, strict=True):
            media, types, codecs = HEADS[kind]
            lines += [f"m={media} {port} UDP/TLS/RTP/SAVPF {types}", f"c=IN IP4 {self.host}"]
            lines += [f"a=mid:{mid}", f"a={direction}", "a=rtcp-mux", "a=rtcp-rsize", *EXTENSIONS]
            lines += [*codecs, f"a=ice-ufrag:{self.ufrag}", f"a=ice-pwd:{PASSWORD}"]
            lines += [f"a=fingerprint:sha-256 {CERTIFICATE.sha256()}", f"a=setup:{setup}"]
            if direction != "recvonly":
                lines += [f"a=msid:{self.ufrag} {kind}", *self._ssrc_lines(kind)]
            lines += [f"a=candidate:1 1 udp 2130706431 {self.host} {port} typ host"]
            lines += ["a=end-of-candidates"]
        return "\r\n".join(lines) + "\r\n"

    def take(self, description: str) -> None:
        """Reads the server's side."""
        self.remote_ufrag = _first(r"a=ice-ufrag:(\S+)", description)
        self.remote_password = _first(r"a=ice-pwd:(\S+)", description)
        self.remote_fingerprint = _first(r"a=fingerprint:sha-256 (\S+)", description)
        place = r"a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host"
        found = re.search(place, description, re.IGNORECASE)
        assert found is not None, "the server names no address"
        self.relay_address = (found[1], int(found[2]))
        active = _first(r"a=setup:(\w+)", description) in ("active", "actpass")
        self.remote_setup = DtlsSetup.ACTIVE if active else DtlsSetup.PASSIVE

    # ---- connecting ------------------------------------------------------------------------------
    async def open(self) -> None:
        """Begins to read; the socket is there already."""
        asyncio.get_running_loop().add_reader(self.socket, self._read)

    def send(self, data: bytes) -> None:
        """Sends at once."""
        with contextlib.suppress(OSError):
            self.socket.sendto(data, self.relay_address)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                data, address = self.socket.recvfrom(2048)
                self.take_datagram(data, address)

    def take_datagram(self, data: bytes, address: tuple[str, int]) -> None:
        """Whatever is not measured: checks, handshakes, and media before the load begins."""
        if data[:2] == b"\0\1":
            self._answer_check(data, address)
        elif data[0] < 64:
            self.datagram_received(data, address)

    def _answer_check(self, data: bytes, address: tuple[str, int]) -> None:
        asked = stun.parse_message(data)
        reply = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=asked.transaction_id,
            attributes={"XOR-MAPPED-ADDRESS": address},
        )
        reply.add_message_integrity(PASSWORD.encode())
        self.socket.sendto(bytes(reply), address)

    async def connect(self, timeout_s: float = 20.0) -> None:
        """Checks, then the handshake."""
        await self.open()
        self.check(nominate=True)
        self.dtls.start(Fingerprint("sha-256", self.remote_fingerprint), self.remote_setup)
        async with asyncio.timeout(timeout_s):
            while not self.connected.is_set():
                self.check(nominate=True)
                await asyncio.sleep(0.05)

    def close(self) -> None:
        """Ends without a word; the server is about to be killed."""
        for task in (self.dtls._task, self.dtls._transport._task):
            if task is not None:
                task.cancel()
        self.socket.close()

    def hand_over(self) -> int:
        """The descriptor of the connected socket, from now on the load generator's."""
        asyncio.get_running_loop().remove_reader(self.socket)
        self.socket.connect(self.relay_address)
        return self.socket.fileno()


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]
