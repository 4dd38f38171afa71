"""Changed inputs for every parser of the relay and of web that reads bytes from the network.

    scripts/fuzz                         one million inputs for each parser
    scripts/fuzz --inputs 2000 --only rtcp

A parser may refuse with the exception that it documents; anything else is a finding, and so is a
result that reaches behind the packet. A finding is printed with the input, and ends the run.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from aioice import stun
from pydantic import TypeAdapter, ValidationError

from appliance.device_check import analyser_rtp
from appliance.relay import ice_lite, rtcp, rtp, sdp
from appliance.web.commands import ClientCommand
from tests.media.phone import Phone, vp8

MILLION: Final = 1_000_000
SECTIONS: Final = 6
ODD: Final = (0, 1, 2, 4, 127, 128, 254, 255)
INTERESTING: Final = tuple(bytes([each]) * size for each in ODD for size in (1, 2, 4))


class Finding(AssertionError):
    """A parser did what it must not do."""


@dataclass(frozen=True, slots=True)
class Target:
    """One parser: what it is fed at first, and what it may raise."""

    seeds: list[bytes]
    parse: Callable[[bytes], None]
    refusals: tuple[type[Exception], ...] = ()


def changed(seed: bytes, rng: random.Random) -> bytes:
    """The seed with a few bytes flipped, replaced, repeated, cut out or cut off."""
    data = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                piece = rng.choice(INTERESTING)
                data[at : at + len(piece)] = piece
            case 2:
                data[at:at] = rng.randbytes(rng.randint(1, 8))
            case 3:
                del data[at : at + rng.randint(1, 16)]
            case 4:
                data[at:at] = data[at : at + rng.randint(1, 32)] * rng.randint(1, 4)
            case _ if rng.random() < 0.2:
                del data[at:]
    return bytes(data[:2048])


# ---- the parsers ---------------------------------------------------------------------------------
def _packet(data: bytes) -> None:
    """RTP: the layout and everything that is read by it lie inside the packet."""
    if len(data) < rtp.HEADER_BYTES:
        return
    view = bytearray(data)
    layout = rtp.scan(view, len(view))
    ends = (
        layout.payload_at,
        layout.mid_at + layout.mid_bytes,
        layout.abs_send_time_at + 3 * bool(layout.abs_send_time_at),
        layout.transport_cc_at + 2 * bool(layout.transport_cc_at),
    )
    if max(ends) > len(data) or not rtp.holds(layout, view, len(view)):
        raise Finding("a layout reaches behind its packet")
    rtp.is_keyframe_start(view, layout.payload_at, len(view))
    numbers = rtp.vp8_numbers(view, layout.payload_at, len(view))
    if max(numbers.picture_at + numbers.picture_wide, numbers.tl0_at) >= len(view):
        raise Finding("a number lies behind its packet")
    if not layout.payload_at <= rtp.payload_end(view, len(view), layout.payload_at) <= len(view):
        raise Finding("a payload ends outside its packet")


def _reports(data: bytes) -> None:
    items = rtcp.parse(data)
    nacked = [len(item.numbers) for item in items if isinstance(item, rtcp.Nack)]
    if len(items) > rtcp.MAX_ITEMS + rtcp.MAX_REPORTS or max(nacked, default=0) > rtcp.MAX_NACKED:
        raise Finding("more items than a browser sends")


def _check(data: bytes) -> None:
    _look_at_check(data)
    if len(data) > 28:
        _look_at_check(_with_fingerprint(data[:-8]))


def _with_fingerprint(data: bytes) -> bytes:
    """Mends length and checksum (RFC 8489, 14.7), or nothing changed would get past them."""
    data += bytes(-len(data) % 4)
    data = data[:2] + (len(data) - 12).to_bytes(2) + data[4:]
    return data + b"\x80\x28\0\4" + (crc32(data) ^ 0x5354554E).to_bytes(4)


def _look_at_check(data: bytes) -> None:
    ufrag = ice_lite.asked_ufrag(data)
    check = ice_lite.parse_check(data)
    if check is not None and check.ufrag != ufrag:
        raise Finding("the cheap look and the parser name different peers")
    if check is not None and ice_lite.is_signed(check, "another password"):
        raise Finding("a check is taken for signed under a password that nobody has")


def _answer(data: bytes) -> None:
    answer = sdp.parse_answer(data.decode("latin-1"), SECTIONS)
    if len(answer.tracks) > sdp.SENT_SECTIONS:
        raise Finding("more tracks than sections")


def _analysed(data: bytes) -> None:
    """The same packet once more behind the relay, where a decoder is next."""
    packet = analyser_rtp.parse(data)
    if packet is not None:
        frame = analyser_rtp.depayloaded(packet.payload)
        analyser_rtp.keyframe_size(frame)
        analyser_rtp.is_delta_frame(frame)


_client_commands: TypeAdapter[ClientCommand] = TypeAdapter(ClientCommand)


def _command(data: bytes) -> None:
    _client_commands.validate_json(data)


# ---- what they are fed at first ------------------------------------------------------------------
def _packets() -> list[bytes]:
    head = struct.pack("!BBHIIHH", 0x90, 96, 1, 2, 3, 0xBEDE, 3)
    extensions = b"\x10\x31" + b"\x22abc" + b"\x31\x01\x02" + b"\0\0\0"
    padded = struct.pack("!BBHII", 0xA0, 111, 1, 2, 3) + b"sound" + b"\0\0\3"
    pictures = [vp8(5, keyframe=key, size=20) for key in (True, False)]
    return [head + extensions + each for each in pictures] + [padded]


def _compounds() -> list[bytes]:
    block = rtcp.ReceptionReport(5, 1, 2, 3, 4, 5, 6)
    return [
        rtcp.receiver_report([block, block]) + rtcp.picture_loss(5),
        rtcp.sender_report(5, 1 << 40, 9, 8, 7) + rtcp.nack(5, [1, 2, 9, 60000]),
        rtcp.receiver_report([]) + rtcp.bitrate_limit(300_000, [1, 2, 3]),
    ]


def _checks() -> list[bytes]:
    attributes = {"USERNAME": "abcd:efgh", "PRIORITY": 1, "ICE-CONTROLLING": 7}
    attributes |= {"USE-CANDIDATE": None}
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
    message.add_message_integrity(b"password")
    return [bytes(message)]


def _answers() -> list[bytes]:
    phone = Phone()
    phone.sections = SECTIONS
    return [phone.answer().encode()]


def _commands() -> list[bytes]:
    words = [
        {"type": "answer", "peer_id": "p", "sdp": "v=0"},
        {"type": "sending", "microphone": True, "camera": False},
        {"type": "choose_background", "mode": "blur", "look": "soft"},
        {"type": "fill_line", "down_kbps": 800, "for_ms": 500},
    ]
    return [json.dumps(each).encode() for each in words]


TARGETS: Final = {
    "rtp": Target(_packets(), _packet, (rtp.PacketInvalid,)),
    "rtcp": Target(_compounds(), _reports, (ValueError,)),
    "stun": Target(_checks(), _check),
    "sdp": Target(_answers(), _answer, (sdp.AnswerInvalid,)),
    "analyser": Target(_packets(), _analysed),
    "command": Target(_commands(), _command, (ValidationError,)),
}


def run(name: str, inputs: int, seed: int) -> float:
    """Feeds the parser; seconds it took. Raises ``Finding`` with the input."""
    target = TARGETS[name]
    rng = random.Random(seed)
    began_s = time.monotonic()
    for _ in range(inputs):
        data = changed(rng.choice(target.seeds), rng)
        try:
            target.parse(data)
        except target.refusals:
            continue
        except Exception as error:
            raise Finding(f"{name}: {error!r} for {data.hex()}") from error
    return time.monotonic() - began_s


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=MILLION, help="for each parser")
    parser.add_argument("--only", nargs="+", choices=list(TARGETS), default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 1 << 32)
    for name in options.only:
        try:
            took_s = run(name, options.inputs, seed)
        except Finding as finding:
            sys.exit(f"seed {seed}: {finding}")
        print(f"{name}: {options.inputs} inputs in {took_s:.0f} s, seed {seed}, no finding")


if __name__ == "__main__":
    main()
