"""Which sentences clients may read, and which of them a language lacks.

``python -m tests.rules.client_texts`` writes the list of what is not translated yet.
"""

import sys
from pathlib import Path

from appliance.device_check.remedies import CAUSES, client_messages
from appliance.i18n import CLIENTS
from appliance.retention.periods import periods
from tests.rules.test_translated import all_places, catalogue

LIST = Path(__file__).with_name("not_yet_translated.txt")
NOT_FOR_CLIENTS = ("kiosk_ui/pages/console/",)
MODULES = (
    "appliance/web/live/", "appliance/web/errors.py", "appliance/web/links.py",
    "appliance/web/own_appointment.py", "appliance/web/hand_over.py", "appliance/web/language.py",
    "appliance/web/check_report.py", "appliance/web/client_pages.py", "appliance/web/topics.py",
    "appliance/web/requests.py", "appliance/outbox/request_mail.py",
    "appliance/appointments/own.py",
    "appliance/appointments/errors.py", "appliance/visits/", "appliance/messages/",
)  # fmt: skip
# Answers that stand in these modules beside those to clients.
TO_STAFF = frozenset({
    "Das geht mit diesem Schlüssel nicht.",
    "Sie sind nicht angemeldet.",
    "Bitte melden Sie sich an.",
    "Diese Seite ist für die Verwaltung des Geräts.",
    "Bitte wenden Sie sich an Ihre Administration.",
    "Das gehört nicht zu Ihren Aufgaben.",
    "Brauchen Sie es doch? Dann fragen Sie Ihre Administration.",
    "Dieser Zugriff braucht einen gültigen Schlüssel.",
    "Ihre Administration legt Schlüssel unter »Schnittstellen« an.",
    "Der Buchung fehlt ein brauchbarer Idempotency-Key.",
    "Bitte prüfen Sie die Anfrage.",
    "Für diese Person bucht dieser Schlüssel keine Termine.",
    "Zu dieser Zeit haben Sie schon einen anderen Termin.",
    "Das Passwort wird nach dem Termin gelöscht.",
    "Dafür fehlt am Termin die E-Mail-Adresse oder die Mobilnummer.",
    "Unter dieser Adresse gibt es keinen Kalender (mehr).",
    "Jemand war schneller. Die Liste zeigt den neuesten Stand.",
    "Diese Mitteilung gibt es nicht mehr.",
    "Vielleicht war jemand schneller. Bitte sehen Sie noch einmal in die Liste.",
    "Sie führen schon ein Gespräch.",
    "Beenden Sie es zuerst. Dann bitten Sie die nächste Person herein.",
    "Diese Box führt gerade so viele Gespräche, wie sie sicher kann.",
    "Die Person behält ihren Platz. Bitten Sie sie herein, sobald ein Gespräch zu Ende ist.",
    "Sie sind gerade in einer Konferenz.",
    "Verlassen Sie zuerst die Konferenz. Dann bitten Sie die nächste Person herein.",
    "Sie führen gerade kein Gespräch.",
})  # fmt: skip


def client_texts() -> set[str]:
    """The message ids of pages, answers and remedies that a client may meet."""
    found = {text for text, places in all_places().items() if any(map(_for_clients, places))}
    for cause in CAUSES.values():
        found |= set(client_messages(cause))
    for line in periods(14):
        if not line.of_staff:
            found |= {line.what, line.how_long}
    return found - TO_STAFF


def missing() -> list[str]:
    """One line for each sentence that a language lacks: its code, a tab, the German sentence."""
    wanted = client_texts()
    known = {language: catalogue(language) for language in CLIENTS}
    return sorted(
        f"{language}\t{text!r}"
        for language in CLIENTS
        for text in wanted
        if not known[language].get(text)
    )


def listed() -> list[str]:
    """What is known not to be translated yet."""
    return LIST.read_text(encoding="utf-8").splitlines()


def _for_clients(place: str) -> bool:
    if place.startswith("kiosk_ui/pages/"):
        return not place.startswith(NOT_FOR_CLIENTS)
    return place.startswith(MODULES)


if __name__ == "__main__":
    lacking = missing()
    LIST.write_text("".join(f"{line}\n" for line in lacking), encoding="utf-8")
    sys.stdout.write(f"{len(lacking)} sentences in {LIST.name}\n")
