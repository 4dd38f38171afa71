"""What an adviser books, and whether it can be right. Pure: now is an argument."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address

import phonenumbers
from phonenumbers import ValidationResult

from appliance.appointments.errors import BookingInvalid
from appliance.i18n import MAILED, N_

HOME_REGION = "DE"  # numbers without +49 are read as German ones
SHORTEST_MIN = 5
LONGEST_MIN = 240
LATEST_START_AGO = timedelta(minutes=15)  # "starting now" may have been typed a while
FARTHEST = timedelta(days=365)
NAME_CHARACTERS = 120
TOPIC_CHARACTERS = 200
CUSTOMER_NUMBER_CHARACTERS = 40
EMAIL_CHARACTERS = 254  # RFC 5321
OLDEST_YEARS = 130
DOMAIN_PATTERN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
# RFC 5322's dot-atom; quoted local parts exist, but no provider hands them out.
LOCAL_PATTERN = re.compile(
    r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)
# Controls, format characters (bidi overrides among them), line and paragraph separators.
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking. Empty strings and None mean: not stated. Times are aware."""

    starts_at: datetime
    client_name: str
    duration_min: int = 30
    client_email: str = ""
    client_phone: str = ""
    topic: str = ""
    language: str = "de"
    birth_on: date | None = None
    customer_number: str = ""
    sms: bool = False  # the session password by the SMS gateway
    overlap_allowed: bool = False  # beside another planned appointment of this adviser

    @property
    def ends_at(self) -> datetime:
        """The end of the slot."""
        return self.starts_at + timedelta(minutes=self.duration_min)


def checked_booking(booking: Booking, now: datetime) -> Booking:
    """The booking with texts tidied and the telephone number as E.164.

    Raises ``BookingInvalid`` with all mistakes at once.
    """
    mistakes: dict[str, str] = {}

    def field(name: str, tidy: Callable[[str], str]) -> str:
        try:
            return tidy(getattr(booking, name))
        except ValueError as error:
            mistakes[name] = str(error)
            return ""

    tidied = replace(
        booking,
        client_name=field("client_name", tidy_name),
        client_email=field("client_email", tidy_email),
        client_phone=field("client_phone", tidy_phone),
        topic=field("topic", lambda text: tidy_line(text, TOPIC_CHARACTERS)),
        customer_number=field(
            "customer_number", lambda text: tidy_line(text, CUSTOMER_NUMBER_CHARACTERS)
        ),
    )
    mistakes |= _time_mistakes(booking, now)
    if booking.language not in MAILED:
        mistakes["language"] = N_("Diese Sprache gibt es hier nicht.")
    if booking.birth_on is not None and not _birth_plausible(booking.birth_on, now.date()):
        mistakes["birth_on"] = N_("Bitte prüfen Sie das Geburtsdatum.")
    if booking.sms and not booking.client_phone.strip():
        mistakes["client_phone"] = N_("Für die SMS fehlt die Mobilnummer.")
    if mistakes:
        raise BookingInvalid(mistakes)
    return tidied


def tidy_line(text: str, most: int) -> str:
    """One line in NFC with single spaces. ``ValueError`` (a sentence) for anything hidden in it."""
    text = unicodedata.normalize("NFC", text).strip(" ")
    if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
        raise ValueError(N_("Bitte ohne Zeilenumbrüche und unsichtbare Zeichen."))
    text = " ".join(text.split())
    if len(text) > most:
        raise ValueError(N_("Dieser Text ist zu lang."))
    return text


def tidy_lines(text: str, most: int) -> str:
    """Several lines, each tidied, empty ones left out. ``ValueError`` like ``tidy_line``."""
    lines = (tidy_line(line, most) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    if len(text) > most:
        raise ValueError(N_("Dieser Text ist zu lang."))
    return text


def tidy_name(text: str) -> str:
    """A person's name, which must not be empty. ``ValueError`` (a sentence) otherwise."""
    name = tidy_line(text, NAME_CHARACTERS)
    if not name:
        raise ValueError(N_("Bitte geben Sie den Namen an."))
    return name


def tidy_email(text: str) -> str:
    """An address that our mail server can take; empty stays empty. ``ValueError`` otherwise."""
    text = tidy_line(text, EMAIL_CHARACTERS)
    if not text:
        return ""
    wrong = N_("Bitte prüfen Sie die E-Mail-Adresse.")
    local, _, domain = text.rpartition("@")
    if not LOCAL_PATTERN.fullmatch(local):
        raise ValueError(wrong)
    try:
        domain = domain.encode("idna").decode("ascii").lower()
        address = Address(addr_spec=f"{local}@{domain}").addr_spec
    except (UnicodeError, MessageError, ValueError, IndexError) as error:
        raise ValueError(wrong) from error
    if not DOMAIN_PATTERN.fullmatch(domain):
        raise ValueError(wrong)
    return address


def tidy_phone(text: str) -> str:
    """E.164 (``+4930…``); empty stays empty. ``ValueError`` when it cannot be a number."""
    text = tidy_line(text, NAME_CHARACTERS)
    if not text:
        return ""
    wrong = N_("Bitte prüfen Sie die Telefonnummer.")
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError(wrong) from error
    # Not "possible within a town only", which is what 12 would be.
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise ValueError(wrong)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable_phone(e164: str) -> str:
    """As people write it here: national inside Germany, with the country's prefix otherwise."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164, None)
    home = phonenumbers.region_code_for_number(number) == HOME_REGION
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)


def _time_mistakes(booking: Booking, now: datetime) -> dict[str, str]:
    mistakes: dict[str, str] = {}
    if booking.starts_at < now - LATEST_START_AGO:
        mistakes["starts_at"] = N_("Dieser Zeitpunkt ist schon vorbei.")
    elif booking.starts_at > now + FARTHEST:
        mistakes["starts_at"] = N_("Bitte wählen Sie einen Zeitpunkt in den nächsten 12 Monaten.")
    if not SHORTEST_MIN <= booking.duration_min <= LONGEST_MIN:
        mistakes["duration_min"] = N_("Ein Termin dauert 5 bis 240 Minuten.")
    return mistakes


def _birth_plausible(birth_on: date, today: date) -> bool:
    return today.year - OLDEST_YEARS <= birth_on.year and birth_on <= today
