"""When a kiosk looks itself over. Pure: the time of day is the agency's own."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from appliance.kiosks.models import Kiosk

Errand = Literal["none", "set_up", "test"]


def errand(kiosk: Kiosk, now: datetime, opens_at: time, zone: ZoneInfo) -> Errand:
    """What the kiosk's page is to do as soon as nobody stands in front of it.

    Set up once after registration (or when its devices have been changed); tested each day from
    the opening time on, and when an administrator asks for it.
    """
    if not kiosk.set_up:
        return "set_up"
    tested, wanted = kiosk.tested_at, kiosk.test_wanted_at
    if tested is None or (wanted is not None and wanted > tested):
        return "test"
    local = now.astimezone(zone)
    opening = local.replace(hour=opens_at.hour, minute=opens_at.minute, second=0, microsecond=0)
    return "test" if tested < opening <= local else "none"
