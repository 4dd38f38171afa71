"""What the client's page shows, whole, from plain facts; pure but for the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from appliance.appointments.models import Appointment
from appliance.device_check.records import CheckKind, Policy, Verdict
from appliance.device_check.remedies import CAUSES, explain
from appliance.device_check.report import line_advice, may_finish
from appliance.i18n import translations
from appliance.relay.control import Route, TrackKind
from appliance.visits.models import Visit
from appliance.visits.states import IdentityStatus, SecondFactor, VisitState
from appliance.web.joined_messages import SessionPerson
from appliance.web.live.analysers import AnalyserWord
from appliance.web.live.check_run import CheckRun
from appliance.web.live.feedbacks import asked_of
from appliance.web.live.routes import SESSION_STATES, Rights, routes
from appliance.web.live.seats import MediaWord, Room, Seat, Side
from appliance.web.wire import (
    AppointmentView,
    BusyView,
    CheckView,
    EntryView,
    FindingView,
    HelpView,
    Need,
    Person,
    TickView,
    VisitSnapshot,
)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """Everything that a client's snapshot is made from."""

    visit: Visit
    now: datetime
    language: str
    starts_in_words: str
    appointment: Appointment | None
    adviser_name: str
    adviser_online: bool
    room: Room | None
    relay_ready: bool
    run: CheckRun | None
    analyser: AnalyserWord
    policy: Policy
    signed: str = ""
    elsewhere: bool = False
    help: HelpView | None = None
    moved: bool = False
    busy: BusyView | None = None
    ahead: int | None = None
    entry: EntryView | None = None
    phone_known: bool = False
    next_in_words: str = ""  # the next appointment of a client who was confirmed
    people: Sequence[SessionPerson] = ()  # who else is in the conversation, or wants to be
    live_text: bool | None = None
    live_text_agreed: bool = False


def visit_snapshot(facts: ClientFacts) -> VisitSnapshot:
    """The client's snapshot. A closed visit shows its end and nothing else."""
    visit = facts.visit
    if visit.state is VisitState.CLOSED:
        return _goodbye(facts)
    own = facts.room.seats[Side.CLIENT] if facts.room else None
    return VisitSnapshot(
        visit_id=visit.id,
        revision=visit.revision,
        state=visit.state,
        language=facts.language,
        server_at=facts.now,
        state_since=visit.state_since,
        appointment=_appointment(facts),
        check=_check(facts),
        mode=visit.mode,
        sees_adviser=visit.sees_adviser,
        seen_by_adviser=visit.seen_by_adviser,
        needs=needs_of(facts.appointment, visit.second_factor),
        identity=visit.identity,
        adviser=_adviser(facts),
        people=list(facts.people),
        busy=facts.busy,
        ahead=facts.ahead,
        entry=facts.entry,
        phone_known=facts.phone_known,
        help=None if visit.state in SESSION_STATES else facts.help,
        live_text=facts.live_text,
        live_text_agreed=facts.live_text_agreed,
        elsewhere=facts.elsewhere,
        moved=facts.elsewhere and facts.moved and visit.state not in SESSION_STATES,
        peer_id=own.newest if own else None,
        media=media_word(own, relay_ready=facts.relay_ready),
    )


def _goodbye(facts: ClientFacts) -> VisitSnapshot:
    visit = facts.visit
    return VisitSnapshot(
        visit_id=visit.id,
        revision=visit.revision,
        state=visit.state,
        outcome=visit.outcome,
        language=facts.language,
        server_at=facts.now,
        state_since=visit.state_since,
        mode=visit.mode,
        sees_adviser=visit.sees_adviser,
        seen_by_adviser=visit.seen_by_adviser,
        identity=visit.identity,
        elsewhere=facts.elsewhere,
        judges=asked_of(visit),
        next_in_words=facts.next_in_words,
    )


def _appointment(facts: ClientFacts) -> AppointmentView | None:
    """The topic only once the adviser has confirmed who the client is."""
    appointment = facts.appointment
    if appointment is None:
        return None
    confirmed = facts.visit.identity is IdentityStatus.CONFIRMED
    return AppointmentView(
        starts_at=appointment.starts_at,
        starts_in_words=facts.starts_in_words,
        duration_min=minutes_of(appointment),
        adviser_name=facts.adviser_name,
        topic=appointment.topic if confirmed else None,
    )


def minutes_of(appointment: Appointment) -> int:
    """How long it was booked for."""
    return round((appointment.ends_at - appointment.starts_at).total_seconds() / 60)


def needs_of(appointment: Appointment | None, second_factor: SecondFactor) -> list[Need]:
    """What is asked from the client beside name and telephone number."""
    if appointment is None:
        return []
    needs: list[Need] = []
    if second_factor is SecondFactor.SESSION_NUMBER:
        needs += ["session_number"] if appointment.session_number else []
    elif appointment.sealed_password:
        needs.append("password")
    if appointment.birth_on is not None:
        needs.append("birth_on")
    if appointment.customer_number:
        needs.append("customer_number")
    return needs


