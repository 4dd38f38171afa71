"""What is typed on the set-up page, by table of the settings: fields, their words, their checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from appliance.device_check.records import NetworkPolicy, Policy, PolicyLevel
from appliance.i18n import N_
from appliance.outbox.states import Failure
from appliance.settings import AgencySettings, MailSettings

LONGEST: Final = 300
MISSING: Final = N_("Diese Angabe fehlt noch.")
NOT_VALID: Final = N_("Bitte prüfen Sie diese Angabe.")
NO_ADDRESS: Final = N_("Bitte prüfen Sie die E-Mail-Adresse.")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
# What whoever sets the box up can do about it; staff read other words.
MAIL_FAILURES: Final = {
    Failure.NONE: "",
    Failure.UNREACHABLE: N_(
        "Der Server antwortet nicht. Stimmen Name und Port? Port 587 braucht STARTTLS, "
        "Port 465 TLS. Lässt die Firewall die Box dorthin?"
    ),
    Failure.TLS: N_(
        "Die Verschlüsselung kam nicht zustande. Passt sie zum Port? Vertraut die Box "
        "der Stelle, die das Zertifikat des Servers ausgestellt hat? Handbuch, Kapitel "
        "5."
    ),
    Failure.LOGIN_REFUSED: N_(
        "Der Server nimmt die Anmeldung nicht an. Stimmen Anmeldename und Passwort?"
    ),
    Failure.REFUSED_FOR_NOW: N_(
        "Der Server nimmt die Probe gerade nicht an. Sein Protokoll sagt, warum."
    ),
    Failure.RECIPIENT_REFUSED: N_(
        "Der Server kennt das Postfach nicht, an das die Probe gehen soll."
    ),
    Failure.MESSAGE_REFUSED: N_(
        "Der Server lehnt die Probe ab. Darf die Box mit der E-Mail-Adresse der Behörde senden?"
    ),
    Failure.NOT_TRIED: N_(
        "Die Probe ließ sich nicht senden. Auf der Box nennt „vorzimmer doctor“ den Grund."
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One line to type. ``email``: must be an address; ``needed``: must not be empty."""

    name: str
    label: str
    hint: str = ""
    needed: bool = False
    email: bool = False


AGENCY: Final = (
    Field("name", N_("Name der Behörde"), N_("So lesen ihn Ihre Gäste."), needed=True),
    Field("site", N_("Standort"), N_("Zum Beispiel: Hauptstelle."), needed=True),
    Field(
        "address", N_("Anschrift"), N_("Wohin Gäste auch persönlich kommen können."), needed=True
    ),
    Field(
        "phone",
        N_("Telefon"),
        N_("Steht auf jeder Seite, für alle, die nicht weiterkommen."),
        needed=True,
    ),
    Field("email", N_("E-Mail-Adresse"), N_("Absender der Einladungen."), needed=True, email=True),
)
LEGAL: Final = (
    Field("represented_by", N_("Vertreten durch"), N_("Für das Impressum.")),
    Field("supervised_by", N_("Aufsichtsbehörde"), N_("Für das Impressum.")),
    Field(
        "data_protection_contact", N_("Datenschutzbeauftragte"), N_("E-Mail-Adresse oder Telefon.")
    ),
    Field(
        "data_protection_authority",
        N_("Datenschutz-Aufsicht"),
        N_("Wo sich Gäste beschweren können, mit Anschrift."),
    ),
    Field(
        "accessibility_contact",
        N_("Kontakt zur Barrierefreiheit"),
        N_("Wer Meldungen über Barrieren annimmt."),
    ),
    Field(
        "accessibility_authority",
        N_("Durchsetzungsstelle"),
        N_("Für die Barrierefreiheit, mit Anschrift."),
    ),
    Field(
        "accessibility_assessed",
        N_("Bewertung der Barrierefreiheit"),
        N_("Wie und wann geprüft wurde."),
    ),
)
MAIL: Final = ("host", "port", "encryption", "username")
ENCRYPTIONS: Final = {
    "starttls": N_("STARTTLS (Port 587)"),
    "tls": N_("TLS (Port 465)"),
    "none": N_("Keine (nur im Haus)"),
}
KINDS: Final = {
    "microphone": N_("Mikrofon"),
    "camera": N_("Kamera"),
    "speaker": N_("Lautsprecher"),
}
LEVELS: Final = {
    PolicyLevel.INFORM.value: N_("Nur sagen"),
    PolicyLevel.WARN.value: N_("Warnen und weiterlassen"),
    PolicyLevel.BLOCK.value: N_("Erst lösen lassen"),
}
NETWORK_LEVELS: Final = {
    NetworkPolicy.INFORM.value: N_("Nur sagen"),
    NetworkPolicy.WARN.value: N_("Warnen und weiterlassen"),
    NetworkPolicy.SOUND_ONLY.value: N_("Bei zu wenig: ohne Kamera"),
    NetworkPolicy.TELEPHONE.value: N_("Bei zu wenig: Telefon"),
}


class TypedWrong(Exception):
    """``mistakes``: field to sentence. Nothing was kept."""

    def __init__(self, mistakes: dict[str, str]) -> None:
        super().__init__(", ".join(mistakes))
        self.mistakes = mistakes


def tidy(text: str) -> str:
    """One line without control characters, of a length that fits on a page."""
    return " ".join(CONTROL.sub(" ", text).split())[:LONGEST]


def lines(fields: tuple[Field, ...], typed: dict[str, str]) -> dict[str, str]:
    """The lines of the agency's table. Raises ``TypedWrong``."""
    values = {one.name: tidy(typed[one.name]) for one in fields}
    mistakes = {one.name: MISSING for one in fields if one.needed and not values[one.name]}
    for one in fields:
        if one.email and values[one.name] and not EMAIL.fullmatch(values[one.name]):
            mistakes[one.name] = NO_ADDRESS
    if mistakes:
        raise TypedWrong(mistakes)
    _ensure_valid(AgencySettings, values)
    return values


def mail_server(typed: dict[str, str]) -> dict[str, Any]:
    """The table of the mail server, without its password, and ``to``. Raises ``TypedWrong``."""
    values: dict[str, Any] = {name: tidy(typed[name]) for name in MAIL}
    to = tidy(typed["to"])
    mistakes = {} if values["host"] else {"host": MISSING}
    port = values["port"] or "587"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        mistakes["port"] = NOT_VALID
    if values["encryption"] not in ENCRYPTIONS:
        mistakes["encryption"] = NOT_VALID
    if to and not EMAIL.fullmatch(to):
        mistakes["to"] = NO_ADDRESS
    if mistakes:
        raise TypedWrong(mistakes)
    values["port"] = int(port)
    _ensure_valid(MailSettings, values)
    return values | {"to": to}


def policy(typed: dict[str, str]) -> dict[str, Any]:
    """What happens when a check fails, by kind. Raises ``TypedWrong``."""
    values = {name: typed[name] for name in (*KINDS, "network")}
    _ensure_valid(Policy, values)
    return values


def _ensure_valid(model: type[BaseModel], values: dict[str, Any]) -> None:
    try:
        model.model_validate(values)
    except ValidationError as error:
        raise TypedWrong({str(one["loc"][0]): NOT_VALID for one in error.errors()}) from error
