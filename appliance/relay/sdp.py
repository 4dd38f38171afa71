"""The relay's offer, from one fixed table, and the small grammar of the answers it takes.

Sections of every offer: mid 0 microphone, 1 camera, 2 screen (the browser sends), then for slot k
mid 3+3k sound, 4+3k camera picture, 5+3k screen picture (the browser receives).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from appliance.relay import rtp
from appliance.relay.control import TrackKind

MAX_ANSWER_BYTES: Final = 16 * 1024
SENT_SECTIONS: Final = 3
START_BITRATE_KBPS: Final = 1500
MAX_SECTION_SSRCS: Final = 8  # Firefox writes SSRCs in every section, also where it sends nothing
HOST_PRIORITY: Final = 2_130_706_431  # RFC 8445: type 126, local 65535, component 1

KIND_OF_SECTION: Final = (TrackKind.MICROPHONE, TrackKind.CAMERA, TrackKind.SCREEN)


class AnswerInvalid(ValueError):
    """The answer breaks the grammar; the text says where."""


class DtlsSetup(StrEnum):
    """Who begins the DTLS handshake, from the browser's point of view."""

    ACTIVE = "active"
    PASSIVE = "passive"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hash of the browser's certificate."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class SlotSsrcs:
    """The constant SSRCs of one slot; ``rtx`` is 0 for sound."""

    kind: TrackKind
    slot: int
    main: int
    rtx: int


@dataclass(frozen=True, slots=True)
class OfferSpec:
    """What differs between offers."""

    ufrag: str
    password: str
    fingerprint_sha256: str
    addresses: Sequence[str]
    port: int
    slots: Sequence[SlotSsrcs]
    session_id: int
    version: int


# ---- the offer -----------------------------------------------------------------------------------
_AUDIO: tuple[str, ...] = (
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
)
_AUDIO_FROM_BROWSER: tuple[str, ...] = (
    *_AUDIO,
    "a=rtcp-fb:111 transport-cc",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
)
_AUDIO_TO_BROWSER: tuple[str, ...] = (
    *_AUDIO,
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
)
_VIDEO: tuple[str, ...] = (
    "a=rtpmap:96 VP8/90000",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtcp-fb:96 ccm fir",
)
_VIDEO_FROM_BROWSER: tuple[str, ...] = (
    *_VIDEO,
    f"a=fmtp:96 x-google-start-bitrate={START_BITRATE_KBPS}",
    "a=rtcp-fb:96 transport-cc",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
)
# No transport-cc here: with it, browsers stop estimating as receivers (REMB).
_VIDEO_TO_BROWSER: tuple[str, ...] = (
    *_VIDEO,
    "a=rtcp-fb:96 goog-remb",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
)


def offer(spec: OfferSpec) -> str:
    """The SDP text of an offer."""
    mids = " ".join(str(mid) for mid in range(SENT_SECTIONS + len(spec.slots)))
    lines = [
        "v=0",
        f"o=- {spec.session_id} {spec.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic: WMS *",
    ]
    for mid, kind in enumerate(KIND_OF_SECTION):
        audio = kind is TrackKind.MICROPHONE
        codec = _AUDIO_FROM_BROWSER if audio else _VIDEO_FROM_BROWSER
        lines += [*_head(spec, mid, audio), "a=recvonly", *codec]
    for index, ssrcs in enumerate(spec.slots):
        audio = ssrcs.kind is TrackKind.MICROPHONE
        codec = _AUDIO_TO_BROWSER if audio else _VIDEO_TO_BROWSER
        lines += [*_head(spec, SENT_SECTIONS + index, audio), "a=sendonly", *codec]
        lines += _streams(ssrcs)
    return "\r\n".join(lines) + "\r\n"


def _head(spec: OfferSpec, mid: int, audio: bool) -> list[str]:
    media = "audio" if audio else "video"
    payload_types = "111" if audio else "96 97"
    address = spec.addresses[0]
    family = "IP6" if ":" in address else "IP4"
    candidates = [
        f"a=candidate:{n + 1} 1 udp {HOST_PRIORITY - 256 * n} {a} {spec.port} typ host"
        for n, a in enumerate(spec.addresses)
    ]
    return [
        f"m={media} {spec.port} UDP/TLS/RTP/SAVPF {payload_types}",
        f"c=IN {family} {address}",
        f"a=mid:{mid}",
        f"a=ice-ufrag:{spec.ufrag}",
        f"a=ice-pwd:{spec.password}",
        f"a=fingerprint:sha-256 {spec.fingerprint_sha256}",
        "a=setup:actpass",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *candidates,
        "a=end-of-candidates",
    ]


def _streams(ssrcs: SlotSsrcs) -> list[str]:
    """The main SSRC must come before the RTX one, or Chromium shows no picture."""
    screen = ssrcs.kind is TrackKind.SCREEN
    stream = f"screen{ssrcs.slot}" if screen else f"slot{ssrcs.slot}"
    lines = [f"a=msid:{stream} {stream}-{ssrcs.kind}"]
    if ssrcs.rtx:
        lines.append(f"a=ssrc-group:FID {ssrcs.main} {ssrcs.rtx}")
    lines += [f"a=ssrc:{ssrc} cname:{stream}" for ssrc in (ssrcs.main, ssrcs.rtx) if ssrc]
    return lines


