"""A client asks for an appointment, staff offer times, the client picks one."""

import re
from datetime import timedelta

import pytest

from appliance.appointments.errors import (
    BookingInvalid,
    RequestNotOpen,
    RequestUnknown,
    SlotGone,
    SlotTaken,
    TopicUnknown,
)
from appliance.appointments.states import RequestState
from appliance.appointments.topics import TopicFacts
from appliance.events import RequestChanged
from tests.builders.bookings import MONDAY_9, clerk, make_booking

TOMORROW = MONDAY_9 + timedelta(days=1)
TIMES = [TOMORROW, TOMORROW + timedelta(hours=1), TOMORROW + timedelta(hours=2)]


async def newest_link(house) -> str:
    kept = await house.outbox.messages_kept("administrator")
    return re.search(r"/r#([\w-]{43})", kept[0].text).group(1)


async def confirmed(house, **changes):
    """A request that staff see; gives its id."""
    await house.asked(**changes)
    house.clock.forward(seconds=1)  # mails are told apart by their time
    await house.requests.confirm(await newest_link(house))
    return (await house.requests.rows(clerk()))[0].id


async def offered(house, times=TIMES, **changes):
    """A request with times to pick from; gives the secret of the mail."""
    request_id = await confirmed(house, **changes)
    await house.requests.offer(request_id, times, clerk())
    return await newest_link(house)


async def test_it_works(house):
    secret = await offered(house)
    view = await house.requests.look(secret)
    assert (view.state, [slot.starts_at for slot in view.slots]) == (RequestState.OFFERED, TIMES)
    view = await house.requests.pick(secret, view.slots[1].id)
    assert (view.state, view.starts_at) == (RequestState.BOOKED, TIMES[1])
    (booked,) = await house.appointments.between("adviser", MONDAY_9, TIMES[2])
    assert booked.starts_at == TIMES[1]
    assert booked.ends_at - booked.starts_at == timedelta(minutes=45)
    facts = (booked.client_name, booked.client_email, booked.topic)
    assert facts == ("Erika Mustermann", "erika@example.org", "Wohngeld")
    subjects = [one.subject for one in await house.outbox.messages_kept("administrator")]
    assert sum("Ihr Video-Termin am" in subject for subject in subjects) == 1
    assert await house.requests.rows(clerk()) == []


async def test_staff_see_nothing_before_the_address_is_confirmed(house):
    await house.asked()
    assert await house.requests.rows(clerk()) == []
    secret = await newest_link(house)
    assert (await house.requests.look(secret)).state is RequestState.UNCONFIRMED
    await house.requests.confirm(secret)
    await house.requests.confirm(secret)
    (row,) = await house.requests.rows(clerk())
    assert (row.topic, row.wishes, row.duration_min) == ("Wohngeld", "Montags", 45)
    await house.database.published()
    assert house.happened.count(RequestChanged(row.id)) == 1


async def test_an_unconfirmed_one_is_gone_after_a_day(house):
    await house.asked()
    secret = await newest_link(house)
    house.clock.forward(hours=23)
    assert await house.requests.tidy() == 0
    house.clock.forward(hours=1)
    assert await house.requests.tidy() == 1
    with pytest.raises(RequestUnknown):
        await house.requests.look(secret)
    assert await house.outbox.messages_kept("administrator") == []


async def test_a_mailbox_cannot_be_filled(house):
    wanted = await house.asked()
    for _ in range(5):
        await house.requests.ask(wanted)
    assert len(await house.outbox.messages_kept("administrator")) == 3


async def test_the_first_mail_carries_nothing_that_was_typed(house):
    await house.asked(client_name="Kauft bei Klaus", wishes="https://klaus.example")
    (mail,) = await house.outbox.messages_kept("administrator")
    for typed in ("Klaus", "klaus.example", "Wohngeld"):
        assert typed not in mail.text + mail.subject


async def test_no_mail_names_the_topic(house):
    await offered(house)
    for mail in await house.outbox.messages_kept("administrator"):
        assert "Wohngeld" not in mail.text + mail.subject


async def test_what_was_typed_goes_once_it_is_decided(house):
    secret = await offered(house, client_phone="030 901820")
    view = await house.requests.look(secret)
    await house.requests.pick(secret, view.slots[0].id)
    from appliance.appointments.models import AppointmentRequest

    row = await house.database.read(lambda session: session.query(AppointmentRequest).one())
    assert (row.client_name, row.client_email, row.client_phone, row.wishes) == ("", "", "", "")


