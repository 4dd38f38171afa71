from datetime import timedelta

import pytest
from sqlmodel import select

from appliance.appointments.credentials import PASSWORD_ALPHABET
from appliance.appointments.errors import AppointmentNotPlanned, PasswordGone
from appliance.appointments.models import Appointment
from appliance.storage.audit import AuditLine
from appliance.storage.keys import FieldKey
from tests.builders.bookings import make_booking


@pytest.fixture
async def booked(house):
    return await house.appointments.book(make_booking(), "adviser")


async def test_it_works(house, booked):
    password = await house.appointments.session_password(booked.id, "adviser")
    assert len(password) == 8
    assert set(password) <= set(PASSWORD_ALPHABET)
    expected = await house.appointments.expected_identity(booked.id)
    assert (expected.password, expected.file_name) == (password, "Erika Mustermann")


async def test_each_display_is_audited(house, booked):
    for by in ("adviser", "colleague"):
        await house.appointments.session_password(booked.id, by)
    query = select(AuditLine).where(AuditLine.action == "session_password_shown")
    lines = await house.database.read(lambda s: s.exec(query).all())
    assert [(line.actor_id, line.subject_id) for line in lines] == [
        ("adviser", booked.id),
        ("colleague", booked.id),
    ]


async def test_the_comparison_is_not_a_display(house, booked):
    await house.appointments.expected_identity(booked.id)
    query = select(AuditLine).where(AuditLine.action == "session_password_shown")
    assert await house.database.read(lambda s: s.exec(query).all()) == []


async def test_it_is_sealed(house, booked):
    password = await house.appointments.session_password(booked.id, "adviser")
    row = await house.database.read(lambda s: s.get(Appointment, booked.id))
    assert password not in repr(row)


async def test_a_new_one_replaces_it(house, booked):
    old = await house.appointments.session_password(booked.id, "adviser")
    new = await house.appointments.new_password(booked.id, "adviser")
    assert new != old
    assert (await house.appointments.expected_identity(booked.id)).password == new


async def test_no_new_one_for_a_cancelled_appointment(house, booked):
    await house.appointments.cancel(booked.id, "adviser")
    with pytest.raises(AppointmentNotPlanned):
        await house.appointments.new_password(booked.id, "adviser")


async def test_after_the_slot_it_is_forgotten(house, booked):
    house.clock.now = booked.ends_at + timedelta(hours=2)
    with pytest.raises(PasswordGone):
        await house.appointments.session_password(booked.id, "adviser")
    assert (await house.appointments.expected_identity(booked.id)).password is None
    assert await house.appointments.forget_passwords() == 1
    row = await house.appointments.get(booked.id)
    assert (row.sealed_password, row.session_number) == (None, None)
    assert await house.database.read(lambda s: s.get(FieldKey, booked.id)) is None
    assert await house.appointments.forget_passwords() == 0


async def test_during_the_slot_it_is_kept(house, booked):
    house.clock.now = booked.ends_at + timedelta(minutes=119)
    assert await house.appointments.forget_passwords() == 0
    assert await house.appointments.session_password(booked.id, "adviser")
