"""Appointments, outbox and advisers on a real database, with a clock that stands until moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from appliance.advisers.accounts import NewAdviser
from appliance.advisers.models import Role
from appliance.advisers.passwords import Passwords
from appliance.advisers.second_factor import totp_now
from appliance.advisers.service import AdviserService
from appliance.appointments.booking import Booking
from appliance.appointments.own import OwnAppointments
from appliance.appointments.reminders import Reminders
from appliance.appointments.requests import RequestService
from appliance.appointments.service import AppointmentService
from appliance.appointments.topics import TopicFacts, TopicService
from appliance.appointments.wanted import Clerk, Wanted
from appliance.appointments.wishes import Wishes
from appliance.events import (
    AppointmentChanged,
    EventBus,
    LoginEnded,
    MessageQueued,
    RequestChanged,
)
from appliance.outbox.service import OutboxService
from appliance.settings import MailSettings, Settings, SmsSettings
from appliance.storage.database import Database
from tests.builders.storage import make_database, make_settings

MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10 Uhr in Berlin
PASSWORD = "ein-Vogel-im-Garten"


class StandingClock:
    """Time goes on when the test says so."""

    def __init__(self, now: datetime = MONDAY_9) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> datetime:
        self.now += timedelta(**parts)
        return self.now


class CountingLimiter:
    """Lets everybody in, remembers what it was told; refuses from ``allowed`` failures on."""

    def __init__(self, allowed: int = 1000) -> None:
        self.allowed = allowed
        self.failures: list[tuple[str, str]] = []

    def check(self, address: str, login: str) -> None:
        for subject in (address, login):
            if sum(subject in failure for failure in self.failures) >= self.allowed:
                raise TooManyFailures

    def failed(self, address: str, login: str) -> None:
        self.failures.append((address, login))


class TooManyFailures(Exception):
    pass


def quick_passwords() -> Passwords:
    """Argon2id with the smallest parameters that it takes."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class House:
    """The services as ``app.py`` joins them."""

    settings: Settings
    clock: StandingClock
    bus: EventBus
    database: Database
    outbox: OutboxService
    advisers: AdviserService
    appointments: AppointmentService
    topics: TopicService
    requests: RequestService
    own: OwnAppointments
    wishes: Wishes
    reminders: Reminders
    limiter: CountingLimiter
    happened: list[object] = field(default_factory=list)

    async def add_adviser(self, login: str = "yilmaz", role: Role = Role.ADVISER) -> NewAdviser:
        return await self.advisers.add(login, "Ayşe Yılmaz", PASSWORD, role)

    async def asked(self, **changes: object) -> Wanted:
        """A request for a new topic; its mail waits."""
        topic = await self.topics.add(
            TopicFacts("Wohngeld", "Housing benefit", 45), "administrator"
        )
        wanted = Wanted(topic.id, "Erika Mustermann", "erika@example.org", wishes="Montags")
        wanted = replace(wanted, **changes)  # type: ignore[arg-type]
        await self.requests.ask(wanted)
        return wanted

    async def log_in(self, new: NewAdviser, address: str = "192.0.2.7") -> str:
        code = totp_now(new.adviser.totp_secret, self.clock())
        return await self.advisers.log_in(new.adviser.login, PASSWORD, code, address)


def clerk(adviser_id: str = "adviser", *colleagues: str) -> Clerk:
    """Works on one's own, and on what those leave behind."""
    return Clerk(adviser_id, lambda owner, _: owner in (adviser_id, *colleagues))


def make_house(
    folder: Path, *, mail: MailSettings | None = None, sms: SmsSettings | None = None
) -> House:
    settings = make_settings(folder).model_copy(
        update={"mail": mail or MailSettings(), "sms": sms or SmsSettings()}
    )
    clock, bus, limiter = StandingClock(), EventBus(), CountingLimiter()
    database = make_database(folder, bus)
    outbox = OutboxService(database, settings, clock)
    advisers = AdviserService(database, settings, limiter, clock, quick_passwords())
    appointments = AppointmentService(database, settings, outbox, advisers.name_of, clock)
    house = House(
        settings,
        clock,
        bus,
        database,
        outbox,
        advisers,
        appointments,
        TopicService(database, clock),
        RequestService(database, settings, outbox, advisers.name_of, clock),
        OwnAppointments(database, settings, outbox, advisers.name_of, clock),
        Wishes(database, clock),
        Reminders(database, settings, outbox, advisers.name_of, clock),
        limiter,
    )

    async def remember(event: object) -> None:
        house.happened.append(event)

    for kind in (AppointmentChanged, MessageQueued, LoginEnded, RequestChanged):
        bus.subscribe(kind, remember)
    return house


def make_booking(**changes: object) -> Booking:
    booking = Booking(
        starts_at=MONDAY_9 + timedelta(hours=1),
        client_name="Erika Mustermann",
        client_email="erika@example.org",
        client_phone="030 9876543",
        topic="Wohngeld",
    )
    return replace(booking, **changes)  # type: ignore[arg-type]
