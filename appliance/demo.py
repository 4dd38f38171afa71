"""``vorzimmer demo``: for trying out. A login, an appointment that starts now, a topic; once each.

The demo login's password and key lie readable in the data folder: never run it on a real box.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
from pydantic import BaseModel

from appliance.advisers.models import Adviser, Role
from appliance.advisers.service import AdviserService
from appliance.appointments.booking import Booking
from appliance.appointments.credentials import in_groups, link_address, number_in_groups
from appliance.appointments.hours import DAYS, write_hours
from appliance.appointments.models import Appointment
from appliance.appointments.service import AppointmentService
from appliance.appointments.states import AppointmentStatus, Channel
from appliance.appointments.topics import TopicFacts, TopicService
from appliance.outbox.service import OutboxService
from appliance.settings import Settings
from appliance.staff_command import advisers_of
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseMissing

DEMO_FILE = "demo.json"
LOGIN = "demo"
NAME = "Alex Beispiel"
DURATION_MIN = 60
STILL_MIN = 20  # an appointment that ends sooner is not worth trying


class Remembered(BaseModel):
    """What a second start prints again."""

    password: str
    totp_secret: str
    recovery_codes: list[str]


async def make(settings: Settings) -> str:
    """Makes what is missing; gives the lines to print."""
    database = Database.open(settings)
    try:
        advisers = advisers_of(database, settings)
        adviser, known = await _adviser(settings, advisers)
        code = known.recovery_codes.pop(0)
        _remember(settings, known)
        outbox = OutboxService(database, settings)
        appointments = AppointmentService(database, settings, outbox, advisers.name_of)
        appointment = await _appointment(appointments, adviser, utcnow())
        link = await appointments.new_link(appointment.id, Channel.SCREEN, adviser.id)
        session_password = await appointments.session_password(appointment.id, adviser.id)
        await _topic(TopicService(database), adviser)
    finally:
        database.close()
    base = settings.web.base_url.rstrip("/")
    where = (
        f"in the mailbox behind {settings.mail.host}"
        if settings.mail.host
        else f"{base}/console/mail (not sent: no mail server is set)"
    )
    return "\n".join(
        (
            f"Adviser's address:  {base}/console",
            f"  Login:            {LOGIN}",
            f"  Password:         {known.password}",
            f"  Code:             {code}  (works once; a code app takes the key below)",
            f"  Key for the app:  {known.totp_secret}",
            f"Client's link:      {link_address(base, link)}",
            f"  Session password: {in_groups(session_password)}",
            f"  Session number:   {number_in_groups(appointment.session_number or '')}",
            f"No appointment:     {base}/topics  (while the desk is open)",
            f"Sent mail:          {where}",
        )
    )


def present_code(settings: Settings) -> str:
    """The six digits that the demo login's code app would show now."""
    known = _remembered(settings)
    if known is None:
        raise DatabaseMissing(DEMO_FILE)
    return pyotp.TOTP(known.totp_secret).now()


async def _adviser(settings: Settings, advisers: AdviserService) -> tuple[Adviser, Remembered]:
    """The demo account with its secrets; the first of the recovery codes is a fresh one."""
    known = _remembered(settings)
    adviser = await advisers.find(LOGIN)
    password = known.password if known else secrets.token_urlsafe(12)
    if adviser is None:
        made = await advisers.add(LOGIN, NAME, password, Role.ADMINISTRATOR, by="command")
    elif known is not None and known.recovery_codes:
        return adviser, known
    else:
        if known is None:
            await advisers.set_password(adviser.id, password, by="command")
        made = await advisers.renew_second_factor(adviser.id, by="command")
    fresh = Remembered(
        password=password,
        totp_secret=made.adviser.totp_secret,
        recovery_codes=list(made.recovery_codes),
    )
    return made.adviser, fresh


async def _appointment(
    appointments: AppointmentService, adviser: Adviser, now: datetime
) -> Appointment:
    """Today's demo appointment that is still running, or a new one that starts now."""
    for appointment in await appointments.today(adviser.id, now):
        usable = appointment.status is AppointmentStatus.PLANNED and appointment.starts_at <= now
        if usable and appointment.ends_at >= now + timedelta(minutes=STILL_MIN):
            return appointment
    booking = Booking(
        starts_at=now.replace(second=0, microsecond=0),
        client_name="Erika Mustermann",
        duration_min=DURATION_MIN,
        client_email="erika.mustermann@example.org",
        client_phone="+49 30 901820",
        topic="Fragen zum Antrag",
        overlap_allowed=True,
    )
    return await appointments.book(booking, adviser.id)


async def _topic(topics: TopicService, adviser: Adviser) -> None:
    """Something to ask about, or to come for at any hour; only where nothing has been set."""
    if not await topics.everything():
        hours = write_hours([("00:00", "23:59")] * DAYS)
        facts = TopicFacts("Fragen zum Antrag", "Questions about an application")
        await topics.add(replace(facts, public=True, public_hours=hours), adviser.id)


def _path(settings: Settings) -> Path:
    return settings.data_dir / DEMO_FILE


def _remembered(settings: Settings) -> Remembered | None:
    try:
        return Remembered.model_validate_json(_path(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _remember(settings: Settings, known: Remembered) -> None:
    handle = os.open(_path(settings), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(known.model_dump_json())
