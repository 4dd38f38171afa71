"""Booking an appointment and everything around one."""

import re
from datetime import timedelta

import pytest

from appliance.advisers.models import Role
from appliance.appointments.credentials import in_groups
from appliance.appointments.states import AppointmentStatus
from appliance.storage.errors import DatabaseBusy, DiskFull
from tests.builders.bookings import MONDAY_9, PASSWORD
from tests.web.conftest import text_of

FORM = {
    "starts_on": "2026-11-24",
    "starts_at_time": "10:15",
    "duration_min": "45",
    "client_name": "Erika Mustermann",
    "client_email": "erika@example.org",
    "client_phone": "030 901820",
    "topic": "Wohngeld",
    "language": "de",
    "birth_on": "1964-08-12",
    "customer_number": "K-77",
}
NEW = "/console/appointments/new"


async def test_it_works(web):
    adviser = await web.adviser()
    assert (await adviser.get(NEW)).status_code == 200
    answer = await adviser.post(NEW, form=FORM)
    assert answer.status_code == 303
    appointment_id = re.fullmatch(
        r"/console/appointments/([\w-]+)\?booked=1", answer.location
    ).group(1)
    appointment = await web.parts.appointments.get(appointment_id)
    assert appointment.starts_at.isoformat() == "2026-11-24T09:15:00+00:00"
    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=45)
    assert appointment.birth_on.isoformat() == "1964-08-12"
    page = await adviser.get(answer.location)
    words = await text_of(page)
    assert "Erika Mustermann" in words
    assert "Dienstag, 24. November" in words
    assert "10:15 Uhr" in words
    assert "Die Einladung mit dem Link geht an erika@example.org." in words


async def test_the_form_suggests_the_next_quarter_of_an_hour(web):
    adviser = await web.adviser()
    html = await (await adviser.get(NEW)).get_data(as_text=True)
    assert 'value="2026-11-23"' in html
    assert 'value="10:15"' in html


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"client_name": " "}, "client_name", "Bitte geben Sie den Namen an."),
        ({"starts_on": "morgen"}, "starts_on", "Bitte geben Sie den Tag an"),
        ({"starts_on": ""}, "starts_on", "Bitte geben Sie den Tag an"),
        ({"starts_at_time": "25:00"}, "starts_at_time", "Bitte geben Sie die Uhrzeit an"),
        ({"starts_on": "2026-11-20"}, "starts_on", "Dieser Zeitpunkt ist schon vorbei."),
        ({"duration_min": "-5"}, "duration_min", "Bitte geben Sie die Dauer in Minuten an."),
        ({"duration_min": "9999"}, "duration_min", "Ein Termin dauert 5 bis 240 Minuten."),
        ({"starts_at_time": "9" * 20 + ":00"}, "starts_at_time", "Bitte geben Sie die Uhrzeit an"),
        ({"client_email": "erika@"}, "client_email", "Bitte prüfen Sie die E-Mail-Adresse."),
        ({"client_phone": "abc"}, "client_phone", "Bitte prüfen Sie die Telefonnummer."),
        ({"birth_on": "31.31.1980"}, "birth_on", "Bitte geben Sie das Geburtsdatum so an"),
        ({"birth_on": "1.1." + "9" * 20}, "birth_on", "Bitte geben Sie das Geburtsdatum so an"),
        ({"topic": "x" * 201}, "topic", "Dieser Text ist zu lang."),
        ({"language": "xx"}, "language", "Diese Sprache gibt es hier nicht."),
        ({"client_name": "Erika\r\nBcc: all"}, "client_name", "Bitte ohne Zeilenumbrüche"),
    ],
)
async def test_mistakes_stand_beside_their_fields_and_nothing_is_lost(web, wrong, field, sentence):
    adviser = await web.adviser()
    answer = await adviser.post(NEW, form=FORM | wrong)
    assert answer.status_code == 422
    html = await answer.get_data(as_text=True)
    assert "Bitte prüfen Sie die markierten Angaben." in html
    assert re.search(rf'id="error-{field}".*?{re.escape(sentence)}', html, re.DOTALL)
    for name, text in (FORM | wrong).items():
        if name not in ("language", *wrong):
            assert f'value="{text}"' in html
    assert await web.parts.appointments.today(adviser.adviser_id, web.clock()) == []


