"""A day before and an hour before, once each, and never of what takes place no longer."""

import asyncio
from datetime import timedelta

import pytest

from appliance.appointments.states import Alternative, Channel
from appliance.outbox.states import MessageKind
from appliance.settings import SmsSettings
from tests.builders.bookings import MONDAY_9, make_booking, make_house

IN_THREE_DAYS = MONDAY_9 + timedelta(days=3)


async def book(house, ahead: timedelta = timedelta(days=3), **facts):
    return await house.appointments.book(
        make_booking(starts_at=MONDAY_9 + ahead, **facts), "adviser"
    )


async def at(house, before: timedelta) -> int:
    """What is queued at that time before the appointment of ``IN_THREE_DAYS``."""
    house.clock.now = IN_THREE_DAYS - before
    return await house.reminders.remind()


async def reminders(house) -> list[str]:
    kept = await house.outbox.messages_kept("administrator")
    return [one.text for one in kept if one.kind is MessageKind.REMINDER]


async def test_it_works(house):
    await book(house)
    assert await at(house, timedelta(hours=25)) == 0
    assert await at(house, timedelta(hours=24)) == 1
    assert await at(house, timedelta(hours=23)) == 0
    assert await at(house, timedelta(minutes=61)) == 0
    assert await at(house, timedelta(minutes=60)) == 1
    assert await at(house, timedelta(minutes=30)) == 0
    texts = await reminders(house)
    assert len(texts) == 2
    for text in texts:
        assert "Donnerstag, 26. November 2026, 10:00 Uhr" in text
        assert "/v#" in text
        assert "Wohngeld" not in text


async def test_two_rounds_at_once_remind_once(house):
    await book(house)
    house.clock.now = IN_THREE_DAYS - timedelta(hours=24)
    counts = await asyncio.gather(*(house.reminders.remind() for _ in range(4)))
    assert sum(counts) == 1


async def test_a_box_that_was_off_does_not_remind_late(house):
    await book(house)
    assert await at(house, timedelta(hours=2, minutes=59)) == 0
    assert await at(house, timedelta(minutes=15)) == 0


async def test_who_booked_inside_that_time_knows(house):
    await book(house, timedelta(hours=20))
    house.clock.forward(minutes=1)
    assert await house.reminders.remind() == 0
    house.clock.now = MONDAY_9 + timedelta(hours=19)
    assert await house.reminders.remind() == 1
    await book(house, timedelta(hours=19, minutes=50), client_email="o@example.org",
               overlap_allowed=True)  # fmt: skip
    assert await house.reminders.remind() == 0


async def test_a_cancelled_one_is_not_reminded_of(house):
    appointment = await book(house)
    await at(house, timedelta(hours=24))
    await house.appointments.cancel(appointment.id, "adviser")
    assert await reminders(house) == []  # what was not sent is taken back
    assert await at(house, timedelta(minutes=60)) == 0


async def test_a_moved_one_is_reminded_of_at_its_new_time(house):
    appointment = await book(house)
    await at(house, timedelta(hours=24))
    await house.appointments.move(appointment.id, IN_THREE_DAYS + timedelta(days=2), "adviser")
    assert await at(house, timedelta(minutes=60)) == 0
    assert await at(house, timedelta(days=-1)) == 1


async def test_who_does_not_come_by_video_is_not_reminded_of_it(house):
    appointment = await book(house)
    secret = await house.appointments.new_link(appointment.id, Channel.PRINT)
    await house.appointments.choose_alternative(secret, Alternative.VISIT)
    assert await at(house, timedelta(hours=24)) == 0


@pytest.mark.parametrize("language", ["de", "en"])
async def test_without_a_mail_address_by_sms(tmp_path, language):
    house = make_house(tmp_path, sms=SmsSettings(url="http://127.0.0.1:9/sms"))
    await book(house, client_email="", language=language)
    assert await at(house, timedelta(hours=24)) == 1
    from appliance.outbox.models import OutboxMessage

    (row,) = await house.database.read(lambda session: session.query(OutboxMessage).all())
    text = row.body.decode()
    assert (row.kind, row.recipient) == (MessageKind.REMINDER_SMS, "+49309876543")
    assert "26.11. 10:00" in text
    assert "/v#" in text
    assert len(text) <= 160
    house.database.close()


async def test_without_an_address_and_a_gateway_nothing_is_tried_again_and_again(house):
    await book(house, client_email="")
    assert await at(house, timedelta(hours=24)) == 0
    assert await at(house, timedelta(hours=23)) == 0
    assert await reminders(house) == []
