"""What can be done with conferences. One transaction each: one of two gets the last place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from appliance.conferences.beside import Beside
from appliance.conferences.errors import ConferenceUnknown, Elsewhere, NotWelcome
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.names import new_name
from appliance.conferences.rows import (
    View,
    announce_to_client,
    change,
    elsewhere,
    go_inside,
    hosted,
    known,
    pass_host_on,
    view_of,
)
from appliance.conferences.states import PRESENT, ConferenceMode, MemberKind, MemberState
from appliance.events import ConferenceChanged
from appliance.storage.audit import audit
from appliance.storage.database import announce

ROOM_LIVES = timedelta(days=7)
IDLE_LIVES = timedelta(hours=1)  # nobody inside, and no link that somebody might still follow
RING_LASTS = timedelta(seconds=60)


class ConferenceService(Beside):
    """The only writer of conferences. ``by`` and ``host_id`` are advisers' ids."""

    # ---- staff ---------------------------------------------------------------------------------
    async def start(
        self, title: str, mode: ConferenceMode, host_id: str, called: Sequence[str] = ()
    ) -> Conference:
        """A new room with the host inside; the colleagues ``called`` hear it ring."""
        now = self._clock()

        def work(session: Session) -> Conference:
            conference = Conference(
                name=new_name(),
                title=title,
                mode=mode,
                host_id=host_id,
                created_at=now,
                ends_at=now + ROOM_LIVES,
            )
            session.add(conference)
            session.flush()
            _add_staff(session, conference.id, host_id, MemberState.INSIDE, now)
            for adviser_id in dict.fromkeys(called):
                if adviser_id != host_id:
                    _add_staff(session, conference.id, adviser_id, MemberState.RINGING, now)
            audit(session, host_id, "conference_started", conference.id, now)
            announce(session, ConferenceChanged(conference.id, "started"))
            return conference

        return await self._database.write(work)

    async def ring(self, conference_id: str, by: str, adviser_id: str) -> None:
        """Calls a colleague (again). Raises ``NotHost``."""

        def work(session: Session, now: datetime) -> None:
            view = hosted(session, conference_id, by)
            member = view.of_adviser(adviser_id)
            if member is None:
                _add_staff(session, conference_id, adviser_id, MemberState.RINGING, now)
            elif member.state is not MemberState.INSIDE:
                change(member, MemberState.RINGING, now)

        await self._change(conference_id, "rung", work)

    async def enter(self, conference_id: str, adviser_id: str) -> None:
        """The host, or a colleague who was called.

        Raises ``ConferenceFull``, ``NotWelcome``, ``Elsewhere``. Into a visit's conversation only
        once its client has said yes (``welcome``).
        """

        def work(session: Session, now: datetime) -> None:
            view = view_of(session, conference_id)
            member = _staff(view, adviser_id)
            if elsewhere(session, adviser_id, conference_id):
                raise Elsewhere
            if view.conference.visit_id is not None:
                if member.state is MemberState.REFUSED:
                    raise NotWelcome
                announce_to_client(view, member, now)
                return
            go_inside(view, member, now)
            pass_host_on(view_of(session, conference_id))

        await self._change(conference_id, "entered", work)

    async def decline(self, conference_id: str, adviser_id: str) -> None:
        """Not now; whoever is inside already stays there."""

        def work(session: Session, now: datetime) -> None:
            member = _staff(view_of(session, conference_id), adviser_id)
            if member.state in (MemberState.RINGING, MemberState.MISSED):
                change(member, MemberState.DECLINED, now)

        await self._change(conference_id, "declined", work)

    # ---- inside --------------------------------------------------------------------------------
    async def mute(self, conference_id: str, by: str, member_id: str) -> None:
        """Nobody hears them until they switch their microphone on again. Raises ``NotHost``."""

        def work(session: Session, _: datetime) -> None:
            view = hosted(session, conference_id, by)
            known(view, member_id, MemberState.INSIDE).muted = True

        await self._change(conference_id, "muted", work)

    async def speak_again(self, conference_id: str, member_id: str) -> None:
        """The muted person has switched the microphone on."""

        def work(session: Session, _: datetime) -> None:
            known(view_of(session, conference_id), member_id, MemberState.INSIDE).muted = False

        await self._change(conference_id, "unmuted", work)

    async def remove(self, conference_id: str, by: str, member_id: str) -> None:
        """Raises ``NotHost``, ``MemberUnknown``; hosts leave or close instead."""

        def work(session: Session, now: datetime) -> None:
            view = hosted(session, conference_id, by)
            member = known(view, member_id, MemberState.INSIDE)
            if member.adviser_id != by:
                change(member, MemberState.REMOVED, now)

        await self._change(conference_id, "removed", work)

    async def leave(self, conference_id: str, member_id: str) -> None:
        """Out of the room, or away from its door. Somebody else of staff leads from now on."""

        def work(session: Session, now: datetime) -> None:
            view = view_of(session, conference_id)
            member = known(view, member_id, *PRESENT)
            change(member, MemberState.LEFT, now)
            pass_host_on(view)

        await self._change(conference_id, "left", work)

    async def close(self, conference_id: str, by: str) -> None:
        """For all, with everything that is stored of it. Raises ``NotHost``."""

        def work(session: Session, now: datetime) -> None:
            hosted(session, conference_id, by)
            self._delete(session, conference_id)
            audit(session, by, "conference_closed", conference_id, now)

        await self._change(conference_id, "closed", work)

    # ---- time ----------------------------------------------------------------------------------
    async def time_passes(self) -> list[str]:
        """Calls that nobody answers are missed; rooms that are over go. The ids of all others."""
        now = self._clock()
        rung, over, going_on = await self._database.read(lambda session: _due(session, now))
        if rung or over:

            def work(session: Session) -> None:
                for member in session.exec(_rings_over(now)):
                    change(member, MemberState.MISSED, now)
                    announce(session, ConferenceChanged(member.conference_id, "missed"))
                for conference_id in _due(session, now)[1]:
                    self._delete(session, conference_id)
                    announce(session, ConferenceChanged(conference_id, "closed"))

            await self._database.write(work)
        return going_on


