"""What a mail needs to know. Whoever books has a class of this shape; neither imports the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Addressed(Protocol):
    """To whom a message goes."""

    @property
    def recipient(self) -> str:
        """The client's e-mail address."""

    @property
    def language(self) -> str:
        """A language that is shipped."""

    @property
    def client_name(self) -> str:
        """How the client is greeted; may be empty."""


class RequestLetter(Addressed, Protocol):
    """The facts of a mail about a request for an appointment."""

    @property
    def request_id(self) -> str:
        """Whose message it is."""

    @property
    def adviser_id(self) -> str:
        """Who has answered; empty before."""

    @property
    def step(self) -> str:
        """``confirm``, ``offer`` or ``decline``."""

    @property
    def link(self) -> str:
        """Where the client answers; empty where nothing is left to be done."""

    @property
    def slots(self) -> Sequence[datetime]:
        """The starts of the offered times."""

    @property
    def moves(self) -> bool:
        """Whether it is about another time for an appointment that there is."""

    @property
    def useless_at(self) -> datetime:
        """From when on it need not arrive any more."""


class Letter(Addressed, Protocol):
    """The facts of one message about an appointment."""

    @property
    def appointment_id(self) -> str:
        """Whose message it is."""

    @property
    def adviser_id(self) -> str:
        """Who wants to know what became of it."""

    @property
    def adviser_name(self) -> str:
        """With whom the appointment is."""

    @property
    def starts_at(self) -> datetime:
        """The slot's start."""

    @property
    def ends_at(self) -> datetime:
        """The slot's end."""

    @property
    def opens_at(self) -> datetime:
        """From when on the link leads in."""

    @property
    def link(self) -> str:
        """The client's own link; empty in a cancellation."""

    @property
    def qr_png(self) -> bytes:
        """The link as a picture; empty where there is none."""

    @property
    def calendar(self) -> bytes:
        """The calendar entry, UTF-8; empty where there is none."""

    @property
    def moved(self) -> bool:
        """Whether the appointment was at another time before."""
