"""Who comes to a visit's conversation: asked, announced to its client, welcomed or not."""

import pytest
from sqlmodel import select

from appliance.conferences.errors import ConferenceFull, MemberUnknown, NotHost, NotWelcome
from appliance.conferences.states import PLACES, MemberState
from appliance.storage.audit import AuditLine


async def opened(rooms, *called: str) -> str:
    conference_id = await rooms.service.open_beside("visit-1", "host")
    for adviser_id in called:
        await rooms.service.ring(conference_id, "host", adviser_id)
        await rooms.service.enter(conference_id, adviser_id)
    return conference_id


async def member(rooms, conference_id: str, adviser_id: str):
    return (await rooms.service.get(conference_id)).of_adviser(adviser_id)


async def test_it_works(rooms):
    conference_id = await opened(rooms, "weber")
    assert await rooms.service.open_beside("visit-1", "host") == conference_id
    weber = await member(rooms, conference_id, "weber")
    assert weber.state is MemberState.ANNOUNCED
    await rooms.service.welcome("visit-1", weber.id)
    weber = await member(rooms, conference_id, "weber")
    assert (weber.state, weber.place) == (MemberState.INSIDE, 2)
    assert (await rooms.service.of_visit("visit-1")).conference.host_id == "host"
    actions = rooms.house.database.read(
        lambda session: [one.action for one in session.exec(select(AuditLine))]
    )
    assert (await actions)[-2:] == ["session_opened_to_others", "person_welcomed"]
    await rooms.service.end_beside("visit-1")
    await rooms.service.end_beside("visit-1")
    assert await rooms.service.of_visit("visit-1") is None
    assert await rooms.service.visits() == []


async def test_a_guest_is_announced_and_may_be_an_interpreter(rooms):
    conference_id = await opened(rooms)
    guest, access = await rooms.knock(conference_id)
    for _ in range(2):  # as somebody clicks twice
        await rooms.service.let_in(conference_id, "host", guest.id, interpreter=True)
    guest, _ = await rooms.knock(conference_id, "Kim Gast", access)  # a reload is no new knock
    assert (guest.state, guest.interpreter) == (MemberState.ANNOUNCED, True)
    await rooms.service.turn_away(conference_id, "host", guest.id)
    with pytest.raises(MemberUnknown):
        await rooms.service.welcome("visit-1", guest.id)


async def test_a_no_is_a_no_until_the_adviser_asks_again(rooms):
    conference_id = await opened(rooms, "weber")
    weber = await member(rooms, conference_id, "weber")
    await rooms.service.unwelcome("visit-1", weber.id)
    with pytest.raises(NotWelcome):
        await rooms.service.enter(conference_id, "weber")
    await rooms.service.ring(conference_id, "host", "weber")
    await rooms.service.enter(conference_id, "weber")
    await rooms.service.welcome("visit-1", weber.id)
    await rooms.service.unwelcome("visit-1", weber.id)  # later
    assert (await member(rooms, conference_id, "weber")).state is MemberState.REMOVED


async def test_it_has_the_adviser_that_the_visit_has(rooms):
    conference_id = await opened(rooms, "weber")
    weber = await member(rooms, conference_id, "weber")
    await rooms.service.welcome("visit-1", weber.id)
    await rooms.service.led_by("visit-1", "weber")
    assert (await rooms.service.get(conference_id)).inside() == []
    with pytest.raises(NotHost):
        await rooms.service.ring(conference_id, "host", "berger")
    await rooms.service.ring(conference_id, "weber", "berger")


async def test_there_is_room_for_four_beside_the_two(rooms):
    conference_id = await opened(rooms)
    for number in range(PLACES - 2):
        await opened(rooms, f"colleague-{number}")
        one = await member(rooms, conference_id, f"colleague-{number}")
        await rooms.service.welcome("visit-1", one.id)
    with pytest.raises(ConferenceFull):
        await opened(rooms, "late")


async def test_it_lives_as_long_as_the_visit(rooms):
    """No hour without anybody ends it, and it is no room of the adviser's."""
    conference_id = await opened(rooms)
    rooms.house.clock.forward(hours=3)
    assert await rooms.service.time_passes() == [conference_id]
    assert await rooms.service.inside("host") is False
