from datetime import timedelta

import pytest
from sqlmodel import select

from appliance.outbox.models import OutboxMessage
from appliance.outbox.service import MessageUnknown
from appliance.outbox.states import MessageKind, MessageState
from appliance.storage.audit import AuditLine
from tests.builders.bookings import make_booking


async def test_it_works(offline_house):
    """Without a mail server the message stays, and the administrator can read it."""
    house = offline_house
    booked = await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 0
    assert await house.outbox.states([booked.id]) == {booked.id: "kept"}
    (kept,) = await house.outbox.messages_kept("administrator")
    assert (kept.appointment_id, kept.recipient) == (booked.id, "erika@example.org")
    assert "/v#" in kept.text
    assert kept.subject.startswith("Ihr Video-Termin am")


async def test_reading_is_audited(offline_house):
    await offline_house.outbox.messages_kept("administrator")
    lines = await offline_house.database.read(lambda s: s.exec(select(AuditLine)).all())
    assert [(x.actor_id, x.action) for x in lines] == [("administrator", "kept_messages_read")]


async def test_a_sent_message_cannot_be_read_or_sent_again(house):
    await house.appointments.book(make_booking(), "adviser")
    await house.outbox.sender.run_once()
    assert await house.outbox.messages_kept("administrator") == []
    sent = await house.database.read(lambda s: s.exec(select(OutboxMessage)).one())
    with pytest.raises(MessageUnknown):
        await house.outbox.send_again(sent.id, "administrator")


async def test_a_kept_message_goes_when_a_server_is_there(offline_house, smtp):
    house = offline_house
    await house.appointments.book(make_booking(), "adviser")
    (kept,) = await house.outbox.messages_kept("administrator")
    await house.outbox.send_again(kept.id, "administrator")
    house.outbox.sender._settings = house.settings.model_copy(update={"mail": smtp.settings})
    assert await house.outbox.sender.run_once() == 1
    assert len(smtp.inbox.mails) == 1


async def test_a_cancelled_appointments_kept_message_is_erased(offline_house):
    house = offline_house
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.appointments.cancel(booked.id, "adviser")
    kept = await house.outbox.messages_kept("administrator")
    assert [m.kind.value for m in kept] == ["cancellation"]
    rows = await house.database.read(lambda s: s.exec(select(OutboxMessage)).all())
    assert {r.state for r in rows if r.body is None} == {MessageState.WITHDRAWN}


async def test_after_the_slot_nothing_that_led_in_is_left(offline_house):
    """Kept ones here; a password's SMS that a gateway has refused goes the same way."""
    house = offline_house
    booked = await house.appointments.book(make_booking(), "adviser")
    later = booked.starts_at + timedelta(days=9)
    await house.appointments.book(make_booking(starts_at=later), "adviser")

    def refuse(session):
        sms = OutboxMessage(
            kind=MessageKind.PASSWORD_SMS,
            state=MessageState.FAILED,
            appointment_id=booked.id,
            adviser_id="adviser",
            recipient="+49170555",
            body=b"K7MQ 2XWP",
            created_at=house.clock(),
            next_try_at=house.clock(),
            useless_at=booked.ends_at,
        )
        session.add(sms)

    await house.database.write(refuse)
    house.clock.now = booked.ends_at
    await house.outbox.sender.run_once()
    assert len(await house.outbox.messages_kept("administrator")) == 2  # the link still opens
    house.clock.forward(hours=2)
    await house.outbox.sender.run_once()
    (left,) = await house.outbox.messages_kept("administrator")
    assert left.appointment_id != booked.id
    rows = await house.database.read(lambda s: s.exec(select(OutboxMessage)).all())
    mine = {(row.state, row.body) for row in rows if row.appointment_id == booked.id}
    assert mine == {(MessageState.KEPT, None), (MessageState.FAILED, None)}
    assert (await house.outbox.states([booked.id]))[booked.id] == "kept"