# ---- the answer ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SentTrack:
    """What the browser sends in one section. 0: the SSRC is learnt from the packets' mid."""

    kind: TrackKind
    ssrc: int
    rtx_ssrc: int


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the relay wants to know from an answer."""

    fingerprint: Fingerprint
    setup: DtlsSetup
    tracks: tuple[SentTrack, ...]


_MEDIA: Final = re.compile(r"(audio|video) (\d{1,5}) UDP/TLS/RTP/SAVPF((?: \d{1,3}){1,64})")
_ATTRIBUTE: Final = re.compile(r"([a-z0-9-]{1,40})(?::([\x20-\x7e]*))?")
_FINGERPRINT: Final = re.compile(
    r"(sha-256|sha-384|sha-512) ((?:[0-9A-Fa-f]{2}:){31,63}[0-9A-Fa-f]{2})"
)
_SSRC: Final = re.compile(r"(\d{1,10})(?: .*)?")
_FID: Final = re.compile(r"FID (\d{1,10}) (\d{1,10})")
_DIRECTIONS: Final = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
_IGNORED_TYPES: Final = frozenset("vostcbikuepzr")


@dataclass(slots=True)
class _Section:
    media: str = ""
    port: int = 0
    payload_types: frozenset[int] = frozenset()
    mid: str = ""
    direction: str = "sendrecv"
    setup: str = ""
    fingerprint: str = ""
    ssrcs: list[int] = field(default_factory=list)
    pair: tuple[int, int] = (0, 0)


def parse_answer(text: str, sections: int) -> Answer:
    """Reads the answer to an offer of ``sections`` sections. Raises ``AnswerInvalid``."""
    if len(text) > MAX_ANSWER_BYTES or not text.isascii():
        raise AnswerInvalid("size or characters")
    session, media = _split(text, sections)
    if len(media) != sections:
        raise AnswerInvalid("number of sections")
    for index, section in enumerate(media):
        expected = "audio" if index % 3 == 0 else "video"
        if section.media != expected or section.mid != str(index):
            raise AnswerInvalid(f"section {index}")
    taken = [section for section in media if section.port]
    fingerprints = {s.fingerprint or session.fingerprint for s in taken}
    setups = {s.setup or session.setup for s in taken}
    if len(fingerprints) != 1 or len(setups) != 1:
        raise AnswerInvalid("one fingerprint and one setup are needed")
    return Answer(
        fingerprint=_fingerprint(fingerprints.pop()),
        setup=_setup(setups.pop()),
        tracks=_tracks(media[:SENT_SECTIONS]),
    )


def _split(text: str, sections: int) -> tuple[_Section, list[_Section]]:
    session = _Section()
    media: list[_Section] = []
    current = session
    for line in text.splitlines():
        if line[1:2] != "=":
            raise AnswerInvalid("line")
        if line[0] == "m":
            if len(media) == sections:
                raise AnswerInvalid("number of sections")
            current = _media(line[2:])
            media.append(current)
        elif line[0] == "a":
            _take_attribute(current, line[2:])
        elif line[0] not in _IGNORED_TYPES:
            raise AnswerInvalid("line type")
    return session, media


def _media(value: str) -> _Section:
    match = _MEDIA.fullmatch(value)
    if match is None:
        raise AnswerInvalid("m=")
    return _Section(
        media=match[1],
        port=int(match[2]),
        payload_types=frozenset(int(number) for number in match[3].split()),
    )


def _take_attribute(section: _Section, text: str) -> None:
    match = _ATTRIBUTE.fullmatch(text)
    if match is None:
        return  # an attribute that we have no use for, such as extmap-allow-mixed's cousins
    name, value = match[1], match[2] or ""
    if name in _DIRECTIONS:
        section.direction = name
    elif name in ("mid", "setup", "fingerprint"):
        setattr(section, name, value)
    elif name == "ssrc" and (found := _SSRC.fullmatch(value)):
        _take_ssrc(section, int(found[1]))
    elif name == "ssrc-group" and (found := _FID.fullmatch(value)):
        section.pair = (int(found[1]), int(found[2]))


def _take_ssrc(section: _Section, ssrc: int) -> None:
    if ssrc in section.ssrcs:
        return
    if len(section.ssrcs) == MAX_SECTION_SSRCS or not 0 < ssrc < 1 << 32:
        raise AnswerInvalid("ssrc")
    section.ssrcs.append(ssrc)


def _fingerprint(value: str) -> Fingerprint:
    match = _FINGERPRINT.fullmatch(value)
    if match is None:
        raise AnswerInvalid("fingerprint")
    return Fingerprint(algorithm=match[1], value=match[2].upper())


def _setup(value: str) -> DtlsSetup:
    try:
        return DtlsSetup(value)
    except ValueError:
        raise AnswerInvalid("setup") from None


def _tracks(media: Sequence[_Section]) -> tuple[SentTrack, ...]:
    """Sections that the browser sends in. Firefox writes SSRCs also where it sends nothing."""
    tracks = []
    for kind, section in zip(KIND_OF_SECTION, media, strict=True):
        wanted = rtp.OPUS if kind is TrackKind.MICROPHONE else rtp.VP8
        if section.port == 0 or section.direction not in ("sendrecv", "sendonly"):
            continue
        if wanted not in section.payload_types:
            continue
        main, rtx = section.pair if section.pair[0] else (0, 0)
        if main and not {main, rtx} <= set(section.ssrcs):
            raise AnswerInvalid("ssrc-group")
        if not main and section.ssrcs:
            main = section.ssrcs[0]
        tracks.append(SentTrack(kind=kind, ssrc=main, rtx_ssrc=rtx))
    used = [ssrc for track in tracks for ssrc in (track.ssrc, track.rtx_ssrc) if ssrc]
    if len(used) != len(set(used)):
        raise AnswerInvalid("ssrc used twice")
    return tuple(tracks)
