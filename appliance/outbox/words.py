"""Mails in words: templates, languages, dates as people say them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from appliance.i18n import FROM_THE_RIGHT, N_, comma, translations

TEMPLATES = Path(__file__).parents[2] / "kiosk_ui" / "pages" / "mail"
# Day before month, as everywhere in Europe.
BABEL_LOCALES = {"en": "en_GB"}
_DAYS = {"de": "full", "ar": "EEEE، d MMMM y", "tr": "d MMMM y EEEE"}


@dataclass(frozen=True, slots=True)
class Texts:
    """A rendered message."""

    subject: str
    plain: str
    html: str


def rendered(template: str, language: str, subject: str, **facts: Any) -> Texts:
    """Both forms of a mail. Facts are escaped in the HTML; a missing one raises."""
    environment = _environment(language)
    direction = "rtl" if language in FROM_THE_RIGHT else "ltr"
    edge = "right" if direction == "rtl" else "left"  # mail programs know no logical ones
    facts |= {"subject": subject, "language": language, "direction": direction}
    facts |= {"edge": edge, "comma": comma(language)}
    return Texts(
        subject=subject,
        plain=environment.get_template(f"{template}.txt").render(facts),
        html=environment.get_template(f"{template}.html").render(facts),
    )


def date_in_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Dienstag, 24. November 2026."""
    local = at.astimezone(zone)
    return format_date(local, _DAYS.get(language, "EEEE, d MMMM y"), _locale(language))


def time_in_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """10:00 Uhr."""
    time = format_time(at.astimezone(zone).time(), "HH:mm", locale=_locale(language))
    return translations(language).gettext(N_("%(time)s Uhr")) % {"time": time}


def _locale(language: str) -> str:
    return BABEL_LOCALES.get(language, language)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Newstyle: variables are put in by the template, and escaped in HTML.
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language), newstyle=True
    )
    return environment
