from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.events import EventBus
from appliance.storage.database import Database
from tests.builders.storage import make_database


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def database(tmp_path: Path, bus: EventBus) -> Iterator[Database]:
    opened = make_database(tmp_path, bus, busy_timeout_ms=200)
    yield opened
    opened.close()
