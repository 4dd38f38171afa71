"""When a kiosk looks itself over, and when it may be off. Pure: the time of day is the agency's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from appliance.kiosks.models import Kiosk

Errand = Literal["none", "set_up", "test"]
AGAIN_AFTER = timedelta(minutes=15)  # the tone of the test is heard in the lobby
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class OfficeHours:
    """When a kiosk is expected to be there. ``closes_at`` None: at any hour of any day."""

    opens_at: time
    closes_at: time | None
    days: Sequence[str]  # of DAYS
    zone: ZoneInfo

    def include(self, now: datetime) -> bool:
        """Whether the office is open."""
        if self.closes_at is None:
            return True
        local = now.astimezone(self.zone)
        return DAYS[local.weekday()] in self.days and self.opens_at <= local.time() < self.closes_at


def errand(
    kiosk: Kiosk, now: datetime, opens_at: time, zone: ZoneInfo, *, broken: bool = False
) -> Errand:
    """What the kiosk's page is to do as soon as nobody stands in front of it.

    Set up once after registration (or when its devices have been changed); tested each day from
    the opening time on, and when an administrator asks for it. One that is out of order
    (``broken``) looks again by itself: a cable or a network may be back.
    """
    if not kiosk.set_up:
        return "set_up"
    tested, wanted = kiosk.tested_at, kiosk.test_wanted_at
    if tested is None or (wanted is not None and wanted > tested):
        return "test"
    if broken and now - tested >= AGAIN_AFTER:
        return "test"
    local = now.astimezone(zone)
    opening = local.replace(hour=opens_at.hour, minute=opens_at.minute, second=0, microsecond=0)
    return "test" if tested < opening <= local else "none"
