"""Teams, who is in them, and the directory that the table of rights is asked with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from appliance.advisers.errors import (
    AdviserUnknown,
    LastAdministrator,
    TeamNameEmpty,
    TeamNameTaken,
    TeamUnknown,
)
from appliance.advisers.models import Adviser, Role, Team, TeamMember
from appliance.advisers.rights import Member, Staff
from appliance.events import StaffChanged
from appliance.storage.audit import audit
from appliance.storage.clock import Clock
from appliance.storage.database import Database, announce

TEAM_NAME_CHARACTERS = 80


class Teams:
    """Who belongs where."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def staff(self) -> Staff:
        """All open accounts with their teams."""

        def work(session: Session) -> Staff:
            teams = _members(session)
            open_ones = select(Adviser).where(col(Adviser.active)).order_by(col(Adviser.name))
            return Staff(
                [
                    Member(
                        one.id, one.name, one.role, teams.get(one.id, frozenset()), one.all_teams
                    )
                    for one in session.exec(open_ones)
                ]
            )

        return await self._database.read(work)

    async def members(self) -> dict[str, frozenset[str]]:
        """Adviser ids to the ids of their teams; closed accounts too, nobody without a team."""
        return await self._database.read(_members)

    async def teams(self) -> list[Team]:
        """All teams by name."""
        query = select(Team).order_by(col(Team.name))
        return await self._database.read(lambda session: list(session.exec(query)))

    async def add_team(self, name: str, by: str) -> Team:
        """Raises ``TeamNameEmpty`` or ``TeamNameTaken``."""
        now = self._clock()
        team = Team(name=_tidy(name), created_at=now)

        def work(session: Session) -> Team:
            _ensure_free(session, team.name)
            session.add(team)
            audit(session, by, "team_added", team.id, now)
            return team

        return await self._database.write(work)

    async def rename_team(self, team_id: str, name: str, by: str) -> None:
        """Raises ``TeamUnknown``, ``TeamNameEmpty`` or ``TeamNameTaken``."""
        now, tidied = self._clock(), _tidy(name)

        def work(session: Session) -> None:
            team = session.get(Team, team_id)
            if team is None:
                raise TeamUnknown
            _ensure_free(session, tidied, but=team_id)
            team.name = tidied
            audit(session, by, "team_renamed", team_id, now)

        await self._database.write(work)

    async def set_teams(
        self, adviser_id: str, team_ids: Collection[str], by: str, *, all_teams: bool = False
    ) -> None:
        """From now on in these teams alone. Raises ``AdviserUnknown`` or ``TeamUnknown``."""
        now = self._clock()

        def work(session: Session) -> None:
            adviser = session.get(Adviser, adviser_id)
            if adviser is None:
                raise AdviserUnknown
            put_in_teams(session, adviser_id, team_ids)
            adviser.all_teams = all_teams
            action = "adviser_sees_all_teams" if all_teams else "adviser_teams_set"
            audit(session, by, action, adviser_id, now)
            announce(session, StaffChanged(adviser_id))

        await self._database.write(work)


def put_in_teams(session: Session, adviser_id: str, team_ids: Collection[str]) -> None:
    """Replaces the memberships. Raises ``TeamUnknown``."""
    session.execute(delete(TeamMember).where(col(TeamMember.adviser_id) == adviser_id))
    for team_id in sorted(set(team_ids)):
        if session.get(Team, team_id) is None:
            raise TeamUnknown
        session.add(TeamMember(team_id=team_id, adviser_id=adviser_id))


def ensure_administrator_left(session: Session, but: str) -> None:
    """Raises ``LastAdministrator`` when no other open account is one."""
    others = select(func.count()).where(
        col(Adviser.role) == Role.ADMINISTRATOR, col(Adviser.active), col(Adviser.id) != but
    )
    if not session.exec(others).one():
        raise LastAdministrator


def _members(session: Session) -> dict[str, frozenset[str]]:
    teams: defaultdict[str, set[str]] = defaultdict(set)
    for row in session.exec(select(TeamMember)):
        teams[row.adviser_id].add(row.team_id)
    return {adviser_id: frozenset(found) for adviser_id, found in teams.items()}


def _tidy(name: str) -> str:
    tidied = " ".join(name.split())[:TEAM_NAME_CHARACTERS]
    if not tidied:
        raise TeamNameEmpty
    return tidied


def _ensure_free(session: Session, name: str, but: str = "") -> None:
    same = select(Team.id).where(func.lower(Team.name) == name.lower(), col(Team.id) != but)
    if session.exec(same).first() is not None:
        raise TeamNameTaken