async def test_a_time_that_was_taken_meanwhile(house):
    secret = await offered(house)
    await house.appointments.book(make_booking(starts_at=TIMES[0]), "adviser")
    view = await house.requests.look(secret)
    with pytest.raises(SlotGone):
        await house.requests.pick(secret, view.slots[0].id)
    assert (await house.requests.pick(secret, view.slots[2].id)).state is RequestState.BOOKED


async def test_nothing_is_picked_twice(house):
    secret = await offered(house)
    view = await house.requests.look(secret)
    await house.requests.pick(secret, view.slots[0].id)
    with pytest.raises(RequestNotOpen):
        await house.requests.pick(secret, view.slots[1].id)


async def test_a_foreign_slot_is_none(house):
    secret = await offered(house)
    with pytest.raises(SlotGone):
        await house.requests.pick(secret, "somebody-elses")


async def test_none_of_the_times_suits(house):
    secret = await offered(house)
    await house.requests.ask_again(secret, "Nur\r\n\r\n freitags ")
    (row,) = await house.requests.rows(clerk())
    assert (row.state, row.wishes, row.slots) == (RequestState.OPEN, "Nur\nfreitags", [])


async def test_offers_that_nobody_picked_are_open_again(house):
    await offered(house)
    house.clock.forward(days=1, hours=3)
    assert await house.requests.tidy() == 1
    (row,) = await house.requests.rows(clerk())
    assert (row.state, row.slots) == (RequestState.OPEN, [])


async def test_an_unanswered_one_is_declined_after_a_month(house):
    await confirmed(house)
    house.clock.forward(days=30)
    await house.requests.tidy()
    assert await house.requests.rows(clerk()) == []
    (newest, *_) = await house.outbox.messages_kept("administrator")
    assert newest.subject == "Ihre Anfrage für einen Video-Termin"


async def test_staff_decline(house):
    request_id = await confirmed(house)
    await house.requests.decline(request_id, clerk())
    with pytest.raises(RequestNotOpen):
        await house.requests.offer(request_id, TIMES, clerk())
    (newest, *_) = await house.outbox.messages_kept("administrator")
    assert "leider können wir Ihnen keinen Video-Termin anbieten" in newest.text


async def test_the_client_withdraws(house):
    secret = await offered(house)
    view = await house.requests.withdraw(secret)
    assert (view.state, view.slots) == (RequestState.WITHDRAWN, [])
    with pytest.raises(RequestNotOpen):
        await house.requests.withdraw(secret)


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([], "mindestens eine"),
        ([TOMORROW, TOMORROW], "verschiedene"),
        ([MONDAY_9 + timedelta(minutes=5)], "zu nah"),
        ([MONDAY_9 + timedelta(days=400)], "12 Monaten"),
    ],
)
async def test_times_that_cannot_be_offered(house, times, sentence):
    request_id = await confirmed(house)
    with pytest.raises(BookingInvalid) as error:
        await house.requests.offer(request_id, times, clerk())
    assert sentence in error.value.mistakes["starts_on_1"]


async def test_ones_own_appointments_are_not_offered(house):
    request_id = await confirmed(house)
    await house.appointments.book(make_booking(starts_at=TIMES[0]), "adviser")
    with pytest.raises(SlotTaken):
        await house.requests.offer(request_id, TIMES, clerk())
    (row,) = await house.requests.rows(clerk())
    assert row.slots == []


@pytest.mark.parametrize("facts", [{"listed": False}, {"video": False}])
async def test_a_topic_that_cannot_be_asked_for(house, facts):
    topic = await house.topics.add(TopicFacts("Pass", **facts), "administrator")
    with pytest.raises(TopicUnknown):
        await house.asked(topic_id=topic.id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"client_name": " "}, "client_name"),
        ({"client_email": ""}, "client_email"),
        ({"client_email": "erika@"}, "client_email"),
        ({"client_phone": "12"}, "client_phone"),
        ({"wishes": "x" * 501}, "wishes"),
        ({"wishes": "montags\u202e"}, "wishes"),
    ],
)
async def test_what_cannot_be_right(house, wrong, field):
    with pytest.raises(BookingInvalid) as error:
        await house.asked(**wrong)
    assert set(error.value.mistakes) == {field}
