"""The message that brings a guest the link of a conference's room: the link, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol

from appliance.i18n import N_, translations
from appliance.outbox.mail import POLICY, head
from appliance.outbox.words import rendered
from appliance.settings import Settings


class RoomLetter(Protocol):
    """The facts of one message; ``conferences`` has a class of this shape."""

    @property
    def conference_id(self) -> str:
        """Whose link it is."""

    @property
    def adviser_id(self) -> str:
        """Who wants to know what became of it."""

    @property
    def by_sms(self) -> bool:
        """By SMS, else by mail."""

    @property
    def recipient(self) -> str:
        """An e-mail address, or a telephone number as E.164."""

    @property
    def link(self) -> str:
        """The room's link."""

    @property
    def language(self) -> str:
        """A language that is shipped."""

    @property
    def ends_at(self) -> datetime:
        """When the link ends at the latest."""


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """As it is stored and sent."""

    subject: str
    body: bytes


def room_message(
    letter: RoomLetter, settings: Settings, message_id: str, now: datetime
) -> RoomMessage:
    """Raises ``ValueError`` when a header would hold a line break."""
    gettext = translations(letter.language).gettext
    if letter.by_sms:
        sentence = gettext(N_("Ihr Link zur Video-Konferenz: %(link)s (%(agency)s)"))
        text = sentence % {"link": letter.link, "agency": settings.agency.name}
        return RoomMessage("", text.encode())
    subject = gettext(N_("Ihr Link zur Video-Konferenz"))
    texts = rendered(
        "room_link",
        letter.language,
        subject,
        link=letter.link,
        agency=settings.agency,
        base_url=settings.web.base_url.rstrip("/"),
    )
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name=settings.agency.name, addr_spec=settings.agency.email)
    mail["To"] = Address(addr_spec=letter.recipient)
    mail["Subject"] = subject
    head(mail, settings, letter.language, message_id, now)
    mail.set_content(texts.plain)
    mail.add_alternative(texts.html, subtype="html")
    return RoomMessage(subject, mail.as_bytes())
