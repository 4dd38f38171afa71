"""DTLS by aiortc's transport on a duck-typed one.

This is the one file that uses private members of aiortc; each has a contract test in
``tests/media/test_private_members.py``, because a new version may change them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

import structlog
from aiortc import rtcdtlstransport as aiortc_dtls
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters
from OpenSSL import SSL

from appliance.relay.sdp import DtlsSetup, Fingerprint
from appliance.relay.srtp import SrtpSession

log = structlog.get_logger()

DTLS_1_2: Final = 0xFEFD  # pyOpenSSL names no DTLS versions
CIPHERS: Final = b"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256"
MAX_WAITING_DATAGRAMS: Final = 16
CLOSE_TIMEOUT_S: Final = 5.0

SendDatagram = Callable[[bytes], None]
OnKeys = Callable[[SrtpSession, SrtpSession], None]
OnClosed = Callable[[], None]


class Certificate(RTCCertificate):
    """One per process: ECDSA P-256, only AES-GCM suites, DTLS 1.2 or newer."""

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
        context = super()._create_ssl_context(srtp_profiles)
        context.set_min_proto_version(DTLS_1_2)
        context.set_cipher_list(CIPHERS)
        return context

    def sha256(self) -> str:
        """The fingerprint for the offer."""
        found = [f for f in self.getFingerprints() if f.algorithm == "sha-256"]
        return found[0].value


def new_certificate() -> Certificate:
    """Makes the process's certificate; it lives as long as the process."""
    return Certificate.generateCertificate()


class _DatagramPipe:
    """What ``RTCDtlsTransport`` needs of an ICE transport: a role, ``_recv`` and ``_send``."""

    role = "controlled"

    def __init__(self, send: SendDatagram) -> None:
        self._send_now = send
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_WAITING_DATAGRAMS)

    def push(self, datagram: bytes | None) -> None:
        """A flood is dropped, never queued."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(datagram)

    async def _recv(self) -> bytes:
        datagram = await self._waiting.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._send_now(datagram)


class _Transport(aiortc_dtls.RTCDtlsTransport):
    """aiortc's handshake; our own SRTP sessions, so that repeated numbers are refused."""

    keys: tuple[SrtpSession, SrtpSession] | None = None

    def _setup_srtp(self) -> None:
        assert self._ssl is not None
        chosen = self._ssl.get_selected_srtp_profile()
        for profile in self._srtp_profiles:
            if profile.openssl_profile == chosen:
                break
        else:
            self._set_state(aiortc_dtls.State.FAILED)
            return
        size = 2 * (profile.key_length + profile.salt_length)
        material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
        ours = 1 if self._role == "server" else 0
        self.keys = (
            SrtpSession(
                profile.get_key_and_salt(material, 1 - ours), profile.libsrtp_profile, inbound=True
            ),
            SrtpSession(
                profile.get_key_and_salt(material, ours), profile.libsrtp_profile, inbound=False
            ),
        )


class DtlsLink:
    """One peer's DTLS association. Datagrams come in by ``receive``, and leave by ``send``.

    ``on_keys`` is called once, with the inbound and the outbound SRTP session; ``on_closed`` once,
    when the handshake failed or the browser closed. A wrong fingerprint is a failed handshake.
    """

    def __init__(
        self, certificate: Certificate, send: SendDatagram, on_keys: OnKeys, on_closed: OnClosed
    ) -> None:
        self._pipe = _DatagramPipe(send)
        self._transport = _Transport(self._pipe, [certificate])  # type: ignore[arg-type]
        self._on_keys = on_keys
        self._on_closed = on_closed
        self._task: asyncio.Task[None] | None = None

    @property
    def started(self) -> bool:
        """Whether the browser's fingerprint is known."""
        return self._task is not None

    def receive(self, datagram: bytes) -> None:
        """Takes a DTLS record from an address that ICE has validated."""
        self._pipe.push(datagram)

    def start(self, fingerprint: Fingerprint, setup: DtlsSetup) -> None:
        """Begins the handshake; the answer says who is client."""
        self._transport._set_role("server" if setup is DtlsSetup.ACTIVE else "client")
        parameters = RTCDtlsParameters(
            [RTCDtlsFingerprint(algorithm=fingerprint.algorithm, value=fingerprint.value)]
        )
        self._task = asyncio.create_task(self._run(parameters), name="dtls")

    async def _run(self, parameters: RTCDtlsParameters) -> None:
        try:
            await self._transport.start(parameters)
            if self._transport.keys is None or self._transport.state != "connected":
                return
            self._on_keys(*self._transport.keys)
            pump = self._transport._task
            if pump is not None:
                await asyncio.wait([pump])
                if not pump.cancelled():
                    pump.exception()
        except Exception as error:
            log.warning("dtls_failed", exc_info=error)
        finally:
            self._on_closed()

    def described(self) -> dict[str, str]:
        """Negotiated cipher, protocol and SRTP profile, for the statistics."""
        tls = self._transport._ssl
        if tls is None or self._transport.state != "connected":
            return {}
        return {
            "cipher": tls.get_cipher_name() or "",
            "protocol": tls.get_protocol_version_name(),
            "srtp_profile": tls.get_selected_srtp_profile().decode(),
        }

    async def close(self) -> None:
        """Says goodbye to the browser; never waits longer than five seconds."""
        self._on_closed = lambda: None
        with contextlib.suppress(TimeoutError, ConnectionError, SSL.Error):
            await asyncio.wait_for(self._transport.stop(), CLOSE_TIMEOUT_S)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=CLOSE_TIMEOUT_S)
        self._transport._ssl = None  # large, and part of a ring that would wait for a collection
