"""A stage for the live part: real services and database, a relay that plays along, a hand clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from appliance.advisers.models import Adviser, Role
from appliance.advisers.oidc import Directory
from appliance.advisers.service import AdviserService
from appliance.api_keys.service import ApiKeys
from appliance.appointments.feed import CalendarFeeds
from appliance.appointments.models import Appointment
from appliance.appointments.own import OwnAppointments
from appliance.appointments.reminders import Reminders
from appliance.appointments.requests import RequestService
from appliance.appointments.service import AppointmentService
from appliance.appointments.topics import TopicService
from appliance.appointments.wishes import Wishes
from appliance.conferences.service import ConferenceService
from appliance.events import EventBus
from appliance.messages.service import MessageService
from appliance.messages.text_blocks import TextBlocks
from appliance.outbox.service import OutboxService
from appliance.relay.client import RelayClient
from appliance.relay.control import PeerState
from appliance.retention.service import PersonalData
from appliance.retention.watch import DeletionWatch
from appliance.storage.clock import Clock
from appliance.visits.models import Entry, Visit
from appliance.visits.service import Arrival, VisitService
from appliance.visits.states import VisitState
from appliance.web import commands as c
from appliance.web.limits import Limiter
from appliance.web.live import Live
from appliance.web.live.agreements import CONSENT_VERSION
from appliance.web.live.owners import desk_owner, test_owner, visit_owner
from appliance.web.live.pages_online import Page
from appliance.web.parts import Parts
from appliance.web.sockets import Talk, follow
from appliance.web.wire import (
    DeskSnapshot,
    Offer,
    Problem,
    VisitSnapshot,
)
from tests.builders.bookings import CountingLimiter, make_booking, quick_passwords
from tests.builders.clock import HandClock
from tests.builders.storage import make_database, make_settings
from tests.web.live.acted_relay import ActedRelay

PASSWORD = "viele grüne Äpfel im Korb"
SYSTEM = {
    "kind": "system",
    "secure_context": True,
    "media_devices": True,
    "web_rtc": True,
    "opus": True,
    "vp8": True,
    "web_assembly": True,
    "audio_context": True,
    "browser": "chromium",
    "browser_version": 156,
    "os": "windows",
    "in_app_browser": False,
}
PushT = TypeVar("PushT", bound=c.Wire)


@dataclass(eq=False)
class Window:
    """A page in a test: says commands, and sees what was pushed."""

    stage: Stage
    page: Page
    talk: Talk
    seen: list[c.Wire] = field(default_factory=list)

    async def say(self, kind: str, /, **fields: Any) -> None:
        self.stage.live.pages.heard(self.page)
        message = json.dumps({"type": kind, **fields}, default=str)
        await follow(self.stage.live, self.page, self.talk, message)
        await self.stage.live.settle()

    def pushes(self) -> list[c.Wire]:
        """Everything so far, newest last."""
        self.seen += self.page._pushes
        self.page._pushes = []
        return self.seen

    def newest(self, kind: type[PushT]) -> PushT:
        found = [push for push in self.pushes() if isinstance(push, kind)]
        assert found, f"no {kind.__name__} among {[type(p).__name__ for p in self.seen]}"
        return found[-1]

    @property
    def shown(self) -> VisitSnapshot:
        return self.newest(VisitSnapshot)

    @property
    def desk(self) -> DeskSnapshot:
        return self.newest(DeskSnapshot)

    @property
    def problems(self) -> list[str]:
        return [push.code for push in self.pushes() if isinstance(push, Problem)]

    @property
    def offers(self) -> list[Offer]:
        return [push for push in self.pushes() if isinstance(push, Offer)]

    async def connect(self) -> str:
        """Joins and gets connected; gives the peer's id."""
        await self.say("join_media")
        return await self.take_offer()

    async def take_offer(self) -> str:
        """Answers the newest offer, and the relay finds it good."""
        peer_id = self.offers[-1].peer_id
        await self.say("answer", peer_id=peer_id, sdp="v=0")
        await self.stage.relay.change(peer_id, PeerState.CONNECTED)
        await self.stage.live.settle()
        return peer_id


