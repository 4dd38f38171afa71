"""Languages: German in the source, others from the catalogues in ``locale/``.

A language's folder may hold several ``.po`` files, one per area; they are merged when loaded.

Easy German (``de-simple``; "simple" is a registered variant) and the languages of ``CLIENTS`` are
ways to read: speech and SMS are German, and a sentence that is not translated is the German one,
as staff on the telephone know it.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "de"
LANGUAGES = ("de", "en")
EASY_GERMAN = "de-simple"
CLIENTS = ("ar", "tr", "uk", "ru")  # what clients see, and nothing else, is translated
READER_LANGUAGES = ("de", EASY_GERMAN, "en", *CLIENTS)  # what a page may be read in
MAILED = (*LANGUAGES, *CLIENTS)  # what a mail may be written in
FROM_THE_RIGHT = ("ar",)
LOCALE_DIR = Path(__file__).parent / "locale"
_FORMS_SHOWN_BY = 101  # Arabic's last form begins at 100
_PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
_ISOLATE, _GERMAN, _END = "\u2068", "\u2066", "\u2069"  # Unicode: isolates of a direction


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Marks a message for the catalogues; the text itself is translated where it is shown."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The merged catalogue of a language; what is missing in it is given back in German.

    Raises ``ValueError`` for a language that is not shipped.
    """
    if language not in READER_LANGUAGES:
        raise ValueError(language)
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    locale = base_language(language)
    merged = Catalog(locale=locale)
    for file in sorted(catalogue_dir(language).glob("*.po")):
        with file.open("rb") as stream:
            part = read_po(stream, locale=locale)
        merged.mime_headers = [("Plural-Forms", part.plural_forms)]  # the file's own order of forms
        for message in part:
            if message.id:
                merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return (_FromTheRight if language in FROM_THE_RIGHT else gettext.GNUTranslations)(compiled)


class _FromTheRight(gettext.GNUTranslations):
    """What is filled in (names, numbers, times) and what is German keeps its own direction."""

    def gettext(self, message: str) -> str:
        return _isolated(super().gettext(message), (message,))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _isolated(super().ngettext(msgid1, msgid2, n), (msgid1, msgid2))


def _isolated(translated: str, german: tuple[str, ...]) -> str:
    if translated in german:
        return f"{_GERMAN}{translated}{_END}"
    return _PLACE.sub(rf"{_ISOLATE}\g<0>{_END}", translated)


@cache
def plural_examples(language: str) -> dict[str, int]:
    """A whole number for each form that a language counts with: ``{"one": 1, "other": 0}``.

    By the names that browsers know (Unicode's), for sentences that scripts put a number into.
    """
    form_of = Locale.parse(base_language(language)).plural_form
    found: dict[str, int] = {}
    for number in range(_FORMS_SHOWN_BY):
        found.setdefault(form_of(number), number)
    return found


def catalogue_dir(language: str) -> Path:
    """Where a language's ``.po`` files are: gettext writes the variant as ``de_SIMPLE``."""
    base, _, variant = language.partition("-")
    return LOCALE_DIR / (f"{base}_{variant.upper()}" if variant else base) / "LC_MESSAGES"


def base_language(language: str) -> str:
    """The language for dates and numbers: easy German is German."""
    return SOURCE_LANGUAGE if language == EASY_GERMAN else language


def main_language(language: str) -> str:
    """The language of speech, SMS and staff: German for who reads in one that has none."""
    return language if language in LANGUAGES else SOURCE_LANGUAGE


def negotiate(
    wanted: Iterable[str], default: str = SOURCE_LANGUAGE, among: Iterable[str] = LANGUAGES
) -> str:
    """The first of the wanted languages (``en-GB`` counts as ``en``) that is offered."""
    offered = tuple(among)
    for tag in wanted:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in offered:
            return language
    return default


def comma(language: str) -> str:
    """Between the parts of a date: Arabic has its own."""
    return "،" if language in FROM_THE_RIGHT else ","
