"""The composition: the only file that knows everybody."""

from __future__ import annotations

import asyncio
from functools import partial

from quart import Quart

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
from appliance.consequences import Consequences
from appliance.events import EventBus, MessageQueued
from appliance.jobs import (
    BACKUP_EVERY_S,
    CONFERENCES_EVERY_S,
    CONSEQUENCES_EVERY_S,
    DEADLINES_EVERY_S,
    DELETION_LOOK_EVERY_S,
    INTEGRITY_EVERY_S,
    KIOSKS_EVERY_S,
    NO_SHOWS_EVERY_S,
    OUTBOX_EVERY_S,
    PASSWORDS_EVERY_S,
    PUBLIC_ENTRY_EVERY_S,
    PURGE_EVERY_S,
    REMINDERS_EVERY_S,
    REQUESTS_EVERY_S,
    Jobs,
    Loop,
)
from appliance.kiosk_alarms import KioskAlarms
from appliance.messages.service import MessageService
from appliance.messages.text_blocks import TextBlocks
from appliance.outbox.service import OutboxService
from appliance.relay.workers import RelayWorkers
from appliance.retention.service import PersonalData
from appliance.retention.watch import DeletionWatch
from appliance.settings import Settings
from appliance.storage.backup import backup_folder, keep_backup_when_due
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database
from appliance.storage.integrity import look_for_damage
from appliance.visits.service import VisitService
from appliance.web import (
    access,
    assets,
    check_report,
    client_pages,
    conference_pages,
    console_accounts,
    console_appointments,
    console_booking,
    console_calendar,
    console_keys,
    console_kiosks,
    console_login,
    console_mail,
    console_messages,
    console_oidc,
    console_privacy,
    console_requests,
    console_retention,
    console_statistics,
    console_text_blocks,
    console_topics,
    console_week,
    errors,
    hand_over,
    health,
    join,
    kiosk,
    legal,
    links,
    own_appointment,
    program_api,
    requests,
    rooms,
    security,
    set_up,
    sockets,
    topics,
)
from appliance.web.limits import Limiter, LoginBudget
from appliance.web.live import Live
from appliance.web.own_backgrounds import own_backgrounds
from appliance.web.own_logo import own_logo
from appliance.web.parts import EXTENSION, Parts

BLUEPRINTS = (
    assets.blueprint,
    check_report.blueprint,
    client_pages.blueprint,
    console_accounts.blueprint,
    conference_pages.blueprint,
    console_appointments.blueprint,
    console_booking.blueprint,
    console_calendar.blueprint,
    console_keys.blueprint,
    console_kiosks.blueprint,
    console_login.blueprint,
    console_mail.blueprint,
    console_messages.blueprint,
    console_privacy.blueprint,
    console_retention.blueprint,
    console_oidc.blueprint,
    console_requests.blueprint,
    console_statistics.blueprint,
    console_text_blocks.blueprint,
    console_topics.blueprint,
    console_week.blueprint,
    hand_over.blueprint,
    health.blueprint,
    join.blueprint,
    kiosk.blueprint,
    legal.blueprint,
    links.blueprint,
    program_api.blueprint,
    rooms.blueprint,
    own_appointment.blueprint,
    requests.blueprint,
    set_up.blueprint,
    sockets.blueprint,
    topics.blueprint,
)


