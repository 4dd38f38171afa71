"""Messages are rows first. What stands in the outbox, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from appliance.events import MessageQueued
from appliance.outbox.letter import Letter, RequestLetter
from appliance.outbox.mail import composed, link_sms, password_sms, plain_text, reminder_sms
from appliance.outbox.models import OutboxMessage
from appliance.outbox.notice import notice
from appliance.outbox.request_mail import KINDS, composed_request
from appliance.outbox.room_link import RoomLetter, room_message
from appliance.outbox.sender import Sender
from appliance.outbox.states import SENTENCES, Failure, MailWord, MessageKind, MessageState
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce
from appliance.storage.ids import new_id

USELESS_AFTER = timedelta(hours=2)  # after the slot's end, when its links end
SMS_USELESS_AFTER = timedelta(hours=24)
NOTICE_USELESS_AFTER = timedelta(hours=24)
MAILS = (
    MessageKind.INVITATION,
    MessageKind.CANCELLATION,
    MessageKind.SHORT_NOTICE,
    *KINDS.values(),
)
UNSENT = (MessageState.WAITING, MessageState.KEPT, MessageState.FAILED)
KEPT_SHOWN = 200
MAIL_WORDS: dict[str, MailWord] = {
    "waiting": "waiting",
    "sent": "sent",
    "failed": "failed",
    "kept": "kept",
}


class MessageUnknown(Exception):
    """No message has this id, or it has no body any more."""

    code = "message_unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The newest message of a kind. ``state`` is "none" or a ``MessageState``'s word."""

    state: str = "none"
    failure: Failure = Failure.NONE
    tries: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    message_id: str = ""

    @property
    def sentence(self) -> str:
        """What the failure means, as a message id of the catalogues; empty when all is well."""
        return "" if self.state == MessageState.SENT else SENTENCES[self.failure]


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What staff see about one appointment's messages."""

    mail: Delivery = Delivery()
    sms: Delivery = Delivery()  # the password's
    link_sms: Delivery = Delivery()


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message that stays on the box because there is no server. For the administrator."""

    id: str
    appointment_id: str
    kind: MessageKind
    recipient: str
    subject: str
    text: str
    created_at: datetime


class OutboxService:
    """Queues inside somebody else's transaction; ``sender`` works it off."""

    def __init__(self, database: Database, settings: Settings, clock: Clock = utcnow) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self.sender = Sender(database, settings, clock)

    @property
    def mail_configured(self) -> bool:
        """Whether mails leave the box."""
        return bool(self._settings.mail.host)

    @property
    def sms_configured(self) -> bool:
        """Whether a password or link can be sent by SMS."""
        return bool(self._settings.sms.url)

    def queue_invitation(self, session: Session, letter: Letter) -> str:
        """Writes the invitation down; gives the message's id. ``ValueError``: hostile header."""
        return self._queue_mail(session, MessageKind.INVITATION, letter)

    def queue_cancellation(self, session: Session, letter: Letter) -> str:
        """Writes the cancellation down; gives the message's id."""
        return self._queue_mail(session, MessageKind.CANCELLATION, letter)

    def queue_short_notice(self, session: Session, letter: Letter) -> str:
        """Writes the mail with the link alone down; gives the message's id."""
        return self._queue_mail(session, MessageKind.SHORT_NOTICE, letter)

    def queue_request(self, session: Session, letter: RequestLetter) -> str:
        """Writes the mail of a request's step down; gives the message's id."""
        message_id, now = new_id(), self._clock()
        mail = composed_request(letter, self._settings, message_id, now)
        message = self._mail_row(message_id, KINDS[letter.step], mail, letter.recipient, now)
        message.appointment_id, message.adviser_id = letter.request_id, letter.adviser_id
        message.useless_at = letter.useless_at
        return self._add(session, message)

    def queue_link_sms(self, session: Session, letter: Letter, phone: str) -> str | None:
        """Writes the link's SMS down; None (and nothing written) without a gateway."""
        text = link_sms(letter.link, self._settings.agency, letter.language)
        useless_at = letter.ends_at + USELESS_AFTER
        return self._queue_sms(session, MessageKind.LINK_SMS, letter, phone, text, useless_at)

    def queue_reminder(self, session: Session, letter: Letter, phone: str) -> str | None:
        """Writes a reminder down: a mail, without an address an SMS; None where neither can be."""
        if letter.recipient:
            kind, useless_at = MessageKind.REMINDER, letter.starts_at
            return self._queue_mail(session, kind, letter, useless_at)
        if not phone:
            return None
        text = reminder_sms(letter, self._settings.agency)
        kind = MessageKind.REMINDER_SMS
        return self._queue_sms(session, kind, letter, phone, text, letter.starts_at)

    def _queue_sms(
        self,
        session: Session,
        kind: MessageKind,
        letter: Letter,
        phone: str,
        text: str,
        useless_at: datetime,
    ) -> str | None:
        if not self.sms_configured:
            return None
        now = self._clock()
        message = OutboxMessage(
            kind=kind,
            state=MessageState.WAITING,
            appointment_id=letter.appointment_id,
            adviser_id=letter.adviser_id,
            recipient=phone,
            body=text.encode(),
            created_at=now,
            next_try_at=now,
            useless_at=useless_at,
        )
        return self._add(session, message)

    def queue_password_sms(
        self,
        session: Session,
        appointment_id: str,
        adviser_id: str,
        phone: str,
        language: str,
        password: str,
    ) -> str | None:
        """Writes the password's SMS down; None (and nothing written) without a gateway."""
        if not self.sms_configured:
            return None
        now = self._clock()
        message = OutboxMessage(
            kind=MessageKind.PASSWORD_SMS,
            state=MessageState.WAITING,
            appointment_id=appointment_id,
            adviser_id=adviser_id,
            recipient=phone,
            body=password_sms(password, self._settings.agency, language).encode(),
            created_at=now,
            next_try_at=now,
            useless_at=now + SMS_USELESS_AFTER,
        )
        return self._add(session, message)

    def queue_room_link(self, session: Session, letter: RoomLetter) -> str | None:
        """Writes a room's link down; None (and nothing written) without a gateway or server.

        The conference stands where an appointment would.
        """
        if not (self.sms_configured if letter.by_sms else self.mail_configured):
            return None
        now, message_id = self._clock(), new_id()
        text = room_message(letter, self._settings, message_id, now)
        message = OutboxMessage(
            id=message_id,
            kind=MessageKind.LINK_SMS if letter.by_sms else MessageKind.SHORT_NOTICE,
            state=MessageState.WAITING,
            appointment_id=letter.conference_id,
            adviser_id=letter.adviser_id,
            recipient=letter.recipient,
            subject=text.subject,
            body=text.body,
            created_at=now,
            next_try_at=now,
            useless_at=letter.ends_at,
        )
        return self._add(session, message)

    async def notify(self, about_id: str, recipient: str, subject: str, text: str) -> str:
        """A plain mail to the agency's own IT; gives the message's id.

        The newest one about the same thing takes the place of earlier ones.
        """
        message_id, now = new_id(), self._clock()
        mail = notice(recipient, subject, text, self._settings, message_id, now)
        message = self._mail_row(message_id, MessageKind.NOTICE, mail, recipient, now)
        message.appointment_id, message.adviser_id = about_id, ""
        message.useless_at = now + NOTICE_USELESS_AFTER

        def work(session: Session) -> str:
            mine = col(OutboxMessage.appointment_id) == about_id
            session.execute(delete(OutboxMessage).where(mine))
            return self._add(session, message)

        return await self._database.write(work)

    def withdraw(self, session: Session, appointment_id: str) -> int:
        """Takes back what is not sent, and erases it; gives the number of messages."""
        query = select(OutboxMessage).where(
            col(OutboxMessage.appointment_id) == appointment_id,
            col(OutboxMessage.state).in_(UNSENT),
        )
        messages = session.exec(query).all()
        for message in messages:
            message.state = MessageState.WITHDRAWN
            message.body = None
        return len(messages)

    def hand_over(self, session: Session, appointment_id: str, to_id: str) -> None:
        """The appointment was moved: its messages go with the row that took over."""
        mine = col(OutboxMessage.appointment_id) == appointment_id
        session.execute(update(OutboxMessage).where(mine).values(appointment_id=to_id))

    async def deliveries(self, appointment_ids: Sequence[str]) -> dict[str, Deliveries]:
        """What became of the newest mail and SMS of each of these appointments."""
        query = (
            select(OutboxMessage)
            .where(col(OutboxMessage.appointment_id).in_(appointment_ids))
            .order_by(col(OutboxMessage.created_at), col(OutboxMessage.id))
        )
        messages = await self._database.read(lambda session: list(session.exec(query)))

        def newest(*kinds: MessageKind) -> dict[str, Delivery]:
            return {m.appointment_id: _delivery(m) for m in messages if m.kind in kinds}

        mails, none = newest(*MAILS), Delivery()
        passwords, links = newest(MessageKind.PASSWORD_SMS), newest(MessageKind.LINK_SMS)
        return {
            key: Deliveries(mails.get(key, none), passwords.get(key, none), links.get(key, none))
            for key in appointment_ids
        }

    async def states(self, appointment_ids: Sequence[str]) -> dict[str, MailWord]:
        """The newest mail's state of each of these appointments; a withdrawn one counts as none."""
        found = await self.deliveries(appointment_ids)
        return {key: MAIL_WORDS.get(found[key].mail.state, "none") for key in appointment_ids}

    async def messages_kept(self, by: str) -> list[KeptMessage]:
        """For the administrator alone, newest first; reading is audited."""
        now = self._clock()
        query = (
            select(OutboxMessage)
            .where(
                col(OutboxMessage.state) == MessageState.KEPT,
                col(OutboxMessage.body).is_not(None),  # worth nothing any more
            )
            .order_by(col(OutboxMessage.created_at).desc())
            .limit(KEPT_SHOWN)
        )

        def work(session: Session) -> list[KeptMessage]:
            audit(session, by, "kept_messages_read", "outbox", now)
            return [_kept(message) for message in session.exec(query)]

        return await self._database.write(work)

    async def send_again(self, message_id: str, by: str) -> None:
        """A failed or kept message waits again, from now on. Raises ``MessageUnknown``."""
        now = self._clock()

        def work(session: Session) -> None:
            message = session.get(OutboxMessage, message_id)
            if message is None or message.body is None or message.state not in UNSENT:
                raise MessageUnknown
            message.state = MessageState.WAITING
            message.next_try_at = now
            audit(session, by, "message_sent_again", message.id, now)
            announce(session, MessageQueued(message.id))

        await self._database.write(work)

    def _queue_mail(
        self,
        session: Session,
        kind: MessageKind,
        letter: Letter,
        useless_at: datetime | None = None,
    ) -> str:
        message_id, now = new_id(), self._clock()
        mail = composed(kind, letter, self._settings, message_id, now)
        message = self._mail_row(message_id, kind, mail, letter.recipient, now)
        message.appointment_id, message.adviser_id = letter.appointment_id, letter.adviser_id
        message.useless_at = useless_at or letter.ends_at + USELESS_AFTER
        return self._add(session, message)

    def _mail_row(
        self,
        message_id: str,
        kind: MessageKind,
        mail: EmailMessage,
        recipient: str,
        now: datetime,
    ) -> OutboxMessage:
        return OutboxMessage(
            id=message_id,
            kind=kind,
            state=MessageState.WAITING if self.mail_configured else MessageState.KEPT,
            recipient=recipient,
            subject=str(mail["Subject"]),
            body=mail.as_bytes(),
            created_at=now,
            next_try_at=now,
        )

    def _add(self, session: Session, message: OutboxMessage) -> str:
        session.add(message)
        if message.state is MessageState.WAITING:
            announce(session, MessageQueued(message.id))
        return message.id


def _delivery(message: OutboxMessage) -> Delivery:
    return Delivery(
        state=message.state.value,
        failure=message.failure,
        tries=message.tries,
        next_try_at=message.next_try_at if message.state is MessageState.WAITING else None,
        sent_at=message.sent_at,
        message_id=message.id,
    )


def _kept(message: OutboxMessage) -> KeptMessage:
    return KeptMessage(
        id=message.id,
        appointment_id=message.appointment_id,
        kind=message.kind,
        recipient=message.recipient,
        subject=message.subject,
        text=plain_text(message.body or b""),
        created_at=message.created_at,
    )
