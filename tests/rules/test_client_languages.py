"""Arabic, Turkish, Ukrainian, Russian: all that clients read, and who must still look at it."""

import re

import pytest
from babel import Locale

from appliance.i18n import (
    CLIENTS,
    FROM_THE_RIGHT,
    READER_LANGUAGES,
    catalogue_dir,
    plural_examples,
    translations,
)
from appliance.settings import LanguageSettings
from appliance.web.language import NAMES
from tests.rules.client_texts import client_texts, listed, missing
from tests.rules.test_translated import PLACEHOLDER, catalogue, counted, for_one, messages

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
        if source in for_one(language):
            continue
        assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)), source


@pytest.mark.parametrize("language", CLIENTS)
def test_there_is_a_sentence_for_each_form(language):
    """And none has a place for what its page does not fill in; several always has the number."""
    for (one, several), forms in counted(language).items():
        assert len(forms) == PLURALS[language], one
        assert all(forms), one
        places = set(PLACEHOLDER.findall(several))
        assert all(set(PLACEHOLDER.findall(form)) <= places for form in forms), one
        assert sorted(PLACEHOLDER.findall(forms[-1])) == sorted(PLACEHOLDER.findall(several)), one


SINCE = ("Sie warten seit einer Minute.", "Sie warten seit {n} Minuten.")
WAIT = ("Gerade wartet eine Person.", "Gerade warten {n} Personen.")


@pytest.mark.parametrize(
    ("language", "sentence", "words"),
    [
        ("ar", SINCE, {1: "دقيقة واحدة", 2: "دقيقتين", 3: "3 دقائق", 10: "10 دقائق",
                       11: "11 دقيقة", 25: "25 دقيقة", 100: "100 دقيقة", 103: "103 دقائق"}),
        ("ar", WAIT, {2: "شخصان", 5: "5 أشخاص", 12: "12 شخصاً", 100: "100 شخص"}),
        ("uk", SINCE, {1: "1 хвилину", 2: "2 хвилини", 5: "5 хвилин", 11: "11 хвилин",
                       21: "21 хвилину", 24: "24 хвилини", 112: "112 хвилин"}),
        ("uk", WAIT, {1: "чекає 1 людина", 3: "чекають 3 людини", 6: "чекають 6 людей"}),
        ("ru", SINCE, {1: "1 минуту", 3: "3 минуты", 5: "5 минут", 12: "12 минут",
                       21: "21 минуту", 33: "33 минуты", 111: "111 минут"}),
        ("ru", WAIT, {1: "ждёт 1 человек", 2: "ждут 2 человека", 21: "ждёт 21 человек"}),
        ("tr", WAIT, {1: "1 kişi bekliyor", 7: "7 kişi bekliyor"}),
    ],
)  # fmt: skip
def test_each_number_has_its_words(language, sentence, words):
    """Also in pages whose scripts fill the number in: they hold one sentence for each form."""
    ngettext = translations(language).ngettext
    examples = plural_examples(language)
    form_of = Locale.parse(language).plural_form
    for number, expected in words.items():
        for chosen in (number, examples[form_of(number)]):
            said = re.sub("[\u2066-\u2069]", "", ngettext(*sentence, chosen).format(n=number))
            assert expected in said
            assert not re.search(r"\d", said) or str(number) in said


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
