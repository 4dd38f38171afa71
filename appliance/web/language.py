"""The reader's language, and times as people say them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from quart import Request, Websocket, has_request_context, has_websocket_context, request, websocket

from appliance.appointments.hours import Hours
from appliance.i18n import (
    EASY_GERMAN,
    LANGUAGES,
    MAILED,
    N_,
    READER_LANGUAGES,
    SOURCE_LANGUAGE,
    base_language,
    comma,
    main_language,
    negotiate,
    translations,
)
from appliance.web.cookies import LANGUAGE
from appliance.web.live import words
from appliance.web.parts import parts

QUERY = "sprache"
DESK = re.compile(r"/(?:api/v1/)?console\b")
SOON = timedelta(minutes=60)

NAMES = {
    "de": "Deutsch",
    EASY_GERMAN: "Leichte Sprache",
    "en": "English",
    "ar": "العربية",
    "tr": "Türkçe",
    "uk": "Українська",
    "ru": "Русский",
}


def offered() -> tuple[str, ...]:
    """What clients may read in, in the order in which it is shown: German, and what is set."""
    wanted = parts().settings.languages.offered
    return tuple(one for one in READER_LANGUAGES if one == SOURCE_LANGUAGE or one in wanted)


def mailed() -> tuple[str, ...]:
    """What invitations may be written in: German, English, and what the agency has reviewed."""
    reviewed = parts().settings.languages.reviewed
    return tuple(one for one in MAILED if one in LANGUAGES or one in reviewed)


def reader_language() -> str:
    """``?sprache=``, else the cookie, else what the browser asks for, else the agency's.

    At the desk there are German and English; all others are for clients and count as German.
    """
    default = negotiate([parts().settings.agency.language])
    connection: Request | Websocket
    if has_request_context():
        connection = request
    elif has_websocket_context():
        connection = websocket
    else:
        return default
    desk = DESK.match(connection.path) is not None
    known = LANGUAGES if desk else offered()
    for chosen in (connection.args.get(QUERY, ""), connection.cookies.get(LANGUAGE, "")):
        if chosen in known:
            return chosen
        if desk and chosen in READER_LANGUAGES:
            return main_language(chosen)
    return negotiate(connection.accept_languages.values(), default, known)


def translate(message: str, language: str | None = None, **values: object) -> str:
    """The message in the reader's (or the named) language, ``%(name)s`` filled in."""
    text = translations(language or reader_language()).gettext(message)
    return text % values if values else text


def local(at: datetime) -> datetime:
    """The time in the agency's zone."""
    return at.astimezone(_zone())


def clock_in_words(at: datetime, language: str | None = None) -> str:
    """As people say it: "10 Uhr", "10:15 Uhr"; "10:15 am" in English."""
    return words.clock_in_words(at, language or reader_language(), _zone())


def hours_in_words(hours: Hours) -> list[str]:
    """A line for days in a row that are alike: "Montag bis Donnerstag: 8 bis 16 Uhr"."""
    language = reader_language()
    names = weekday_names()
    lines = []
    for span, days in groupby(enumerate(hours), key=lambda day: day[1]):
        if span is None:
            continue
        numbers = [number for number, _ in days]
        which = names[numbers[0]]
        if len(numbers) > 1:
            which = translate(N_("%(first)s bis %(last)s"), first=which, last=names[numbers[-1]])
        begin, end = (words.wall_clock(clock, language) for clock in span)
        when = {"begin": begin.removesuffix(" Uhr"), "end": end}
        during = translate(N_("%(begin)s bis %(end)s"), **when)
        lines.append(f"{which}: {during}")
    return lines


def weekday_names() -> list[str]:
    """Monday first."""
    names = get_day_names("wide", "stand-alone", locale=base_language(reader_language()))
    return [names[number] for number in range(7)]


def time_in_words(at: datetime, language: str | None = None, now: datetime | None = None) -> str:
    """As people say it, the nearer the shorter.

    "in 12 Minuten", "heute um 10 Uhr", "morgen um 10 Uhr", "Dienstag, 24. November, 10 Uhr".
    """
    language = language or reader_language()
    now = now or parts().clock()
    minutes = round((at - now).total_seconds() / 60)
    if minutes >= 1 and at - now <= SOON:
        ngettext = translations(language).ngettext
        return ngettext("in einer Minute", "in {n} Minuten", minutes).format(n=minutes)
    clock = clock_in_words(at, language)
    days = (local(at).date() - local(now).date()).days
    if days in (0, 1):
        message = (N_("heute um %(clock)s"), N_("morgen um %(clock)s"))[days]
        return translate(message, language, clock=clock)
    return f"{day_in_words(at, language)}{comma(language)} {clock}"


def day_in_words(at: datetime, language: str | None = None) -> str:
    """As people say it: "Dienstag, 24. November"; with the year when it is another one."""
    other_year = local(at).year != local(parts().clock()).year
    return words.day_in_words(at, language or reader_language(), _zone(), year=other_year)


def _zone() -> ZoneInfo:
    return ZoneInfo(parts().settings.agency.time_zone)
