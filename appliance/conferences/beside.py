"""Who comes to a visit's conversation beside client and adviser: invited, announced, welcomed.

The visit is another domain's: it is an id here, and whoever calls has made sure that its
conversation runs and that the asking adviser is the visit's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from appliance.conferences.doors import Doors
from appliance.conferences.errors import MemberUnknown
from appliance.conferences.models import Conference
from appliance.conferences.names import new_name
from appliance.conferences.rows import View, change, elsewhere, go_inside, known, view_of
from appliance.conferences.states import ConferenceMode, MemberState
from appliance.events import ConferenceChanged
from appliance.storage.audit import audit
from appliance.storage.database import announce

LIVES = timedelta(days=1)  # it ends with the visit; this is for a visit that is never ended
_Change = Callable[[Session, View, datetime], None]
CLIENT = "client"  # who acts in an audit line: the visit's client has no id of their own


class Beside(Doors):
    """What is wished for around one visit. ``by``: its adviser."""

    async def of_visit(self, visit_id: str) -> View | None:
        """Who was asked to this visit; None while nobody was."""
        return await self._database.read(lambda session: _of_visit(session, visit_id))

    async def visits(self) -> list[str]:
        """All visits that somebody was asked to."""
        query = select(col(Conference.visit_id)).where(col(Conference.visit_id).is_not(None))
        found = await self._database.read(lambda session: list(session.exec(query)))
        return [visit_id for visit_id in found if visit_id is not None]

    async def open_beside(self, visit_id: str, by: str) -> str:
        """The id of the conference that belongs to the visit, made when it is first needed."""
        now = self._clock()

        def work(session: Session) -> str:
            view = _of_visit(session, visit_id)
            if view is not None:
                return view.conference.id
            made = Conference(
                name=new_name(),
                title="",  # a title could tell a topic
                mode=ConferenceMode.VIDEO,  # the visit's own counts
                host_id=by,
                visit_id=visit_id,
                created_at=now,
                ends_at=now + LIVES,
            )
            session.add(made)
            session.flush()
            audit(session, by, "session_opened_to_others", visit_id, now)
            announce(session, ConferenceChanged(made.id, "started"))
            return made.id

        return await self._database.write(work)

    async def welcome(self, visit_id: str, member_id: str) -> None:
        """The client has said yes. Raises ``MemberUnknown``, ``ConferenceFull``.

        Whoever has gone into another conference meanwhile is not there any more.
        """

        def work(session: Session, view: View, now: datetime) -> None:
            announced = known(view, member_id, MemberState.ANNOUNCED, MemberState.INSIDE)
            if announced.adviser_id and elsewhere(
                session, announced.adviser_id, view.conference.id
            ):
                raise MemberUnknown
            go_inside(view, announced, now)
            audit(session, CLIENT, "person_welcomed", visit_id, now)

        await self._beside(visit_id, "welcomed", work)

    async def unwelcome(self, visit_id: str, member_id: str) -> None:
        """The client does not want somebody, before they come or later. ``MemberUnknown``."""

        def work(session: Session, view: View, now: datetime) -> None:
            member = known(view, member_id, MemberState.ANNOUNCED, MemberState.INSIDE)
            inside = member.state is MemberState.INSIDE
            change(member, MemberState.REMOVED if inside else MemberState.REFUSED, now)
            audit(session, CLIENT, "person_not_welcome", visit_id, now)

        await self._beside(visit_id, "not_welcome", work)

    async def led_by(self, visit_id: str, adviser_id: str) -> None:
        """The visit has this adviser from now on, who is no guest of it any more."""

        def work(_: Session, view: View, now: datetime) -> None:
            view.conference.host_id = adviser_id
            member = view.of_adviser(adviser_id)
            if member is not None:
                change(member, MemberState.LEFT, now)

        await self._beside(visit_id, "led", work)

    async def end_beside(self, visit_id: str) -> None:
        """The conversation is over, and with it all that was stored of who came to it."""
        if await self.of_visit(visit_id) is None:
            return  # as nearly always

        def work(session: Session, view: View, _: datetime) -> None:
            self._delete(session, view.conference.id)

        with suppress(MemberUnknown):  # ended by somebody else meanwhile
            await self._beside(visit_id, "closed", work)

    async def _beside(self, visit_id: str, happened: str, change_it: _Change) -> None:
        now = self._clock()

        def work(session: Session) -> None:
            view = _of_visit(session, visit_id)
            if view is None:
                raise MemberUnknown
            change_it(session, view, now)
            announce(session, ConferenceChanged(view.conference.id, happened))

        await self._database.write(work)


def _of_visit(session: Session, visit_id: str) -> View | None:
    query = select(Conference).where(col(Conference.visit_id) == visit_id)
    conference = session.exec(query).first()
    return None if conference is None else view_of(session, conference.id)
