"""Beyond what the box carries nobody is let in: the adviser reads why, the client waits on."""

import asyncio

import pytest

from appliance.relay.capacity import FULL_SHARE, PACKETS_PER_PAIR_S, Capacity, packet_cost_s
from appliance.relay.client import RelayError
from appliance.relay.control import LoadReply
from appliance.relay.line import CpuShare
from appliance.visits.states import Mode, VisitState
from appliance.web.live.problems import WORDS
from tests.web.live.conferring import Conference
from tests.web.live.house import ended, eventually, hears, staged
from tests.web.live.stage import make_meeting

pytestmark = pytest.mark.timeout(120)


def allow(stage, count):
    media = stage.parts.settings.media.model_copy(update={"max_sessions": count})
    stage.parts.settings = stage.parts.settings.model_copy(update={"media": media})


async def waiting(stage, login):
    meeting = await make_meeting(stage, login=login)
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    return meeting


async def is_waiting(meeting):
    return (await meeting.now()).state is VisitState.WAITING


async def test_it_works(meeting):
    allow(meeting.stage, 1)
    await meeting.begin()
    other = await waiting(meeting.stage, "berger")
    since = (await other.now()).state_since
    await other.admit()
    assert other.desk.problems == ["box_full"]
    assert await is_waiting(other)
    assert (await other.now()).state_since == since  # the place in the line is kept
    assert other.client.shown.state is VisitState.WAITING
    assert meeting.client.shown.state is VisitState.IN_SESSION
    await meeting.desk.say("end_visit")
    await other.admit()
    assert (await other.now()).state is VisitState.ADMITTED
    assert WORDS["box_full"].title.startswith("Diese Box führt gerade so viele Gespräche")


async def test_of_two_at_once_one_is_let_in(stage):
    allow(stage, 1)
    both = [await waiting(stage, login) for login in ("yilmaz", "berger")]
    await asyncio.gather(*(one.admit() for one in both))
    assert sorted([await is_waiting(one) for one in both]) == [False, True]


async def test_text_needs_no_place(meeting):
    allow(meeting.stage, 1)
    await meeting.begin()
    other = await waiting(meeting.stage, "berger")
    choices = {"sees_adviser": False, "seen_by_adviser": False}
    await other.client.say("change_choices", mode="text", **choices)
    await other.admit()
    assert other.desk.problems == []


@pytest.mark.parametrize(("full", "let_in"), [(True, False), (False, True), (None, True)])
async def test_without_a_setting_media_says(stage, monkeypatch, full, let_in):
    """Away it says nothing: then everybody comes back anyhow."""

    async def load(_):
        if full is None:
            raise RelayError("relay_unavailable")
        return LoadReply(sessions=9, limit=9, full=full)

    meeting = await waiting(stage, "yilmaz")
    await meeting.client.connect()
    monkeypatch.setattr(stage.relay, "load", load, raising=False)
    await meeting.admit()
    assert await is_waiting(meeting) is not let_in


def says(stage, monkeypatch, sessions, limit):
    async def load(_):
        return LoadReply(sessions=sessions, limit=limit, full=sessions >= limit)

    monkeypatch.setattr(stage.relay, "load", load, raising=False)


async def test_who_is_let_in_and_not_connected_yet_counts(stage, monkeypatch):
    both = [await waiting(stage, login) for login in ("yilmaz", "berger")]
    for one in both:
        await one.client.connect()
    says(stage, monkeypatch, sessions=0, limit=1)
    await asyncio.gather(*(one.admit() for one in both))
    assert sorted([await is_waiting(one) for one in both]) == [False, True]


async def test_two_in_a_conference_are_a_conversation(stage):
    conference = Conference(stage)
    await conference.start("weber")
    await conference.staff(1)
    meeting = await waiting(stage, "berger")
    allow(stage, 1)
    await meeting.admit()
    assert meeting.desk.problems == ["box_full"]
    allow(stage, 2)
    await meeting.admit()
    assert not await is_waiting(meeting)


async def test_a_conference_beyond_the_agencys_number_takes_nobody_in(stage):
    allow(stage, 1)
    conference = Conference(stage)
    host = await conference.start("weber", "kaya")
    second = await conference.staff(1)
    assert second.problems == []
    third = await conference.staff(2)
    assert third.problems == ["box_full"]
    await conference.guest(host)
    assert host.problems == ["box_full"]
    await second.say("enter_conference")  # after a fault
    assert second.problems == []
    allow(stage, 2)
    await third.say("enter_conference")
    assert third.problems == ["box_full"]  # the one from before
    assert await stage.parts.conferences.inside(conference.advisers[2].id)


VIDEO = {"mode": "video", "sees_adviser": True, "seen_by_adviser": True}


@pytest.mark.parametrize("own", [True, False])
async def test_writing_becomes_talking_only_where_there_is_space(meeting, monkeypatch, own):
    """By the agency's own number, and by what media says."""
    stage = meeting.stage
    await meeting.begin()
    other = await waiting(stage, "berger")
    await other.client.say("change_choices", **VIDEO | {"mode": "text"})
    await other.admit()
    if own:
        allow(stage, 1)
    else:
        says(stage, monkeypatch, sessions=1, limit=1)
    await other.client.say("change_choices", **VIDEO)
    assert other.client.problems == ["box_full_text"]
    assert other.client.shown.mode is Mode.TEXT
    await meeting.desk.say("end_visit")
    if not own:
        says(stage, monkeypatch, sessions=0, limit=1)
    await other.client.say("change_choices", **VIDEO)
    assert other.client.shown.mode is Mode.VIDEO


class Cpu(CpuShare):
    def __init__(self, share):
        super().__init__()
        self.share = share


@pytest.mark.parametrize(
    ("sessions", "share", "full"),
    [(0, 0.0, False), (9, 0.1, False), (10, 0.1, True), (1, FULL_SHARE + 0.01, True)],
)
def test_the_limit_is_one_of_pairs_and_of_the_core(sessions, share, full):
    capacity = Capacity(FULL_SHARE / 10.5 / PACKETS_PER_PAIR_S / 2.4, Cpu(share))
    assert capacity.load(sessions) == LoadReply(sessions=sessions, limit=10, full=full)


def test_what_a_packet_costs_is_measured_in_no_time():
    assert 1e-6 < packet_cost_s() < 1e-3


async def test_through_the_real_media_process(house, tmp_path):
    """It knows its limit; beyond the agency's own the second one waits, and the first goes on."""
    house.start("media")
    stage = await staged(house, tmp_path / "data")
    first, second = [await waiting(stage, login) for login in ("yilmaz", "berger")]
    phones = []
    for meeting in (first, second):
        await meeting.client.say("join_media")
        phones.append(await house.answer(meeting.client))
    load = await stage.relay.load(first.visit.id)
    assert (load.sessions, load.full) == (0, False)
    assert load.limit >= 5
    await first.admit()
    await first.desk.say("join_media")
    await house.answer(first.desk)
    await eventually(lambda: first.client.shown.state is VisitState.IN_SESSION)
    assert (await stage.relay.load(first.visit.id)).sessions == 1
    allow(stage, 1)
    await second.admit()
    assert second.desk.problems == ["box_full"]
    assert await is_waiting(second)
    heard = hears(phones[0])
    await eventually(lambda: hears(phones[0]) > heard + 10)
    allow(stage, 0)
    await second.admit()
    await second.desk.say("join_media")
    await house.answer(second.desk)
    await eventually(lambda: second.client.shown.state is VisitState.IN_SESSION)
    await ended(stage)
