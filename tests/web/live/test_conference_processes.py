"""A conference on the real media process: who hears whom, counted in packets at each phone."""

import asyncio

import pytest

from tests.web.live.conferring import Conference, shown
from tests.web.live.house import ended, eventually, staged

pytestmark = pytest.mark.timeout(120)


async def seated(house, folder):
    """Host and two guests, each with a phone that talks."""
    house.start("media")
    conference = Conference(await staged(house, folder))
    windows = [await conference.start()]
    windows += [await conference.guest(windows[0], name) for name in ("Eins", "Zwei")]
    phones = []
    for window in windows:
        await window.say("join_media")
        phones.append(await house.answer(window))
    return conference, windows, phones


def heard(phone):
    """From how many sections sound has come: one for each other person."""
    return len({packet.ssrc for packet in phone.of_type(111)})


async def test_it_works(house, tmp_path):
    conference, (host, first, _), phones = await seated(house, tmp_path / "data")
    for phone in phones:
        await eventually(lambda phone=phone: heard(phone) == 2)
    await host.say("mute_member", member_id=shown(first).member_id)
    await asyncio.sleep(0.3)  # what was on its way arrives
    phones[0].received.clear()
    phones[1].received.clear()
    await eventually(lambda: len(phones[1].of_type(111)) > 20)
    assert (heard(phones[0]), heard(phones[1])) == (1, 2)
    await host.say("close_conference")
    await conference.stage.live.settle()
    assert (await conference.stage.relay.stats())["rooms"] in (0, [], {})
    await ended(conference.stage)


async def test_web_is_killed_and_nobody_hears_it(house, tmp_path):
    conference, windows, phones = await seated(house, tmp_path / "data")
    members = [(shown(one).member_id, shown(one).peer_id) for one in windows]
    await ended(conference.stage)
    phones[2].received.clear()
    later = Conference(await staged(house, tmp_path / "data"))
    later.id = conference.id
    for member_id, peer_id in members:
        window = await later.window(member_id)
        await window.say("join_media", peer_id=peer_id)
        await eventually(lambda window=window: shown(window).media == "connected")
        assert window.offers == []
    await eventually(lambda: len(phones[2].of_type(111)) > 40)
    assert heard(phones[2]) == 2
    await ended(later.stage)