async def test_an_hour_that_the_clock_leaves_out_is_said(web):
    adviser = await web.adviser()
    answer = await adviser.post(
        NEW, form=FORM | {"starts_on": "2027-03-28", "starts_at_time": "02:30"}
    )
    assert answer.status_code == 422
    assert "Die Uhr wird umgestellt" in await text_of(answer)


async def test_markup_in_a_name_is_text(web):
    adviser = await web.adviser()
    answer = await adviser.post(NEW, form=FORM | {"client_name": "<img src=x onerror=alert(1)>"})
    html = await (await adviser.get(answer.location)).get_data(as_text=True)
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


async def test_two_at_once_are_asked_about_then_booked(web):
    adviser = await web.adviser()
    await adviser.post(NEW, form=FORM)
    answer = await adviser.post(NEW, form=FORM | {"client_name": "Otto Normal"})
    assert answer.status_code == 422
    assert "Zu dieser Zeit haben Sie schon einen Termin." in await text_of(answer)
    again = FORM | {"client_name": "Otto Normal", "overlap_allowed": "yes"}
    assert (await adviser.post(NEW, form=again)).status_code == 303


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DiskFull, "Der Speicher des Geräts ist voll."),
        (DatabaseBusy, "Die Datenbank ist gerade belegt."),
    ],
)
async def test_a_full_disk_or_a_busy_database_loses_nothing_typed(
    web, monkeypatch, error, sentence
):
    adviser = await web.adviser()

    async def refused(*_args, **_named):
        raise error

    monkeypatch.setattr(web.parts.appointments, "book_all", refused)
    answer = await adviser.post(NEW, form=FORM)
    assert answer.status_code == 503
    html = await answer.get_data(as_text=True)
    assert sentence in html
    assert 'value="Erika Mustermann"' in html


async def booked(web):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id, client_email="erika@example.org")
    return adviser, appointment, f"/console/appointments/{appointment.id}"


async def test_the_password_is_shown_on_wish_alone(web):
    adviser, appointment, path = await booked(web)
    password = await web.parts.appointments.session_password(appointment.id, "test")
    shown = f"{password[:4]} {password[4:]}"
    assert shown not in await text_of(await adviser.get(path))
    assert shown in await text_of(await adviser.post(f"{path}/password"))


async def test_a_new_password_replaces_the_old_one(web):
    adviser, appointment, path = await booked(web)
    old = await web.parts.appointments.session_password(appointment.id, "test")
    words = await text_of(await adviser.post(f"{path}/password/new"))
    new = await web.parts.appointments.session_password(appointment.id, "test")
    assert new != old
    assert f"{new[:4]} {new[4:]}" in words


async def test_the_password_is_gone_after_the_slot(web):
    adviser, _, path = await booked(web)
    web.clock.forward(minutes=25)
    await adviser.get("/console")
    web.clock.forward(minutes=25)
    await adviser.get("/console")
    for _ in range(5):
        web.clock.forward(minutes=28)
        await adviser.get("/console")
    for answer in (
        await adviser.post(f"{path}/password"),
        await adviser.get(f"{path}/password-sheet"),
    ):
        assert answer.status_code == 409
        assert "Das Passwort wird nach dem Termin gelöscht." in await text_of(answer)


async def test_the_password_sheet_carries_no_link(web):
    adviser, appointment, path = await booked(web)
    html = await (await adviser.get(f"{path}/password-sheet")).get_data(as_text=True)
    password = await web.parts.appointments.session_password(appointment.id, "test")
    assert f"{password[:4]} {password[4:]}" in re.sub(r"<[^>]+>", "", html)
    assert "/v#" not in html


async def test_a_qr_code_has_a_link_of_its_own(web):
    adviser, _, path = await booked(web)
    html = await (await adviser.post(f"{path}/link")).get_data(as_text=True)
    assert re.search(r'<img class="qr-code" src="data:image/svg\+xml;base64,[\w+/=]{500,}"', html)
    secret = re.search(r"http://localhost:8080/v#([\w-]{43})", html).group(1)
    answer = await web.browser().post("/api/v1/links/look", json={"secret": secret})
    assert answer.status_code == 200
    assert secret not in await (await adviser.get(path)).get_data(as_text=True)


