import asyncio
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import select

from appliance.appointments.states import Door
from appliance.events import MessageQueued
from appliance.outbox import sender
from appliance.outbox.models import OutboxMessage
from appliance.outbox.sender import SIDE_BY_SIDE, pause_after
from appliance.outbox.states import SENTENCES, Failure, MessageState
from appliance.settings import MailSettings
from appliance.storage.errors import DiskFull
from tests.builders.bookings import make_booking, make_house
from tests.outbox.mails import parsed, parts_of
from tests.outbox.servers import SmtpServer


async def only_message(house) -> OutboxMessage:
    return await house.database.read(lambda s: s.exec(select(OutboxMessage)).one())


async def delivery(house, booked):
    return (await house.outbox.deliveries([booked.id]))[booked.id].mail


async def test_it_works(house, smtp):
    """From booking over a real SMTP server to the link in the received mail, which leads in."""
    booked = await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 1
    (mail_from, recipients, body) = smtp.inbox.mails[0]
    assert mail_from == house.settings.agency.email
    assert recipients == ["erika@example.org"]
    text = parts_of(body)["text/plain"]
    secret = re.search(r"/v#([A-Za-z0-9_-]{43})\s", text)[1]
    view = await house.appointments.open_link(secret, booked.starts_at)
    assert (view.appointment_id, view.door) == (booked.id, Door.OPEN)
    assert (await delivery(house, booked)).state == "sent"


async def test_the_body_is_erased_once_delivered(house):
    await house.appointments.book(make_booking(), "adviser")
    assert (await only_message(house)).body
    await house.outbox.sender.run_once()
    sent = await only_message(house)
    assert sent.body is None
    assert sent.sent_at == house.clock()


async def test_nothing_is_sent_twice(house, smtp):
    await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 1
    house.clock.forward(hours=1)
    assert await house.outbox.sender.run_once() == 0
    assert len(smtp.inbox.mails) == 1


async def test_a_queued_message_is_announced(house):
    await house.appointments.book(make_booking(), "adviser")
    await house.database.published()
    assert MessageQueued((await only_message(house)).id) in house.happened


async def test_server_down_the_message_waits_and_goes_later(tmp_path):
    with SmtpServer() as gone:
        settings = gone.settings
    house = make_house(tmp_path, mail=settings)
    booked = await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 0
    waiting = await delivery(house, booked)
    assert (waiting.state, waiting.failure, waiting.tries) == ("waiting", Failure.UNREACHABLE, 1)
    assert waiting.next_try_at == house.clock() + timedelta(seconds=30)
    house.clock.forward(seconds=29)
    await house.outbox.sender.run_once()
    assert (await delivery(house, booked)).tries == 1, "not due yet"
    with SmtpServer() as back:
        house.outbox.sender._settings = house.settings.model_copy(update={"mail": back.settings})
        house.clock.forward(seconds=1)
        assert await house.outbox.sender.run_once() == 1
        assert len(back.inbox.mails) == 1
    assert (await delivery(house, booked)).state == "sent"
    house.database.close()


