"""Works the outbox off: what is due is sent, what fails is tried again with growing pauses."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, select

from appliance.outbox.models import OutboxMessage
from appliance.outbox.sms import send_sms
from appliance.outbox.smtp import send_mail
from appliance.outbox.states import FINAL, SMS, Failure, MessageState
from appliance.settings import Settings
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

log = structlog.get_logger()

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
AT_ONCE = 50
GIVEN_UP = (MessageState.FAILED, MessageState.KEPT)
SIDE_BY_SIDE = 4  # own: a slow server delays its own mails; small offices' servers allow 5 or more


def pause_after(tries: int) -> timedelta:
    """30 s, 1, 2, 4, 8, 16, then always 30 minutes."""
    factor: int = 2 ** min(tries - 1, 10)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


class Sender:
    """At least once: a crash between delivery and note sends again, with the same Message-ID."""

    def __init__(self, database: Database, settings: Settings, clock: Clock = utcnow) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._running = asyncio.Lock()
        self._unnoted: dict[str, Failure] = {}  # tried; the database could not take it down yet

    async def run_once(self) -> int:
        """Tries each due message once; gives the number of those delivered.

        A few side by side; what belongs to one appointment goes in the order it was written.
        """
        async with self._running:
            await self._erase_useless(self._clock())
            queues: dict[str, list[OutboxMessage]] = {}
            for message in await self._due(self._clock()):
                queues.setdefault(message.appointment_id, []).append(message)
            places = asyncio.Semaphore(SIDE_BY_SIDE)
            done = await asyncio.gather(
                *(self._work_off(queue, places) for queue in queues.values()),
                return_exceptions=True,  # a database that fails cuts nobody's delivery short
            )
            for error in (one for one in done if isinstance(one, BaseException)):
                raise error
            return sum(one for one in done if isinstance(one, int))

    async def _work_off(self, queue: list[OutboxMessage], places: asyncio.Semaphore) -> int:
        """One appointment's messages; how many were delivered."""
        delivered = 0
        async with places:
            for message in queue:
                if not await self._waits(message.id):
                    self._unnoted.pop(message.id, None)
                    continue  # withdrawn since: who cancels must not be invited afterwards
                failure = self._unnoted.get(message.id)
                if failure is None:  # a full disk must not send the same every five seconds
                    failure = self._unnoted[message.id] = await self._send(message)
                await self._note(message, failure)
                del self._unnoted[message.id]
                delivered += failure is Failure.NONE
        return delivered

    async def _erase_useless(self, now: datetime) -> None:
        """Link and password of what was given up or kept here go once they are worth nothing.

        What became of the message stays, until the appointment goes.
        """
        over = (
            col(OutboxMessage.useless_at) <= now,
            col(OutboxMessage.body).is_not(None),
            col(OutboxMessage.state).in_(GIVEN_UP),
        )
        query = select(OutboxMessage.id).where(*over)

        def work(session: Session) -> None:
            session.execute(update(OutboxMessage).where(*over).values(body=None))

        if await self._database.read(lambda session: session.exec(query.limit(1)).first()):
            await self._database.write(work)

    async def _due(self, now: datetime) -> list[OutboxMessage]:
        query = (
            select(OutboxMessage)
            .where(
                col(OutboxMessage.state) == MessageState.WAITING,
                col(OutboxMessage.next_try_at) <= now,
            )
            .order_by(col(OutboxMessage.created_at))
            .limit(AT_ONCE)
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def _waits(self, message_id: str) -> bool:
        mine = col(OutboxMessage.id) == message_id
        query = select(OutboxMessage.state).where(mine)
        state = await self._database.read(lambda session: session.exec(query).first())
        return state is MessageState.WAITING

    async def _send(self, message: OutboxMessage) -> Failure:
        if self._clock() >= message.useless_at:
            return Failure.TOO_LATE
        body = message.body or b""
        try:
            if message.kind in SMS:
                return await send_sms(self._settings.sms, message.recipient, body.decode())
            sender = self._settings.agency.email
            return await send_mail(self._settings.mail, sender, message.recipient, body)
        except Exception:
            # An unreadable password file, a nonsensical setting: IT mends it, the message waits,
            # and the other messages are not held up by it.
            log.exception("message_not_tried", message_id=message.id)
            return Failure.NOT_TRIED

    async def _note(self, message: OutboxMessage, failure: Failure) -> None:
        now = self._clock()
        values: dict[str, object] = {"tries": message.tries + 1, "failure": failure}
        if failure is Failure.NONE:
            values |= {"state": MessageState.SENT, "sent_at": now, "body": None}
        elif failure is Failure.TOO_LATE:
            values |= {"state": MessageState.FAILED, "body": None}
        elif failure in FINAL:
            values |= {"state": MessageState.FAILED}
        else:
            values |= {"next_try_at": now + pause_after(message.tries + 1)}
        # Only while it still waits: it may have been withdrawn in the meantime.
        statement = (
            update(OutboxMessage)
            .where(
                col(OutboxMessage.id) == message.id,
                col(OutboxMessage.state) == MessageState.WAITING,
            )
            .values(**values)
        )

        def work(session: Session) -> None:
            session.execute(statement)

        await self._database.write(work)
        if failure is not Failure.NONE:
            log.warning("message_not_delivered", message_id=message.id, reason=failure.value)
