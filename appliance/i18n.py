"""Languages: German in the source, others from the catalogues in ``locale/``.

A language's folder may hold several ``.po`` files, one per area; they are merged when loaded.
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
LOCALE_DIR = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Marks a message for the catalogues; the text itself is translated where it is shown."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The merged catalogue of a language; German gives its messages back unchanged.

    Raises ``ValueError`` for a language that is not shipped.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    merged = Catalog(locale=language)
    for file in sorted((LOCALE_DIR / language / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id:
                    merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def negotiate(wanted: Iterable[str], default: str = SOURCE_LANGUAGE) -> str:
    """The first of the wanted languages (``en-GB`` counts as ``en``) that is shipped."""
    for tag in wanted:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default
