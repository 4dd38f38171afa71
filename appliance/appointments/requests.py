"""Requests for appointments: a client asks, staff offer times, the client picks one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from appliance.appointments.booking import Booking
from appliance.appointments.changes import Place, booked, moved
from appliance.appointments.errors import (
    NowhereToSend,
    RequestNotOpen,
    SlotGone,
    SlotTaken,
    TopicUnknown,
)
from appliance.appointments.letter import Post
from appliance.appointments.models import Appointment, AppointmentRequest, SlotOffer, Topic
from appliance.appointments.request_rows import (
    became,
    by_request_secret,
    ended,
    forget_slots,
    letter_about,
    minutes_wanted,
    reaches,
    row_of,
    slots_of,
    to_be_moved,
    under_way,
    view_of,
)
from appliance.appointments.rows import AdviserName, House, ensure_free
from appliance.appointments.states import UNDER_WAY, RequestState, RequestStep
from appliance.appointments.wanted import (
    UNANSWERED_LASTS,
    UNCONFIRMED_LASTS,
    UNCONFIRMED_MOST,
    Clerk,
    OfferedSlot,
    RequestRow,
    RequestView,
    Wanted,
    checked_starts,
    checked_wanted,
    tidy_wishes,
)
from appliance.settings import Settings
from appliance.storage.audit import audit
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database

BY_CLIENT = "client"
BY_CLOCK = "clock"
DECLINE_USELESS_AFTER = timedelta(days=7)


class RequestService:
    """The only writer of requests. Mails are queued in the transaction that is their reason."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        post: Post,
        adviser_name: AdviserName,
        clock: Clock = utcnow,
    ) -> None:
        self._database = database
        self._house = House(settings, adviser_name)
        self._post = post
        self._clock = clock

    async def ask(self, wanted: Wanted) -> None:
        """Keeps the request and mails a link that confirms the address.

        Tells nobody whether a mail was sent: an address has three unconfirmed ones a day at most.
        Raises ``BookingInvalid`` or ``TopicUnknown``.
        """
        tidied = checked_wanted(wanted)
        now = self._clock()

        def work(session: Session) -> None:
            topic = session.get(Topic, tidied.topic_id)
            if topic is None or not (topic.listed and topic.video):
                raise TopicUnknown
            if _unconfirmed(session, tidied.client_email) >= UNCONFIRMED_MOST:
                return
            request = AppointmentRequest(
                state=RequestState.UNCONFIRMED,
                topic_id=topic.id,
                language=tidied.language,
                client_name=tidied.client_name,
                client_email=tidied.client_email,
                client_phone=tidied.client_phone,
                wishes=tidied.wishes,
                created_at=now,
                state_since=now,
            )
            session.add(request)
            session.flush()
            self._mail(session, request, RequestStep.CONFIRM, now + UNCONFIRMED_LASTS)

        await self._database.write(work)

    async def look(self, secret: str) -> RequestView:
        """What became of it; changes nothing. Raises ``RequestUnknown``."""
        return await self._database.read(
            lambda session: view_of(session, by_request_secret(session, secret))
        )

    async def confirm(self, secret: str) -> RequestView:
        """The address is the client's: staff see the request. A second time does nothing."""
        now = self._clock()

        def work(session: Session) -> RequestView:
            request = by_request_secret(session, secret)
            if request.state is RequestState.UNCONFIRMED:
                became(session, request, RequestState.OPEN, BY_CLIENT, now)
            return view_of(session, request)

        return await self._database.write(work)

    async def pick(self, secret: str, slot_id: str) -> RequestView:
        """Books the offered time, or moves the appointment there; the invitation is queued.

        Raises ``RequestUnknown``, ``RequestNotOpen`` or ``SlotGone``.
        """
        now = self._clock()

        def work(session: Session) -> RequestView:
            request = by_request_secret(session, secret)
            if request.state is not RequestState.OFFERED:
                raise RequestNotOpen
            found = [slot for slot in slots_of(session, request.id) if slot.id == slot_id]
            if not found or found[0].starts_at <= now:
                raise SlotGone
            try:
                appointment = self._booked(session, request, found[0], now)
            except SlotTaken as error:
                raise SlotGone from error
            request.appointment_id = appointment.id
            ended(session, request, RequestState.BOOKED, BY_CLIENT, now)
            return view_of(session, request)

        return await self._database.write(work)

    async def ask_again(self, secret: str, wishes: str) -> RequestView:
        """None of the times suits; staff get the new wishes. Raises also ``ValueError``."""
        tidied = tidy_wishes(wishes)
        now = self._clock()

        def work(session: Session) -> RequestView:
            request = by_request_secret(session, secret)
            if request.state is not RequestState.OFFERED:
                raise RequestNotOpen
            request.wishes = tidied
            forget_slots(session, request.id)
            became(session, request, RequestState.OPEN, BY_CLIENT, now)
            return view_of(session, request)

        return await self._database.write(work)

    async def withdraw(self, secret: str) -> RequestView:
        """The client wants it no longer; an appointment that should move stays as it is."""
        now = self._clock()

        def work(session: Session) -> RequestView:
            request = by_request_secret(session, secret)
            if request.state not in (*UNDER_WAY, RequestState.UNCONFIRMED):
                raise RequestNotOpen
            self._post.withdraw(session, request.id)
            ended(session, request, RequestState.WITHDRAWN, BY_CLIENT, now)
            return view_of(session, request)

        return await self._database.write(work)

    async def rows(self, clerk: Clerk) -> list[RequestRow]:
        """What waits for staff or for the client, oldest first; what the clerk reaches alone."""
        query = (
            select(AppointmentRequest)
            .where(col(AppointmentRequest.state).in_(UNDER_WAY))
            .order_by(col(AppointmentRequest.created_at), col(AppointmentRequest.id))
        )

        def work(session: Session) -> list[RequestRow]:
            return [
                row_of(session, request)
                for request in session.exec(query)
                if reaches(session, request, clerk)
            ]

        return await self._database.read(work)

    async def open_count(self, clerk: Clerk) -> int:
        """How many wait for staff, of what the clerk reaches."""
        query = select(AppointmentRequest).where(col(AppointmentRequest.state) == RequestState.OPEN)
        return await self._database.read(
            lambda session: sum(reaches(session, row, clerk) for row in session.exec(query))
        )

    async def read(self, request_id: str, clerk: Clerk) -> RequestRow:
        """One that is under way; reading is audited. Raises like ``offer``."""
        now = self._clock()

        def work(session: Session) -> RequestRow:
            request = under_way(session, request_id, clerk)
            audit(session, clerk.adviser_id, "request_read", request.id, now)
            return row_of(session, request)

        return await self._database.write(work)

    async def offer(
        self, request_id: str, starts: list[datetime], clerk: Clerk, seen: datetime | None = None
    ) -> None:
        """Mails up to three times to pick from; earlier offers are taken back.

        ``seen``: the row's ``state_since`` that the clerk answers to. Raises ``RequestUnknown``,
        ``RequestChangedMeanwhile``, ``RequestNotOpen``, ``BookingInvalid``, ``SlotTaken`` or
        ``NowhereToSend`` (an appointment without a mail address shall be moved).
        """
        now = self._clock()
        times = checked_starts(starts, now)

        def work(session: Session) -> None:
            request = under_way(session, request_id, clerk, seen)
            moving = to_be_moved(session, request)
            if not (moving or request).client_email:
                raise NowhereToSend
            # A moved one stays with its adviser, also when a colleague answers.
            adviser_id = moving.adviser_id if moving else clerk.adviser_id
            duration = timedelta(minutes=minutes_wanted(session, request))
            forget_slots(session, request.id)
            for start in times:
                but = moving.id if moving else ""
                ensure_free(session, adviser_id, start, start + duration, but=but)
                session.add(
                    SlotOffer(request_id=request.id, starts_at=start, ends_at=start + duration)
                )
            session.flush()
            request.adviser_id = adviser_id
            became(session, request, RequestState.OFFERED, clerk.adviser_id, now)
            self._mail(session, request, RequestStep.OFFER, times[-1])

        await self._database.write(work)

    async def decline(self, request_id: str, clerk: Clerk, seen: datetime | None = None) -> None:
        """Tells the client by mail, where there is an address. Raises like ``offer``."""
        now = self._clock()

        def work(session: Session) -> None:
            request = under_way(session, request_id, clerk, seen)
            request.adviser_id = clerk.adviser_id
            self._decline(session, request, clerk.adviser_id, now)

        await self._database.write(work)

    async def tidy(self) -> int:
        """What nobody confirmed goes; what nobody picked is open again; gives what was touched."""
        now = self._clock()
        late = select(AppointmentRequest).where(
            col(AppointmentRequest.state).in_((*UNDER_WAY, RequestState.UNCONFIRMED))
        )

        def work(session: Session) -> int:
            return sum(self._tidied(session, request, now) for request in session.exec(late).all())

        return await self._database.write(work)

    def _tidied(self, session: Session, request: AppointmentRequest, now: datetime) -> bool:
        if request.state is RequestState.UNCONFIRMED:
            if now - request.created_at < UNCONFIRMED_LASTS:
                return False
            self._post.withdraw(session, request.id)
            session.delete(request)  # its mail goes with the next purge
        elif request.moves and to_be_moved(session, request) is None:
            ended(session, request, RequestState.WITHDRAWN, BY_CLOCK, now)
        elif now - request.created_at >= UNANSWERED_LASTS:
            self._decline(session, request, BY_CLOCK, now)
        elif request.state is RequestState.OFFERED and all(
            slot.starts_at <= now for slot in slots_of(session, request.id)
        ):
            forget_slots(session, request.id)
            became(session, request, RequestState.OPEN, BY_CLOCK, now)
        else:
            return False
        return True

    def _decline(
        self, session: Session, request: AppointmentRequest, by: str, now: datetime
    ) -> None:
        self._post.withdraw(session, request.id)
        if (to_be_moved(session, request) or request).client_email:
            self._mail(session, request, RequestStep.DECLINE, now + DECLINE_USELESS_AFTER)
        ended(session, request, RequestState.DECLINED, by, now)

    def _booked(
        self, session: Session, request: AppointmentRequest, slot: OfferedSlot, now: datetime
    ) -> Appointment:
        minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
        old = to_be_moved(session, request)
        if request.moves and old is None:
            raise RequestNotOpen  # cancelled or held meanwhile
        if old is not None:
            ensure_free(session, old.adviser_id, slot.starts_at, slot.ends_at, but=old.id)
            booking = Booking(slot.starts_at, old.client_name, minutes, language=old.language)
            return moved(session, self._house, self._post, old, booking, BY_CLIENT, now)
        topic = session.get(Topic, request.topic_id)
        booking = Booking(
            starts_at=slot.starts_at,
            client_name=request.client_name,
            duration_min=minutes,
            client_email=request.client_email,
            client_phone=request.client_phone,
            topic=topic.name_de if topic else "",
            language=request.language,
            sms=bool(request.client_phone and self._house.settings.sms.url),
        )
        adviser_id = request.adviser_id
        return booked(session, self._house, self._post, booking, Place(adviser_id), BY_CLIENT, now)

    def _mail(
        self,
        session: Session,
        request: AppointmentRequest,
        step: RequestStep,
        useless_at: datetime,
    ) -> None:
        self._post.withdraw(session, request.id)  # what has not been sent is no longer true
        letter = letter_about(session, self._house, request, step, useless_at)
        self._post.queue_request(session, letter)


def _unconfirmed(session: Session, email: str) -> int:
    query = select(func.count()).where(
        col(AppointmentRequest.state) == RequestState.UNCONFIRMED,
        func.lower(col(AppointmentRequest.client_email)) == email.lower(),
    )
    return session.exec(query).one()
