"""Easy German is easy: one short thought a line, none of the forms that make German hard."""

import re

import pytest

from appliance.device_check.remedies import CAUSES, client_messages
from appliance.i18n import EASY_GERMAN, translations
from appliance.web.live.agreements import CONSENT_PAGE, consent_text, consent_text_hash
from tests.rules.sources import ROOT
from tests.rules.test_translated import PLACEHOLDER, catalogue, for_one, messages

WORDS_IN_A_LINE = 11
PASSIVE = re.compile(r"\b(wird|werden|wurden?|worden)\b")
SUBJUNCTIVE = re.compile(r"\b(wäre|hätte|würde|könnte|sollte|müsste|dürfte|möchte)\w*\b")
GENITIVE = re.compile(r"\b(des|eines|Ihres|unseres|wegen|trotz|während|dieses \w+s|jedes \w+s)\b")
LONG_WORD = re.compile(r"\b[A-Za-zÄÖÜäöüß]{17,}\b")
TWO_SENTENCES = re.compile(r"[.!?] +[A-ZÄÖÜ]")
QUOTED = re.compile(r"„[^“]*“")  # names of menus and buttons are as they are
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
