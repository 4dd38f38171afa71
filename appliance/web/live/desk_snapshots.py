"""What an adviser's desk shows, whole, from plain facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from appliance.advisers.rights import Action, Staff
from appliance.appointments.models import Appointment
from appliance.device_check.records import CheckKind, Policy, Verdict
from appliance.device_check.remedies import CAUSES
from appliance.device_check.report import readiness, troubled
from appliance.i18n import translations
from appliance.visits.models import Visit
from appliance.visits.states import VisitState
from appliance.web.conference_messages import CallView
from appliance.web.joined_messages import JoinedView
from appliance.web.live.analysers import AnalyserWord
from appliance.web.live.check_run import CheckRun
from appliance.web.live.routes import SESSION_STATES, routes
from appliance.web.live.seats import Room, Side
from appliance.web.live.snapshots import (
    check_view,
    findings_of,
    media_word,
    minutes_of,
    person,
    rights_of,
)
from appliance.web.wire import (
    AppointmentRow,
    CheckView,
    Colleague,
    DeskSnapshot,
    HelpCallView,
    SessionView,
    WaitingRow,
)

_MAIL_WORDS: dict[str, Literal["waiting", "sent", "failed", "kept"]] = {
    "waiting": "waiting",
    "sent": "sent",
    "failed": "failed",
    "kept": "kept",
}


Light = Literal["green", "yellow", "red", "unknown"]


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit with what web has of it in memory."""

    visit: Visit
    appointment: Appointment | None
    run: CheckRun | None
    room: Room | None
    online: bool
    help: HelpCallView | None = None
    live_text: bool | None = None
    second_entry: bool = False
    adviser_name: str = ""  # a colleague's client
    topic: str = ""  # of a client without an appointment
    may_admit: bool = True
    joined: JoinedView | None = None  # of the viewer's own conversation
    colleagues: Sequence[Colleague] = ()  # to whom the viewer may hand the client over


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Everything that a desk's snapshot is made from."""

    revision: int
    now: datetime
    language: str
    adviser_id: str
    adviser_name: str
    today: Sequence[Appointment]
    names: Callable[[str | None], str]
    mails: Mapping[str, str]  # by appointment: the outbox's word for the newest one
    visits: Sequence[VisitFacts]
    relay_ready: bool
    in_words: Callable[[datetime], str]
    policy: Policy
    check_room: Room | None = None
    away: str | None = None
    messages_open: int = 0
    requests_open: int = 0
    check_run: CheckRun | None = None
    analyser: AnalyserWord = "none"
    calls: Sequence[CallView] = ()
    elsewhere: bool = False
    deletion: Literal["ok", "late", "traces"] = "ok"


def desk_snapshot(facts: DeskFacts) -> DeskSnapshot:
    """The adviser's snapshot; whose visits are among the facts is settled by ``may_see``."""
    session = session_of(facts.adviser_id, facts.visits)
    room = session.room if session else facts.check_room
    side = Side.ADVISER if session else Side.CLIENT
    seat = room.seats[side] if room else None
    return DeskSnapshot(
        revision=facts.revision,
        server_at=facts.now,
        adviser_name=facts.adviser_name,
        today=[_today_row(facts, appointment) for appointment in facts.today],
        waiting=[_waiting_row(facts, one) for one in facts.visits if waits(one.visit)],
        session=_session(facts, session) if session else None,
        calls=list(facts.calls),
        check=_own_check(facts),
        away=facts.away,
        messages_open=facts.messages_open,
        requests_open=facts.requests_open,
        elsewhere=facts.elsewhere,
        deletion=facts.deletion,
        peer_id=seat.newest if seat else None,
        media=media_word(seat, relay_ready=facts.relay_ready),
    )


def session_of(adviser_id: str, visits: Sequence[VisitFacts]) -> VisitFacts | None:
    """The visit that this adviser has let in."""
    for one in visits:
        if one.visit.admitted_by == adviser_id and one.visit.state in SESSION_STATES:
            return one
    return None


def adviser_of(visit: Visit, staff: Collection[str]) -> str | None:
    """Whom the client waits for; None for anybody. ``staff``: the ids of open accounts.

    Who waits for an adviser who has left would be on nobody's desk, so the team sees them.
    """
    return visit.adviser_id if visit.adviser_id in staff else None


