"""Who may do what with whose client. Pure: a table of role, action and relation; the rest is no.

A client belongs to an adviser, to a team, to both, or to the whole house. Whoever is in no team
shares the house's own one with all others who are in none, so a small agency needs no teams.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from appliance.advisers.models import Role


class Action(StrEnum):
    """What staff do. A route or a command names one."""

    BE_HERE = "be_here"  # the desk itself, one's own logins and password
    SEE = "see"  # a client's row on the desk, an appointment's page
    HELP = "help"  # write before the session, tell that it takes longer, call back
    SERVE = "serve"  # ask in and talk
    BOOK = "book"  # book, move, cancel, invite, note how it ended
    PASSWORD = "password"  # noqa: S105 - reading a session password or a link out
    HAND_OVER = "hand_over"  # give a waiting client to a colleague
    ADMINISTER = "administer"  # accounts, teams, keys, unsent mail, counters


class Relation(StrEnum):
    """How a client stands to the one who asks."""

    OWN = "own"  # their adviser
    OPEN = "open"  # nobody's yet, in a team of theirs or in the whole house
    TEAM = "team"  # a colleague's, in a team of theirs
    OTHER = "other"  # of a team that they are not in


_OWN = frozenset({Relation.OWN})
_MINE = _OWN | {Relation.OPEN}
_TEAM = _MINE | {Relation.TEAM}
_ADVISER = {
    Action.BE_HERE: _OWN,
    Action.SEE: _MINE,
    Action.HELP: _MINE,
    Action.SERVE: _MINE,
    Action.BOOK: _MINE,  # whoever has left leaves appointments behind
    Action.PASSWORD: _MINE,
    Action.HAND_OVER: _MINE,
}

# Nobody is ever let near ``OTHER``: who may see all teams counts as a member of each.
TABLE: Mapping[Role, Mapping[Action, frozenset[Relation]]] = MappingProxyType(
    {
        Role.ADVISER: MappingProxyType(_ADVISER),
        Role.FRONT_DESK: MappingProxyType(
            {
                Action.BE_HERE: _OWN,
                Action.SEE: _TEAM,
                Action.HELP: _TEAM,
                Action.BOOK: _TEAM,
                Action.PASSWORD: _TEAM,
                Action.HAND_OVER: _TEAM,
            }
        ),
        Role.TEAM_LEAD: MappingProxyType(
            {action: _OWN if action is Action.BE_HERE else _TEAM for action in _ADVISER}
        ),
        # Keeps the box; for clients no more than an adviser.
        Role.ADMINISTRATOR: MappingProxyType({**_ADVISER, Action.ADMINISTER: _OWN}),
    }
)


def ever(role: Role, action: Action) -> bool:
    """Whether the role may do this with anybody's client at all."""
    return bool(TABLE[role].get(action))


@dataclass(frozen=True, slots=True)
class Member:
    """An open account, as far as rights go."""

    adviser_id: str
    name: str
    role: Role
    teams: frozenset[str] = frozenset()
    all_teams: bool = False


class Staff(Collection[str]):
    """Everybody with an open account; contains their ids."""

    def __init__(self, members: Collection[Member]) -> None:
        self._members = {member.adviser_id: member for member in members}

    def __contains__(self, adviser_id: object) -> bool:
        return adviser_id in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def member(self, adviser_id: str | None) -> Member | None:
        """The account; None when it is closed or nobody's."""
        return self._members.get(adviser_id or "")

    def name(self, adviser_id: str | None) -> str:
        """Empty for nobody."""
        member = self.member(adviser_id)
        return member.name if member else ""

    def relation(self, viewer: Member, adviser_id: str | None, team_id: str | None) -> Relation:
        """Of a client with this adviser and this team (either may be None) to ``viewer``."""
        if adviser_id == viewer.adviser_id:
            return Relation.OWN
        adviser = self.member(adviser_id)
        if team_id is None and adviser is None:
            return Relation.OPEN
        if not self._shared(viewer, adviser, team_id):
            return Relation.OTHER
        return Relation.OPEN if adviser is None else Relation.TEAM

    def may(
        self, viewer_id: str, action: Action, adviser_id: str | None, team_id: str | None
    ) -> bool:
        """The one question. No for whoever has no open account."""
        viewer = self.member(viewer_id)
        return viewer is not None and self.member_may(viewer, action, adviser_id, team_id)

    def member_may(
        self, viewer: Member, action: Action, adviser_id: str | None, team_id: str | None
    ) -> bool:
        """The same for whoever has no account, as a program."""
        return self.relation(viewer, adviser_id, team_id) in TABLE[viewer.role].get(action, ())

    def serving(self) -> list[Member]:
        """Everybody who may talk to clients at all, by name."""
        found = [one for one in self._members.values() if ever(one.role, Action.SERVE)]
        return sorted(found, key=lambda one: one.name)

    def sees_colleagues(self, viewer_id: str) -> bool:
        """Whether the day's list holds more than one's own."""
        viewer = self.member(viewer_id)
        return viewer is not None and Relation.TEAM in TABLE[viewer.role][Action.SEE]

    def places(self, viewer_id: str, action: Action) -> list[tuple[Member, str | None]]:
        """For whom ``viewer`` may act: each adviser who serves, once per team; oneself first."""
        found = [
            (member, team_id)
            for member in self._members.values()
            if ever(member.role, Action.SERVE)
            for team_id in _places_of(member)
            if self.may(viewer_id, action, member.adviser_id, team_id)
        ]
        return sorted(found, key=lambda place: place[0].adviser_id != viewer_id)

    def successors(self, viewer_id: str, team_id: str | None) -> list[Member]:
        """Who may take a client of this team over; of the viewer's teams where it has none."""
        viewer = self.member(viewer_id)
        return [
            one
            for one in self._members.values()
            if viewer is not None
            and ever(one.role, Action.SERVE)
            and self._shared(one if team_id is not None else viewer, one, team_id)
        ]

    def _shared(self, viewer: Member, adviser: Member | None, team_id: str | None) -> bool:
        if viewer.all_teams:
            return True
        if team_id is not None:
            return team_id in viewer.teams
        teams = adviser.teams if adviser else frozenset[str]()
        return bool(teams & viewer.teams) or (not teams and not viewer.teams)


def _places_of(member: Member) -> list[str | None]:
    return [*sorted(member.teams)] if member.teams else [None]
