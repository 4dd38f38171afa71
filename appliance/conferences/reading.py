"""What is known of conferences, and the one way to change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from appliance.conferences.errors import Elsewhere
from appliance.conferences.letters import RoomMessages
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.names import secret_hash
from appliance.conferences.rows import View, elsewhere, known, view_by_link, view_of
from appliance.conferences.states import MemberState
from appliance.events import ConferenceChanged
from appliance.settings import Settings
from appliance.storage.clock import Clock, utcnow
from appliance.storage.database import Database, announce
from appliance.storage.keys import shred


class Conferences:
    """Base of the service. ``by`` and ``host_id`` are advisers' ids."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        messages: RoomMessages,
        clock: Clock = utcnow,
    ) -> None:
        self._database = database
        self._base_url = settings.web.base_url
        self._messages = messages
        self._clock = clock

    # ---- reading -------------------------------------------------------------------------------
    async def get(self, conference_id: str) -> View:
        """Raises ``ConferenceUnknown``."""
        return await self._database.read(lambda session: view_of(session, conference_id))

    async def by_link(self, name: str, secret: str) -> View:
        """Raises ``RoomUnknown``."""
        return await self._database.read(lambda session: view_by_link(session, name, secret))

    async def by_access(self, access: str) -> ConferenceMember | None:
        """The guest whose secret this browser holds."""
        if not access:
            return None
        query = select(ConferenceMember).where(
            col(ConferenceMember.access_hash) == secret_hash(access)
        )
        return await self._database.read(lambda session: session.exec(query).first())

    async def of_adviser(self, adviser_id: str) -> list[tuple[Conference, ConferenceMember]]:
        """The conferences that this adviser leads or was called into, newest first."""
        query = (
            select(Conference, ConferenceMember)
            .join(ConferenceMember, col(ConferenceMember.conference_id) == col(Conference.id))
            .where(col(ConferenceMember.adviser_id) == adviser_id)
            .order_by(col(Conference.created_at).desc())
        )
        return await self._database.read(lambda session: list(session.exec(query)))

    async def inside(self, adviser_id: str) -> bool:
        """Whether this adviser sits in a conference now."""
        found = await self.of_adviser(adviser_id)
        return any(member.state is MemberState.INSIDE for _, member in found)

    async def elsewhere(self, adviser_id: str, here: str = "") -> bool:
        """Whether this adviser is in a conference but ``here``, or announced to a client."""
        return await self._database.read(lambda session: elsewhere(session, adviser_id, here))

    def check_outside(self, session: Session, adviser_id: str) -> None:
        """In somebody else's transaction. Raises ``Elsewhere``."""
        if elsewhere(session, adviser_id):
            raise Elsewhere

    def check_inside(self, session: Session, conference_id: str, member_id: str) -> None:
        """In somebody else's transaction. Raises ``ConferenceUnknown``, ``MemberUnknown``."""
        known(view_of(session, conference_id), member_id, MemberState.INSIDE)

    async def people_inside(self) -> int:
        """How many sit in conferences now, in all of them."""
        query = (
            select(func.count())
            .select_from(ConferenceMember)
            .where(col(ConferenceMember.state) == MemberState.INSIDE)
        )
        return await self._database.read(lambda session: session.exec(query).one())

    # ---- what several need ---------------------------------------------------------------------
    async def _change(
        self, conference_id: str, happened: str, change_it: Callable[[Session, datetime], None]
    ) -> None:
        now = self._clock()

        def work(session: Session) -> None:
            change_it(session, now)
            announce(session, ConferenceChanged(conference_id, happened))

        await self._database.write(work)

    def _delete(self, session: Session, conference_id: str) -> None:
        self._messages.withdraw(session, conference_id)
        shred(session, conference_id)
        mine = col(ConferenceMember.conference_id) == conference_id
        session.execute(delete(ConferenceMember).where(mine))
        session.execute(delete(Conference).where(col(Conference.id) == conference_id))
