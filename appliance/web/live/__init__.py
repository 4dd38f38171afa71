"""What lives in web's memory between pages, visits, the relay and the analysers.

``Live`` holds the parts and passes news on: from the database's events, from the relay, from the
clock, to the work that brings rooms and pages in line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from appliance.events import (
    AccountClosed,
    AppointmentChanged,
    AwayChanged,
    ConferenceChanged,
    LoginEnded,
    MessagesChanged,
    RequestChanged,
    StaffChanged,
    VisitChanged,
)
from appliance.reach.turn import IceServer as TurnServer
from appliance.reach.turn import TurnServers
from appliance.relay.client import RelayClient
from appliance.relay.control import (
    AnalyserGone,
    AnalyserSaid,
    Event,
    HelloReply,
    LineFilled,
    PeerChanged,
    PicturesPaused,
    RestartOffered,
    SpeakerChanged,
)
from appliance.web.limits import networks_of
from appliance.web.live.analyser_words import AnalyserWords
from appliance.web.live.analysers import Analysers
from appliance.web.live.busy import BusyCommands
from appliance.web.live.capacity import Capacity
from appliance.web.live.chat import Chats
from appliance.web.live.chat_commands import ChatCommands
from appliance.web.live.check_commands import CheckCommands
from appliance.web.live.check_counts import CheckCounts
from appliance.web.live.client_commands import ClientCommands
from appliance.web.live.conference_commands import ConferenceCommands
from appliance.web.live.conference_work import ConferenceWork
from appliance.web.live.desk_commands import DeskCommands
from appliance.web.live.desk_snapshots import desk_snapshot
from appliance.web.live.engaged import Engaged
from appliance.web.live.facts import FactFinder
from appliance.web.live.feedbacks import Feedbacks
from appliance.web.live.hand_over_commands import HandOverCommands
from appliance.web.live.hand_overs import HandOvers
from appliance.web.live.help_calls import HelpCalls
from appliance.web.live.help_commands import HelpCommands
from appliance.web.live.joined import Joined
from appliance.web.live.joined_commands import JoinedCommands
from appliance.web.live.live_text import LiveTexts
from appliance.web.live.media_commands import MediaCommands
from appliance.web.live.own_checks import OwnChecks
from appliance.web.live.owners import (
    adviser_id_of,
    check_room_of,
    conference_id_of,
    conference_owner,
    desk_owner,
    is_stranger,
    owner_of_room,
    visit_id_of,
)
from appliance.web.live.pages_online import CLOSE_NOT_ALLOWED, CLOSE_RESTART, Page, PagesOnline
from appliance.web.live.public_entry import PublicEntry
from appliance.web.live.rooms import Rooms
from appliance.web.live.runs import CheckRuns
from appliance.web.live.seats import Room, owner_at
from appliance.web.live.second_entries import SecondEntries
from appliance.web.live.signed_check import CheckSigner
from appliance.web.live.test_page_commands import TestPageCommands
from appliance.web.live.ticker import Ticker
from appliance.web.live.touched import Touched
from appliance.web.live.visit_work import VisitWork
from appliance.web.live.withdrawals import Withdrawals
from appliance.web.wire import IceServer, Offer

if TYPE_CHECKING:
    from appliance.web.parts import Parts

log = structlog.get_logger()


class Live:
    """One per web process."""

    def __init__(self, parts: Parts, now_s: Callable[[], float] = time.monotonic) -> None:
        self.parts = parts
        self.now_s = now_s
        self.pages = PagesOnline(now_s, parts.clock)
        self.rooms = Rooms(parts.relay, now_s)
        self.turn = TurnServers(parts.settings.turn)
        self.runs = CheckRuns(CheckSigner.of(parts.settings))
        self.analysers = Analysers(self.rooms, now_s, self.touch_room)
        self.chats = Chats()
        self.live_text = LiveTexts(self)
        self.help_calls = HelpCalls()
        self.check_counts = CheckCounts(parts)
        self.feedbacks = Feedbacks(parts)
        self.hand_overs = HandOvers(now_s)
        self.withdrawals = Withdrawals(self)
        self.second_entries = SecondEntries(self)
        self.capacity, self.engaged = Capacity(self), Engaged(self)
        self.facts = FactFinder(self)
        self.public_entry = PublicEntry(self)
        self.chat = ChatCommands(self)
        self.help = HelpCommands(self)
        self.busy = BusyCommands(self)
        self.hand_over = HandOverCommands(self)
        self.media = MediaCommands(self)
        self.check = CheckCommands(self)
        self.own_checks = OwnChecks(self)
        self.joined = Joined(self)
        self.joined_commands = JoinedCommands(self)
        self.conference_work = ConferenceWork(self)
        self.conference_commands = ConferenceCommands(self)
        self.client_commands = ClientCommands(self)
        self.desk_commands = DeskCommands(self)
        self.test_page_commands = TestPageCommands(self)
        self._analyser_words = AnalyserWords(self)
        self.visit_work = VisitWork(self)
        self._visits = Touched(self.visit_work.run, self._again)
        self._others = Touched(self._other_work, self._again)
        self._failed: set[str] = set()
        self.ticker = Ticker(self)
        self._listen_to(parts.relay)

    def _listen_to(self, relay: RelayClient) -> None:
        relay.on_event = self.relay_said
        relay.on_connected = self.relay_found
        relay.on_disconnected = self.relay_lost

    async def start(self) -> None:
        """Listens to events and begins to tick."""
        self.parts.bus.subscribe(VisitChanged, self._visit_changed)
        self.parts.bus.subscribe(AppointmentChanged, self._appointment_changed)
        self.parts.bus.subscribe(ConferenceChanged, self._conference_changed)
        self.parts.bus.subscribe(LoginEnded, self._login_ended)
        self.parts.bus.subscribe(AccountClosed, self._account_closed)
        self.parts.bus.subscribe(AwayChanged, self._away_changed)
        self.parts.bus.subscribe(MessagesChanged, self._messages_changed)
        self.parts.bus.subscribe(RequestChanged, self._requests_changed)
        self.parts.bus.subscribe(StaffChanged, self._staff_changed)
        self.ticker.start()

    async def stop(self) -> None:
        """Pages are told to come back; media goes on without us."""
        await self.ticker.stop()
        await self._visits.stop()
        await self._others.stop()
        for owner in self.pages.owners():
            for page in self.pages.of(owner):
                page.close(CLOSE_RESTART)

    # ---- touching ------------------------------------------------------------------------------
    def touch_visit(self, visit_id: str) -> None:
        """Room and pages of this visit may have to change."""
        self._visits.touch(visit_id)

    def touch_desk(self, adviser_id: str) -> None:
        """One adviser's desk may have to change."""
        self._others.touch(desk_owner(adviser_id))

    def touch_conference(self, conference_id: str) -> None:
        """Room and pages of this conference may have to change."""
        self._others.touch(conference_owner(conference_id))

    async def look_after_conferences(self) -> None:
        """For a loop: calls that nobody answers, windows that were closed, rooms that are over."""
        await self.joined.tidy()
        for conference_id in await self.parts.conferences.time_passes():
            self.touch_conference(conference_id)

    def touch_test(self, owner: str) -> None:
        """A test page may have to change."""
        self._others.touch(owner)

    def touch_desks(self) -> None:
        """Every open desk may have to change."""
        for owner in self.pages.owners():
            if adviser_id_of(owner) is not None:
                self._others.touch(owner)

    def touch_owner(self, owner: str) -> None:
        """Whatever the owner is."""
        visit_id = visit_id_of(owner)
        conference_id = conference_id_of(owner)
        if visit_id is not None:
            self.touch_visit(visit_id)
        elif conference_id is not None:
            self.touch_conference(conference_id)
        else:
            self._others.touch(owner)

    def touch_room(self, room_id: str) -> None:
        """The owner of a room."""
        self.touch_owner(owner_of_room(room_id))

    def touch_sessions(self) -> None:
        """Every visit that has a room: who comes or goes may be its adviser."""
        for room_id in self.rooms.ids():
            self.touch_room(room_id)

    def touch_sessions_of(self, owner: str) -> None:
        """An adviser's desk has come: the session's room may have waited for it."""
        if adviser_id_of(owner) is not None:
            self.touch_sessions()

    async def continue_here(self, page: Page) -> None:
        """Makes this window the active one, with the whole conversation; the others are told."""
        self.pages.continue_here(page)
        page.show_again()
        await self.hand_over.took_over(page)
        self.touch_owner(page.owner)
        visit_id, adviser_id = visit_id_of(page.owner), adviser_id_of(page.owner)
        if visit_id is not None:
            self.chat.greet(page, await self.parts.visits.get(visit_id))
        elif adviser_id is not None:
            session = await self.desk_commands.session_of(adviser_id)
            if session is not None:
                self.chat.greet(page, session)
        elif conference_id_of(page.owner) is not None:
            await self.joined.greet(page)

    def touch_failed(self) -> None:
        """Work that failed is tried again."""
        failed, self._failed = self._failed, set()
        for key in failed:
            touched = self._others if ":" in key else self._visits
            touched.touch(key)

    async def settle(self) -> None:
        """Returns when all touches have been worked off."""
        await self._others.settle()  # a conference may touch its visit
        await self._visits.settle()  # and a visit its adviser's desk
        await self._others.settle()

    def _again(self, key: str) -> None:
        self._failed.add(key)

    async def _other_work(self, owner: str) -> None:
        if (conference_id := conference_id_of(owner)) is not None:
            await self.conference_work.run(conference_id)
            return
        room_id = check_room_of(owner)
        await self.own_checks.order_room(room_id)
        adviser_id = adviser_id_of(owner)
        for page in self.pages.of(owner):
            if adviser_id is not None:
                page.show(desk_snapshot(await self.facts.desk(adviser_id, page)))
            else:
                page.show(self.own_checks.test_snapshot(page, room_id))

    # ---- news ----------------------------------------------------------------------------------
    async def _visit_changed(self, event: VisitChanged) -> None:
        for visit_id in {event.visit_id, *self.facts.queued}:  # others may have moved up
            self.touch_visit(visit_id)
        self.touch_desks()

    async def _appointment_changed(self, _: AppointmentChanged) -> None:
        self.touch_desks()

    async def _conference_changed(self, event: ConferenceChanged) -> None:
        self.touch_conference(event.conference_id)
        self.touch_desks()

    async def _login_ended(self, event: LoginEnded) -> None:
        self.pages.said_goodbye(desk_owner(event.adviser_id))
        for owner in self.pages.owners():  # the desk, and a conference in another window
            for page in self.pages.of(owner):
                if page.login_id == event.login_id:
                    page.close(CLOSE_NOT_ALLOWED)

    async def _staff_changed(self, _: StaffChanged) -> None:
        self._touch_all()

    async def _account_closed(self, event: AccountClosed) -> None:
        self._touch_all()  # desks show other clients, and clients wait for somebody else
        await self.conference_work.account_closed(event.adviser_id)
        await self.desk_commands.account_closed(event.adviser_id)

    async def _away_changed(self, _: AwayChanged) -> None:
        self._touch_all()  # whom a client waits for stands in no list

    async def _messages_changed(self, _: MessagesChanged) -> None:
        self.touch_desks()

    async def _requests_changed(self, _: RequestChanged) -> None:
        self.touch_desks()

    async def relay_found(self, hello: HelloReply) -> None:
        """Compares what the relay has kept with what we know; everybody is looked after anew."""
        self.rooms.found(hello)
        self._touch_all()

    async def relay_lost(self) -> None:
        """Pages say "reconnecting" until it is back."""
        self.rooms.lost()
        self._touch_all()

    async def relay_said(self, event: Event) -> None:
        """One event of the relay; quick, and never waits for the database."""
        if isinstance(event, PeerChanged):
            self.rooms.peer_changed(event.room_id, event.peer_id, event.state)
            self._touch_room_and_desks(event.room_id)
        elif isinstance(event, SpeakerChanged):
            self.conference_work.speaker_changed(event.room_id, event.peer_id)
        elif isinstance(event, PicturesPaused):
            self.rooms.pictures_paused(event.room_id, event.peer_id, event.paused)
            self._touch_room_and_desks(event.room_id)
        elif isinstance(event, RestartOffered):
            self._hand_on(event)
        elif isinstance(event, AnalyserSaid):
            self._analyser_words.said(event)
        elif isinstance(event, LineFilled):
            self.check.line_filled(event)
        elif isinstance(event, AnalyserGone):
            room = self.rooms.known(event.room_id)
            if room is not None and room.analyser == event.peer_id:
                self.analysers.gone(room)
                self._touch_room_and_desks(event.room_id)

    def _hand_on(self, event: RestartOffered) -> None:
        room = self.rooms.known(event.room_id)
        side = room.side_of(event.peer_id) if room else None
        if room is None or side is None:
            return
        if room.seats[side].active == event.peer_id:
            room.seats[side].restart_offer = True
        page = self.pages.active(owner_at(room, side))
        if page is not None:
            page.push(self.offer(room, side, event.peer_id, event.offer))

    def offer(self, room: Room, side: str, peer_id: str, sdp: str) -> Offer:
        """An offer for whoever sits there, with credentials of their own for the detour."""
        told = [
            IceServer(urls=list(one.urls), username=one.username, credential=one.credential)
            for one in self._detour(room, side)
        ]
        return Offer(peer_id=peer_id, sdp=sdp, ice_servers=told)

    def _detour(self, room: Room, side: str) -> list[TurnServer]:
        now_s = self.parts.clock().timestamp()
        owner = owner_of_room(room.room_id)
        if is_stranger(owner):
            page = self.pages.active(owner)
            _, network = networks_of(page.address if page else "")
            return self.turn.for_stranger(network, now_s)
        return self.turn.for_user(f"{room.room_id}.{side}", now_s)

    def _touch_room_and_desks(self, room_id: str) -> None:
        self.touch_room(room_id)
        self.touch_desks()

    def _touch_all(self) -> None:
        for owner in self.pages.owners():
            self.touch_owner(owner)
        for room_id in self.rooms.ids():
            self.touch_room(room_id)
