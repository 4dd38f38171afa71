"""Languages: German in the source, others from the catalogues in ``locale/``.

A language's folder may hold several ``.po`` files, one per area; they are merged when loaded.

Easy German (``de-simple``; "simple" is a registered variant) is a way to read, not a language to
book in: mails, times and speech are German, and a sentence without an easy one is the German one.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "de"
LANGUAGES = ("de", "en")
EASY_GERMAN = "de-simple"
READER_LANGUAGES = ("de", EASY_GERMAN, "en")  # what a page may be read in
LOCALE_DIR = Path(__file__).parent / "locale"


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
            for message in read_po(stream, locale=locale):
                if message.id:
                    merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_dir(language: str) -> Path:
    """Where a language's ``.po`` files are: gettext writes the variant as ``de_SIMPLE``."""
    base, _, variant = language.partition("-")
    return LOCALE_DIR / (f"{base}_{variant.upper()}" if variant else base) / "LC_MESSAGES"


def base_language(language: str) -> str:
    """The shipped language for speech, dates and law: easy German is German."""
    return SOURCE_LANGUAGE if language == EASY_GERMAN else language


def negotiate(wanted: Iterable[str], default: str = SOURCE_LANGUAGE) -> str:
    """The first of the wanted languages (``en-GB`` counts as ``en``) that is shipped."""
    for tag in wanted:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default
