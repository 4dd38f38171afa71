"""The analyser: one process for one running check, at the far end of the client's real media path.

It is given a connected SEQPACKET socket, or a listening one of which it accepts exactly one
connection. It decodes, measures and answers, writes nothing, and ends with its connection or after
ten minutes (hours, while it hides a room). What is said on the socket: ``docs/protocol.md``,
section 2.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from appliance.device_check import analyser_limits
from appliance.device_check.analyser_picture import PictureWorker
from appliance.device_check.analyser_sound import SoundIn, SoundOut
from appliance.device_check.analyser_words import (
    JSON_BYTE,
    MAX_DATAGRAM_BYTES,
    PICTURE_BYTE,
    SOUND_BYTE,
    Background,
    Echo,
    Hello,
    KeyframeRequest,
    Measure,
    MeasuredKind,
    ReadCode,
    SayNumber,
    measured,
    read_word,
)
from appliance.device_check.blur import Blur, SelfieSegmenter
from appliance.device_check.picture_meter import FaceFinder, PictureMeter
from appliance.device_check.records import Record
from appliance.device_check.speech import Speech, load
from appliance.device_check.voice import VoiceDetector

REPORT_EVERY_S = 0.2
_SEND_WAIT_MS = 200
_READS_PER_TURN = 64
_LONGEST_WAIT_S = 0.2


class ConnectionGone(Exception):
    """The relay has closed the connection."""


class Link:
    """The socket: whole datagrams, each with its first byte. Sending is safe from both threads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.setblocking(False)

    def send(self, first_byte: int, data: bytes) -> None:
        """Media are dropped while the relay does not read; words wait a moment for it."""
        datagram = bytes((first_byte,)) + data
        for _ in range(2 if first_byte == JSON_BYTE else 1):
            try:
                self._connection.send(datagram)
            except BlockingIOError:
                select.select([], [self._connection], [], _SEND_WAIT_MS / 1000)
            except OSError as error:
                raise ConnectionGone from error
            else:
                return

    def say(self, word: dict[str, Any]) -> None:
        """One JSON object."""
        self.send(JSON_BYTE, json.dumps(word, separators=(",", ":")).encode())

    def receive(self, timeout_s: float) -> list[bytes]:
        """Waits for datagrams at most so long, and takes what is there.

        Raises ``ConnectionGone`` at the end of the connection.
        """
        select.select([self._connection], [], [], timeout_s)
        received: list[bytes] = []
        with suppress(BlockingIOError):
            while len(received) < _READS_PER_TURN:
                data, flags = self._take_one()
                if not data:
                    raise ConnectionGone
                if not flags & socket.MSG_TRUNC:
                    received.append(data)
        return received

    def _take_one(self) -> tuple[bytes, int]:
        try:
            data, _, flags, _ = self._connection.recvmsg(MAX_DATAGRAM_BYTES)
        except ConnectionError as error:
            raise ConnectionGone from error
        return data, flags


class Tools:
    """What takes time to load and is the same for every check."""

    def __init__(self, vendor: Path) -> None:
        cv2.setNumThreads(1)
        models = vendor / "models"
        self.speech: Speech = load(vendor / "speech")
        self.voice = VoiceDetector()
        with _quiet():  # MediaPipe tells of each model that it loads
            self.segmenter = SelfieSegmenter(models)
            self.faces = FaceFinder(models)
            grey = av.VideoFrame.from_ndarray(np.full((540, 640), 128, np.uint8), format="yuv420p")
            self.segmenter.person(grey)  # the first picture takes longest
            self.faces.find(grey)


