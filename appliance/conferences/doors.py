"""The guests' door: the room's link, knocking, and being let in."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from appliance.conferences.errors import LinkNotSendable, TooManyKnock
from appliance.conferences.letters import RoomLetter
from appliance.conferences.models import Conference, ConferenceMember
from appliance.conferences.names import new_secret, room_address, secret_hash
from appliance.conferences.reading import Conferences
from appliance.conferences.rows import (
    View,
    announce_to_client,
    change,
    free_place,
    go_inside,
    hosted,
    known,
    view_by_link,
)
from appliance.conferences.states import LinkWay, MemberKind, MemberState
from appliance.events import ConferenceChanged
from appliance.storage.audit import audit
from appliance.storage.database import announce
from appliance.storage.keys import seal, unseal

MOST_KNOCKING = 12


class Doors(Conferences):
    """What lets guests in. ``by``: the adviser who leads."""

    # ---- the guests' link ----------------------------------------------------------------------
    def address(self, name: str, secret: str) -> str:
        """A guest's link."""
        return room_address(self._base_url, name, secret)

    async def link(self, conference_id: str, by: str) -> str:
        """The guests' link, made when it is first asked for. Raises ``NotHost``."""
        now = self._clock()

        def work(session: Session) -> str:
            conference = hosted(session, conference_id, by).conference
            return self.address(conference.name, _secret(session, conference, by, now))

        return await self._database.write(work)

    async def send_link(
        self, conference_id: str, by: str, way: LinkWay, to: str, language: str
    ) -> None:
        """By mail or SMS of the agency's. Raises ``NotHost``, ``LinkNotSendable``."""

        def work(session: Session, now: datetime) -> None:
            conference = hosted(session, conference_id, by).conference
            secret = _secret(session, conference, by, now)
            try:
                queued = self._messages.queue_room_link(
                    session,
                    RoomLetter(
                        conference_id=conference.id,
                        adviser_id=by,
                        by_sms=way is LinkWay.SMS,
                        recipient=to,
                        link=self.address(conference.name, secret),
                        language=language,
                        ends_at=conference.ends_at,
                    ),
                )
            except ValueError as error:
                raise LinkNotSendable from error
            if queued is None:
                raise LinkNotSendable

        await self._change(conference_id, "link_sent", work)

    # ---- guests --------------------------------------------------------------------------------
    async def knock(
        self, name: str, secret: str, guest: str, *, without_microphone: bool, access: str = ""
    ) -> tuple[ConferenceMember, str]:
        """A guest before the door, with the secret for their browser; ``access``: the one it has.

        Raises ``RoomUnknown``, ``ConferenceFull``, ``TooManyKnock``.
        """
        now, fresh = self._clock(), new_secret()

        def work(session: Session) -> ConferenceMember:
            view = view_by_link(session, name, secret)
            held = secret_hash(access) if access else "-"
            member = next((one for one in view.members if one.access_hash == held), None)
            if member is None:
                if _knocking(view) >= MOST_KNOCKING:
                    raise TooManyKnock
                member = ConferenceMember(
                    conference_id=view.conference.id,
                    kind=MemberKind.GUEST,
                    state=MemberState.LEFT,
                    changed_at=now,
                )
                session.add(member)
            member.access_hash = secret_hash(fresh)
            if member.state not in (MemberState.INSIDE, MemberState.ANNOUNCED):
                free_place(view)
                change(member, MemberState.KNOCKING, now)
                member.name = guest  # whoever is inside stays who they were let in as
            member.without_microphone = without_microphone
            announce(session, ConferenceChanged(view.conference.id, "knocked"))
            return member

        return await self._database.write(work), fresh

    async def let_in(
        self, conference_id: str, by: str, member_id: str, *, interpreter: bool = False
    ) -> None:
        """Into a visit's conversation only once its client has said yes (``welcome``).

        Raises ``NotHost``, ``MemberUnknown``, ``ConferenceFull``.
        """

        def work(session: Session, now: datetime) -> None:
            view = hosted(session, conference_id, by)
            visits = view.conference.visit_id is not None
            there = MemberState.ANNOUNCED if visits else MemberState.INSIDE
            guest = known(view, member_id, MemberState.KNOCKING, there)
            guest.interpreter = interpreter
            if visits:
                announce_to_client(view, guest, now)
            else:
                go_inside(view, guest, now)  # a second click opens nothing twice
            audit(session, by, "guest_let_in", conference_id, now)

        await self._change(conference_id, "let_in", work)

    async def turn_away(self, conference_id: str, by: str, member_id: str) -> None:
        """Raises ``NotHost``, ``MemberUnknown``."""

        def work(session: Session, now: datetime) -> None:
            view = hosted(session, conference_id, by)
            at_door = known(view, member_id, MemberState.KNOCKING, MemberState.ANNOUNCED)
            change(at_door, MemberState.REFUSED, now)

        await self._change(conference_id, "turned_away", work)


def _knocking(view: View) -> int:
    return sum(one.state is MemberState.KNOCKING for one in view.members)


def _secret(session: Session, conference: Conference, by: str, now: datetime) -> str:
    if conference.secret_sealed is not None:
        return unseal(session, conference.id, conference.secret_sealed)
    secret = new_secret()
    conference.secret_hash = secret_hash(secret)
    conference.secret_sealed = seal(session, conference.id, secret, now)
    audit(session, by, "room_link_made", conference.id, now)
    return secret
