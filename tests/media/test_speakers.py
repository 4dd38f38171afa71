"""Who speaks is told from the packets' levels: quickly, and without flickering."""

import asyncio
import time

from appliance.relay.control import TrackKind
from appliance.relay.rtp import scan
from appliance.relay.speakers import AHEAD_FOR_S, SILENT_FOR_S, Speakers
from appliance.relay.streams import Incoming, Source
from tests.media.conftest import eventually

TICK_S = 0.08
VOICE, SOFT_VOICE, ROOM, FAN, OFF = 25, 40, 65, 38, 127
PACKET = bytes(12) + bytes([0xBE, 0xDE, 0, 1, 0x40, 0, 0, 0])


class Table:
    """People at one table, each at a level in -dBov."""

    def __init__(self, *names):
        self.speakers = Speakers()
        self.now_s = 100.0
        self.levels = dict.fromkeys(names, ROOM)
        self.sources = {name: Source(TrackKind.MICROPHONE, lambda _: None) for name in names}
        self.packet = Incoming(None)
        self.heard_by = {}
        for source in self.sources.values():
            source.sinks.append(object())  # somebody hears it
        self.speakers.listen_to(self.sources.items())
        self.said = []
        self.pass_s(3)

    def pass_s(self, seconds, **levels):
        self.levels |= levels
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            for name, level in self.levels.items():
                self.send(name, level)
            if self.speakers.step(self.now_s):
                self.said.append(self.speakers.speaker)
        return self.speakers.speaker

    def send(self, name, level):
        view = bytearray(b"\x90" + PACKET[1:])
        view[17] = level
        self.packet.buffer = type("", (), {"view": view})
        self.packet.layout = scan(view, len(view))
        for _ in range(4):
            self.speakers._ears[name].forward(self.packet)


def test_it_works():
    table = Table("a", "b", "c")
    assert table.said == []
    assert table.pass_s(1, a=VOICE) == "a"
    assert table.pass_s(1, a=ROOM, b=VOICE) == "b"
    assert table.said == ["a", "b"]


def test_nobody_speaks_after_a_while_of_silence():
    table = Table("a", "b", "c")
    table.pass_s(1, a=VOICE)
    assert table.pass_s(SILENT_FOR_S - 0.5, a=ROOM) == "a"
    assert table.pass_s(1.5) is None


def test_a_cough_changes_nothing():
    table = Table("a", "b", "c")
    table.pass_s(2, a=VOICE)
    table.pass_s(0.24, b=10)
    assert table.pass_s(1, b=ROOM) == "a"
    assert table.said == ["a"]


def test_of_two_at_once_the_first_stays():
    table = Table("a", "b", "c")
    table.pass_s(2, a=VOICE)
    table.pass_s(5, b=VOICE + 2)
    assert table.said == ["a"]


def test_a_loud_fan_is_no_speaker_and_a_soft_voice_is():
    table = Table("a", "b", "c")
    table.pass_s(40, a=FAN)
    table.said.clear()
    assert table.pass_s(1, b=SOFT_VOICE) == "b"
    assert table.pass_s(20, b=ROOM) is None
    assert table.said == ["b", None]


def test_a_microphone_that_is_switched_on_brings_no_speaker():
    table = Table("a", "b", "c")
    table.pass_s(20, a=OFF)
    table.pass_s(2, a=ROOM)
    assert table.said == []


def test_who_is_muted_for_all_does_not_speak():
    table = Table("a", "b", "c")
    del table.sources["a"].sinks[0]
    table.pass_s(2, a=VOICE)
    assert table.said == []


def test_who_leaves_speaks_no_more():
    table = Table("a", "b", "c")
    table.pass_s(1, a=VOICE)
    del table.levels["a"], table.sources["a"]
    table.speakers.listen_to(table.sources.items())
    assert table.pass_s(0.2) is None


def test_changes_are_at_most_two_a_second():
    table = Table("a", "b", "c")
    for _ in range(10):
        table.pass_s(0.6, a=VOICE, b=OFF)
        table.pass_s(0.6, a=OFF, b=VOICE)
    assert len(table.said) <= 24
    assert AHEAD_FOR_S < 0.6


async def talk(phones, speaker, seconds):
    """Everybody sends sound; one is loud."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        for name, phone in phones.items():
            level = VOICE if name == speaker else ROOM
            phone.send_media("microphone", b"opus", step=960, level=level)
        await asyncio.sleep(0.02)


def told(box):
    return [event.peer_id for event in box.heard_of("speaker_changed")]


async def test_a_room_of_three_is_told_who_speaks(box):
    phones = {name: await box.phone(name, slots=2) for name in "abc"}
    box.route("a>b", "b>c", "c>a", kinds=("microphone",))
    await talk(phones, None, 0.5)
    for name in "abc":
        await talk(phones, name, 1.2)
    assert told(box) == ["a", "b", "c"]
    phones.pop("c").vanish()
    box.relay.remove_peer("c")
    await eventually(lambda: told(box)[-1] is None)
    await talk(phones, "a", 1.0)
    assert told(box) == ["a", "b", "c", None]  # between two there is nothing to choose


async def test_between_two_people_nothing_is_counted(box):
    phones = dict(zip("ab", await box.pair(), strict=True))
    await talk(phones, "a", 0.2)
    assert len(box.relay.peer("a").sources["microphone"].sinks) == 1
    assert told(box) == []