class Analyser:
    """The loop: words and sound here, the picture in its own thread."""

    def __init__(self, link: Link, tools: Tools) -> None:
        self._link = link
        self._speech = tools.speech
        self._sound_in = SoundIn(tools.voice)
        self._sound_out = SoundOut()
        self._picture = PictureWorker(
            PictureMeter(tools.faces),
            Blur(tools.segmenter),
            self._send_picture,
            self._ask_keyframe,
        )
        self._kinds: frozenset[str] = frozenset()
        self._round = 0
        self._language = "de"
        self._report_at_s = 0.0

    def run(self) -> bool:
        """Until the connection ends; false if it was the picture's thread that ended."""
        self._picture.start()
        try:
            while not self._picture.failed:
                self._turn()
        except ConnectionGone:
            return True
        finally:
            self._picture.close()
        return False

    def _turn(self) -> None:
        for data in self._link.receive(self._wait_s()):
            self._take(data)
        now_s = time.monotonic()
        packets, said = self._sound_out.due(now_s)
        for packet in packets:
            self._link.send(SOUND_BYTE, packet)
        for digits in said:
            self._link.say({"type": "said", "digits": digits})
        if now_s >= self._report_at_s:
            self._report_at_s = now_s + REPORT_EVERY_S
            self._report()

    def _wait_s(self) -> float:
        now_s = time.monotonic()
        waits_s = [_LONGEST_WAIT_S, self._report_at_s - now_s]
        if self._sound_out.due_s is not None:
            waits_s.append(self._sound_out.due_s - now_s)
        return max(0.0, min(waits_s))

    def _take(self, data: bytes) -> None:
        if data[0] == SOUND_BYTE:
            heard = self._sound_in.add(data[1:])
            if heard is not None:
                self._sound_out.hear(heard)
        elif data[0] == PICTURE_BYTE:
            self._picture.add(data[1:])
        elif data[0] == JSON_BYTE:
            self._obey(data[1:])

    def _obey(self, data: bytes) -> None:
        try:
            word = read_word(data)
        except ValueError:
            _log("a word that is not in the protocol was ignored")
            return
        now_s = time.monotonic()
        if isinstance(word, Hello):
            self._language = word.language
            self._link.say({"type": "ready"})
        elif isinstance(word, Measure):
            self._measure(frozenset(word.kinds), word.round)
        elif isinstance(word, SayNumber):
            spoken = self._speech.number(word.digits, word.language or self._language)
            self._sound_out.say(spoken, word.digits, now_s)
        elif isinstance(word, Echo):
            self._sound_out.set_echo(word.on, now_s)
        elif isinstance(word, Background):
            if word.mode != "none" and not self._kinds:  # in a check nothing is measured for hours
                analyser_limits.start_run_time(in_session=True)
            self._picture.set_mode(word.mode)
        elif isinstance(word, ReadCode):
            self._picture.read_codes(self._say_code if word.on else None)
        elif isinstance(word, KeyframeRequest):
            self._picture.whole_picture()

    def _measure(self, kinds: frozenset[str], round_: int) -> None:
        self._kinds, self._round = kinds, round_
        if "microphone" in kinds:
            self._sound_in.restart(time.monotonic())
        self._picture.measure(camera="camera" in kinds, background="background" in kinds)

    def _report(self) -> None:
        if "microphone" in self._kinds:
            self._tell("microphone", self._sound_in.record(time.monotonic()))
        if "camera" in self._kinds:
            self._tell("camera", self._picture.camera_record())
        if "background" in self._kinds:
            self._tell("background", self._picture.background_record())

    def _tell(self, kind: MeasuredKind, record: Record) -> None:
        self._link.say(measured(kind, record, self._round))

    def _send_picture(self, data: bytes) -> None:
        with suppress(ConnectionGone):  # the loop notices it too
            self._link.send(PICTURE_BYTE, data)

    def _say_code(self, text: str) -> None:
        with suppress(ConnectionGone):
            self._link.say({"type": "code", "text": text})

    def _ask_keyframe(self) -> None:
        with suppress(ConnectionGone):
            self._link.say({"type": "keyframe_request"})


@contextmanager
def _quiet() -> Iterator[None]:
    """Standard error leads nowhere for a while, for libraries that write to the descriptor."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _log(event: str) -> None:
    """To standard error, where the service's journal is; a full disk must not end a check."""
    with suppress(OSError):
        sys.stderr.write(f"analyser: {event}\n")
        sys.stderr.flush()


def _accept(listening: socket.socket) -> socket.socket:
    """Exactly one connection. The pool shares this socket, so it must stay non-blocking."""
    while True:
        select.select([listening], [], [])
        with suppress(BlockingIOError):
            connection, _ = listening.accept()
            listening.close()
            return connection


def serve(
    descriptor: int, vendor: Path, *, listening: bool, accepted: Callable[[], None] | None = None
) -> bool:
    """One check on the socket ``descriptor``; ``accepted`` is called once somebody is there.

    False if it ended by an error.
    """
    given = socket.socket(fileno=descriptor)
    tools = Tools(vendor)
    analyser_limits.harden()
    connection = _accept(given) if listening else given
    if accepted is not None:
        accepted()
    analyser_limits.start_run_time(in_session=False)
    with connection:
        return Analyser(Link(connection), tools).run()


def main(arguments: list[str] | None = None) -> None:
    """``python -m appliance.device_check.analyser --descriptor 3 --vendor DIR [--listening]``."""
    parser = argparse.ArgumentParser(description="Analyses one device check.")
    parser.add_argument("--descriptor", type=int, default=3, help="the socket's file descriptor")
    parser.add_argument("--listening", action="store_true", help="accept one connection from it")
    parser.add_argument("--accepted", type=int, default=-1, help="pipe that is told of it")
    parser.add_argument("--parent", type=int, default=-1, help="process without which to end")
    parser.add_argument("--vendor", type=Path, required=True, help="folder of models and speech")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the pool
    if chosen.parent > 0:
        analyser_limits.die_with_parent(chosen.parent)

    def tell() -> None:
        if chosen.accepted >= 0:
            os.write(chosen.accepted, b"!")
            os.close(chosen.accepted)

    well = serve(chosen.descriptor, chosen.vendor, listening=chosen.listening, accepted=tell)
    os._exit(
        0 if well else 1
    )  # without taking MediaPipe's graphs apart: the next check waits for this place


if __name__ == "__main__":
    main()
