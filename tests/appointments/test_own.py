"""What clients change about their own appointment, and what staff see of it."""

import re
from datetime import timedelta

import pytest

from appliance.appointments.errors import (
    AppointmentNotPlanned,
    AppointmentUnknown,
    BookingInvalid,
    LinkCancelled,
    LinkUnknown,
    SlotTaken,
)
from appliance.appointments.states import Alternative, AppointmentStatus, Channel, RequestState
from appliance.appointments.wishes import WishKind
from appliance.events import AppointmentChanged
from tests.builders.bookings import MONDAY_9, clerk, make_booking

TOMORROW = MONDAY_9 + timedelta(days=1)


async def booked(house, **facts):
    """An appointment tomorrow, and a link's secret."""
    appointment = await house.appointments.book(
        make_booking(**({"starts_at": TOMORROW} | facts)), "adviser"
    )
    return appointment, await house.appointments.new_link(appointment.id, Channel.PRINT)


async def subjects(house) -> list[str]:
    return [one.subject for one in await house.outbox.messages_kept("administrator")]


async def test_it_works(house):
    appointment, secret = await booked(house)
    assert await house.own.call_off(secret) == appointment.id
    row = await house.appointments.get(appointment.id)
    assert (row.status, row.called_off_at) == (AppointmentStatus.CANCELLED, house.clock())
    with pytest.raises(LinkCancelled):
        await house.appointments.open_link(secret, house.clock())
    assert await subjects(house) == [
        "Abgesagt: Ihr Video-Termin am Dienstag, 24. November 2026, 10:00 Uhr"
    ]
    await house.database.published()
    assert AppointmentChanged(appointment.id, "cancelled") in house.happened
    (wish,) = await house.wishes.open(clerk())
    assert (wish.kind, wish.client_name) == (WishKind.CALLED_OFF, "Erika Mustermann")
    await house.wishes.settle(appointment.id, wish.kind, clerk())
    assert await house.wishes.open(clerk()) == []


async def test_what_has_begun_is_not_called_off(house):
    _, secret = await booked(house)
    house.clock.now = TOMORROW
    for deed in (
        house.own.call_off(secret),
        house.own.ask_to_move(secret, ""),
        house.own.want_call(secret, ""),
    ):
        with pytest.raises(AppointmentNotPlanned):
            await deed


async def test_an_unknown_link_changes_nothing(house):
    with pytest.raises(LinkUnknown):
        await house.own.call_off("A" * 43)


async def test_another_time_keeps_the_old_one_until_it_is_picked(house):
    appointment, secret = await booked(house)
    await house.own.ask_to_move(secret, "freitags")
    view = await house.appointments.open_link(secret, house.clock())
    assert (view.move_wished, view.can_change, view.starts_at) == (True, True, TOMORROW)
    assert await house.requests.rows(clerk("somebody-else")) == []
    (row,) = await house.requests.rows(clerk())
    assert (row.moves, row.client_name, row.wishes) == (True, "Erika Mustermann", "freitags")
    new = TOMORROW + timedelta(days=3)
    house.clock.forward(seconds=1)
    await house.requests.offer(row.id, [new], clerk())
    mail = (await house.outbox.messages_kept("administrator"))[0].text
    assert "Ihr bisheriger Termin gilt" in mail
    mailed = re.search(r"/r#([\w-]{43})", mail).group(1)
    seen = await house.requests.look(mailed)
    assert (seen.moves, seen.starts_at) == (True, TOMORROW)
    seen = await house.requests.pick(mailed, seen.slots[0].id)
    assert (seen.state, seen.starts_at) == (RequestState.BOOKED, new)
    assert (await house.appointments.in_force(appointment.id)).starts_at == new
    view = await house.appointments.open_link(secret, house.clock())
    assert (view.starts_at, view.move_wished) == (new, False)
    assert await house.requests.rows(clerk()) == []


async def test_asked_twice_the_newest_wishes_count(house):
    _, secret = await booked(house)
    await house.own.ask_to_move(secret, "freitags")
    await house.own.ask_to_move(secret, "montags")
    assert [row.wishes for row in await house.requests.rows(clerk())] == ["montags"]


async def test_a_declined_move_leaves_the_appointment(house):
    appointment, secret = await booked(house)
    await house.own.ask_to_move(secret, "")
    (row,) = await house.requests.rows(clerk())
    house.clock.forward(seconds=1)
    await house.requests.decline(row.id, clerk())
    assert "Er bleibt, wie er ist." in (await house.outbox.messages_kept("a"))[0].text
    assert (await house.appointments.get(appointment.id)).status is AppointmentStatus.PLANNED


