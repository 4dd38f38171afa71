"""No untranslated sentence in a shipped language; no translation of a sentence that is gone."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from appliance.i18n import LANGUAGES, SOURCE_LANGUAGE, base_language, catalogue_dir
from tests.rules.sources import ROOT, sources

KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "translate": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)\}")


@cache
def messages() -> dict[str, str]:
    """Each msgid of the source with a place where it stands."""
    return {text: places[-1] for text, places in all_places().items()}


@cache
def all_places() -> dict[str, list[str]]:
    """Each msgid of the source with all places where it stands."""
    found: dict[str, list[str]] = {}
    for file in sources(".py", under=("appliance",)):
        for line, text, *_ in extract_from_file("python", str(file), keywords=KEYWORDS):
            for one in text if isinstance(text, tuple) else (text,):
                if one:
                    found.setdefault(one, []).append(f"{file.relative_to(ROOT)}:{line}")
    for file in sources(".html", ".txt", under=("kiosk_ui/pages",)):
        with file.open("rb") as stream:
            for line, text, *_ in _template(stream):
                for one in text if isinstance(text, tuple) else (text,):
                    if one:
                        found.setdefault(one, []).append(f"{file.relative_to(ROOT)}:{line}")
    return found


def _template(stream) -> Iterator[tuple]:
    from jinja2.ext import babel_extract

    for line, _function, text, comments in babel_extract(
        stream, ["_", "gettext", "ngettext"], [], {"silent": "false"}
    ):
        yield line, text, comments


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in catalogue_dir(language).glob("*.po"):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=base_language(language)):
                if message.id:
                    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                    strings = (
                        message.string
                        if isinstance(message.string, tuple | list)
                        else (message.string,)
                    )
                    found |= dict.fromkeys(ids, strings[-1])
                    found[ids[0]] = strings[0]
    return found


@cache
def counted(language: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """What is said with a number: German for one and for several, and all forms of the language."""
    found = {}
    for file in catalogue_dir(language).glob("*.po"):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=base_language(language)):
                if isinstance(message.id, tuple | list):
                    found[message.id[0], message.id[1]] = tuple(message.string)
    return found


def for_one(language: str) -> set[str]:
    """Sentences that may leave the number out: "a minute"; some languages do, others do not."""
    return {one for one, _several in counted(language)}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE_LANGUAGE])
def test_every_sentence_is_translated(language):
    known = catalogue(language)
    missing = {text: place for text, place in messages().items() if not known.get(text)}
    assert missing == {}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE_LANGUAGE])
def test_placeholders_are_kept(language):
    for source, text in catalogue(language).items():
        if source in messages() and source not in for_one(language):
            assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)), source