def may(viewer_id: str, action: Action, visit: Visit, staff: Staff) -> bool:
    """What the table of rights says of this client; whom somebody has asked in is theirs."""
    return staff.may(
        viewer_id, action, visit.admitted_by or adviser_of(visit, staff), visit.team_id
    )


def waits(visit: Visit) -> bool:
    """Arrived, and not in a session."""
    return visit.state not in SESSION_STATES


def _today_row(facts: DeskFacts, appointment: Appointment) -> AppointmentRow:
    return AppointmentRow(
        appointment_id=appointment.id,
        starts_at=appointment.starts_at,
        starts_in_words=facts.in_words(appointment.starts_at),
        duration_min=minutes_of(appointment),
        client_name=appointment.client_name,
        topic=appointment.topic,
        status=appointment.status,
        mail=_MAIL_WORDS.get(facts.mails.get(appointment.id, ""), "none"),
        alternative=appointment.alternative.value,
        adviser_name=""
        if appointment.adviser_id == facts.adviser_id
        else facts.names(appointment.adviser_id),
    )


def _waiting_row(facts: DeskFacts, one: VisitFacts) -> WaitingRow:
    visit = one.visit
    checks = visit.state is VisitState.DEVICE_CHECK
    light, gravest = light_of(one.run, checks=checks)
    return WaitingRow(
        visit_id=visit.id,
        revision=visit.revision,
        name=visit.stated_name or (one.appointment.client_name if one.appointment else ""),
        state=visit.state,
        waiting_since=visit.waiting_since,
        starts_at=visit.slot_starts_at,
        online=one.online,
        readiness=light,
        gravest=gravest,
        findings=findings_of(one.run, facts.language, for_staff=True) if one.run else [],
        identity=visit.identity,
        at_step=one.run.shown_step if checks and one.run else None,
        at_step_since=one.run.step_since if checks and one.run else None,
        at_step_tries=one.run.tries if checks and one.run else 0,
        wants_help=visit.help_requested_at is not None,
        help=one.help,
        second_entry=one.second_entry,
        without_appointment=visit.appointment_id is None,
        topic=one.topic,
        mode=visit.mode,
        adviser_name=one.adviser_name,
        may_admit=one.may_admit,
        colleagues=list(one.colleagues),
    )


def light_of(run: CheckRun | None, *, checks: bool) -> tuple[Light, CheckKind | None]:
    """The light, and the kind behind it. ``checks``: what is still open may yet become good."""
    if run is None or not (run.report.findings or run.report.waivers):
        return "unknown", None
    kinds = troubled(run.report)
    gravest = kinds[0] if kinds else None
    if checks and gravest is not None and run.report.verdict(gravest) is Verdict.OPEN:
        return "unknown", None
    return readiness(run.report)[0].value, gravest


def _session(facts: DeskFacts, one: VisitFacts) -> SessionView:
    visit, appointment, room = one.visit, one.appointment, one.room
    flows = routes(room.members, rights_of(visit, one.run, room)) if room else []
    file_name = appointment.client_name if appointment else ""
    client = person(
        visit.stated_name or file_name,
        Side.CLIENT,
        room,
        flows,
        online=one.online,
        relay_ready=facts.relay_ready,
    )
    return SessionView(
        visit_id=visit.id,
        revision=visit.revision,
        state=visit.state,
        since=visit.session_began_at or visit.state_since,
        client=client,
        stated_name=visit.stated_name,
        file_name=file_name,
        phone=visit.stated_phone or (appointment.client_phone if appointment else ""),
        identity=visit.identity,
        second_entry=one.second_entry,
        fault=_fault(facts, one),
        topic=appointment.topic if appointment else one.topic,
        mode=visit.mode,
        sees_adviser=visit.sees_adviser,
        seen_by_adviser=visit.seen_by_adviser,
        joined=one.joined,
        live_text=one.live_text,
    )


def _fault(facts: DeskFacts, one: VisitFacts) -> str:
    """In the catalogue's words for staff; nothing of a window that is gone."""
    fault = one.room.seats[Side.CLIENT].fault if one.room and one.online else None
    return translations(facts.language).gettext(CAUSES[fault].staff) if fault else ""


def _own_check(facts: DeskFacts) -> CheckView | None:
    if facts.check_run is None:
        return None
    return check_view(facts.check_run, facts.policy, facts.language, analyser=facts.analyser)
