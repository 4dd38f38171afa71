"""A room's members: a browser behind a transport, or an analyser behind a link."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from appliance.relay.analyser_link import AnalyserLink
from appliance.relay.control import PeerState, TrackKind
from appliance.relay.dtls import Certificate, DtlsLink
from appliance.relay.ice_lite import Liveness
from appliance.relay.pictures import Pictures
from appliance.relay.plane import Plane
from appliance.relay.sdp import (
    KIND_OF_SECTION,
    SENT_SECTIONS,
    Answer,
    AnswerInvalid,
    Fingerprint,
    OfferSpec,
    SlotSsrcs,
    offer,
    parse_answer,
)
from appliance.relay.srtp import SrtpSession
from appliance.relay.streams import BrowserSink, Sink, Source
from appliance.relay.transport import BrowserTransport

MAX_EARLY_DATAGRAMS: Final = 4  # DTLS that comes before the answer does
SOUND_STOPS_S: Final = 0.6  # of fifty packets a second none has come, and nothing else either
BETWEEN_RESTARTS_S: Final = 2.0

OnState = Callable[["BrowserPeer", PeerState], None]


class BrowserPeer:
    """One RTCPeerConnection: offer, answer, DTLS, and the state that web is told."""

    def __init__(
        self,
        peer_id: str,
        slots: int,
        plane: Plane,
        certificate: Certificate,
        addresses: list[str],
        on_state: OnState,
        now_s: float,
    ) -> None:
        self.peer_id = peer_id
        self.state = PeerState.CONNECTING
        self.began_at_s = now_s
        self._plane = plane
        self._addresses = addresses
        self._on_state = on_state
        self._fingerprint: Fingerprint | None = None
        self._own_fingerprint = certificate.sha256()
        self._session_id = secrets.randbits(62)
        self._version = 0
        self._restart_open = False  # offered, and not answered yet
        self._silent_since_s = -1e9
        self.transport = BrowserTransport(plane, self._take_dtls, self._take_check)
        self.receives = slots  # how many others
        self._slots = _new_slots(slots)
        self.transport.sinks = [
            BrowserSink(s.kind, s.main, s.rtx, self.transport) for s in self._slots
        ]
        self.pictures = Pictures(self.transport.sinks, self.transport.downlink)
        self.dtls = DtlsLink(certificate, self.transport.send_plain, self._keys, self._dtls_closed)
        plane.add(self.transport)

    @property
    def sources(self) -> dict[TrackKind, Source]:
        """What it sends."""
        return self.transport.sources

    def sink(self, slot: int, kind: TrackKind) -> Sink | None:
        """Its receiving section, if it has that slot."""
        index = slot * SENT_SECTIONS + KIND_OF_SECTION.index(kind)
        return self.transport.sinks[index] if index < len(self.transport.sinks) else None

    def offer(self) -> str:
        """The next offer; each one has a higher version."""
        self._version += 1
        ice = self.transport.ice.credentials
        return offer(
            OfferSpec(
                ufrag=ice.ufrag,
                password=ice.password,
                fingerprint_sha256=self._own_fingerprint,
                addresses=self._addresses,
                port=self._plane.ports[0].number,
                slots=self._slots,
                session_id=self._session_id,
                version=self._version,
            )
        )

    def accept(self, text: str) -> None:
        """Takes an answer. Raises ``AnswerInvalid``; another certificate than before is one."""
        answer: Answer = parse_answer(text, SENT_SECTIONS + len(self._slots))
        if self._fingerprint not in (None, answer.fingerprint):
            raise AnswerInvalid("fingerprint changed")
        self._restart_open = False
        self.transport.use_tracks(answer.tracks)
        if self._fingerprint is None:
            self._fingerprint = answer.fingerprint
            self.dtls.start(answer.fingerprint, answer.setup)

    def restart_ice(self, now_s: float) -> str:
        """New credentials and their offer; DTLS and SRTP stay.

        As long as nobody has answered, the same are offered again: a browser that is out of reach
        goes on with those from before, and must be known by them.
        """
        if self._restart_open:
            self.transport.ice.keep_old(now_s)
        else:
            self._restart_open = True
            self.transport.ice.restart(now_s)
            self._plane.add(self.transport)
        return self.offer()

    def fell_silent(self, now_s: float) -> bool:
        """Once for each silence: sound has stopped, with everything else.

        So is a browser whose network has changed; an ICE restart brings it back long before it is
        ``lost``, and costs nothing where the silence has another reason.
        """
        heard_s = self.transport.ice.heard_at_s
        if self.state is not PeerState.CONNECTED or now_s - heard_s < SOUND_STOPS_S:
            return False
        spoke = heard_s - self.sources[TrackKind.MICROPHONE].packet_at_s < SOUND_STOPS_S / 4
        if not spoke or heard_s - self._silent_since_s < BETWEEN_RESTARTS_S:
            return False
        self._silent_since_s = heard_s
        return True

    def judge(self, now_s: float, connect_within_s: float) -> None:
        """Notices silence, and that it ended."""
        if self.state is PeerState.CONNECTING:
            if now_s - self.began_at_s > connect_within_s:
                self._become(PeerState.FAILED)
            return
        liveness = self.transport.ice.liveness(now_s)
        if liveness is Liveness.GIVEN_UP:
            self._become(PeerState.FAILED)
        elif liveness is Liveness.LOST and self.state is PeerState.CONNECTED:
            self._become(PeerState.LOST)
        elif liveness is Liveness.HEARD and self.state is PeerState.LOST:
            self._become(PeerState.CONNECTED)

    def detach(self) -> None:
        """Ends all routes and takes no more datagrams, at once."""
        for sink in self.transport.sinks:
            sink.paused = None
            sink.attach(None)
        _detach_sources(self)
        self._plane.remove(self.transport)

    async def close(self) -> None:
        """Says good-bye to the browser; never takes longer than ten seconds."""
        await self.dtls.close()
        self.transport.use_path(None, ())
        self.transport.release()

    # ---- what happens below --------------------------------------------------------------------
    def _take_dtls(self, datagram: bytes) -> None:
        self.dtls.receive(datagram)

    def _take_check(self) -> None:
        if self.state is PeerState.LOST:
            self._become(PeerState.CONNECTED)

    def _keys(self, inbound: SrtpSession, outbound: SrtpSession) -> None:
        self.transport.use_keys(inbound, outbound)
        self._become(PeerState.CONNECTED)
        for source in self.sources.values():
            if source.sinks:
                source.want_keyframe()
        for sink in self.transport.sinks:
            sink.ask_keyframe()

    def _dtls_closed(self) -> None:
        self._become(PeerState.FAILED)

    def _become(self, state: PeerState) -> None:
        if self.state not in (state, PeerState.FAILED):
            self.state = state
            self._on_state(self, state)


class AnalyserPeer:
    """An analyser process as a member of a room."""

    def __init__(self, peer_id: str, link: AnalyserLink) -> None:
        self.peer_id = peer_id
        self.state = PeerState.CONNECTED
        self.link = link

    @property
    def sources(self) -> dict[TrackKind, Source]:
        """What it sends: sound and picture."""
        return self.link.sources

    def sink(self, slot: int, kind: TrackKind) -> Sink | None:
        """It has one slot, and no screen."""
        return self.link.sinks.get(kind) if slot == 0 else None

    def detach(self) -> None:
        """Ends all routes, and the process by ending the connection."""
        _detach_sources(self)
        self.link.close()

    async def close(self) -> None:
        """Nothing is left to wait for."""


Peer = BrowserPeer | AnalyserPeer


def _detach_sources(peer: Peer) -> None:
    for source in peer.sources.values():
        for fed in list(source.sinks):
            fed.attach(None)


def _new_slots(count: int) -> tuple[SlotSsrcs, ...]:
    numbers = iter(_distinct_ssrcs(5 * count))
    slots: list[SlotSsrcs] = []
    for slot in range(count):
        for kind in KIND_OF_SECTION:
            main = next(numbers)
            rtx = 0 if kind is TrackKind.MICROPHONE else next(numbers)
            slots.append(SlotSsrcs(kind=kind, slot=slot, main=main, rtx=rtx))
    return tuple(slots)


def _distinct_ssrcs(count: int) -> list[int]:
    found: set[int] = set()
    while len(found) < count:
        found.add(secrets.randbelow(0xFFFFFFFE) + 2)
    return list(found)
