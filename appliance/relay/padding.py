"""Padding-only RTP packets: they load a browser's line and carry nothing.

They go on a picture's section that nothing is routed to, under its own SSRC and its next numbers
(RFC 3550, 5.1), so no number is ever used twice and a picture that is routed there later goes on
without a break. Browsers count them in their statistics and their estimate (REMB, by send time),
and never as a picture.
"""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING, Final

from appliance.relay import rtp
from appliance.relay.batch import send_time

if TYPE_CHECKING:
    from appliance.relay.streams import BrowserSink

PADDING_BYTES: Final = 255  # the most that RTP's one length byte allows
_HEADER: Final = struct.Struct("!BBHIIHHI")  # with one extension: the send time
_FIRST: Final = 0x80 | 0x20 | 0x10  # version 2, padding, extension
_PROFILE_WORDS: Final = (0xBEDE, 1)
_STAMP_MARK: Final = rtp.ABS_SEND_TIME << 4 | 2
LENGTH: Final = _HEADER.size + PADDING_BYTES
WIRE_BYTES: Final = LENGTH + 16 + 28  # with AES-GCM's tag, UDP and IPv4
_TAIL: Final = bytes(PADDING_BYTES - 1) + bytes([PADDING_BYTES])


def pad(sink: BrowserSink) -> bool:
    """Sends one packet; False where a picture is routed, which would lose its numbers."""
    if sink.source is not None or not sink.is_video:
        return False
    number = sink.take_padding_number()
    timestamp = _timestamp(sink, time.monotonic())
    out = sink.transport.batch.out
    stamp = _STAMP_MARK << 24 | send_time()
    _HEADER.pack_into(
        out.view, 0, _FIRST, rtp.VP8, number & 0xFFFF, timestamp, sink.ssrc, *_PROFILE_WORDS, stamp
    )
    out.view[_HEADER.size : LENGTH] = _TAIL
    sink.transport.send_rtp(out, LENGTH)
    return True


def send_clock(sink: BrowserSink) -> None:
    """A sender report, so that the browser's report tells the round trip."""
    if sink.source is None and sink.padded:
        ntp = int((time.time() + 2_208_988_800) * (1 << 32))
        sink.transport.send_sender_report(sink, ntp, _timestamp(sink, time.monotonic()))


def _timestamp(sink: BrowserSink, now_s: float) -> int:
    """Goes on by the clock, so that the browser's jitter is the line's."""
    if sink.sent_at_s >= 0:
        passed = int((now_s - sink.sent_at_s) * sink.clock_hz)
        sink.last_timestamp = (sink.last_timestamp + max(passed, 0)) & 0xFFFFFFFF
    sink.sent_at_s = now_s
    return sink.last_timestamp
