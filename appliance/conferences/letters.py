"""What the outbox is told when a room's link is to be sent; neither imports the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class RoomLetter:
    """What a message with a room's link needs to know: no title, it could tell a topic."""

    conference_id: str
    adviser_id: str
    by_sms: bool
    recipient: str
    link: str
    language: str
    ends_at: datetime


class RoomMessages(Protocol):
    """Who sends a room's link: the outbox."""

    def queue_room_link(self, session: Session, letter: RoomLetter) -> str | None:
        """Writes the message down; None when there is no way to send it."""

    def withdraw(self, session: Session, appointment_id: str) -> int:
        """Takes back what is not sent."""
