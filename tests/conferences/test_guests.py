"""External guests: a link, a knock, and the host's answer. Six are inside at most."""

import asyncio

import pytest

from appliance.conferences.doors import MOST_KNOCKING
from appliance.conferences.errors import (
    ConferenceFull,
    LinkNotSendable,
    MemberUnknown,
    NotHost,
    RoomUnknown,
    TooManyKnock,
)
from appliance.conferences.states import LinkWay, MemberState
from appliance.settings import MailSettings


async def test_it_works(rooms):
    conference_id = await rooms.start()
    guest, access = await rooms.knock(conference_id)
    assert (await rooms.states(conference_id))["Kim Gast"] == "knocking"
    assert (await rooms.service.by_access(access)).id == guest.id
    for _ in range(2):  # as somebody clicks twice
        await rooms.service.let_in(conference_id, "host", guest.id)
    assert (await rooms.service.by_access(access)).state is MemberState.INSIDE


async def test_whoever_is_inside_keeps_their_name(rooms):
    conference_id = await rooms.start()
    guest, access = await rooms.knock(conference_id)
    await rooms.service.let_in(conference_id, "host", guest.id)
    await rooms.knock(conference_id, "Die Chefin", access)
    assert (await rooms.states(conference_id))["Kim Gast"] == "inside"


async def test_wrong_and_closed_are_alike(rooms):
    conference_id = await rooms.start()
    with pytest.raises(RoomUnknown):  # no link was made yet
        await rooms.service.by_link("raum-unbekannt", "")
    name, secret = await rooms.link(conference_id)
    for wrong in ((name, secret[:-1] + "!"), ("other", secret), (name, "")):
        with pytest.raises(RoomUnknown):
            await rooms.service.by_link(*wrong)
    await rooms.service.close(conference_id, "host")
    with pytest.raises(RoomUnknown):
        await rooms.service.by_link(name, secret)


async def test_only_the_host_lets_in(rooms):
    conference_id = await rooms.start("schmidt")
    await rooms.service.enter(conference_id, "schmidt")
    guest, _ = await rooms.knock(conference_id)
    for wish in (rooms.service.let_in, rooms.service.turn_away, rooms.service.remove):
        with pytest.raises(NotHost):
            await wish(conference_id, "schmidt", guest.id)
    await rooms.service.turn_away(conference_id, "host", guest.id)
    with pytest.raises(MemberUnknown):
        await rooms.service.let_in(conference_id, "host", guest.id)


async def test_the_seventh_is_told_so(rooms):
    conference_id = await rooms.start()
    await rooms.fill(conference_id, 5)
    with pytest.raises(ConferenceFull):
        await rooms.knock(conference_id)
    await rooms.service.ring(conference_id, "host", "late")
    with pytest.raises(ConferenceFull):
        await rooms.service.enter(conference_id, "late")


async def test_of_two_who_want_the_last_place_one_gets_it(rooms):
    conference_id = await rooms.start()
    await rooms.fill(conference_id, 4)
    first, _ = await rooms.knock(conference_id, "Eins")
    second, _ = await rooms.knock(conference_id, "Zwei")
    done = await asyncio.gather(
        rooms.service.let_in(conference_id, "host", first.id),
        rooms.service.let_in(conference_id, "host", second.id),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["ConferenceFull", "NoneType"]
    assert len((await rooms.service.get(conference_id)).inside()) == 6


async def test_the_same_browser_knocks_as_the_same_guest(rooms):
    conference_id = await rooms.start()
    guest, access = await rooms.knock(conference_id)
    again, newer = await rooms.knock(conference_id, "Kim Anders", access)
    assert again.id == guest.id
    assert await rooms.service.by_access(access) is None
    assert (await rooms.service.by_access(newer)).name == "Kim Anders"


async def test_too_many_before_the_door(rooms):
    conference_id = await rooms.start()
    for number in range(MOST_KNOCKING):
        await rooms.knock(conference_id, f"Gast {number}")
    with pytest.raises(TooManyKnock):
        await rooms.knock(conference_id)


async def test_mute_until_they_speak_again(rooms):
    conference_id = await rooms.start()
    guest, access = await rooms.knock(conference_id)
    await rooms.service.let_in(conference_id, "host", guest.id)
    await rooms.service.mute(conference_id, "host", guest.id)
    assert (await rooms.service.by_access(access)).muted
    await rooms.service.speak_again(conference_id, guest.id)
    assert not (await rooms.service.by_access(access)).muted


async def test_removed_means_out(rooms):
    conference_id = await rooms.start()
    guest, access = await rooms.knock(conference_id)
    await rooms.service.let_in(conference_id, "host", guest.id)
    await rooms.service.remove(conference_id, "host", guest.id)
    assert (await rooms.service.by_access(access)).state is MemberState.REMOVED


async def test_the_link_by_mail_carries_no_title(rooms, monkeypatch):
    conference_id = await rooms.start(title="Fall Meier")
    to = ("guest@example.org", "de")
    with pytest.raises(LinkNotSendable):  # no mail server
        await rooms.service.send_link(conference_id, "host", LinkWay.MAIL, *to)
    mail = MailSettings(host="mail.example.org")
    rooms.house.outbox._settings = rooms.house.settings.model_copy(update={"mail": mail})
    await rooms.service.send_link(conference_id, "host", LinkWay.MAIL, *to)
    found = await rooms.house.outbox.deliveries([conference_id])
    assert found[conference_id].mail.state == "waiting"

    def stored(session):
        query = "SELECT subject, body FROM outbox_message"
        return session.connection().exec_driver_sql(query).one()

    subject, body = await rooms.house.database.read(stored)
    assert "Meier" not in subject + body.decode()
    await rooms.service.close(conference_id, "host")
    found = await rooms.house.outbox.deliveries([conference_id])
    assert found[conference_id].mail.state == "withdrawn"
