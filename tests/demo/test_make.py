"""What ``scripts/run`` prints really leads in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
import time_machine

from appliance.advisers.errors import LoginRefused
from appliance.appointments.hours import open_until, read_hours
from appliance.appointments.service import AppointmentService
from appliance.appointments.states import Door
from appliance.appointments.topics import TopicService
from appliance.demo import make, present_code
from appliance.outbox.service import OutboxService
from appliance.staff_command import advisers_of
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from tests.builders.storage import make_database, make_settings

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    make_database(tmp_path).close()
    return make_settings(tmp_path)


def line(words: str, name: str) -> str:
    (found,) = re.findall(rf"^ *{re.escape(name)}: +(.+)$", words, re.MULTILINE)
    return found


class Visitor:
    """Uses nothing but what was printed."""

    def __init__(self, settings, words: str) -> None:
        self.settings = settings
        self.words = words

    async def __aenter__(self) -> Self:
        self._database = Database.open(self.settings)
        self.advisers = advisers_of(self._database, self.settings)
        outbox = OutboxService(self._database, self.settings)
        self.appointments = AppointmentService(
            self._database, self.settings, outbox, self.advisers.name_of
        )
        self.topics = TopicService(self._database)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._database.close()

    async def log_in(self, code: str) -> str:
        login, password = line(self.words, "Login"), line(self.words, "Password")
        return await self.advisers.log_in(login, password, code, "127.0.0.1")

    async def look(self):
        secret = line(self.words, "Client's link").split("#")[1]
        return await self.appointments.open_link(secret, utcnow())


async def test_it_works(settings):
    with time_machine.travel(MORNING, tick=False):
        async with Visitor(settings, await make(settings)) as visitor:
            assert await visitor.log_in(line(visitor.words, "Code").split()[0])
            assert await visitor.log_in(present_code(settings))
            view = await visitor.look()
            assert view.door is Door.OPEN
            expected = await visitor.appointments.expected_identity(view.appointment_id)
            typed = line(visitor.words, "Session password").replace(" ", "")
            assert typed == expected.password
            number = line(visitor.words, "Session number")
            by_number = await visitor.appointments.by_number(number, utcnow())
            assert by_number.appointment_id == view.appointment_id


async def test_a_second_start_keeps_the_data(settings):
    with time_machine.travel(MORNING, tick=False) as clock:
        first = await make(settings)
        clock.shift(timedelta(minutes=10))
        second = await make(settings)
        for name in ("Login", "Password", "Key for the app", "Session password"):
            assert line(first, name) == line(second, name)
        async with Visitor(settings, first) as before, Visitor(settings, second) as after:
            assert (await before.look()).appointment_id == (await after.look()).appointment_id
            code = line(second, "Code").split()[0]
            assert await after.log_in(code)
            with pytest.raises(LoginRefused):
                await after.log_in(code)


async def test_after_the_appointment_there_is_a_new_one(settings):
    with time_machine.travel(MORNING, tick=False) as clock:
        first = await make(settings)
        clock.shift(timedelta(hours=1))
        second = await make(settings)
        async with Visitor(settings, first) as before, Visitor(settings, second) as after:
            old, new = await before.look(), await after.look()
        assert new.appointment_id != old.appointment_id
        assert new.ends_at > utcnow()


async def test_many_starts_never_run_out_of_codes(settings):
    with time_machine.travel(MORNING, tick=False):
        for _ in range(12):
            words = await make(settings)
        async with Visitor(settings, words) as visitor:
            assert await visitor.log_in(line(words, "Code").split()[0])
            assert await visitor.log_in(present_code(settings))


async def test_its_secrets_are_the_owners_alone(settings):
    await make(settings)
    assert (settings.data_dir / "demo.json").stat().st_mode & 0o077 == 0


async def test_one_can_come_without_an_appointment(settings):
    with time_machine.travel(MORNING, tick=False):
        await make(settings)
        async with Visitor(settings, await make(settings)) as visitor:
            assert line(visitor.words, "No appointment").startswith("http")
            (topic,) = await visitor.topics.listed()
            assert topic.public
            assert open_until(read_hours(topic.public_hours), MORNING, UTC) is not None
