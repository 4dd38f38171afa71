"""Keeps what clients leave, and who works on it: open, taken, done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import case, column, table
from sqlmodel import Session, col, select

from appliance.events import MessagesChanged
from appliance.messages.errors import LeftMessageChanged, LeftMessageTwice, LeftMessageUnknown
from appliance.messages.models import LeftMessage, MessageState
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce
from appliance.storage.keys import FieldKeyGone, seal, unseal

Change = Callable[[LeftMessage], None]
SHOWN = 200  # the page is a list to work off, not an archive

# Whose table it is, is no matter here: the client's team alone is read.
_VISIT = table("visit", column("id"), column("team_id"))
_WITH_TEAM = select(LeftMessage, _VISIT.c.team_id).join(
    _VISIT, _VISIT.c.id == col(LeftMessage.visit_id)
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks. ``may`` says of an adviser's id and a team's (or None) whether they may help."""

    adviser_id: str
    may: Callable[[str | None, str | None], bool]

    def sees(self, row: LeftMessage, team_id: str | None) -> bool:
        """Whether this message is theirs to work on."""
        return self.may(row.adviser_id, team_id)


@dataclass(frozen=True, slots=True)
class ReadableMessage:
    """A row with its words; None where the key is gone."""

    row: LeftMessage
    text: str | None
    phone: str | None


class MessageService:
    """Of clients whom one may help. Raises ``MessageError`` and ``DatabaseError``."""

    def __init__(self, database: Database, clock: Clock = utcnow) -> None:
        self._database = database
        self._clock = clock

    async def leave(
        self, visit_id: str, adviser_id: str | None, *, text: str, phone: str, wants_call: bool
    ) -> str:
        """Keeps it and gives its id. Raises ``LeftMessageTwice``: a visit leaves one."""
        now = self._clock()

        def work(session: Session) -> str:
            if session.exec(
                select(LeftMessage).where(col(LeftMessage.visit_id) == visit_id)
            ).first():
                raise LeftMessageTwice
            row = LeftMessage(
                visit_id=visit_id,
                adviser_id=adviser_id,
                wants_call=wants_call,
                sealed_text=seal(session, visit_id, text, now),
                sealed_phone=seal(session, visit_id, phone, now),
                left_at=now,
            )
            session.add(row)
            announce(session, MessagesChanged(row.id))
            return row.id

        return await self._database.write(work)

    async def take_back(self, message_id: str) -> None:
        """The visit has not ended with this one after all."""

        def work(session: Session) -> None:
            row = session.get(LeftMessage, message_id)
            if row is not None:
                session.delete(row)
                announce(session, MessagesChanged(row.id))

        await self._database.write(work)

    async def open_count(self, reader: Reader) -> int:
        """How many wait for somebody to take them."""
        query = _WITH_TEAM.where(col(LeftMessage.state) == MessageState.OPEN)
        return await self._database.read(
            lambda session: sum(reader.sees(*found) for found in session.exec(query))
        )

    async def read(self, reader: Reader) -> list[ReadableMessage]:
        """Open ones first, oldest first; then taken; done ones newest first. Each is audited."""
        now = self._clock()
        state = col(LeftMessage.state)
        order = case((state == MessageState.OPEN, 0), (state == MessageState.TAKEN, 1), else_=2)
        query = _WITH_TEAM.order_by(
            order, col(LeftMessage.done_at).desc(), col(LeftMessage.left_at)
        )

        def work(session: Session) -> list[ReadableMessage]:
            found = session.exec(query).all()
            rows = list(islice((row for row, team_id in found if reader.sees(row, team_id)), SHOWN))
            for row in rows:
                audit(session, reader.adviser_id, "left_message_read", row.id, now)
            return [_readable(session, row) for row in rows]

        return await self._database.write(work)

    async def take(self, message_id: str, reader: Reader) -> None:
        """Somebody works on it."""
        now = self._clock()

        def change(row: LeftMessage) -> None:
            row.state, row.taken_by, row.taken_at = MessageState.TAKEN, reader.adviser_id, now

        await self._change(message_id, reader, {MessageState.OPEN}, "left_message_taken", change)

    async def finish(self, message_id: str, reader: Reader) -> None:
        """Nothing is left to do."""
        now = self._clock()

        def change(row: LeftMessage) -> None:
            row.state, row.done_by, row.done_at = MessageState.DONE, reader.adviser_id, now

        unfinished = {MessageState.OPEN, MessageState.TAKEN}
        await self._change(message_id, reader, unfinished, "left_message_done", change)

    async def reopen(self, message_id: str, reader: Reader) -> None:
        """Taken or done by mistake: anybody's turn again."""

        def change(row: LeftMessage) -> None:
            row.state = MessageState.OPEN
            row.taken_by = row.taken_at = row.done_by = row.done_at = None

        begun = {MessageState.TAKEN, MessageState.DONE}
        await self._change(message_id, reader, begun, "left_message_reopened", change)

    async def _change(
        self,
        message_id: str,
        reader: Reader,
        before: Collection[MessageState],
        action: str,
        change: Change,
    ) -> None:
        now = self._clock()

        def work(session: Session) -> None:
            found = session.exec(_WITH_TEAM.where(col(LeftMessage.id) == message_id)).first()
            if found is None or not reader.sees(*found):
                raise LeftMessageUnknown
            row = found[0]
            if row.state not in before:
                raise LeftMessageChanged
            change(row)
            audit(session, reader.adviser_id, action, row.id, now)
            announce(session, MessagesChanged(row.id))

        await self._database.write(work)


def _readable(session: Session, row: LeftMessage) -> ReadableMessage:
    try:
        text = unseal(session, row.visit_id, row.sealed_text)
        phone = unseal(session, row.visit_id, row.sealed_phone)
    except FieldKeyGone:
        return ReadableMessage(row, None, None)
    return ReadableMessage(row, text, phone)
