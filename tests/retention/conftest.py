from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.events import EventBus
from appliance.storage.database import Database
from appliance.visits.service import VisitService
from tests.builders.clock import HandClock
from tests.builders.storage import make_database


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def database(tmp_path: Path, bus: EventBus) -> Iterator[Database]:
    opened = make_database(tmp_path, bus)
    yield opened
    opened.close()


@pytest.fixture
def visits(database: Database, clock: HandClock) -> VisitService:
    return VisitService(database, clock)
