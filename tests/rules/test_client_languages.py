"""Arabic, Turkish, Ukrainian, Russian: all that clients read, and who must still look at it."""

import re

import pytest

from appliance.i18n import CLIENTS, FROM_THE_RIGHT, READER_LANGUAGES, catalogue_dir, translations
from appliance.settings import LanguageSettings
from appliance.web.language import NAMES
from tests.rules.client_texts import client_texts, listed, missing
from tests.rules.test_translated import PLACEHOLDER, catalogue, messages

OWN_LETTERS = {"ar": r"[\u0600-\u06ff]", "uk": r"[а-яіїєґ]", "ru": r"[а-я]", "tr": r"[a-zçğıöşü]"}
GERMAN = re.compile(r"\b(der|die|das|und|nicht|Sie|Ihr|Ihre|bitte|oder|mit|wir)\b", re.IGNORECASE)
REVIEW = re.compile(r'"X-Review: (needs review|reviewed \d{4}-\d\d-\d\d)\\n"')
QUOTED = re.compile("„([^“]+)“|»([^«]+)«")
OF_THE_SYSTEM = {"Datenschutz", "Beenden"}  # menus of a telephone or a computer
PLURALS = {"ar": 6, "tr": 2, "uk": 3, "ru": 3}


def test_what_is_missing_is_listed():
    """Write the list anew: python -m tests.rules.client_texts."""
    assert missing() == listed()


@pytest.mark.parametrize("language", CLIENTS)
def test_nothing_is_translated_that_is_gone(language):
    assert set(catalogue(language)) - set(messages()) == set()


@pytest.mark.parametrize("language", CLIENTS)
def test_placeholders_are_kept(language):
    for source, text in catalogue(language).items():
        assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)), source


@pytest.mark.parametrize("language", CLIENTS)
def test_nothing_is_left_in_german(language):
    own = re.compile(OWN_LETTERS[language], re.IGNORECASE)
    words = {source: PLACEHOLDER.sub("", text) for source, text in catalogue(language).items()}
    bare = {one for one in words if not re.search(r"[a-zäöü]{2}", PLACEHOLDER.sub("", one))}
    assert [
        text
        for source, text in words.items()
        if source not in bare and not own.search(text) and not PLACEHOLDER.search(source)
    ] == []
    assert [text for text in words.values() if GERMAN.search(text)] == []


@pytest.mark.parametrize("language", CLIENTS)
def test_each_catalogue_says_whether_it_was_reviewed(language):
    for file in catalogue_dir(language).glob("*.po"):
        text = file.read_text(encoding="utf-8")
        assert REVIEW.search(text), file
        assert f'"Language: {language}\\n"' in text, file
        assert f'"Plural-Forms: nplurals={PLURALS[language]};' in text, file


@pytest.mark.parametrize("language", ["en", *CLIENTS])
def test_a_button_is_called_as_it_is_labelled(language):
    known, ours = catalogue(language), client_texts() - OF_THE_SYSTEM
    assert [
        (source, known[name])
        for source, text in known.items()
        for name in filter(None, (name for pair in QUOTED.findall(source) for name in pair))
        if name in ours and known.get(name, "").lower() not in text.lower()
    ] == []


def test_it_is_offered_in_its_own_name():
    assert set(NAMES) == set(READER_LANGUAGES) == set(LanguageSettings().offered)
    assert set(LanguageSettings().reviewed) == {"de", "en"}
    assert len(client_texts()) > 1000


@pytest.mark.parametrize("language", FROM_THE_RIGHT)
def test_what_is_filled_in_keeps_its_direction(language):
    say = translations(language).gettext
    assert "\u2068{phone}\u2069" in say("{phone} anrufen")
    assert say("Ein Satz ohne Fassung.") == "\u2066Ein Satz ohne Fassung.\u2069"
