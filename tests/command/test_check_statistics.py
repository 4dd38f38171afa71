"""``vorzimmer check-statistics``: a table for eyes, JSON for programs."""

import asyncio
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from appliance.settings import Settings
from appliance.statistics.service import CheckStatistics
from appliance.storage.clock import utcnow
from appliance.storage.database import Database
from tests.command.test_commands import run

__all__ = ["run"]


def counted(times: int, *causes: str) -> None:
    """A week ago."""
    database = Database.open(Settings())
    statistics = CheckStatistics(
        database, "Halle B", ZoneInfo("Europe/Berlin"), lambda: utcnow() - timedelta(days=7)
    )

    async def count() -> None:
        for _ in range(times):
            await statistics.count(causes)

    asyncio.run(count())
    database.close()


def test_it_works(run):
    run("migrate")
    assert run("check-statistics").output == "No finished week has a check yet.\n"
    counted(35)
    counted(7, "camera_black")
    counted(2, "microphone_silent")
    table = run("check-statistics").output
    assert "Halle B: 44 checks" in table
    assert "7  camera_black" in table
    assert "< 5  microphone_silent" in table
    found = json.loads(run("check-statistics", "--json").output)
    assert (found["schema"], found["smallest"]) == (1, 5)
    (week,) = found["weeks"]
    assert (week["site"], week["checks"]) == ("Halle B", 44)
    assert week["causes"] == [
        {"cause": "camera_black", "count": 7},
        {"cause": "microphone_silent", "count": None},
    ]


def test_a_wrong_number_of_weeks_is_wrong_usage(run):
    assert run("check-statistics", "--weeks", "0").exit_code == 2
    assert run("check-statistics", "--weeks", "viele").exit_code == 2
