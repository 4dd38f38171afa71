"""Deletion on the real, encrypted database, looked for on the disk."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from appliance.appointments.models import Appointment, AppointmentRequest, Invitation, SlotOffer
from appliance.appointments.states import AppointmentStatus, Channel, RequestState
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.states import ConferenceMode, MemberKind, MemberState
from appliance.messages.service import MessageService
from appliance.outbox.models import OutboxMessage
from appliance.outbox.states import MessageKind, MessageState
from appliance.retention import proof
from appliance.retention.models import PurgeProof
from appliance.retention.purge import purge, purge_when_due
from appliance.retention.watch import word_of
from appliance.storage.audit import AuditLine, audit
from appliance.storage.database import Database
from appliance.storage.fields import Retention, retention_of
from appliance.storage.keys import FieldKey, seal
from appliance.storage.pages import markers_found, plain_pages
from appliance.visits.errors import VisitUnknown
from appliance.visits.identity import StatedIdentity
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import CONSENT, EXPECTED, STATED, visit_in

MARKER = "CANARY7Q"


def book(session: Session, appointment_id: str, ends_at: datetime, marker: str = "x") -> None:
    """An appointment with everything that hangs on it."""
    session.add(
        Appointment(
            id=appointment_id,
            adviser_id="adviser-1",
            starts_at=ends_at - timedelta(minutes=30),
            ends_at=ends_at,
            language="de",
            client_name=f"{marker} name",
            client_email=f"{marker}@example.org",
            client_phone=f"{marker}555",
            call_phone=f"{marker}556",
            topic=f"{marker} topic",
            customer_number=f"{marker}4711",
            session_number=appointment_id[-10:],
            sealed_password=seal(session, appointment_id, "K7MQ2XWP", ends_at),
            calendar_uid=f"uid-{appointment_id}",
            created_at=ends_at - timedelta(days=20),
        )
    )
    session.flush()
    session.add(
        Invitation(
            appointment_id=appointment_id,
            channel=Channel.MAIL,
            secret_hash=f"{marker} hash of {appointment_id}",
            created_at=ends_at,
        )
    )
    session.add(
        OutboxMessage(
            kind=next(iter(MessageKind)),
            state=next(iter(MessageState)),
            appointment_id=appointment_id,
            adviser_id="adviser-1",
            recipient=f"{marker}@example.org",
            subject=f"{marker} subject",
            body=f"{marker} body ".encode() * 2000,  # longer than a page
            created_at=ends_at,
            next_try_at=ends_at,
            useless_at=ends_at,
        )
    )
    audit(session, "adviser-1", "session_password_shown", appointment_id, ends_at)


def confer(session: Session, ends_at: datetime, marker: str = MARKER) -> None:
    """A conference that nobody has closed, with a guest."""
    conference = Conference(
        name=f"{marker} name",
        title=f"{marker} title",
        mode=ConferenceMode.VIDEO,
        host_id="adviser-1",
        created_at=ends_at,
        ends_at=ends_at,
    )
    session.add(conference)
    session.flush()
    guest = ConferenceMember(
        conference_id=conference.id,
        kind=MemberKind.GUEST,
        state=MemberState.LEFT,
        name=f"{marker} guest",
        changed_at=ends_at,
    )
    session.add(guest)


def request(session: Session, request_id: str, ended_at: datetime, marker: str) -> None:
    """A request for an appointment, with one of the offered times and its mail."""
    session.add(
        AppointmentRequest(
            id=request_id,
            state=RequestState.OFFERED,
            language="de",
            client_name=f"{marker} name",
            client_email=f"{marker}@example.org",
            client_phone=f"{marker}555",
            wishes=f"{marker} wishes",
            created_at=ended_at,
            state_since=ended_at,
            ended_at=ended_at,
        )
    )
    session.flush()
    session.add(SlotOffer(request_id=request_id, starts_at=ended_at, ends_at=ended_at))
    session.add(
        OutboxMessage(
            kind=MessageKind.REQUEST_OFFER,
            state=MessageState.SENT,
            appointment_id=request_id,
            adviser_id="adviser-1",
            recipient=f"{marker}@example.org",
            created_at=ended_at,
            next_try_at=ended_at,
            useless_at=ended_at,
        )
    )


async def marked_visit(visits: VisitService, appointment_id: str, marker: str = MARKER) -> Visit:
    visit = await visit_in(visits, VisitState.CONSENT, appointment_id)
    agreed = CONSENT | {"topic": f"{marker} topic"}
    await visits.happen(visit.id, VisitEvent.CONSENT_GIVEN, Actor.CLIENT, **agreed)
    stated = StatedIdentity(f"{marker} stated", f"{marker}030", STATED.password)
    details = {"stated": stated, "expected": EXPECTED}
    await visits.happen(visit.id, VisitEvent.IDENTITY_STATED, Actor.CLIENT, **details)
    words = {"text": f"{marker} message " * 1000, "phone": f"{marker}030"}
    messages = MessageService(visits._database, visits._clock)
    await messages.leave(visit.id, "adviser-1", **words, wants_call=True)
    return await visits.happen(visit.id, VisitEvent.MESSAGE_LEFT, Actor.CLIENT)


def rows(database: Database) -> dict[str, int]:
    def work(session: Session) -> dict[str, int]:
        return {
            table.name: len(session.execute(select(table)).all())
            for table in SQLModel.metadata.sorted_tables
        }

    return {name: count for name, count in database.read_sync(work).items() if count}


def on_disk(database: Database, marker: str = MARKER) -> bool:
    source = database.source
    return markers_found(plain_pages(source.path, source.key), [marker]) == 1


async def test_it_works(database: Database, visits: VisitService, clock: HandClock) -> None:
    visit = await marked_visit(visits, "appointment-1")
    await database.write(lambda session: book(session, "appointment-1", clock.now, MARKER))
    await database.write(lambda session: confer(session, clock.now))
    await database.write(lambda session: request(session, "request-1", clock.now, MARKER))
    assert on_disk(database)
    clock.forward(days=90)
    result = purge(database, clock)
    assert result.counts["conference"] == result.counts["conference_member"] == 1
    assert result.counts["visit"] == result.counts["appointment"] == 1
    with pytest.raises(VisitUnknown):
        await visits.get(visit.id)
    assert set(rows(database)) == {"audit", "purge_proof"}
    assert not on_disk(database)
    assert not on_disk(database, visit.id)
    assert result.searched.markers > 0
    assert result.clean
    assert "visit 1" in str(result)


async def test_every_personal_field_is_marked_here(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    """A new personal field must be added to this test's data, or its deletion is not proven."""
    await marked_visit(visits, "appointment-1")
    await database.write(lambda session: book(session, "appointment-1", clock.now, MARKER))
    await database.write(lambda session: confer(session, clock.now))
    await database.write(lambda session: request(session, "request-1", clock.now, MARKER))

    def unmarked(session: Session) -> set[str]:
        return {
            f"{table.name}.{column.name}"
            for table in SQLModel.metadata.sorted_tables
            for column in table.columns
            if retention_of(column) is Retention.PERSONAL
            and MARKER not in repr(session.execute(select(column)).scalars().all())
        }

    # A date cannot hold a marker, a report only codes, what is sealed none that can be read; all
    # of them lie on the marked rows.
    assert database.read_sync(unmarked) == {
        "appointment.birth_on",
        "visit.check_report",
        "left_message.sealed_text",
        "left_message.sealed_phone",
    }


