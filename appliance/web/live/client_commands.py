"""What a client's page may ask for. The visit's table decides whether it happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import structlog

from appliance.device_check.records import BrowserNetwork, BrowserSystem, CheckKind
from appliance.device_check.report import (
    WITHOUT_PICTURE,
    line_advice,
    may_finish,
)
from appliance.relay.client import RelayError
from appliance.visits.identity import ExpectedIdentity, StatedIdentity
from appliance.visits.machine import Actor, NotAllowedNow, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.states import IdentityStatus, Mode, SecondFactor, VisitState
from appliance.web import busy_messages as b
from appliance.web import commands as c
from appliance.web import help_messages as h
from appliance.web.live.agreements import (
    CONSENT_VERSION,
    binding_language,
    consent_text_hash,
)
from appliance.web.live.chat import clean
from appliance.web.live.check_run import CheckRefused, CheckRun, Terms
from appliance.web.live.choices import Choices, after_check, takes_up
from appliance.web.live.media_commands import Place
from appliance.web.live.owners import visit_id_of
from appliance.web.live.pages_online import Page
from appliance.web.live.problems import Refused
from appliance.web.live.routes import SESSION_STATES
from appliance.web.live.runs import stored
from appliance.web.live.seats import Side
from appliance.web.live.signed_check import CheckRecordRefused
from appliance.web.wire import LineFilled

if TYPE_CHECKING:
    from appliance.web.live import Live

log = structlog.get_logger()

Handler = Callable[[Page, Any], Awaitable[None]]
_MEDIA_STATES = frozenset(VisitState) - {VisitState.ARRIVED, VisitState.CLOSED}
# Nothing is sent between check and conversation: whoever was quick is measured there to the end.
_LINE_STATES = frozenset(
    {VisitState.DEVICE_CHECK, VisitState.CONSENT, VisitState.IDENTITY, VisitState.WAITING}
)


class ClientCommands:
    """One small method per command; ``take`` finds it by the command's type."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._handlers: dict[type[c.Wire], Handler] = {
            c.JoinMedia: self._join_media,
            c.Answer: self._answer,
            c.RestartMedia: self._restart_media,
            c.Sending: self._sending,
            c.Chat: self._chat,
            c.OfferChatAgain: self._offer_chat_again,
            c.StartCheck: self._start_check,
            c.Measured: self._measured,
            c.RunStep: self._run_step,
            c.SayNumber: self._say_number,
            c.FillLine: self._fill_line,
            c.ChooseBackground: self._choose_background,
            c.Echo: self._echo,
            c.Waive: self._waive,
            c.FinishCheck: self._finish_check,
            c.PresentCheck: self._present_check,
            c.GiveConsent: self._give_consent,
            c.RefuseConsent: self._plainly(VisitEvent.CONSENT_REFUSED),
            c.StateIdentity: self._state_identity,
            c.ChangeChoices: self._change_choices,
            c.Watched: self._watched,
            c.GoBack: self._plainly(VisitEvent.WENT_BACK),
            c.RestartCheck: self._plainly(VisitEvent.CHECK_RESTARTED),
            h.RequestHelp: live.help.ask,
            h.HelpLine: live.help.client_says,
            h.HelpDone: live.help.done,
            h.MoveToDevice: live.hand_over.offer,
            c.WithdrawConsent: self._withdraw_consent,
            c.Leave: self._leave,
            b.LeaveMessage: live.busy.leave_message,
        }

    async def take(self, page: Page, command: c.Wire) -> None:
        """Follows the command, or raises what is in its way."""
        if self._live.withdrawals.in_force(_id(page)):
            raise Refused("not_allowed_now")
        await self._handlers[type(command)](page, command)

    # ---- media and chat ------------------------------------------------------------------------
    async def _join_media(self, page: Page, command: c.JoinMedia) -> None:
        visit = await self._visit(page)
        if visit.state not in _MEDIA_STATES:
            raise Refused("not_allowed_now")
        await self._live.media.join(page, self._place(visit.id), command)
        self._live.touch_visit(visit.id)

    async def _answer(self, page: Page, command: c.Answer) -> None:
        await self._live.media.answer(self._place(_id(page)), command)

    async def _restart_media(self, page: Page, _: c.RestartMedia) -> None:
        visit = await self._visit(page)
        if visit.state not in _MEDIA_STATES:
            raise Refused("not_allowed_now")
        await self._live.media.restart(page, self._place(visit.id))

    async def _sending(self, page: Page, command: c.Sending) -> None:
        self._live.media.sending(self._place(_id(page)), command)
        if command.microphone:  # on again by the client's own word: a reload leaves it on
            visit = await self._visit(page)
            run = self._live.runs.of_visit(visit)
            if visit.state in SESSION_STATES and run.goes_with(CheckKind.MICROPHONE):
                await self._live.parts.visits.keep_report(visit.id, stored(run))
        self._live.touch_visit(_id(page))
        self._live.touch_desks()

    async def _watched(self, page: Page, command: c.Watched) -> None:
        visit = await self._visit(page)
        room = self._live.rooms.known(visit.id)
        if room is not None and visit.admitted_by and visit.state in SESSION_STATES:
            room.seats[Side.CLIENT].fault = command.cause
            self._live.touch_desk(visit.admitted_by)

    async def _chat(self, page: Page, command: c.Chat) -> None:
        visit = await self._visit(page)
        if visit.state not in SESSION_STATES:
            raise Refused("not_allowed_now")
        self._live.chat.say(visit, Side.CLIENT, command)

    async def _offer_chat_again(self, page: Page, command: c.OfferChatAgain) -> None:
        visit = await self._visit(page)
        if visit.state in SESSION_STATES:
            self._live.chat.again(visit, Side.CLIENT, command)

    # ---- the check -----------------------------------------------------------------------------
    async def _start_check(self, page: Page, command: c.StartCheck) -> None:
        await self._happen(page, VisitEvent.CHECK_STARTED, terms_version=command.terms_version)
        run = self._live.runs.of(_id(page))
        run.terms = Terms(command.terms_version, self._live.parts.clock())

    async def _run_step(self, page: Page, command: c.RunStep) -> None:
        visit = await self._visit(page)
        if visit.state is not VisitState.DEVICE_CHECK:
            raise NotAllowedNow(visit.state, VisitEvent.CHECK_RECORDED)
        room, run = self._live.rooms.of(visit.id), self._live.runs.of_visit(visit)
        self._live.check.run_step(room, run, command)
        self._live.touch_visit(visit.id)

    async def _measured(self, page: Page, command: c.Measured) -> None:
        """Five a second: only the rare records of system and line look into the database."""
        if isinstance(command.record, BrowserNetwork):
            await self._line_measured(page, command)
            return
        if isinstance(command.record, BrowserSystem):
            run = await self._checking(page)
        else:
            run = self._live.runs.of(_id(page))
            if run.step is None and not await self._goes_on(page, CheckKind(command.record.kind)):
                return
        self._shown_anew(page, changed=self._live.check.measured(run, command))

    async def _line_measured(self, page: Page, command: c.Measured) -> None:
        """Judged until somebody asks them in; what the agency wants holds late, too."""
        visit = await self._visit(page)
        if visit.state not in _LINE_STATES:
            return  # the page has not yet heard that it is over
        run, policy = self._live.runs.of_visit(visit), self._live.parts.settings.check.policy
        before = line_advice(run.report, policy) in WITHOUT_PICTURE
        changed = self._live.check.measured(run, command)
        if changed and visit.state is not VisitState.DEVICE_CHECK:
            if line_advice(run.report, policy) in WITHOUT_PICTURE and not before:
                # Else, and in all but the picture, what was chosen since is left alone.
                await self._choose(page, Choices.of(visit)._replace(seen_by_adviser=False))
            await self._live.check_counts.line_judged_late(run)
        self._shown_anew(page, changed=changed)

    async def _goes_on(self, page: Page, kind: CheckKind) -> bool:
        """After a restart of web the page is still at its step, and web takes it up again."""
        visit = await self._visit(page)
        if visit.state is not VisitState.DEVICE_CHECK:
            return False
        await self._run_step(page, c.RunStep(kind=kind))
        return True

    async def _say_number(self, page: Page, command: c.SayNumber) -> None:
        room, run = self._live.rooms.of(_id(page)), self._live.runs.of(_id(page))
        await self._live.check.say_number(page, room, run, command)
        self._shown_anew(page, changed=True)

    async def _fill_line(self, page: Page, command: c.FillLine) -> None:
        """Nobody is told off whose page has not yet heard that they are asked in."""
        visit = await self._visit(page)
        if visit.state not in _LINE_STATES:
            page.push(LineFilled(refused="later"))
            return
        await self._live.check.fill_line(page, self._live.rooms.of(_id(page)), command)

    async def _choose_background(self, page: Page, command: c.ChooseBackground) -> None:
        """In the check and as long as the visit is open; known after a restart of everything."""
        visit = await self._visit(page)
        if not visit.is_open:
            raise NotAllowedNow(visit.state, VisitEvent.CHECK_RECORDED)
        run = self._live.runs.of_visit(visit)
        self._live.check.choose_background(run, command)
        await self._live.parts.visits.keep_report(visit.id, stored(run))
        self._shown_anew(page, changed=True)

    async def _echo(self, page: Page, command: c.Echo) -> None:
        self._live.check.echo(self._live.runs.of(_id(page)), command)
        self._live.touch_visit(_id(page))

    async def _waive(self, page: Page, command: c.Waive) -> None:
        run = await self._checking(page)
        run.waive(command.kind, text=command.text)
        self._shown_anew(page, changed=True)

    async def _finish_check(self, page: Page, _: c.FinishCheck) -> None:
        # Before anything is awaited: from now on no code lets another device past the check.
        self._live.hand_overs.revoke(_id(page))
        if self._live.hand_overs.moving(_id(page)):
            raise Refused("elsewhere")
        run = await self._checking(page)
        if not may_finish(run.report, self._live.parts.settings.check.policy):
            raise CheckRefused("check_unfinished")
        policy = self._live.parts.settings.check.policy
        await self._choose(page, after_check(Choices.of(await self._visit(page)), run, policy))
        await self._happen(page, VisitEvent.CHECK_FINISHED, report=stored(run))
        run.leave_steps()
        run.taken_up.clear()
        await self._live.check_counts.ended(run)

    async def _choose(self, page: Page, choices: Choices) -> None:
        if choices != Choices.of(await self._visit(page)):
            await self._happen(page, VisitEvent.CHOICES_CHANGED, **choices.details())

    async def _present_check(self, page: Page, command: c.PresentCheck) -> None:
        visit = await self._visit(page)
        if visit.consented or visit.state not in {VisitState.DEVICE_CHECK, VisitState.CONSENT}:
            return
        try:
            self._live.runs.present(visit.id, command.record, self._live.parts.clock())
        except CheckRecordRefused:
            log.info("check_record_refused", visit_id=visit.id)
        self._shown_anew(page, changed=True)

    # ---- consent and identity ------------------------------------------------------------------
    async def _give_consent(self, page: Page, command: c.GiveConsent) -> None:
        if command.text_version != CONSENT_VERSION:
            raise Refused("text_changed")  # a page from before an update showed other words
        visit = await self._visit(page)
        run, policy = self._live.runs.of_visit(visit), self._live.parts.settings.check.policy
        forgotten = run.terms is None and not visit.consented
        if visit.state is VisitState.CONSENT and forgotten and not may_finish(run.report, policy):
            raise Refused("check_lost")
        terms = run.terms or await self._terms_of_start(visit)
        await self._happen(
            page,
            VisitEvent.CONSENT_GIVEN,
            text_version=command.text_version,
            text_hash=consent_text_hash(command.text_version, page.language),
            language=binding_language(page.language),
            terms_version=terms.version,
            terms_at=terms.accepted_at,
            report=stored(run),
            topic=await self._live.facts.topic_of(visit),
        )

    async def _terms_of_start(self, visit: Visit) -> Terms:
        """A restart of web has forgotten the version; when start was pressed, the journal knows."""
        lines = await self._live.parts.visits.journal(visit.id)
        starts = [line.at for line in lines if line.event is VisitEvent.CHECK_STARTED]
        return Terms("", starts[-1] if starts else visit.created_at)

    async def _state_identity(self, page: Page, command: c.StateIdentity) -> None:
        visit = await self._visit(page)
        stated = StatedIdentity(
            name=clean(command.name),
            phone=clean(command.phone),
            password=command.password,
            birth_on=command.birth_on,
            customer_number=command.customer_number,
            session_number=command.session_number,
        )
        expected = await self._expected(visit)
        visit = await self._happen(
            page, VisitEvent.IDENTITY_STATED, stated=stated, expected=expected
        )
        if visit.state is VisitState.IDENTITY and visit.identity is IdentityStatus.OPEN:
            by_number = visit.second_factor is SecondFactor.SESSION_NUMBER
            raise Refused("identity_mismatch_number" if by_number else "identity_mismatch")

    async def _expected(self, visit: Visit) -> ExpectedIdentity | None:
        if visit.appointment_id is None:
            return None
        held = await self._live.parts.appointments.expected_identity(visit.appointment_id)
        by_number = visit.second_factor is SecondFactor.SESSION_NUMBER
        return ExpectedIdentity(
            password=None if by_number else held.password,
            birth_on=held.birth_on,
            customer_number=held.customer_number or None,
            session_number=held.session_number if by_number else None,
        )

    async def _change_choices(self, page: Page, command: c.ChangeChoices) -> None:
        if command.seen_by_adviser and await self._kept_from_sending_a_picture(page):
            raise Refused("line_too_weak")
        before = await self._visit(page)
        chosen = Choices(command.mode, command.sees_adviser, command.seen_by_adviser)
        talks = before.mode is Mode.TEXT and chosen.mode is not Mode.TEXT
        async with self._live.capacity.to_talk(before.id) if talks else nullcontext():
            await self._happen(page, VisitEvent.CHOICES_CHANGED, **chosen.details())
        run = self._live.runs.of_visit(before)
        if takes_up(Choices.of(before), chosen, run):
            await self._live.parts.visits.keep_report(before.id, stored(run))
            self._shown_anew(page, changed=True)

    async def _kept_from_sending_a_picture(self, page: Page) -> bool:
        """By the agency's policy, on a line that has been found too weak for it."""
        policy = self._live.parts.settings.check.policy
        if policy.network_overrule:
            return False
        visit = await self._visit(page)
        advice = line_advice(self._live.runs.of_visit(visit).report, policy)
        return not visit.seen_by_adviser and advice in WITHOUT_PICTURE

    # ---- ends ----------------------------------------------------------------------------------
    async def _withdraw_consent(self, page: Page, _: c.WithdrawConsent) -> None:
        """Asks nobody, so that nothing can be in its way."""
        self._live.withdrawals.withdraw(_id(page))
        with suppress(RelayError):  # tried again with the visit's work, which may be held up
            await self._live.visit_work.end_media(_id(page))

    async def _leave(self, page: Page, _: c.Leave) -> None:
        visit = await self._visit(page)
        running = visit.state in SESSION_STATES
        await self._happen(page, VisitEvent.ENDED if running else VisitEvent.LEFT)

    async def entered_anew(self, visit: Visit) -> Visit:
        """Another browser has come in by the link: its devices are tested before it goes on."""
        await self._live.hand_over.unlearn(visit)
        self._live.help_calls.forget(visit.id)  # it may know the link alone
        self._live.hand_overs.forget(visit.id)  # nor may who was here before come back by a code
        if visit.state in {VisitState.CONSENT, VisitState.IDENTITY}:
            event = VisitEvent.CHECK_RESTARTED
            visit = await self._live.parts.visits.happen(visit.id, event, Actor.CLIENT)
        self._live.touch_visit(visit.id)
        self._live.touch_desks()
        return visit

    # ---- what several need ---------------------------------------------------------------------
    def _plainly(self, event: VisitEvent) -> Handler:
        async def handle(page: Page, _: c.Wire) -> None:
            await self._happen(page, event)

        return handle

    async def _visit(self, page: Page) -> Visit:
        return await self._live.parts.visits.get(_id(page))

    async def _checking(self, page: Page) -> CheckRun:
        visit = await self._visit(page)
        if visit.state is not VisitState.DEVICE_CHECK:
            raise NotAllowedNow(visit.state, VisitEvent.CHECK_RECORDED)
        return self._live.runs.of_visit(visit)

    async def _happen(self, page: Page, event: VisitEvent, **details: Any) -> Visit:
        return await self._live.parts.visits.happen(_id(page), event, Actor.CLIENT, **details)

    def _place(self, visit_id: str) -> Place:
        return Place(self._live.rooms.of(visit_id), Side.CLIENT)

    def _shown_anew(self, page: Page, *, changed: bool) -> None:
        if changed:
            self._live.touch_visit(_id(page))
            self._live.touch_desks()


def _id(page: Page) -> str:
    visit_id = visit_id_of(page.owner)
    if visit_id is None:
        raise Refused("not_allowed_now")
    return visit_id
