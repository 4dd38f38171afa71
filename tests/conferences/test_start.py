"""A room of staff: started, rung, entered, left, closed."""

import re

import pytest

from appliance.conferences.errors import ConferenceUnknown, NotHost


async def test_it_works(rooms):
    conference_id = await rooms.start("schmidt", "weber")
    assert await rooms.states(conference_id) == {
        "host": "inside",
        "schmidt": "ringing",
        "weber": "ringing",
    }
    await rooms.service.enter(conference_id, "schmidt")
    await rooms.service.decline(conference_id, "weber")
    view = await rooms.service.get(conference_id)
    assert [(one.adviser_id, one.place) for one in view.inside()] == [("host", 0), ("schmidt", 1)]
    assert (await rooms.states(conference_id))["weber"] == "declined"


async def test_who_was_not_called_is_told_nothing(rooms):
    conference_id = await rooms.start("schmidt")
    with pytest.raises(ConferenceUnknown):
        await rooms.service.enter(conference_id, "stranger")


async def test_who_was_called_may_come_later_too(rooms):
    conference_id = await rooms.start("schmidt")
    rooms.house.clock.forward(seconds=61)
    await rooms.service.time_passes()
    assert (await rooms.states(conference_id))["schmidt"] == "missed"
    await rooms.service.enter(conference_id, "schmidt")
    assert (await rooms.states(conference_id))["schmidt"] == "inside"


async def test_declining_does_not_throw_anybody_out(rooms):
    conference_id = await rooms.start("schmidt")
    await rooms.service.enter(conference_id, "schmidt")
    await rooms.service.decline(conference_id, "schmidt")
    assert (await rooms.states(conference_id))["schmidt"] == "inside"


async def test_when_the_host_goes_a_colleague_leads(rooms):
    conference_id = await rooms.start("schmidt", "weber")
    await rooms.service.enter(conference_id, "schmidt")
    rooms.house.clock.forward(seconds=1)
    await rooms.service.enter(conference_id, "weber")
    host = (await rooms.service.get(conference_id)).of_adviser("host")
    await rooms.service.leave(conference_id, host.id)
    assert (await rooms.service.get(conference_id)).conference.host_id == "schmidt"
    await rooms.service.enter(conference_id, "host")
    assert (await rooms.service.get(conference_id)).conference.host_id == "schmidt"


async def test_a_place_is_kept_while_others_go(rooms):
    conference_id = await rooms.start()
    await rooms.fill(conference_id, 3)
    gone = (await rooms.service.get(conference_id)).of_adviser("colleague-0")
    await rooms.service.leave(conference_id, gone.id)
    await rooms.service.ring(conference_id, "host", "late")
    await rooms.service.enter(conference_id, "late")
    view = await rooms.service.get(conference_id)
    places = {one.adviser_id: one.place for one in view.inside()}
    assert places == {"host": 0, "late": 1, "colleague-1": 2, "colleague-2": 3}


async def test_closing_leaves_nothing(rooms):
    conference_id = await rooms.start("schmidt")
    await rooms.knock(conference_id)
    with pytest.raises(NotHost):
        await rooms.service.close(conference_id, "schmidt")
    await rooms.service.close(conference_id, "host")
    with pytest.raises(ConferenceUnknown):
        await rooms.service.get(conference_id)

    def left(session):
        tables = ("conference", "conference_member", "field_key")
        query = "SELECT count(*) FROM {}"
        connection = session.connection()
        return [connection.exec_driver_sql(query.format(one)).scalar_one() for one in tables]

    assert await rooms.house.database.read(left) == [0, 0, 0]


async def test_rooms_that_nobody_uses_go(rooms):
    empty, linked = await rooms.start(), await rooms.start()
    await rooms.link(linked)
    for conference_id in (empty, linked):
        host = (await rooms.service.get(conference_id)).of_adviser("host")
        await rooms.service.leave(conference_id, host.id)
    rooms.house.clock.forward(hours=1, seconds=1)
    await rooms.service.time_passes()
    with pytest.raises(ConferenceUnknown):
        await rooms.service.get(empty)
    assert await rooms.service.get(linked)
    rooms.house.clock.forward(days=7)
    await rooms.service.time_passes()
    with pytest.raises(ConferenceUnknown):
        await rooms.service.get(linked)


async def test_a_rooms_address_tells_no_title(rooms):
    first, second = [await rooms.link(await rooms.start()) for _ in range(2)]
    assert first[0] != second[0]
    for name, _ in (first, second):
        assert re.fullmatch(r"raum-[a-z2-9]{8}", name)
