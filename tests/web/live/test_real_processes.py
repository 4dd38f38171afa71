"""With the real media process and real analysers, and small real WebRTC clients as browsers."""

import asyncio
import time

import pytest

from appliance.visits.states import VisitState
from tests.device_check.media_path import Microphone, speech
from tests.web.live.house import ended, eventually, hears, silent, staged
from tests.web.live.stage import make_meeting

pytestmark = pytest.mark.timeout(120)

MEDIA_BACK_WITHIN_S = 10.0


async def in_session(house, tmp_path):
    house.start("media")
    stage = await staged(house, tmp_path / "data")
    meeting = await make_meeting(stage)
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("join_media")
    client = await house.answer(meeting.client)
    await meeting.admit()
    await meeting.desk.say("join_media")
    adviser = await house.answer(meeting.desk)
    await eventually(lambda: meeting.client.shown.state is VisitState.IN_SESSION)
    return meeting, client, adviser


async def test_it_works(house, tmp_path):
    meeting, client, adviser = await in_session(house, tmp_path)
    await eventually(lambda: hears(client) > 20 and hears(adviser) > 20)
    await meeting.client.say("sending", microphone=False, camera=True)
    await silent(adviser)  # a said mute ends the route
    ended_at = time.monotonic()
    await meeting.client.say("withdraw_consent")
    assert time.monotonic() - ended_at < 1
    assert meeting.client.shown.state is VisitState.CLOSED
    assert (await meeting.stage.relay.stats())["rooms"] in (0, [], {})
    await ended(meeting.stage)


async def test_media_is_killed_and_comes_back_by_itself(house, tmp_path):
    meeting, client, adviser = await in_session(house, tmp_path)
    offers = len(meeting.client.offers), len(meeting.desk.offers)
    killed_at = time.monotonic()
    house.kill("media")
    await eventually(lambda: meeting.client.shown.media == meeting.desk.desk.media == "lost", 5)
    house.start("media")
    client = await house.answer(meeting.client, offers[0])
    adviser = await house.answer(meeting.desk, offers[1])
    await eventually(lambda: hears(client) > 5 and hears(adviser) > 5)
    assert time.monotonic() - killed_at < MEDIA_BACK_WITHIN_S
    assert meeting.client.shown.state is VisitState.IN_SESSION
    await ended(meeting.stage)


async def test_web_is_killed_and_nobody_hears_it(house, tmp_path):
    meeting, client, adviser = await in_session(house, tmp_path)
    peers = meeting.client.shown.peer_id, meeting.desk.desk.peer_id
    await eventually(lambda: hears(client) > 20 and hears(adviser) > 20)
    numbers = []
    client.on_packet = lambda packet: numbers.append(packet.number)
    await ended(meeting.stage)
    await asyncio.sleep(0.5)
    stage = await staged(house, tmp_path / "data")
    window = await stage.client_window(meeting.visit)
    desk = await stage.desk_window(meeting.adviser)
    await window.say("join_media", peer_id=peers[0])
    await desk.say("join_media", peer_id=peers[1])
    await asyncio.sleep(0.5)
    await eventually(lambda: len(numbers) > 30 and window.shown.media == "connected")
    missing = numbers[-1] - numbers[0] + 1 - len(numbers)
    assert missing <= 2, "loopback itself may lose one under load"
    assert window.offers == []
    assert desk.offers == []
    assert window.shown.state is VisitState.IN_SESSION
    await ended(stage)


async def test_a_real_analyser_hears_and_speaks(house, tmp_path):
    house.start("media")
    house.start("analysers")
    stage = await staged(house, tmp_path / "data")
    meeting = await make_meeting(stage)
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.client.say("join_media")
    phone = await house.answer(meeting.client)
    house.tasks.pop().cancel()
    house.tasks.append(asyncio.create_task(speak(phone)))
    await meeting.client.say("run_step", kind="microphone")
    await eventually(lambda: findings(meeting).get("microphone") == "passed", 40)
    assert [push for push in meeting.client.pushes() if push.type == "heard"]
    await meeting.client.say("run_step", kind="speaker")
    phone.received.clear()
    await meeting.client.say("say_number")
    await eventually(lambda: len(meeting.client.shown.check.speaker_numbers) == 6, 15)
    assert hears(phone) > 40, "the number was to be heard"
    await meeting.client.say("leave")
    assert (await stage.relay.stats())["rooms"] in (0, [], {})
    await ended(stage)


def findings(meeting):
    check = meeting.client.shown.check
    return {one.kind: one.verdict for one in check.findings} if check else {}


async def speak(phone):
    """Real recorded speech, as Opus, in real time."""
    samples = speech()
    payloads = [packet[12:] for packet in encoded(samples)]
    while True:
        began = time.monotonic()
        for sent, payload in enumerate(payloads):
            phone.send_media("microphone", payload, step=960)
            if sent % 50 == 0:
                phone.check()
            await asyncio.sleep(max(0.0, began + sent * 0.02 - time.monotonic()))


def encoded(samples):
    microphone = Microphone()
    packets = []
    for start in range(0, len(samples) - 960, 960):
        packets += microphone.packets(samples[start : start + 960])
    return packets
