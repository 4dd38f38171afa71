from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.statistics.service import CheckStatistics
from tests.builders.clock import HandClock
from tests.builders.storage import make_database

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return HandClock(WEDNESDAY)


@pytest.fixture
def database(tmp_path):
    database = make_database(tmp_path)
    yield database
    database.close()


@pytest.fixture
def statistics(database, clock):
    return CheckStatistics(database, "Halle B", BERLIN, clock)
