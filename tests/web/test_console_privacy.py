"""A client's own data: found, shown, handed out, deleted with a proof; by administrators alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from appliance.advisers.models import Role
from appliance.appointments.topics import TopicFacts
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.states import MemberState
from appliance.outbox.models import OutboxMessage
from appliance.outbox.states import MessageKind, MessageState
from appliance.retention import person
from appliance.retention.words import COLUMNS
from appliance.storage.audit import AuditLine
from appliance.storage.backup import keep_backup
from appliance.storage.fields import Retention, retention_of
from appliance.storage.migrate import migrate
from appliance.storage.pages import markers_found, plain_pages
from appliance.storage.schema import whole_schema
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import Arrival
from appliance.visits.states import VisitState
from tests.builders.visits import visit_in
from tests.retention.test_purge import MARKER, confer
from tests.web.conftest import text_of

PAGE = "/console/privacy"
MAIL = "canary7q@example.org"
FACTS = {
    "client_name": "Erika CANARY7Q",
    "client_email": MAIL,
    "client_phone": "030 9876543",
    "customer_number": "K-77-CANARY7Q",
}


@pytest.fixture
async def asked(web):
    """An administrator, and a client with an appointment and a visit that is over."""
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    appointment = await web.booked(administrator.adviser_id, **FACTS)
    await visit_in(web.parts.visits, VisitState.CLOSED, appointment.id)
    await web.booked(administrator.adviser_id, client_name="Otto Anders")
    return administrator, appointment


async def actions(web):
    query = select(AuditLine.action, AuditLine.subject_id)
    return await web.parts.database.read(lambda session: session.exec(query).all())


def owners_in(html: str) -> list[str]:
    return re.findall(r'name="owner" value="([^"]+)"', html)


async def found(administrator, wanted):
    answer = await administrator.post(PAGE, form={"wanted": wanted})
    return owners_in(await answer.get_data(as_text=True))


async def test_it_works(web, asked):
    administrator, appointment = asked
    assert await found(administrator, MAIL) == [appointment.id]
    answer = await administrator.post(f"{PAGE}/show", form={"owner": appointment.id})
    words = await text_of(answer)
    assert "Erika CANARY7Q" in words
    assert MAIL in words
    assert "Erika Mustermann" in words  # what the visit's client stated
    assert "Einwilligung" in words
    assert "Otto Anders" not in words


@pytest.mark.parametrize(
    "typed", [MAIL.upper(), "030 / 98 76 543", "K-77-CANARY7Q", " erika canary7q ", "number"]
)
async def test_found_by_what_a_person_knows(web, asked, typed):
    administrator, appointment = asked
    if typed == "number":
        typed = f"{appointment.session_number[:3]} {appointment.session_number[3:]}"
    assert await found(administrator, typed) == [appointment.id]


@pytest.mark.parametrize(
    "typed", ["ayşe özdemir-groß", "AYŞE ÖZDEMIR-GROSS", "Ays\u0327e O\u0308zdemir-Groß"]
)
async def test_found_with_umlauts_however_they_are_typed(web, typed):
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    names = ["AYŞE ÖZDEMIR-GROSS", "Ayşe Özdemir-Groß"]
    booked = {(await web.booked(administrator.adviser_id, client_name=name)).id for name in names}
    assert set(await found(administrator, typed)) == booked


async def test_a_list_that_was_cut_says_so(web, asked, monkeypatch):
    administrator, _ = asked
    search = {"wanted": "Otto Anders"}
    monkeypatch.setattr(person, "FOUND_MAX", 1)
    assert "Es gibt noch mehr." not in await text_of(await administrator.post(PAGE, form=search))
    await web.booked(administrator.adviser_id, client_name="Otto Anders")
    answer = await administrator.post(PAGE, form=search)
    assert len(owners_in(await answer.get_data(as_text=True))) == 1
    assert "Es gibt noch mehr." in await text_of(answer)


@pytest.mark.parametrize("typed", ["", " ", "canary7q", "%", "Erika", "0000000000"])
async def test_a_part_finds_nobody(web, asked, typed):
    administrator, _ = asked
    answer = await administrator.post(PAGE, form={"wanted": typed})
    assert "Dazu ist nichts gespeichert." in await text_of(answer)


async def test_after_a_move_it_is_one_person(web):
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    old = await web.booked(administrator.adviser_id, **FACTS)
    tomorrow = web.clock() + timedelta(days=1)
    moved = await web.parts.appointments.move(old.id, tomorrow, administrator.adviser_id)
    assert await found(administrator, MAIL) == [moved.id]
    answer = await administrator.post(f"{PAGE}/show", form={"owner": moved.id})
    assert "verlegt" in await text_of(answer)


@pytest.fixture
async def guest(web):
    """An administrator; a conference that a guest has left, and mails with its link to two."""

    def work(session):
        confer(session, web.clock())
        session.flush()
        room = session.exec(select(Conference)).one()
        for recipient in (MAIL, "other@example.org"):
            session.add(room_mail(room.id, recipient, web.clock()))

    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    await web.parts.database.write(work)
    return administrator


def room_mail(conference_id, recipient, now):
    times = {"created_at": now, "next_try_at": now, "useless_at": now}
    return OutboxMessage(
        kind=MessageKind.SHORT_NOTICE,
        state=MessageState.SENT,
        appointment_id=conference_id,
        adviser_id="chef",
        recipient=recipient,
        **times,
    )


async def left_of(web, column):
    return await web.parts.database.read(lambda session: sorted(session.exec(select(column))))


@pytest.mark.parametrize("wanted", [MAIL, f"{MARKER} guest"])
async def test_of_a_conference_only_what_is_the_guests_own_goes(web, guest, wanted):
    [owner] = await found(guest, wanted)
    exported = await guest.post(f"{PAGE}/export.json", form={"owner": owner})
    text = await exported.get_data(as_text=True)
    assert wanted in text
    assert f"{MARKER} title" not in text
    assert "other@example.org" not in text
    answer = await guest.post(f"{PAGE}/erase", form={"owner": owner, "sure": "1"})
    assert answer.status_code == 200
    assert await found(guest, wanted) == []
    assert await left_of(web, Conference.title) == [f"{MARKER} title"]
    mails = [] if wanted == MAIL else [MAIL]
    assert await left_of(web, OutboxMessage.recipient) == [*mails, "other@example.org"]
    members = [f"{MARKER} guest"] if wanted == MAIL else []
    assert await left_of(web, ConferenceMember.name) == members


async def test_no_conference_is_anybodys(web, guest):
    [conference_id] = await left_of(web, Conference.id)
    sure = {"owner": conference_id, "sure": "1"}
    await guest.post(f"{PAGE}/erase", form=sure)
    assert await left_of(web, Conference.id) == [conference_id]
    assert len(await left_of(web, OutboxMessage.recipient)) == 2


async def test_not_while_the_guest_is_in_the_room(web, guest):
    def enter(session):
        session.exec(select(ConferenceMember)).one().state = MemberState.INSIDE

    await web.parts.database.write(enter)
    [owner] = await found(guest, f"{MARKER} guest")
    answer = await guest.post(f"{PAGE}/erase", form={"owner": owner, "sure": "1"})
    assert answer.status_code == 409


async def test_a_guest_of_a_conference_is_found_by_name(web, guest):
    answer = await guest.post(PAGE, form={"wanted": f"{MARKER} guest"})
    html = await answer.get_data(as_text=True)
    assert f"{MARKER} guest ·" in html
    [owner] = owners_in(html)
    answer = await guest.post(f"{PAGE}/show", form={"owner": owner})
    assert f"{MARKER} guest" in await text_of(answer)


async def test_every_look_is_audited_without_the_words(web, asked):
    administrator, appointment = asked
    await found(administrator, MAIL)
    for step in ("show", "export.json", "export.html"):
        await administrator.post(f"{PAGE}/{step}", form={"owner": appointment.id})
    seen = await actions(web)
    assert ("client_data_searched", "search") in seen
    assert ("client_data_shown", appointment.id) in seen
    assert seen.count(("client_data_exported", appointment.id)) == 2
    assert MAIL not in repr(seen)


async def test_for_programs_it_is_a_file_without_secrets(web, asked):
    administrator, appointment = asked
    answer = await administrator.post(f"{PAGE}/export.json", form={"owner": appointment.id})
    assert answer.headers["Content-Disposition"] == "attachment; filename=auskunft.json"
    text = await answer.get_data(as_text=True)
    kept = json.loads(text)["kept"]
    assert kept["appointment"][0]["client_email"] == MAIL
    assert kept["visit"][0]["check_report"]["camera"]["cause"] == "dark"
    assert kept["consent"][0]["text_version"] == "2026-11"
    assert appointment.session_number not in text
    assert "secret" not in text
    assert "password" not in kept["appointment"][0]


async def test_what_somebody_came_about_is_shown_before_consent_too(web, asked):
    administrator, _ = asked
    facts = TopicFacts(name_de="Wohngeld", duration_min=30)
    topic = await web.parts.topics.add(facts, administrator.adviser_id)
    visit = await web.parts.visits.arrive(Arrival(Entry.PUBLIC, "de", topic_id=topic.id))
    answer = await administrator.post(f"{PAGE}/export.json", form={"owner": visit.id})
    (row,) = json.loads(await answer.get_data(as_text=True))["kept"]["visit"]
    assert row["topic"] == "Wohngeld"


async def test_for_people_it_needs_nothing_from_us(web, asked):
    administrator, appointment = asked
    answer = await administrator.post(f"{PAGE}/export.html", form={"owner": appointment.id})
    assert answer.headers["Content-Disposition"] == "attachment; filename=auskunft.html"
    html = await answer.get_data(as_text=True)
    assert "Erika CANARY7Q" in html
    assert not re.search(r"<(script|link|img|form)|src=|href=|class=\"icon", html)


async def test_deleted_with_a_proof_in_backups_too(web, asked):
    administrator, appointment = asked
    migrated = web.parts.settings
    kept = keep_backup(migrated, web.clock())
    source = web.parts.database.source
    sure = {"owner": appointment.id, "sure": "1"}
    words = await text_of(await administrator.post(f"{PAGE}/erase", form=sure))
    assert "Gelöscht: Nachweis 1" in words
    assert "Alles ist gelöscht." in words
    assert "in 1 Sicherungen" in words
    for file in (source.path, kept):
        for marker in ("CANARY7Q", MAIL, appointment.id):
            assert markers_found(plain_pages(file, source.key), [marker]) == 0, (file, marker)
    assert await found(administrator, MAIL) == []
    assert await found(administrator, "Otto Anders") != []
    listed = await text_of(await administrator.get(PAGE))
    assert "Nachweis 1" in listed
    assert "durch Ayşe Yılmaz" in listed
    assert listed.count("Nachweis") == 1
    assert "noch nicht fertig" not in listed


async def test_what_is_not_finished_in_the_backups_is_said(web, asked):
    administrator, appointment = asked
    keep_backup(web.parts.settings, web.clock()).write_bytes(b"broken" * 1000)
    sure = {"owner": appointment.id, "sure": "1"}
    await administrator.post(f"{PAGE}/erase", form=sure)
    assert "noch nicht fertig" in await text_of(await administrator.get(PAGE))


@pytest.fixture(scope="session")
def new_box(tmp_path_factory):
    """With migrations: a backup is brought up by them before anything is deleted in it."""
    from tests.builders.storage import make_settings

    folder = tmp_path_factory.mktemp("migrated-box")
    migrate(make_settings(folder))
    return folder


async def test_not_without_the_tick(web, asked):
    administrator, appointment = asked
    answer = await administrator.post(f"{PAGE}/erase", form={"owner": appointment.id})
    assert answer.status_code == 409
    assert await found(administrator, MAIL) == [appointment.id]


async def test_not_while_the_person_is_here(web, asked):
    administrator, appointment = asked
    visit = await visit_in(web.parts.visits, VisitState.WAITING, appointment.id)
    sure = {"owner": appointment.id, "sure": "1"}
    answer = await administrator.post(f"{PAGE}/erase", form=sure)
    assert answer.status_code == 409
    assert "Diese Person ist gerade da" in await text_of(answer)
    await web.parts.visits.happen(visit.id, VisitEvent.LEFT, Actor.CLIENT)
    assert (await administrator.post(f"{PAGE}/erase", form=sure)).status_code == 200


async def test_nothing_chosen_is_said(web, asked):
    administrator, _ = asked
    for step in ("show", "erase"):
        answer = await administrator.post(f"{PAGE}/{step}", form={"sure": "1"})
        assert answer.status_code == 409
        assert "Bitte wählen Sie mindestens einen Eintrag aus." in await text_of(answer)


@pytest.mark.parametrize("step", ["", "/show", "/export.json", "/export.html", "/erase"])
async def test_an_adviser_may_not(web, step):
    adviser = await web.adviser()
    appointment = await web.booked(adviser.adviser_id, **FACTS)
    form = {"owner": appointment.id, "wanted": MAIL, "sure": "1"}
    assert (await adviser.post(PAGE + step, form=form)).status_code == 403
    assert (await web.parts.appointments.get(appointment.id)).client_email == MAIL


def test_each_personal_field_has_a_name_for_people():
    personal = {
        column.name
        for table in whole_schema().sorted_tables
        for column in table.columns
        if retention_of(column) is Retention.PERSONAL
    }
    assert personal - set(COLUMNS) == set()
