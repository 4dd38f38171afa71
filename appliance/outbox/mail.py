"""Builds the mails: text and HTML, the calendar entry as a part and as an attachment.

The subject names no topic, and no mail carries the password or the session number. The mail at
short notice is the link alone: no calendar entry, no QR code.
"""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from appliance.i18n import N_, main_language, translations
from appliance.outbox.letter import Addressed, Letter
from appliance.outbox.states import MessageKind
from appliance.outbox.words import Texts, date_in_words, rendered, time_in_words
from appliance.settings import AgencySettings, Settings

POLICY = SMTP.clone(cte_type="7bit")  # passes servers without 8BITMIME
QR_NAME = "qr"
CALENDAR_NAMES = {"de": "termin.ics"}
CALENDAR_METHODS = {MessageKind.INVITATION: "REQUEST", MessageKind.CANCELLATION: "CANCEL"}


def composed(
    kind: MessageKind, letter: Letter, settings: Settings, message_id: str, now: datetime
) -> EmailMessage:
    """The whole mail. Raises ``ValueError`` when a header would hold a line break."""
    mail = envelope(_texts(kind, letter, settings), letter, settings, message_id, now)
    if letter.qr_png:
        _embed_qr(mail, letter.qr_png)
    if letter.calendar:
        _add_calendar(mail, letter, CALENDAR_METHODS[kind])
    return mail


def envelope(
    texts: Texts, letter: Addressed, settings: Settings, message_id: str, now: datetime
) -> EmailMessage:
    """Both texts with the headers of all our mails. Raises ``ValueError`` like ``composed``."""
    mail = EmailMessage(policy=POLICY)
    _address(mail, settings.agency, letter)
    mail["Subject"] = texts.subject
    head(mail, settings, letter.language, message_id, now)
    mail.set_content(texts.plain)
    mail.add_alternative(texts.html, subtype="html")
    return mail


def head(
    mail: EmailMessage, settings: Settings, language: str, message_id: str, now: datetime
) -> None:
    """What the head of each of our mails has."""
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{_host(settings)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = language


def plain_text(body: bytes) -> str:
    """The text part of a stored mail."""
    part = message_from_bytes(body, policy=POLICY).get_body(("plain",))
    return "" if part is None else str(part.get_content())


def password_sms(password: str, agency: AgencySettings, language: str) -> str:
    """The text of the SMS; ``password`` as it is to be read. One SMS holds 160 characters."""
    sentence = N_("Ihr Passwort für den Video-Termin: %(password)s (%(agency)s)")
    facts = {"password": password, "agency": agency.name}
    return translations(main_language(language)).gettext(sentence) % facts


def link_sms(link: str, agency: AgencySettings, language: str) -> str:
    """The text of the SMS: the link and whose it is, nothing else."""
    sentence = N_("Ihr Link zum Video-Termin: %(link)s (%(agency)s)")
    facts = {"link": link, "agency": agency.name}
    return translations(main_language(language)).gettext(sentence) % facts


def reminder_sms(letter: Letter, agency: AgencySettings) -> str:
    """The text of the SMS: when, and the link. The time is the agency's."""
    sentence = N_("Erinnerung: Video-Termin %(when)s. %(link)s (%(agency)s)")
    there = letter.starts_at.astimezone(ZoneInfo(agency.time_zone))
    facts = {"when": there.strftime("%d.%m. %H:%M"), "link": letter.link, "agency": agency.name}
    return translations(main_language(letter.language)).gettext(sentence) % facts


def _texts(kind: MessageKind, letter: Letter, settings: Settings) -> Texts:
    zone = ZoneInfo(settings.agency.time_zone)
    date = date_in_words(letter.starts_at, zone, letter.language)
    time = time_in_words(letter.starts_at, zone, letter.language)
    subject = translations(letter.language).gettext(_subject(kind, letter))
    return rendered(
        kind.value,
        letter.language,
        subject % {"date": date, "time": time},
        letter=letter,
        agency=settings.agency,
        date=date,
        time=time,
        opens=time_in_words(letter.opens_at, zone, letter.language),
        minutes=int((letter.ends_at - letter.starts_at).total_seconds() // 60),
        base_url=settings.web.base_url.rstrip("/"),
        qr_name=QR_NAME,
    )


def _subject(kind: MessageKind, letter: Letter) -> str:
    if kind is MessageKind.CANCELLATION:
        return N_("Abgesagt: Ihr Video-Termin am %(date)s, %(time)s")
    if kind is MessageKind.REMINDER:
        return N_("Erinnerung: Ihr Video-Termin am %(date)s, %(time)s")
    if kind is MessageKind.SHORT_NOTICE:
        return N_("Ihr Link zum Video-Termin")
    if letter.moved:
        return N_("Neue Zeit: Ihr Video-Termin am %(date)s, %(time)s")
    return N_("Ihr Video-Termin am %(date)s, %(time)s")


def _address(mail: EmailMessage, agency: AgencySettings, letter: Addressed) -> None:
    mail["From"] = Address(display_name=agency.name, addr_spec=agency.email)
    mail["To"] = Address(display_name=letter.client_name, addr_spec=letter.recipient)


def _embed_qr(mail: EmailMessage, picture: bytes) -> None:
    html = mail.get_body(("html",))
    assert isinstance(html, MIMEPart)
    html.add_related(picture, "image", "png", cid=f"<{QR_NAME}>", disposition="inline")


def _add_calendar(mail: EmailMessage, letter: Letter, method: str) -> None:
    calendar = letter.calendar.decode()
    mail.add_alternative(calendar, subtype="calendar", params={"method": method})
    name = CALENDAR_NAMES.get(letter.language, "appointment.ics")
    mail.add_attachment(calendar, subtype="calendar", filename=name, params={"method": method})


def _host(settings: Settings) -> str:
    return urlsplit(settings.web.base_url).hostname or "localhost"
