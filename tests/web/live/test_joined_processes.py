"""Beside client and adviser on the real media process: kills end nothing, a withdrawal ends all."""

import asyncio
import time

import pytest

from appliance.visits.states import VisitState
from tests.web.live.house import ended, eventually, silent, staged
from tests.web.live.joining import Talking, shown
from tests.web.live.stage import Meeting, make_meeting

pytestmark = pytest.mark.timeout(120)


async def three(house, folder):
    """Client, adviser and a colleague, each with a phone that talks and receives the two others."""
    house.start("media")
    meeting = await make_meeting(await staged(house, folder))
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("join_media")
    await house.answer(meeting.client)
    await meeting.admit()
    await meeting.desk.say("join_media")
    await house.answer(meeting.desk)
    await eventually(lambda: meeting.client.shown.state is VisitState.IN_SESSION)
    talking = Talking(meeting)
    await talking.confirm()
    window = await talking.colleague()
    await window.say("join_media")
    windows = [meeting.client, meeting.desk, window]
    phones = [await house.answer(one, after) for one, after in zip(windows, (1, 1, 0), strict=True)]
    for phone in phones:
        await eventually(lambda phone=phone: heard(phone) == 2)
    return talking, windows, phones


def heard(phone):
    """From how many sections sound has come: one for each other person."""
    return len({packet.ssrc for packet in phone.of_type(111)})


async def test_web_is_killed_and_nobody_hears_it_then_withdrawn_within_a_second(house, tmp_path):
    talking, windows, phones = await three(house, tmp_path / "data")
    meeting = talking.meeting
    peers = [one.offers[-1].peer_id for one in windows]
    member_id = shown(windows[2]).member_id
    await ended(talking.stage)
    for phone in phones:
        phone.received.clear()
    stage = await staged(house, tmp_path / "data")
    later = Talking(Meeting(stage, meeting.adviser, meeting.appointment, meeting.visit, None, None))
    again = [await stage.client_window(meeting.visit), await stage.desk_window(meeting.adviser)]
    again.append(await later.window(member_id))
    for window, peer_id in zip(again, peers, strict=True):
        await window.say("join_media", peer_id=peer_id)
    for phone in phones:
        await eventually(lambda phone=phone: len(phone.of_type(111)) > 60)
        assert heard(phone) == 2
    await asyncio.sleep(1.2)  # longer than web waits before it offers anything anew
    assert [one.offers for one in again] == [[], [], []]
    ended_at = time.monotonic()
    await again[0].say("withdraw_consent")
    assert time.monotonic() - ended_at < 1
    assert (await stage.relay.stats())["rooms"] in (0, [], {})
    assert shown(again[2]).over
    for phone in phones:
        await silent(phone)
    await ended(stage)


async def test_media_is_killed_and_all_come_back(house, tmp_path):
    talking, windows, _ = await three(house, tmp_path / "data")
    before = [len(one.offers) for one in windows]
    house.kill("media")
    house.start("media")
    phones = [await house.answer(one, n) for one, n in zip(windows, before, strict=True)]
    for phone in phones:
        await eventually(lambda phone=phone: heard(phone) == 2)
    assert shown(windows[2]).state == "inside"
    await ended(talking.stage)
