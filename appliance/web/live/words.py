"""Times as people say them, for snapshots; pure: zone and present time are arguments."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from appliance.i18n import N_, base_language, comma, translations

_NEAR_DAYS = (N_("heute um %(clock)s"), N_("morgen um %(clock)s"))
_DAY = {"de": "EEEE, d. MMMM", "ar": "EEEE، d MMMM", "tr": "d MMMM EEEE"}


def clock_in_words(at: datetime, language: str, zone: ZoneInfo) -> str:
    """Such as "10 Uhr", "10:15 Uhr"; "10:15 am" in English; "10:15" in all others."""
    return wall_clock(at.astimezone(zone), language)


def wall_clock(there: datetime | time, language: str) -> str:
    """The same of a clock's time in the agency's zone."""
    language = base_language(language)
    if language == "de":
        return f"{there.hour}:{there.minute:02d} Uhr" if there.minute else f"{there.hour} Uhr"
    if language == "en":
        return format_time(there, "h:mm a", locale=language).lower()
    return f"{there.hour}:{there.minute:02d}"


def day_in_words(at: datetime, language: str, zone: ZoneInfo, *, year: bool = False) -> str:
    """Such as "Dienstag, 24. November"; with ``year`` "Dienstag, 24. November 2026"."""
    language = base_language(language)
    pattern = _DAY.get(language, "EEEE, d MMMM") + (" y" if year else "")
    return format_date(at.astimezone(zone), pattern, locale=language)


def at_in_words(at: datetime, language: str, now: datetime, zone: ZoneInfo) -> str:
    """Such as "heute um 10 Uhr" or "Dienstag, 24. November, 10 Uhr": true as long as the day."""
    clock = clock_in_words(at, language, zone)
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days in (0, 1):
        return translations(language).gettext(_NEAR_DAYS[days]) % {"clock": clock}
    return f"{day_in_words(at, language, zone)}{comma(language)} {clock}"
