"""Which words a client agreed to: a fingerprint of the consent text as it was shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from appliance.i18n import SOURCE_LANGUAGE, base_language, translations

CONSENT_VERSION = "2026-11-26"  # changed together with the words of the page
CONSENT_PAGE = (
    Path(__file__).parents[3] / "kiosk_ui" / "pages" / "partials" / "consent_statements.html"
)
_MESSAGE = re.compile(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")


def binding_language(language: str, reviewed: Collection[str]) -> str:
    """The language of the statements that are agreed to; any other only explains them.

    German, or the reader's where the agency has had it ``reviewed``. Easy German explains.
    """
    base = base_language(language)
    return base if base in reviewed else SOURCE_LANGUAGE


@cache
def consent_text(language: str) -> str:
    """The statements and their explanations in a language that binds, one a line."""
    language = base_language(language)
    messages = [
        found.group(1)[1:-1] for found in _MESSAGE.finditer(CONSENT_PAGE.read_text("utf-8"))
    ]
    return "\n".join(translations(language).gettext(message) for message in messages)


def consent_text_hash(version: str, language: str) -> str:
    """SHA-256 (hexadecimal) of version, binding language and text; stored with each consent."""
    language = base_language(language)
    text = f"{version}\n{language}\n{consent_text(language)}"
    return hashlib.sha256(text.encode()).hexdigest()