def _add_staff(
    session: Session, conference_id: str, adviser_id: str, state: MemberState, now: datetime
) -> None:
    session.add(
        ConferenceMember(
            conference_id=conference_id,
            kind=MemberKind.STAFF,
            state=state,
            adviser_id=adviser_id,
            changed_at=now,
        )
    )


def _staff(view: View, adviser_id: str) -> ConferenceMember:
    member = view.of_adviser(adviser_id)
    if member is None or member.state is MemberState.REMOVED:
        raise ConferenceUnknown
    return member


def _rings_over(now: datetime) -> SelectOfScalar[ConferenceMember]:
    return select(ConferenceMember).where(
        col(ConferenceMember.state) == MemberState.RINGING,
        col(ConferenceMember.changed_at) <= now - RING_LASTS,
    )


def _due(session: Session, now: datetime) -> tuple[bool, list[str], list[str]]:
    """Whether a call has rung for long enough; the rooms that are over; those that go on.

    Over: past the end, or without a link and with nobody inside for an hour.
    """
    over: list[str] = []
    going_on: list[str] = []
    for conference in session.exec(select(Conference)):
        view = view_of(session, conference.id)
        newest = max([conference.created_at, *(one.changed_at for one in view.members)])
        alone = not view.inside() and conference.visit_id is None  # a visit's ends with the visit
        idle = alone and not conference.secret_hash and newest <= now - IDLE_LIVES
        ends = conference.ends_at <= now or idle
        (over if ends else going_on).append(conference.id)
    return session.exec(_rings_over(now)).first() is not None, over, going_on
