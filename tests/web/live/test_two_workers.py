"""Two media processes and two conversations: the end of one process is felt in its own alone."""

import asyncio
import time

import pytest

from appliance.visits.states import VisitState
from tests.web.live.house import House, ended, eventually, hears, staged
from tests.web.live.stage import make_meeting

pytestmark = pytest.mark.timeout(120)

BACK_WITHIN_S = 6.0
PROGRAMS = ("media", "media-2")


@pytest.fixture
async def house(tmp_path):
    (tmp_path / "data").mkdir()
    made = House(tmp_path, workers=2)
    yield made
    await made.close()


async def talking(house, stage, login):
    """A conversation, and the phones of client and adviser."""
    meeting = await make_meeting(stage, login=login)
    await stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("join_media")
    client = await house.answer(meeting.client)
    await meeting.admit()
    await meeting.desk.say("join_media")
    adviser = await house.answer(meeting.desk)
    await eventually(lambda: meeting.client.shown.state is VisitState.IN_SESSION)
    await eventually(lambda: hears(client) > 5 and hears(adviser) > 5)
    return meeting, (client, adviser)


def port_of(window):
    return window.offers[-1].sdp.split(" typ host")[0].split()[-1]


async def begun(house, folder):
    """Two conversations, each in a worker of its own."""
    for program in PROGRAMS:
        house.start(program)
    stage = await staged(house, folder / "data")
    await eventually(lambda: all(worker.connected for worker in stage.relay._workers), 20)
    both = [await talking(house, stage, login) for login in ("yilmaz", "berger")]
    ports = [port_of(meeting.client) for meeting, _ in both]
    assert sorted(ports) == [str(house.box.media_port + n) for n in range(2)]
    both.sort(key=lambda one: port_of(one[0].client))  # in the order of the programs
    return stage, both


@pytest.mark.parametrize("killed", [0, 1])
async def test_its_conversation_comes_back_by_itself_and_the_other_is_untouched(
    house, tmp_path, killed
):
    stage, both = await begun(house, tmp_path)
    (gone, _), (stays, phones) = both[killed], both[1 - killed]
    peers = stays.client.shown.peer_id, stays.desk.desk.peer_id
    offers = [len(window.offers) for window in (gone.client, gone.desk)]
    kept = [len(window.offers) for window in (stays.client, stays.desk)]
    numbers = []
    phones[0].on_packet = lambda packet: numbers.append((packet.number, time.monotonic()))
    await eventually(lambda: len(numbers) > 20)
    killed_at = time.monotonic()
    house.kill(PROGRAMS[killed])
    back = await asyncio.gather(
        house.answer(gone.client, offers[0]), house.answer(gone.desk, offers[1])
    )
    await eventually(lambda: all(hears(phone) > 5 for phone in back))
    assert time.monotonic() - killed_at < BACK_WITHIN_S  # in the other worker: none was started
    assert port_of(gone.client) == port_of(stays.client)
    assert gone.client.shown.state is VisitState.IN_SESSION
    assert gone.client.shown.media == gone.desk.desk.media == "connected"
    assert (stays.client.shown.peer_id, stays.desk.desk.peer_id) == peers
    assert [len(window.offers) for window in (stays.client, stays.desk)] == kept
    missing = numbers[-1][0] - numbers[0][0] + 1 - len(numbers)
    assert missing <= 2, "loopback itself may lose one under load"
    house.start(PROGRAMS[killed])
    await eventually(lambda: all(worker.connected for worker in stage.relay._workers), 20)
    assert stays.client.shown.media == gone.client.shown.media == "connected"
    await ended(stage)