def _check(facts: ClientFacts) -> CheckView | None:
    if facts.run is None or facts.visit.state is VisitState.ARRIVED:
        return None
    return check_view(
        facts.run, facts.policy, facts.language, analyser=facts.analyser, signed=facts.signed
    )


def ticks_of(run: CheckRun, language: str) -> list[TickView]:
    """The system check's lines in the reader's language."""
    translate = translations(language).gettext
    views = []
    for tick in run.ticks:
        title = ""
        if tick.cause:
            words = explain(tick.cause, run.browser, run.os, translate, kiosk=run.kiosk)
            title = words.title
        views.append(TickView(item=tick.item, verdict=tick.verdict, title=title))
    return views


def check_view(
    run: CheckRun, policy: Policy, language: str, *, analyser: AnalyserWord, signed: str = ""
) -> CheckView:
    """The check as its page shows it."""
    return CheckView(
        findings=findings_of(run, language, for_staff=False),
        ticks=ticks_of(run, language),
        step=run.step,
        may_finish=may_finish(run.report, policy),
        without_microphone=CheckKind.MICROPHONE in run.report.waivers,
        analyser=analyser,
        speaker_loop=run.speaker_loop,
        speaker_numbers=list(run.numbers),
        background=run.background,
        look=run.look,
        kiosk=run.kiosk,
        signed=signed,
        line_advice=line_advice(run.report, policy),
        line_overrule=policy.network_overrule,
    )


def findings_of(run: CheckRun, language: str, *, for_staff: bool) -> list[FindingView]:
    """Every kind that was judged or waived, in the order of the check, with its words."""
    views = []
    for kind in CheckKind:
        verdict = run.report.verdict(kind)
        if verdict is Verdict.OPEN:
            continue
        found = run.report.finding(kind)
        view = FindingView(kind=kind, verdict=verdict, cause=found.cause)
        if found.cause:
            view = _with_words(view, run, language, for_staff=for_staff)
        if found.notes and for_staff:
            view = _with_notes(view, found.notes, translations(language).gettext)
        views.append(view)
    return views


def _with_words(view: FindingView, run: CheckRun, language: str, *, for_staff: bool) -> FindingView:
    if view.cause not in CAUSES:  # an update has renamed it since it was stored
        return view
    translate = translations(language).gettext
    found = explain(view.cause, run.browser, run.os, translate, kiosk=run.kiosk)
    words = {
        "title": found.staff if for_staff else found.title,
        "steps": found.steps,
        "drawing": found.drawing,
    }
    return view.model_copy(update=words)


def _with_notes(
    view: FindingView, notes: Collection[str], translate: Callable[[str], str]
) -> FindingView:
    """What staff may want to know beside the cause, or beside a check that has passed."""
    known = [note for note in notes if note in CAUSES]  # an update may have renamed one
    words = [translate(CAUSES[note].staff) for note in known]
    return view.model_copy(update={"title": " ".join(filter(None, [view.title, *words]))})


def media_word(seat: Seat | None, *, relay_ready: bool) -> MediaWord:
    """How a side's transport is, as both pages show it."""
    return seat.media(relay_ready=relay_ready) if seat else "none"


def rights_of(visit: Visit, run: CheckRun | None, room: Room) -> Rights:
    """What the visit allows now, for the table of routes."""
    client, adviser = room.seats[Side.CLIENT].sends, room.seats[Side.ADVISER].sends
    plain = Rights(
        state=visit.state,
        mode=visit.mode,
        sees_adviser=visit.sees_adviser,
        seen_by_adviser=visit.seen_by_adviser,
        identity=visit.identity,
        step=run.step if run else None,
        blurred=run is not None and run.background != "none",
    )
    return plain.saying(client, adviser)


def _adviser(facts: ClientFacts) -> Person | None:
    if facts.visit.state not in SESSION_STATES:
        return None
    return person(
        facts.adviser_name,
        Side.ADVISER,
        facts.room,
        flows_in(facts),
        online=facts.adviser_online,
        relay_ready=facts.relay_ready,
    )


def flows_in(facts: ClientFacts) -> list[Route]:
    """The routes that the visit has now."""
    if facts.room is None:
        return []
    return routes(facts.room.members, rights_of(facts.visit, facts.run, facts.room))


def person(
    name: str,
    side: Side,
    room: Room | None,
    flows: Collection[Route],
    *,
    online: bool,
    relay_ready: bool,
) -> Person:
    """The other side as a page shows it: a microphone counts as on when it can be heard here."""
    if room is None:
        return Person(name=name, online=online)
    seat = room.seats[side]
    other = Side.ADVISER if side is Side.CLIENT else Side.CLIENT
    target = room.seats[other].routed
    here = {route.kind for route in flows if target is not None and route.target == target}
    return Person(
        name=name,
        online=online,
        media=seat.media(relay_ready=relay_ready),
        microphone=TrackKind.MICROPHONE in here,
        camera=TrackKind.CAMERA in here,
        screen=TrackKind.SCREEN in here and seat.sends is not None,
        paused=sorted(room.seats[other].paused_in(0) & here),
    )
