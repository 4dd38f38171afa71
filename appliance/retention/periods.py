"""What is kept until when, in words, made from the very rules that delete."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.i18n import N_
from appliance.retention.policy import KEEP_DAYS, KEEP_MONTHS, PROOF_YEARS
from appliance.retention.rules import KEPT, RULES, Rule

OF_STAFF = frozenset(
    {
        "adviser_login",
        "adviser",
        "recovery_code",
        "team",
        "team_member",
        "api_key",
        "calendar_feed",
        "text_block",
        "kiosk",
    }
)

OF_THE_HOUSE = frozenset({"team", "api_key", "kiosk"})  # of these, nothing hangs on an account

# What the rows of a rule's table are, for the person whom they are about.
WHAT: dict[str, str] = {
    "visit": N_(
        "Ihr Besuch: Schritte mit Uhrzeit, Ergebnis vom Geräte-Test, Einwilligung, Nachricht an uns"
    ),
    "appointment": N_("Ihr Termin: Name und alles, was Sie uns dafür genannt haben"),
    "conference": N_("Ihr Name in einer Konferenz"),
    "appointment_request": N_("Ihre Anfrage nach einem Termin"),
    "outbox_message": N_("E-Mails und SMS von uns an Sie"),
    "field_key": N_("Das Passwort zu Ihrem Termin"),
    "api_booking": N_("Dass ein Programm vom Amt Ihren Termin gebucht hat"),
    "adviser_login": N_("Anmeldungen der Beratung am Arbeitsplatz"),
    "adviser": N_("Konten der Beratung"),
    "recovery_code": N_("Wiederherstellungs-Codes der Beratung"),
    "team": N_("Teams"),
    "team_member": N_("Wer zu welchem Team gehört"),
    "api_key": N_("Schlüssel für Fachverfahren"),
    "calendar_feed": N_("Kalender-Adressen der Beratung"),
    "text_block": N_("Textbausteine der Beratung"),
    "kiosk": N_("Kioske im Amt: wo sie stehen und ob sie gehen"),
}
AFTER_END = N_("{days} Tage nach dem Ende, höchstens {months} Monate")
AFTER_DECISION = N_("{days} Tage nach dem Ende oder der Absage, höchstens {months} Monate")
WITH_OWNER = N_("so lange wie der Termin oder Besuch")
WITH_ACCOUNT = N_("bis das Konto gelöscht wird")
UNTIL_REMOVED = N_("bis die Verwaltung sie löscht")
AUDIT = N_("Wer Ihre Daten angesehen hat")
PSEUDONYMISED = N_("{days} Tage; danach ist keine Person mehr zu erkennen")
PROOFS = N_("Der Nachweis, dass gelöscht wurde: nur Zahlen")
YEARS = N_("{years} Jahre")
BACKUPS = N_("Sicherungen von höchstens {backups} Tagen")
IN_BACKUPS = N_("Was gelöscht wird, wird auch in den Sicherungen gelöscht")
MEMORY = N_("Der Chat")
UNTIL_END = N_("bis zum Ende des Gesprächs")
NEVER = N_("Bild und Ton, Bilder vom Ausweis")
NOT_AT_ALL = N_("gar nicht")


@dataclass(frozen=True, slots=True)
class Period:
    """One line: message ids, and the numbers that stand in them."""

    what: str
    how_long: str
    numbers: dict[str, int]
    of_staff: bool = False


def periods(backups: int) -> list[Period]:
    """All lines; ``backups``: of so many days at most. A rule without words raises ``KeyError``."""
    numbers = {
        "days": KEEP_DAYS,
        "months": KEEP_MONTHS,
        "years": PROOF_YEARS,
        "backups": backups,
    }
    lines = [(WHAT[rule.table], _how_long(rule), rule.table in OF_STAFF) for rule in RULES]
    lines += [
        (WHAT[table], UNTIL_REMOVED if table in OF_THE_HOUSE else WITH_ACCOUNT, True)
        for table in sorted(KEPT)
    ]
    lines += [
        (AUDIT, PSEUDONYMISED, False),
        (PROOFS, YEARS, False),
        (BACKUPS, IN_BACKUPS, False),
        (MEMORY, UNTIL_END, False),
        (NEVER, NOT_AT_ALL, False),
    ]
    return [Period(what, how_long, numbers, staff) for what, how_long, staff in lines]


def _how_long(rule: Rule) -> str:
    if rule.goes_with is not None:
        return WITH_OWNER
    return AFTER_DECISION if rule.decided else AFTER_END
