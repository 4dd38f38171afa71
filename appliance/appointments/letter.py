"""What a message to the client needs to know, and where it goes. The outbox is one such place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from appliance.appointments.states import RequestStep


@dataclass(frozen=True, slots=True)
class Letter:
    """The facts of one message. It knows no topic, no session number and no password."""

    appointment_id: str
    adviser_id: str
    recipient: str  # e-mail address
    language: str
    client_name: str
    adviser_name: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    link: str  # empty in a cancellation
    qr_png: bytes  # the link as a picture, empty where there is none
    calendar: bytes  # the .ics file, empty where there is none
    moved: bool = False  # the appointment was at another time before


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """The facts of a mail about a request; no word that the asking person has typed but the name.

    Not even that in the first mail: its address may be somebody else's.
    """

    request_id: str
    adviser_id: str  # empty before somebody has answered
    step: RequestStep
    recipient: str  # e-mail address
    language: str
    client_name: str
    link: str  # empty where nothing is left to be done
    slots: tuple[datetime, ...]  # the starts of what is offered
    moves: bool  # it is about another time for an appointment that there is
    useless_at: datetime


class Post(Protocol):
    """Takes messages inside the transaction that is their reason, sends them later."""

    def queue_invitation(self, session: Session, letter: Letter) -> str:
        """Queues link, steps and calendar entry; gives the message's id back."""
        ...

    def queue_cancellation(self, session: Session, letter: Letter) -> str:
        """Queues the CANCEL of the calendar entry with a sentence; gives the message's id back."""
        ...

    def queue_short_notice(self, session: Session, letter: Letter) -> str:
        """Queues the link alone, for somebody on the phone; gives the message's id back."""
        ...

    def queue_request(self, session: Session, letter: RequestLetter) -> str:
        """Queues a mail about a request; gives the message's id back."""
        ...

    def queue_reminder(self, session: Session, letter: Letter, phone: str) -> str | None:
        """Queues a reminder by mail, else by SMS; None where neither can be."""
        ...

    def queue_link_sms(self, session: Session, letter: Letter, phone: str) -> str | None:
        """Queues the link as an SMS; None where no gateway is configured."""
        ...

    def queue_password_sms(
        self,
        session: Session,
        appointment_id: str,
        adviser_id: str,
        phone: str,
        language: str,
        password: str,
    ) -> str | None:
        """Queues the session password; None where no gateway is configured."""
        ...

    def withdraw(self, session: Session, appointment_id: str) -> int:
        """Takes back what is not sent yet; gives the number of messages."""
        ...

    def hand_over(self, session: Session, appointment_id: str, to_id: str) -> None:
        """The messages belong to the appointment that took over."""
        ...