def test_pauses_grow_up_to_half_an_hour():
    pauses = [pause_after(tries) for tries in range(1, 9)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == pause_after(1000) == timedelta(minutes=30)


async def test_no_such_mailbox_is_final_and_staff_see_it(house, smtp):
    smtp.inbox.recipient_answer = "550 No such user"
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.outbox.sender.run_once()
    failed = await delivery(house, booked)
    assert (failed.state, failed.failure) == ("failed", Failure.RECIPIENT_REFUSED)
    assert await house.outbox.states([booked.id]) == {booked.id: "failed"}


@pytest.mark.parametrize(
    ("field", "answer", "state", "failure"),
    [
        ("recipient_answer", "451 Greylisted", "waiting", Failure.REFUSED_FOR_NOW),
        ("data_answer", "452 Full", "waiting", Failure.REFUSED_FOR_NOW),
        ("data_answer", "554 Looks like spam", "failed", Failure.MESSAGE_REFUSED),
    ],
)
async def test_refusals(house, smtp, field, answer, state, failure):
    setattr(smtp.inbox, field, answer)
    booked = await house.appointments.book(make_booking(), "adviser")
    await house.outbox.sender.run_once()
    found = await delivery(house, booked)
    assert (found.state, found.failure) == (state, failure)


async def test_a_server_without_encryption_is_not_trusted_with_it(tmp_path, smtp):
    """starttls is forced: a server, or somebody in between, that does not offer it gets nothing."""
    settings = MailSettings(host="127.0.0.1", port=smtp.port, encryption="starttls")
    house = make_house(tmp_path, mail=settings)
    booked = await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 0
    assert smtp.inbox.mails == []
    found = await delivery(house, booked)
    assert (found.state, found.failure) == ("waiting", Failure.TLS)
    house.database.close()


async def test_an_unreadable_password_file_lets_the_message_wait(tmp_path, smtp):
    settings = smtp.settings.model_copy(
        update={"username": "box", "password_file": tmp_path / "nonesuch"}
    )
    house = make_house(tmp_path, mail=settings)
    booked = await house.appointments.book(make_booking(), "adviser")
    assert await house.outbox.sender.run_once() == 0
    found = await delivery(house, booked)
    assert (found.state, found.failure) == ("waiting", Failure.NOT_TRIED)
    assert "IT" in found.sentence
    house.database.close()


async def test_one_bad_message_does_not_hold_up_the_others(house, smtp, monkeypatch):
    await house.appointments.book(make_booking(client_email="bad@example.org"), "adviser")
    await house.appointments.book(make_booking(), "colleague")
    real = sender.send_mail

    async def broken_for_one(settings, address, recipient, body):
        if recipient.startswith("bad"):
            raise RuntimeError
        return await real(settings, address, recipient, body)

    monkeypatch.setattr(sender, "send_mail", broken_for_one)
    assert await house.outbox.sender.run_once() == 1
    assert smtp.inbox.mails[0][1] == ["erika@example.org"]


async def test_after_the_appointment_nothing_is_sent(house, smtp):
    booked = await house.appointments.book(make_booking(), "adviser")
    house.clock.now = booked.ends_at + timedelta(hours=2)
    await house.outbox.sender.run_once()
    found = await only_message(house)
    assert (found.state, found.failure, found.body) == (
        MessageState.FAILED,
        Failure.TOO_LATE,
        None,
    )
    assert smtp.inbox.mails == []


async def test_a_message_withdrawn_while_it_is_on_its_way_stays_withdrawn(house, smtp, monkeypatch):
    booked = await house.appointments.book(make_booking(), "adviser")
    note = house.outbox.sender._note

    async def cancelled_first(message, failure):
        await house.appointments.cancel(booked.id, "adviser")
        await note(message, failure)

    monkeypatch.setattr(house.outbox.sender, "_note", cancelled_first)
    await house.outbox.sender.run_once()
    messages = await house.database.read(lambda s: s.exec(select(OutboxMessage)).all())
    assert {m.state for m in messages} == {MessageState.WITHDRAWN, MessageState.WAITING}


async def test_failed_messages_can_be_sent_again(house, smtp):
    smtp.inbox.recipient_answer = "550 No such user"
    await house.appointments.book(make_booking(), "adviser")
    await house.outbox.sender.run_once()
    smtp.inbox.recipient_answer = ""
    await house.outbox.send_again((await only_message(house)).id, "administrator")
    assert await house.outbox.sender.run_once() == 1
    assert parsed(smtp.inbox.mails[0][2])["To"].addresses[0].addr_spec == "erika@example.org"


def test_staff_read_a_sentence_for_each_failure():
    assert set(SENTENCES) == set(Failure)
    assert all(SENTENCES[failure] for failure in Failure if failure is not Failure.NONE)


# ---- many at once
class SlowServer:
    """Takes mails, and lets none go before it is told to."""

    def __init__(self, monkeypatch):
        self.open, self.came = asyncio.Event(), asyncio.Semaphore(0)
        self.now = self.most = 0
        self.taken, self.names = [], []
        monkeypatch.setattr(sender, "send_mail", self.send)

    async def send(self, _settings, _sender, recipient, body):
        self.now += 1
        self.most = max(self.most, self.now)
        self.came.release()
        await self.open.wait()
        self.now -= 1
        self.taken.append((recipient, str(parsed(body)["Subject"])))
        self.names.append(str(parsed(body)["Message-ID"]).strip("<").split("@")[0])
        return Failure.NONE

    async def is_full(self, places=SIDE_BY_SIDE):
        for _ in range(places):
            await self.came.acquire()
        with suppress(TimeoutError):  # nobody else pushes in
            await asyncio.wait_for(self.came.acquire(), 0.1)


async def several_booked(house, number):
    return [
        await house.appointments.book(
            make_booking(overlap_allowed=True, client_email=f"c{n}@example.org"), "adviser"
        )
        for n in range(number)
    ]


async def test_a_few_go_side_by_side(house, monkeypatch):
    server = SlowServer(monkeypatch)
    await several_booked(house, SIDE_BY_SIDE + 3)
    running = asyncio.create_task(house.outbox.sender.run_once())
    async with asyncio.timeout(20):
        await server.is_full()
        server.open.set()
        assert await running == SIDE_BY_SIDE + 3
    assert server.most == SIDE_BY_SIDE


async def test_the_order_of_one_appointment_is_kept(house, monkeypatch):
    server = SlowServer(monkeypatch)
    (booked, *_) = await several_booked(house, 2)
    for minute in range(3):
        house.clock.forward(minutes=minute + 1)
        await house.appointments.invite_again(booked.id, "adviser")
    written = await house.database.read(
        lambda s: s.exec(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
    )
    running = asyncio.create_task(house.outbox.sender.run_once())
    async with asyncio.timeout(20):
        await server.is_full(2)  # one of each appointment
        server.open.set()
        assert await running == 5
    assert server.most == 2
    mine = [one.id for one in written if one.appointment_id == booked.id]
    sent = [name for name in server.names if name in mine]
    assert (len(mine), sent) == (4, mine)


async def test_what_is_withdrawn_meanwhile_is_not_sent(house, monkeypatch):
    """The server is slow; the last in the line is cancelled before it is its turn."""
    server = SlowServer(monkeypatch)
    booked = await several_booked(house, SIDE_BY_SIDE + 1)
    running = asyncio.create_task(house.outbox.sender.run_once())
    async with asyncio.timeout(20):
        await server.is_full()
        await house.appointments.cancel(booked[-1].id, "adviser")
        server.open.set()
        assert await running == SIDE_BY_SIDE
        assert await house.outbox.sender.run_once() == 1
    last = [subject for recipient, subject in server.taken if recipient == booked[-1].client_email]
    assert len(last) == 1
    assert last[0].startswith("Abgesagt")


async def test_a_full_disk_sends_nobody_the_same_again(house, smtp, monkeypatch):
    """What was delivered and could not be noted is noted later, not delivered again."""
    await several_booked(house, 3)
    write = house.database.write

    async def full(_work):
        raise DiskFull

    monkeypatch.setattr(house.database, "write", full)
    for _ in range(3):
        with pytest.raises(DiskFull):
            await house.outbox.sender.run_once()
    assert len(smtp.inbox.mails) == 3
    monkeypatch.setattr(house.database, "write", write)
    assert await house.outbox.sender.run_once() == 3
    assert await house.outbox.sender.run_once() == 0
    assert len(smtp.inbox.mails) == 3
