"""The parts of the running appliance, as routes and sockets get at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from quart import current_app

from appliance.advisers.oidc import Directory
from appliance.advisers.service import AdviserService
from appliance.api_keys.service import ApiKeys
from appliance.appointments.feed import CalendarFeeds
from appliance.appointments.own import OwnAppointments
from appliance.appointments.reminders import Reminders
from appliance.appointments.requests import RequestService
from appliance.appointments.service import AppointmentService
from appliance.appointments.topics import TopicService
from appliance.appointments.wishes import Wishes
from appliance.conferences.service import ConferenceService
from appliance.events import EventBus
from appliance.first_start import FirstStart
from appliance.kept_settings import Tables, read_kept
from appliance.kiosks.opening import OfficeHours
from appliance.kiosks.service import KioskService
from appliance.messages.service import MessageService
from appliance.messages.text_blocks import TextBlocks
from appliance.outbox.service import OutboxService
from appliance.relay.client import RelayClient
from appliance.retention.service import PersonalData
from appliance.retention.watch import DeletionWatch
from appliance.settings import Settings
from appliance.storage.clock import Clock
from appliance.storage.database import Database
from appliance.visits.service import VisitService
from appliance.web.limits import Limiter
from appliance.web.looks import Looks

if TYPE_CHECKING:
    from appliance.web.assets import Assets
    from appliance.web.live import Live

EXTENSION = "vorzimmer"


@dataclass
class Parts:
    """Built by ``app.create_app``; ``live`` is set there once the others exist."""

    settings: Settings
    clock: Clock
    bus: EventBus
    database: Database
    visits: VisitService
    appointments: AppointmentService
    conferences: ConferenceService
    own: OwnAppointments
    wishes: Wishes
    reminders: Reminders
    topics: TopicService
    requests: RequestService
    outbox: OutboxService
    messages: MessageService
    text_blocks: TextBlocks
    advisers: AdviserService
    personal_data: PersonalData
    deletion: DeletionWatch
    directory: Directory
    api_keys: ApiKeys
    calendar_feeds: CalendarFeeds
    relay: RelayClient
    limiter: Limiter
    assets: Assets
    first_start: FirstStart = field(init=False)
    kept_at_start: Tables = field(init=False)  # when these settings were read
    restart: Callable[[], None] = lambda: None  # set by whoever serves; ends this process
    kiosks: KioskService = field(init=False)
    live: Live = field(init=False)
    looks: Looks = field(init=False)

    def __post_init__(self) -> None:
        """What is made of the others."""
        self.looks = Looks(self.database, self.clock)
        self.kiosks = KioskService(self.database, self.clock, _hours(self.settings))
        self.first_start = FirstStart(self.settings.data_dir, self.clock)
        self.kept_at_start = read_kept(self.settings.data_dir)


def _hours(settings: Settings) -> OfficeHours:
    kiosk = settings.kiosk
    return OfficeHours(
        opens_at=time.fromisoformat(kiosk.opens_at),
        closes_at=time.fromisoformat(kiosk.closes_at) if kiosk.closes_at else None,
        days=kiosk.open_days,
        zone=ZoneInfo(settings.agency.time_zone),
    )


def parts() -> Parts:
    """The parts of the application that serves the present request."""
    return cast(Parts, current_app.extensions[EXTENSION])
