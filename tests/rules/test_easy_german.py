"""Easy German is easy: one short thought a line, none of the forms that make German hard."""

import re

import pytest

from appliance.device_check.remedies import CAUSES, client_messages
from appliance.i18n import EASY_GERMAN, translations
from appliance.web.live.agreements import CONSENT_PAGE, consent_text, consent_text_hash
from tests.rules.client_texts import client_texts
from tests.rules.sources import ROOT
from tests.rules.test_translated import PLACEHOLDER, all_places, catalogue, for_one, messages

WORDS_IN_A_LINE = 11
PASSIVE = re.compile(r"\b(wird|werden|wurden?|worden)\b")
SUBJUNCTIVE = re.compile(r"\b(wäre|hätte|würde|könnte|sollte|müsste|dürfte|möchte)\w*\b")
GENITIVE = re.compile(r"\b(des|eines|Ihres|unseres|wegen|trotz|während|dieses \w+s|jedes \w+s)\b")
LONG_WORD = re.compile(r"\b[A-Za-zÄÖÜäöüß]{17,}\b")
TWO_SENTENCES = re.compile(r"[.!?] +[A-ZÄÖÜ]")
QUOTED = re.compile(r"„[^“]*“")  # names of menus and buttons are as they are
# For staff and those who set up; mails and paper, whose language is the appointment's; what
# binds; and what stands beside a translation only.
NOT_READ_EASY = (
    "kiosk_ui/pages/console/", "kiosk_ui/pages/set_up/", "kiosk_ui/pages/kiosk_register",
    "kiosk_ui/pages/mail/", "kiosk_ui/pages/paper/",
    "kiosk_ui/pages/partials/consent_statements", "kiosk_ui/pages/partials/terms",
    "kiosk_ui/pages/visit/consent_help", "kiosk_ui/pages/legal/frame",
)  # fmt: skip
NEVER_EASY = {
    # beside a translation
    (
        "Diese Übersetzung hilft beim Lesen. Das Amt hat sie noch nicht geprüft. "
        "Es gilt der deutsche Text darunter."
    ),
    # to staff, from modules that speak to clients as well
    "Bild, Ton und Chat sind beendet. Die Angaben der Person löschen wir.",
    "Bitte geben Sie den Code auf der Seite „Einrichtung“ noch einmal ein.",
    "Es gibt schon 50 Textbausteine. Bitte löschen Sie zuerst einen.",
    "Wer den Link hat, kann anklopfen. Hinein kommt nur, wen Sie hereinlassen.",
    "wurde entfernt",
}
LEGAL = (CONSENT_PAGE, ROOT / "kiosk_ui/pages/partials/terms.html")


def lines() -> list[str]:
    return [
        QUOTED.sub("„X“", line)
        for text in catalogue(EASY_GERMAN).values()
        for line in text.split("\n")
    ]


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_each_cause_is_said_in_easy_german(cause):
    known = catalogue(EASY_GERMAN)
    assert [text for text in client_messages(cause) if not known.get(text)] == []


def test_nothing_is_translated_that_is_gone():
    assert set(catalogue(EASY_GERMAN)) - set(messages()) == set()


def test_placeholders_are_kept():
    for source, text in catalogue(EASY_GERMAN).items():
        if source in for_one(EASY_GERMAN):
            continue
        assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)), source


def test_a_line_is_short_and_holds_one_thought():
    assert [line for line in lines() if len(line.split()) > WORDS_IN_A_LINE] == []
    assert [line for line in lines() if TWO_SENTENCES.search(line)] == []


@pytest.mark.parametrize("pattern", [PASSIVE, SUBJUNCTIVE, GENITIVE, LONG_WORD])
def test_a_line_has_no_hard_form(pattern):
    assert [line for line in lines() if pattern.search(line)] == []


def hard(text: str) -> bool:
    """Whether a sentence breaks one of the rules above."""
    text = PLACEHOLDER.sub("X", QUOTED.sub("„X“", text))
    forms = (PASSIVE, SUBJUNCTIVE, GENITIVE, LONG_WORD, TWO_SENTENCES)
    return len(text.split()) > WORDS_IN_A_LINE or any(form.search(text) for form in forms)


def test_whatever_is_hard_has_an_easy_version():
    """Of all that clients read; what is easy already may stay as it is."""
    known, places = catalogue(EASY_GERMAN), all_places()
    assert [
        text
        for text in sorted(client_texts() - NEVER_EASY)
        if hard(text)
        and not known.get(text)
        and not all(place.startswith(NOT_READ_EASY) for place in places.get(text, ["cause"]))
    ] == []


def test_the_rule_catches_hard_german():
    assert PASSIVE.search("Das wird geprüft.")
    assert GENITIVE.search("am Rand des Bildes")
    assert SUBJUNCTIVE.search("Sie könnten")
    assert LONG_WORD.search("Eingangslautstärke")
    assert TWO_SENTENCES.search("Eins. Zwei.")


def test_a_missing_sentence_is_german():
    assert translations(EASY_GERMAN).gettext("Ein Satz ohne Fassung.") == "Ein Satz ohne Fassung."


def test_the_binding_text_stays_german():
    """What is agreed to is the German text, shown as it is and counted as it is."""
    assert consent_text(EASY_GERMAN) == consent_text("de")
    assert consent_text_hash("1", EASY_GERMAN) == consent_text_hash("1", "de")
    legal = "".join(file.read_text(encoding="utf-8") for file in LEGAL)
    assert [source for source in catalogue(EASY_GERMAN) if f'"{source}"' in legal] == []
