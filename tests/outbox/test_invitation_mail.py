import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from appliance.appointments.calendar_file import CalendarEntry, CalendarMethod, calendar_file
from appliance.appointments.credentials import qr_png
from appliance.appointments.letter import Letter
from appliance.outbox.mail import composed
from appliance.outbox.states import MessageKind
from appliance.settings import Settings
from tests.outbox.mails import parsed, parts_of

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # Dienstag, 10 Uhr in Berlin
LINK = "https://termin.example/v#" + "s" * 43
SETTINGS = Settings()


def make_letter(language: str = "de", **changes: object) -> Letter:
    entry = CalendarEntry(
        uid="a@termin.example",
        sequence=0,
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        agency_name="Musteramt",
        agency_email="amt@example.org",
        client_email="erika@example.org",
        language=language,
    )
    letter = Letter(
        appointment_id="appointment",
        adviser_id="adviser",
        recipient="erika@example.org",
        language=language,
        client_name="Erika Mustermann",
        adviser_name="Ayşe Yılmaz",
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        opens_at=START - timedelta(minutes=15),
        link=LINK,
        qr_png=qr_png(LINK),
        calendar=calendar_file(entry, CalendarMethod.REQUEST, NOW),
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def sent(letter: Letter, kind: MessageKind = MessageKind.INVITATION) -> bytes:
    return composed(kind, letter, SETTINGS, "message-id", NOW).as_bytes()


def test_it_works():
    body = sent(make_letter())
    mail = parsed(body)
    assert mail["Subject"] == "Ihr Video-Termin am Dienstag, 24. November 2026, 10:00 Uhr"
    assert mail["To"] == "Erika Mustermann <erika@example.org>"
    assert mail["Message-ID"] == "<message-id@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    parts = parts_of(body)
    assert set(parts) == {
        "text/plain", "text/html", "image/png", "text/calendar", "attachment:text/calendar"
    }  # fmt: skip
    for text in (parts["text/plain"], parts["text/html"]):
        assert LINK in text
        assert "09:45 Uhr" in text
        assert "Ayşe Yılmaz" in text
        assert SETTINGS.agency.phone in text


def test_it_is_a_calendar_invitation():
    body = sent(make_letter())
    calendars = [p for p in parsed(body).walk() if p.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in calendars] == ["REQUEST", "REQUEST"]
    assert [part.get_filename() for part in calendars] == [None, "termin.ics"]
    event = icalendar.Calendar.from_ical(calendars[0].get_content()).walk("VEVENT")[0]
    assert event["uid"] == "a@termin.example"
    assert event.decoded("dtstart") == START


def test_the_calendar_carries_no_link():
    assert "/v#" not in make_letter().calendar.decode()
    assert "http" not in make_letter().calendar.decode()


def test_the_tips_are_in_it():
    for text in (parts_of(sent(make_letter()))["text/plain"],):
        for word in ("Ort:", "Licht:", "Geräusche:", "Hintergrund:", "Programme:"):
            assert word in text
        for word in ("DSL", "3G", "500 MB"):
            assert word in text
        assert "freiwillig" in text
        assert "auf einem anderen Weg" in text
        assert re.search(r"1\. .*\n2\. .*\n3\. ", text), "three steps"


def test_in_english():
    body = sent(make_letter("en"))
    assert parsed(body)["Subject"] == "Your video appointment on Tuesday, 24 November 2026, 10:00"
    text = parts_of(body)["text/plain"]
    assert "Open the link from 09:45 on." in text
    assert not re.search(r"[äöüß]", text.replace("Musterstraße", ""))


@pytest.mark.parametrize(
    ("language", "way", "day"),
    [
        ("ar", "rtl", "الثلاثاء، 24 نوفمبر 2026"),
        ("tr", "ltr", "24 Kasım 2026 Salı"),
        ("uk", "ltr", "вівторок, 24 листопада 2026"),
        ("ru", "ltr", "вторник, 24 ноября 2026"),
    ],
)
def test_in_the_languages_of_clients(language, way, day):
    parts = parts_of(sent(make_letter(language)))
    assert f'<html lang="{language}" dir="{way}">' in parts["text/html"]
    assert day in parts["text/plain"]
    assert LINK in parts["text/plain"].split()
    assert "Ihr " not in parts["text/plain"]


def test_a_moved_appointment_says_so():
    body = sent(make_letter(moved=True))
    assert str(parsed(body)["Subject"]).startswith("Neue Zeit: ")
    assert "eine neue Zeit" in parts_of(body)["text/plain"]


def test_a_cancellation_has_no_link():
    body = sent(make_letter(link="", qr_png=b""), MessageKind.CANCELLATION)
    assert str(parsed(body)["Subject"]).startswith("Abgesagt: ")
    parts = parts_of(body)
    assert "image/png" not in parts
    assert "/v#" not in parts["text/plain"] + parts["text/html"]


def test_names_are_text_in_html():
    html = parts_of(sent(make_letter(client_name='<img src=x onerror="x">')))["text/html"]
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_it_is_ascii_on_the_wire():
    body = sent(make_letter(client_name="Łukasz Ğöß"))
    assert body.isascii()
    assert parsed(body)["To"].addresses[0].display_name == "Łukasz Ğöß"
    assert all(line.endswith(b"\r\n") for line in body.splitlines(keepends=True)[:-1])


INJECTIONS = [
    f"{start}{breaker}{header}"
    for start in ("Erika", "")
    for breaker in ("\r\n", "\n", "\r", "\r\n ", "\n\n")
    for header in ("Bcc: eve@example.org", "Subject: x", "To: x@example.org", "\r\nHello", "X: y")
]


@pytest.mark.parametrize("name", INJECTIONS)
def test_headers_cannot_be_injected(name):
    """50 payloads; validation refuses them before, the mail itself refuses them once more."""
    with pytest.raises(ValueError, match=r".+"):
        sent(make_letter(client_name=name))


def test_no_foreign_address_in_the_html():
    html = parts_of(sent(make_letter()))["text/html"]
    for address in re.findall(r'(?:href|src)="([^"]+)"', html):
        assert address.startswith((SETTINGS.web.base_url, LINK, "cid:")), address
