"""What a command that did not work is answered with: stable code, plain sentence, next step."""

from __future__ import annotations

from typing import NamedTuple

import structlog

from appliance.i18n import N_, translations
from appliance.web.wire import Problem

log = structlog.get_logger()


class Words(NamedTuple):
    """What is, and what to do; message ids."""

    title: str
    detail: str


class Refused(Exception):
    """A command that cannot be followed now; ``code`` is one of ``WORDS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


TRY_AGAIN = N_("Bitte versuchen Sie es gleich noch einmal. Sonst rufen Sie uns an.")
BY_ITSELF = N_("Sie müssen nichts tun. Wir verbinden Sie gleich wieder.")
SEE_ABOVE = N_("Die Seite zeigt jetzt den neuesten Stand.")

WORDS: dict[str, Words] = {
    "unexpected": Words(N_("Bei uns ist etwas schiefgegangen."), TRY_AGAIN),
    "message_wrong": Words(
        N_("Diese Eingabe verstehen wir nicht."), N_("Bitte laden Sie die Seite neu.")
    ),
    "too_many_messages": Words(
        N_("Das war zu viel auf einmal."), N_("Bitte laden Sie die Seite neu.")
    ),
    "elsewhere": Words(
        N_("Ihr Termin ist in einem anderen Fenster offen."),
        N_("Wählen Sie »Hier weitermachen« oder wechseln Sie in das andere Fenster."),
    ),
    "not_allowed_now": Words(N_("Das geht an dieser Stelle nicht."), SEE_ABOVE),
    "conflict": Words(
        N_("Inzwischen hat sich etwas geändert."),
        N_("Vielleicht war jemand schneller. Bitte sehen Sie noch einmal in die Liste."),
    ),
    "visit_unknown": Words(N_("Diesen Besuch gibt es nicht mehr."), SEE_ABOVE),
    "session_running": Words(
        N_("Sie führen schon ein Gespräch."),
        N_("Beenden Sie es zuerst. Dann bitten Sie die nächste Person herein."),
    ),
    "box_full": Words(
        N_("Diese Box führt gerade so viele Gespräche, wie sie sicher kann."),
        N_(
            "Die Person behält ihren Platz. Bitten Sie sie herein, sobald ein Gespräch zu Ende ist."
        ),
    ),
    "box_full_text": Words(
        N_("Gerade ist kein Platz für Ton und Bild frei."),
        N_("Bitte schreiben Sie weiter. Oder versuchen Sie es in ein paar Minuten noch einmal."),
    ),
    "not_confirmed_yet": Words(
        N_("Bestätigen Sie zuerst, wer da ist."),
        N_("Erst danach kann jemand dazukommen."),
    ),
    "conference_running": Words(
        N_("Sie sind gerade in einer Konferenz."),
        N_("Verlassen Sie zuerst die Konferenz. Dann bitten Sie die nächste Person herein."),
    ),
    "consent_withdrawn": Words(
        N_("Die Person hat ihre Einwilligung widerrufen."),
        N_("Bild, Ton und Chat sind beendet. Die Angaben der Person löschen wir."),
    ),
    "no_session": Words(N_("Sie führen gerade kein Gespräch."), SEE_ABOVE),
    "identity_mismatch": Words(
        N_("Diese Angaben passen nicht zu Ihrem Termin."),
        N_("Bitte prüfen Sie Ihre Angaben und das Passwort. Sonst klären wir es im Gespräch."),
    ),
    "identity_mismatch_number": Words(
        N_("Diese Angaben passen nicht zu Ihrem Termin."),
        N_("Bitte prüfen Sie Ihre Angaben und die Terminnummer. Sonst klären wir es im Gespräch."),
    ),
    "check_unfinished": Words(
        N_("Die Prüfung ist noch nicht fertig."),
        N_("Bitte beenden Sie die offenen Schritte. Sie können auch ohne sie weitermachen."),
    ),
    "check_lost": Words(
        N_("Die Ergebnisse Ihrer Prüfung sind verloren gegangen."),
        N_("Bitte prüfen Sie Ihre Geräte noch einmal. Das dauert etwa eine Minute."),
    ),
    "line_too_weak": Words(
        N_("Ihre Verbindung ist zu schwach für ein Bild."),
        N_("Sie können mit Ton weitermachen. Oder testen Sie die Verbindung noch einmal."),
    ),
    "not_this_step": Words(N_("Dieser Schritt läuft gerade nicht."), SEE_ABOVE),
    "no_number_spoken": Words(
        N_("Wir haben noch keine Zahl gesprochen."), N_("Wählen Sie zuerst »Zahl anhören«.")
    ),
    "analyser_waiting": Words(
        N_("Gerade prüfen andere ihre Geräte."),
        N_("Gleich sind Sie an der Reihe. Sie können auch ohne Prüfung weitermachen."),
    ),
    "live_text_waits": Words(
        N_("Was Sie schreiben, liest noch niemand mit."),
        N_("Schalten Sie dafür zuerst selbst den Live-Text ein."),
    ),
    "chat_empty": Words(N_("Ihre Nachricht ist leer."), N_("Bitte schreiben Sie einen Text.")),
    "chat_too_fast": Words(
        N_("Das waren viele Nachrichten auf einmal."), N_("Bitte warten Sie einen Augenblick.")
    ),
    "chat_full": Words(
        N_("In diesem Gespräch sind keine weiteren Nachrichten möglich."),
        N_("Bitte sprechen Sie weiter oder rufen Sie uns an."),
    ),
    "help_number_missing": Words(
        N_("Wir kennen Ihre Telefonnummer noch nicht."),
        N_("Bitte schreiben Sie die Nummer auf. Oder wählen Sie, dass wir Ihnen schreiben."),
    ),
    "call_back_number_missing": Words(
        N_("Wir kennen Ihre Telefonnummer noch nicht."),
        N_("Bitte schreiben Sie auf, unter welcher Nummer wir Sie anrufen sollen."),
    ),
    "answer_invalid": Words(
        N_("Ihr Browser hat keine brauchbare Verbindung angeboten."),
        N_("Bitte laden Sie die Seite neu oder nehmen Sie einen anderen Browser."),
    ),
    "relay_unavailable": Words(N_("Ton und Bild sind kurz unterbrochen."), BY_ITSELF),
    "timeout": Words(N_("Ton und Bild sind kurz unterbrochen."), BY_ITSELF),
    "busy": Words(
        N_("Gerade sind alle Leitungen belegt."),
        N_("Wir versuchen es gleich noch einmal. Oder rufen Sie uns an."),
    ),
    "room_full": Words(
        N_("In diesem Gespräch ist kein Platz mehr."), N_("Bitte laden Sie die Seite neu.")
    ),
    "text_changed": Words(
        N_("Dieser Text hat sich inzwischen geändert."),
        N_("Bitte laden Sie die Seite neu und lesen Sie ihn noch einmal."),
    ),
    "consent_missing": Words(
        N_("Dafür brauchen wir zuerst Ihre Einwilligung."),
        N_("Bitte lesen Sie die drei Sätze und stimmen Sie zu."),
    ),
    "database_busy": Words(N_("Das konnten wir noch nicht speichern."), TRY_AGAIN),
    "disk_full": Words(
        N_("Der Speicher unseres Geräts ist voll. Ihr Gespräch läuft weiter."),
        N_("Bitte rufen Sie uns an, wenn Sie nicht weiterkommen."),
    ),
    "database_failed": Words(N_("Das konnten wir nicht speichern."), TRY_AGAIN),
}
_SAME = {
    "visit_changed_meanwhile": "conflict",
    "left_message_twice": "not_allowed_now",
    "appointment_unknown": "visit_unknown",
    # Their own sentences are for IT.
    "database_read_only": "database_failed",
    "database_damaged": "database_failed",
    "database_missing": "database_failed",
    "database_wrong_key": "database_failed",
}


def problem(code: str, language: str) -> Problem:
    """The words of a code in the reader's language."""
    words = WORDS[code]
    say = translations(language).gettext
    return Problem(code=code, title=say(words.title), detail=say(words.detail))


def problem_of(error: Exception, language: str) -> Problem:
    """What went wrong: known errors by their code, database errors alike, the rest is logged."""
    code = getattr(error, "code", "")
    code = _SAME.get(code, code)
    if code in WORDS:
        return problem(code, language)
    sentence = getattr(error, "sentence", "")
    if code and sentence:
        say = translations(language).gettext
        return Problem(code=code, title=say(sentence), detail=say(TRY_AGAIN))
    log.error("command_failed", exc_info=error)
    return problem("unexpected", language)