@pytest.mark.parametrize("offered", [False, True])
@pytest.mark.parametrize("how", ["move", "cancel"])
async def test_staff_move_or_cancel_it_meanwhile(house, how, offered):
    """An offer that is still in the outbox is not sent; one that was sent can be picked no more."""
    appointment, secret = await booked(house)
    await house.own.ask_to_move(secret, "freitags")
    (row,) = await house.requests.rows(clerk())
    house.clock.forward(seconds=1)
    if offered:
        await house.requests.offer(row.id, [TOMORROW + timedelta(days=3)], clerk())
        mail = (await house.outbox.messages_kept("administrator"))[0].text
        mailed = re.search(r"/r#([\w-]{43})", mail).group(1)
    if how == "move":
        await house.appointments.move(appointment.id, TOMORROW + timedelta(days=2), "adviser")
    else:
        await house.appointments.cancel(appointment.id, "adviser")
    assert await house.requests.rows(clerk()) == []
    if offered:
        kept = [one.text or "" for one in await house.outbox.messages_kept("administrator")]
        assert not any("/r#" in text for text in kept)
        seen = await house.requests.look(mailed)
        assert (seen.state, seen.slots) == (RequestState.WITHDRAWN, [])


async def test_a_call_before_is_asked_for_and_ticked_off(house):
    appointment, secret = await booked(house)
    await house.own.want_call(secret, "0171 2345678")
    (wish,) = await house.wishes.open(clerk())
    assert (wish.kind, wish.client_phone) == (WishKind.CALL, "+491712345678")
    assert (await house.appointments.open_link(secret, house.clock())).call_wanted
    with pytest.raises(AppointmentUnknown):
        await house.wishes.settle(appointment.id, WishKind.CALL, clerk("somebody-else"))
    await house.wishes.settle(appointment.id, WishKind.CALL, clerk())
    assert await house.wishes.open(clerk()) == []
    assert (await house.appointments.get(appointment.id)).call_phone == ""


async def test_who_has_left_leaves_moves_and_wishes_to_colleagues(house):
    """They answer; the appointment stays where it is, and its adviser's time counts."""
    appointment, secret = await booked(house)
    await house.own.ask_to_move(secret, "freitags")
    await house.own.want_call(secret, "0171 2345678")
    heir, new = clerk("heir", "adviser"), TOMORROW + timedelta(days=3)
    (wish,) = await house.wishes.open(heir)
    await house.wishes.settle(appointment.id, wish.kind, heir)
    assert await house.wishes.open(heir) == []
    (row,) = await house.requests.rows(heir)
    await house.appointments.book(make_booking(starts_at=new), "adviser")
    with pytest.raises(SlotTaken):
        await house.requests.offer(row.id, [new], heir)
    await house.requests.offer(row.id, [new + timedelta(hours=3)], heir)
    (row,) = await house.requests.rows(clerk())
    assert (row.state, row.adviser_id) == (RequestState.OFFERED, "adviser")


async def test_a_call_to_the_number_on_file(house):
    _, secret = await booked(house)
    await house.own.want_call(secret, " ")
    assert (await house.wishes.open(clerk()))[0].client_phone == "+49309876543"


@pytest.mark.parametrize(("on_file", "typed"), [("", ""), ("030 9876543", "12")])
async def test_a_call_to_no_number(house, on_file, typed):
    _, secret = await booked(house, client_phone=on_file)
    with pytest.raises(BookingInvalid):
        await house.own.want_call(secret, typed)


@pytest.mark.parametrize("choice", [Alternative.TELEPHONE, Alternative.VISIT])
async def test_the_choice_against_video_is_ticked_off(house, choice):
    appointment, secret = await booked(house)
    await house.appointments.choose_alternative(secret, choice)
    (wish,) = await house.wishes.open(clerk())
    assert wish.kind.value == choice.value
    await house.wishes.settle(appointment.id, wish.kind, clerk())
    assert await house.wishes.open(clerk()) == []
    await house.appointments.choose_alternative(secret, choice)
    assert len(await house.wishes.open(clerk())) == 1  # said once more


async def test_a_lost_link_is_sent_anew(house):
    appointment, _ = await booked(house)
    house.clock.forward(seconds=1)
    assert await house.own.send_lost_link(" ERIKA@example.org") == 1
    mail = (await house.outbox.messages_kept("administrator"))[0].text
    secret = re.search(r"/v#([\w-]{43})", mail).group(1)
    view = await house.appointments.open_link(secret, house.clock())
    assert view.appointment_id == appointment.id


async def test_a_lost_link_is_sent_three_times_a_day(house):
    await booked(house)
    assert [await house.own.send_lost_link("erika@example.org") for _ in range(4)] == [1, 1, 1, 0]
    house.clock.forward(hours=23)
    assert await house.own.send_lost_link("erika@example.org") == 0
    house.clock.forward(hours=1)
    assert await house.own.send_lost_link("erika@example.org") == 1


@pytest.mark.parametrize("typed", ["", "nobody@example.org", "erika@", "%", "a\nb@example.org"])
async def test_nothing_is_sent_to_anybody_else(house, typed):
    await booked(house)
    await booked(house, client_email="", starts_at=TOMORROW + timedelta(hours=1))
    assert await house.own.send_lost_link(typed) == 0


async def test_what_is_over_has_no_link(house):
    await booked(house)
    house.clock.now = TOMORROW + timedelta(minutes=30)
    assert await house.own.send_lost_link("erika@example.org") == 0