def build_parts(settings: Settings, clock: Clock = utcnow) -> Parts:
    """Opens the database and builds every part. Raises ``DatabaseError``."""
    bus = EventBus()
    database = Database.open(settings, bus=bus)
    limiter = Limiter(settings.web.staff_networks)
    advisers = AdviserService(database, settings, LoginBudget(limiter), clock)
    outbox = OutboxService(database, settings, clock)
    parts = Parts(
        settings=settings,
        clock=clock,
        bus=bus,
        database=database,
        visits=VisitService(database, clock),
        appointments=AppointmentService(database, settings, outbox, advisers.name_of, clock),
        conferences=ConferenceService(database, settings, outbox, clock),
        own=OwnAppointments(database, settings, outbox, advisers.name_of, clock),
        wishes=Wishes(database, clock),
        reminders=Reminders(database, settings, outbox, advisers.name_of, clock),
        topics=TopicService(database, clock),
        requests=RequestService(database, settings, outbox, advisers.name_of, clock),
        outbox=outbox,
        messages=MessageService(database, clock),
        text_blocks=TextBlocks(database, clock),
        advisers=advisers,
        personal_data=PersonalData(database, clock, backup_folder(settings)),
        deletion=DeletionWatch(database, clock, backup_folder(settings)),
        directory=Directory(settings.oidc, clock),
        api_keys=ApiKeys(database, clock),
        calendar_feeds=CalendarFeeds(database, settings, clock),
        relay=RelayWorkers(settings.media_sockets),
        limiter=limiter,
        assets=assets.Assets.collect(
            vendor_dir=settings.vendor_dir,
            backgrounds=own_backgrounds(settings.data_dir),
            logo=own_logo(settings.data_dir),
        ),
    )
    parts.live = Live(parts)
    return parts


def build_jobs(parts: Parts, consequences: Consequences) -> Jobs:
    """The loops of the web process; a queued message wakes the outbox at once."""
    outbox = Loop("outbox", OUTBOX_EVERY_S, parts.outbox.sender.run_once)

    async def wake_outbox(_: MessageQueued) -> None:
        outbox.wake()

    parts.bus.subscribe(MessageQueued, wake_outbox)
    return Jobs(
        [
            Loop("deadlines", DEADLINES_EVERY_S, parts.visits.fire_deadlines),
            Loop("conferences", CONFERENCES_EVERY_S, parts.live.look_after_conferences),
            Loop("kiosks", KIOSKS_EVERY_S, parts.kiosks.look_after),
            Loop("passwords", PASSWORDS_EVERY_S, parts.appointments.forget_passwords),
            *_upkeep(parts),
            Loop("public_entry", PUBLIC_ENTRY_EVERY_S, parts.live.public_entry.close_up),
            Loop("reminders", REMINDERS_EVERY_S, parts.reminders.remind),
            Loop("requests", REQUESTS_EVERY_S, parts.requests.tidy),
            Loop("integrity", INTEGRITY_EVERY_S, partial(look_for_damage, parts.database)),
            Loop("consequences", CONSEQUENCES_EVERY_S, consequences.catch_up),
            Loop("no_shows", NO_SHOWS_EVERY_S, consequences.note_no_shows),
            outbox,
        ]
    )


def _upkeep(parts: Parts) -> list[Loop]:
    """Deletion and backups, or a look at what the system's timers do of them."""
    if parts.settings.upkeep == "timers":
        return [Loop("purge", DELETION_LOOK_EVERY_S, parts.deletion.look)]
    backup = partial(asyncio.to_thread, keep_backup_when_due, parts.settings, parts.clock)
    return [
        Loop("purge", PURGE_EVERY_S, parts.deletion.run),
        Loop("backup", BACKUP_EVERY_S, backup),
    ]


def create_app(settings: Settings, clock: Clock = utcnow) -> Quart:
    """The web application, with its database open. Raises ``DatabaseError``."""
    app = Quart("appliance", static_folder=None, template_folder=str(assets.UI_DIR / "pages"))
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    parts = build_parts(settings, clock)
    consequences = Consequences(parts.visits, parts.appointments)
    consequences.subscribe(parts.bus)
    KioskAlarms(parts.kiosks, parts.outbox, settings).subscribe(parts.bus)
    app.extensions[EXTENSION] = parts
    jobs = build_jobs(parts, consequences)
    security.install(app)
    access.install(app)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    @app.before_serving
    async def start() -> None:
        await parts.visits.renew_after_restart()
        await consequences.catch_up()
        await parts.relay.start()
        await parts.live.start()
        jobs.start()

    @app.after_serving
    async def stop() -> None:
        await jobs.stop()
        await parts.live.stop()
        await parts.relay.close()
        parts.database.close()

    return app