class Stage:
    """Everything of a web process but HTTP."""

    def __init__(
        self,
        folder: Path,
        *,
        earlier: Stage | None = None,
        relay: RelayClient | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.folder = folder
        self.clock: Any = clock or (earlier.clock if earlier else HandClock())
        self.relay: Any = relay or (earlier.relay if earlier else ActedRelay())
        settings = make_settings(folder)
        bus = EventBus()
        database = make_database(folder, bus)
        outbox = OutboxService(database, settings, self.clock)
        advisers = AdviserService(
            database, settings, CountingLimiter(), self.clock, quick_passwords()
        )
        self.parts = Parts(
            settings=settings,
            clock=self.clock,
            bus=bus,
            database=database,
            visits=VisitService(database, self.clock),
            appointments=AppointmentService(
                database, settings, outbox, advisers.name_of, self.clock
            ),
            conferences=ConferenceService(database, settings, outbox, self.clock),
            own=OwnAppointments(database, settings, outbox, advisers.name_of, self.clock),
            wishes=Wishes(database, self.clock),
            reminders=Reminders(database, settings, outbox, advisers.name_of, self.clock),
            topics=TopicService(database, self.clock),
            requests=RequestService(database, settings, outbox, advisers.name_of, self.clock),
            outbox=outbox,
            messages=MessageService(database, self.clock),
            text_blocks=TextBlocks(database, self.clock),
            advisers=advisers,
            personal_data=PersonalData(database, self.clock, folder / "backups"),
            deletion=DeletionWatch(database, self.clock, folder / "backups"),
            directory=Directory(settings.oidc, self.clock),
            api_keys=ApiKeys(database, self.clock),
            calendar_feeds=CalendarFeeds(database, settings, self.clock),
            relay=self.relay,
            limiter=Limiter(),
            assets=None,  # type: ignore[arg-type]  # no page is rendered here
        )
        self.live = self.parts.live = Live(self.parts, now_s=self._now_s)

    def _now_s(self) -> float:
        return self.clock().timestamp()

    async def open(self) -> None:
        """As ``start``, without the ticking: tests tick themselves."""
        await self.live.start()
        await self.live.ticker.stop()
        await self.relay.appear()

    async def tick(self, **delta: float) -> None:
        """Time passes, and one tick with it."""
        self.clock.forward(**delta)
        await self.live.ticker.tick()
        await self.live.settle()

    async def close(self) -> None:
        await self.live.stop()
        self.parts.database.close()

    # ---- people and their windows
    async def add_adviser(
        self,
        login: str = "yilmaz",
        name: str = "Ayşe Yılmaz",
        role: Role = Role.ADVISER,
        *team_ids: str,
    ) -> Adviser:
        made = await self.parts.advisers.add(login, name, PASSWORD, role, team_ids=team_ids)
        return made.adviser

    async def book(self, adviser: Adviser, **changes: object) -> Appointment:
        starts_at = self.clock() + timedelta(minutes=5)
        booking = make_booking(starts_at=starts_at, overlap_allowed=True, **changes)
        return await self.parts.appointments.book(booking, adviser.id)

    async def arrive(self, appointment: Appointment, entry: Entry = Entry.LINK) -> Visit:
        return await self.parts.visits.arrive(
            Arrival(
                entry=entry,
                language="de",
                appointment_id=appointment.id,
                adviser_id=appointment.adviser_id,
                slot_starts_at=appointment.starts_at,
                slot_ends_at=appointment.ends_at,
                kiosk_id="kiosk-1" if entry is Entry.WALK_IN else None,
            )
        )

    async def client_window(self, visit: Visit, *, language: str = "de", **kind: Any) -> Window:
        talk = Talk(TypeAdapter(c.ClientCommand), self.live.client_commands.take, _always)
        return await self._window(visit_owner(visit.id), language, talk, **kind)

    async def desk_window(self, adviser: Adviser, *, language: str = "de", **kind: bool) -> Window:
        talk = Talk(TypeAdapter(c.DeskCommand), self.live.desk_commands.take, _always)
        return await self._window(desk_owner(adviser.id), language, talk, **kind)

    async def test_window(self, grant_id: str = "grant-1", *, address: str = "192.0.2.1") -> Window:
        talk = Talk(TypeAdapter(c.ClientCommand), self.live.test_page_commands.take, _always)
        return await self._window(test_owner(grant_id), "de", talk, address=address)

    async def _window(
        self, owner: str, language: str, talk: Talk, *, address: str = "192.0.2.1", **kind: Any
    ) -> Window:
        page = self.live.pages.open(owner, language, address, **kind)
        if not page.idle:
            await self.live.hand_over.took_over(page)
        self.live.touch_owner(owner)
        self.live.touch_sessions_of(owner)
        await self.live.ticker.tick()
        await self.live.settle()
        return Window(self, page, talk)

    async def password(self, appointment: Appointment) -> str:
        return await self.parts.appointments.session_password(
            appointment.id, appointment.adviser_id
        )

    # ---- the client's way
    async def walk(self, window: Window, visit: Visit, to: VisitState) -> None:
        """Leads the client on until the visit is there; media is joined with the check."""
        steps: dict[VisitState, Callable[[], Any]] = {
            VisitState.ARRIVED: lambda: window.say("start_check", terms_version="t-1"),
            VisitState.DEVICE_CHECK: lambda: self.pass_check(window),
            VisitState.CONSENT: lambda: window.say(
                "give_consent",
                privacy=True,
                identity_check=True,
                session=True,
                text_version=CONSENT_VERSION,
            ),
            VisitState.IDENTITY: lambda: self._state(window, visit),
        }
        while (state := (await self.parts.visits.get(visit.id)).state) is not to:
            await steps[state]()

    async def pass_check(self, window: Window) -> None:
        await window.say("measured", record=SYSTEM)
        for kind in ("microphone", "speaker"):
            await window.say("waive", kind=kind)
        await window.say("run_step", kind="camera")
        await window.say("measured", record={"kind": "camera", "error": "in_use"})
        await window.say("finish_check")

    async def _state(self, window: Window, visit: Visit) -> None:
        word = ""
        if visit.appointment_id is not None:
            word = await self.password(await self.parts.appointments.get(visit.appointment_id))
        await window.say("state_identity", name="Erika Mustermann", phone="030 1", password=word)


async def _always(_page: Page, _command: c.Wire) -> bool:
    return True


@dataclass
class Meeting:
    """An adviser and a client with an appointment, both with a window."""

    stage: Stage
    adviser: Adviser
    appointment: Appointment
    visit: Visit
    client: Window
    desk: Window

    async def now(self) -> Visit:
        return await self.stage.parts.visits.get(self.visit.id)

    async def admit(self) -> None:
        await self.desk.say("admit", visit_id=self.visit.id, revision=(await self.now()).revision)

    async def begin(self) -> tuple[str, str]:
        """Into the session, with both connected; gives the peers of client and adviser."""
        await self.stage.walk(self.client, self.visit, VisitState.WAITING)
        client_peer = await self.client.connect()
        await self.admit()
        adviser_peer = await self.desk.connect()
        assert (await self.now()).state is VisitState.IN_SESSION
        return client_peer, adviser_peer


async def make_meeting(stage: Stage, entry: Entry = Entry.LINK, login: str = "yilmaz") -> Meeting:
    adviser = await stage.add_adviser(login)
    appointment = await stage.book(adviser)
    visit = await stage.arrive(appointment, entry)
    desk = await stage.desk_window(adviser)
    client = await stage.client_window(visit)
    return Meeting(stage, adviser, appointment, visit, client, desk)