async def test_a_day_before_nothing_goes(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    await marked_visit(visits, "appointment-1")
    await database.write(lambda session: book(session, "appointment-1", clock.now))
    before = rows(database)
    clock.forward(days=89)
    assert purge(database, clock).counts == {}
    assert rows(database) == {**before, "purge_proof": 1}


async def test_never_held_goes_by_the_slot(database: Database, clock: HandClock) -> None:
    def work(session: Session) -> None:
        book(session, "appointment-past", clock.now)
        book(session, "appointment-next", clock.now + timedelta(days=1))

    await database.write(work)
    clock.forward(days=90)
    purge(database, clock)
    left = await database.read(lambda session: session.exec(select(Appointment.id)).all())
    assert left == ["appointment-next"]
    keys = await database.read(lambda session: session.exec(select(FieldKey.owner_id)).all())
    assert keys == ["appointment-next"]


async def test_cancelled_long_before_it_goes_by_the_day_of_cancelling(
    database: Database, clock: HandClock
) -> None:
    """Booked half a year ahead: the client need not wait for that day to be forgotten."""
    half_a_year = clock.now + timedelta(days=180)

    def work(session: Session) -> None:
        for appointment_id in ("appointment-off", "appointment-on"):
            book(session, appointment_id, half_a_year)
        cancelled = session.get_one(Appointment, "appointment-off")
        cancelled.status, cancelled.decided_at = AppointmentStatus.CANCELLED, clock.now

    await database.write(work)
    clock.forward(days=89)
    assert "appointment" not in purge(database, clock).counts
    clock.forward(days=1)
    assert purge(database, clock).counts["outbox_message"] == 1
    left = await database.read(lambda session: session.exec(select(Appointment.id)).all())
    assert left == ["appointment-on"]


async def test_a_held_one_goes_with_its_visit(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    await database.write(lambda session: book(session, "appointment-1", clock.now))
    clock.forward(days=2)
    await marked_visit(visits, "appointment-1")
    clock.forward(days=89)
    assert purge(database, clock).counts == {"audit_pseudonymised": 1}
    clock.forward(days=1)
    assert purge(database, clock).counts["appointment"] == 1


async def test_an_open_visit_stays(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    clock.forward(days=89)
    purge(database, clock)
    assert (await visits.get(visit.id)).state is VisitState.WAITING


async def test_the_audit_is_pseudonymised_the_same_day(
    database: Database, clock: HandClock
) -> None:
    def work(session: Session) -> None:
        book(session, "appointment-1", clock.now)
        audit(session, "adviser-1", "cancelled", "appointment-1", clock.now)
        late = clock.now + timedelta(days=30)
        audit(session, "adviser-1", "looked_up", "appointment-1", late)
        audit(session, "adviser-1", "logged_in", "adviser-1", late)

    await database.write(work)
    clock.forward(days=90)
    result = purge(database, clock)
    assert result.counts["audit_pseudonymised"] == 3
    lines = await database.read(lambda session: session.exec(select(AuditLine)).all())
    gone, kept = lines[:3], lines[3]
    assert {line.pseudonymised for line in gone} == {True}
    assert len({line.subject_id for line in gone}) == 1
    assert all(line.subject_id.startswith("p-") for line in gone)
    assert all("adviser" not in line.actor_id for line in gone)
    assert (kept.subject_id, kept.pseudonymised) == ("adviser-1", False)
    assert [line.action for line in gone] == ["session_password_shown", "cancelled", "looked_up"]


async def test_a_dry_run_changes_nothing(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    await marked_visit(visits, "appointment-1")
    before = rows(database)
    clock.forward(days=90)
    would = purge(database, clock, dry_run=True)
    assert would.counts["visit"] == 1
    assert "would delete" in str(would)
    assert rows(database) == before
    assert purge(database, clock).counts == would.counts


async def test_due_things_go_by_themselves(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    async def proofs() -> int:
        return len(await database.read(lambda session: session.exec(select(PurgeProof)).all()))

    await marked_visit(visits, "appointment-1")
    await purge_when_due(database, clock)
    await purge_when_due(database, clock)
    assert await proofs() == 1
    clock.forward(hours=24)
    await purge_when_due(database, clock)
    assert await proofs() == 2
    for _ in range(3):
        clock.forward(days=30)
        await purge_when_due(database, clock)
    assert "visit" not in rows(database)


async def test_a_clock_far_ahead_deletes_nothing_until_somebody_has_looked(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    await marked_visit(visits, "appointment-1")
    await purge_when_due(database, clock)
    right = clock.now
    clock.forward(days=5 * 365)
    await purge_when_due(database, clock)
    assert word_of(await database.read(proof.newest), right, clock()) == "late"
    assert rows(database)["visit"] == 1
    clock.now = right
    await purge_when_due(database, clock)
    assert rows(database)["visit"] == 1
    clock.forward(days=5 * 365)
    assert purge(database, clock).counts["visit"] == 1  # by hand
    clock.now = right
    assert word_of(await database.read(proof.newest), right, right) == "ok"
    assert word_of(await database.read(proof.newest), right, right + timedelta(days=2)) == "late"
    await purge_when_due(database, clock)
    assert await database.read(proof.newest_at) == right


async def test_without_secure_delete_the_search_finds_traces(
    database: Database, visits: VisitService, clock: HandClock
) -> None:
    """The proof can fail: with the safety setting off, the deleted rows stay on the disk."""
    database.write_sync(
        lambda session: session.connection().exec_driver_sql("PRAGMA secure_delete = OFF")
    )
    for number in range(20):
        await marked_visit(visits, f"appointment-{number}")
    clock.forward(days=90)
    result = purge(database, clock)
    assert result.counts["visit"] == 20
    assert result.searched.markers_found > 0
    assert not result.clean
    assert on_disk(database)


async def test_the_file_is_not_readable_without_the_key(
    database: Database, visits: VisitService, tmp_path: Path
) -> None:
    await marked_visit(visits, "appointment-1")
    for file in tmp_path.glob("vorzimmer.db*"):
        assert MARKER.encode() not in file.read_bytes()