async def test_cancelling_ends_links_and_says_so(web):
    adviser, _, path = await booked(web)
    answer = await adviser.post(f"{path}/cancel")
    assert (answer.status_code, answer.location) == (303, path)
    assert "Abgesagt" in await text_of(await adviser.get(path))
    again = await adviser.post(f"{path}/cancel")
    assert again.status_code == 409
    assert "Dieser Termin ist schon abgeschlossen" in await text_of(again)


async def test_moving_goes_to_the_new_row(web):
    adviser, appointment, path = await booked(web)
    answer = await adviser.post(
        f"{path}/move", form={"starts_on": "2026-11-25", "starts_at_time": "14:00"}
    )
    assert answer.status_code == 303
    assert answer.location != path
    moved = await web.parts.appointments.get(answer.location.rsplit("/", 1)[1])
    assert moved.starts_at == MONDAY_9 + timedelta(days=2, hours=4)
    old = await web.parts.appointments.get(appointment.id)
    assert old.status is AppointmentStatus.MOVED


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"starts_on": "", "starts_at_time": "14:00"}, "Bitte geben Sie den Tag an"),
        ({"starts_on": "2020-01-01", "starts_at_time": "14:00"}, "schon vorbei"),
    ],
)
async def test_moving_to_nowhere_is_said(web, form, sentence):
    adviser, _, path = await booked(web)
    answer = await adviser.post(f"{path}/move", form=form)
    assert answer.status_code == 409
    assert sentence in await text_of(answer)


@pytest.mark.parametrize(
    ("deed", "status"),
    [("held", AppointmentStatus.HELD), ("no-show", AppointmentStatus.NO_SHOW)],
)
async def test_the_outcome_is_noted_and_taken_back(web, deed, status):
    adviser, appointment, path = await booked(web)
    assert (await adviser.post(f"{path}/{deed}")).status_code == 303
    assert (await web.parts.appointments.get(appointment.id)).status is status
    assert (await adviser.post(f"{path}/reopen")).status_code == 303
    found = await web.parts.appointments.get(appointment.id)
    assert found.status is AppointmentStatus.PLANNED


async def test_mail_that_cannot_be_sent_is_seen(web):
    adviser, _, path = await booked(web)
    assert "Mail nicht gesendet" in await text_of(await adviser.get(path))
    assert (await adviser.post(f"{path}/invite")).status_code == 303


async def test_the_invitation_is_printed_without_the_password(web):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id, MONDAY_9 + timedelta(hours=4))
    answer = await adviser.post(f"/console/appointments/{appointment.id}/letter")
    assert answer.status_code == 200
    html = await answer.get_data(as_text=True)
    assert 'src="data:image/svg+xml;base64,' in html
    password = await web.parts.appointments.session_password(appointment.id, "adviser")
    for secret in (password, in_groups(password), appointment.session_number, appointment.topic):
        assert secret not in html
    await web.parts.appointments.cancel(appointment.id, adviser.adviser_id)
    answer = await adviser.post(f"/console/appointments/{appointment.id}/letter")
    assert answer.status_code == 409


async def test_paper_names_whose_appointment_it_is_in_the_clients_language(web):
    """Whoever prints it, and in whatever language they work."""
    weber = (await web.parts.advisers.add("weber", "Herr Weber", PASSWORD)).adviser
    start = MONDAY_9 + timedelta(hours=4)
    appointment = await web.booked(weber.id, start, language="en", client_name="Jane Doe")
    front_desk = await web.adviser("empfang", Role.FRONT_DESK)
    path = f"/console/appointments/{appointment.id}"
    html = await (await front_desk.get(path)).get_data(as_text=True)
    assert "Herr Weber" in html
    assert 'href="/console/week?on=2026-11-23"' in html
    letter, sheet = [
        (await answer.get_data(as_text=True)).partition("<article")[2]
        for answer in (
            await front_desk.post(f"{path}/letter"),
            await front_desk.get(f"{path}/password-sheet"),
        )
    ]
    assert letter.count("Herr Weber") == 1
    assert "Ayşe Yılmaz" not in letter + sheet  # who prints it
    assert "point the camera of your phone at this picture" in letter
    assert "about 30 minutes" in letter
    assert "Your password for the video appointment" in sheet
