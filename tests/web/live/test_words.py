"""Times in words, and the fingerprint of the consent text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.web.live.agreements import consent_text, consent_text_hash
from appliance.web.live.words import at_in_words

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 9 Uhr in Berlin


@pytest.mark.parametrize(
    ("at", "german", "english"),
    [
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "heute um 10 Uhr", "today at 10:00 am"),
        (datetime(2026, 11, 25, 9, 15, tzinfo=UTC), "morgen um 10:15 Uhr", "tomorrow at 10:15 am"),
        (
            datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
            "Freitag, 27. November, 10 Uhr",
            "Friday, 27 November, 10:00 am",
        ),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "morgen um 0:30 Uhr", "tomorrow at 12:30 am"),
    ],
)
def test_it_works(at, german, english):
    assert at_in_words(at, "de", NOW, BERLIN) == german
    assert at_in_words(at, "en", NOW, BERLIN).replace("\u202f", " ") == english


@pytest.mark.parametrize(
    ("language", "today", "friday"),
    [
        ("ar", "اليوم الساعة 10:00", "الجمعة، 27 نوفمبر، 10:00"),
        ("tr", "bugün saat 10:00", "27 Kasım Cuma, 10:00"),
        ("uk", "сьогодні о 10:00", "пʼятниця, 27 листопада, 10:00"),
        ("ru", "сегодня в 10:00", "пятница, 27 ноября, 10:00"),
    ],
)
def test_other_languages_count_to_24(language, today, friday):
    said = at_in_words(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), language, NOW, BERLIN)
    assert said.replace("\u2068", "").replace("\u2069", "") == today
    assert at_in_words(datetime(2026, 11, 27, 9, 0, tzinfo=UTC), language, NOW, BERLIN) == friday


def test_the_fingerprint_is_of_what_was_shown():
    german, english = consent_text("de"), consent_text("en")
    assert "Das Amt darf prüfen, wer ich bin." in german
    assert len(german.splitlines()) == len(english.splitlines()) >= 6
    hashes = {
        consent_text_hash("1", "de"),
        consent_text_hash("2", "de"),
        consent_text_hash("1", "en"),
    }
    assert len(hashes) == 3
    assert all(len(one) == 64 for one in hashes)
