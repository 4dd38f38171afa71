"""Tables of staff: accounts, teams, logins, recovery codes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL
STAFF = Retention.STAFF
SECRET = Retention.SECRET
AWAY_MAX_LENGTH = 300


class Role(StrEnum):
    """What somebody may do: the table is in ``rights``."""

    ADVISER = "adviser"
    FRONT_DESK = "front_desk"
    TEAM_LEAD = "team_lead"
    ADMINISTRATOR = "administrator"


class Adviser(SQLModel, table=True):
    """One member of staff."""

    __tablename__ = "adviser"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    login: str = Field(max_length=64, unique=True, retention=STAFF)
    name: str = Field(max_length=120, retention=STAFF)
    role: Role = Field(sa_type=words(Role, "adviser_role"), retention=OPERATIONAL)
    active: bool = Field(default=True, retention=OPERATIONAL)
    away_since: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    away_words: str = Field(
        default="",
        max_length=AWAY_MAX_LENGTH,
        sa_column_kwargs={"server_default": ""},  # accounts before 0012
        retention=STAFF,
    )
    # "Unless allowed": an administrator lets this account see every team's clients.
    all_teams: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, retention=OPERATIONAL
    )
    password_hash: str = Field(max_length=255, retention=SECRET)
    # Under the database's own encryption: a field key belongs to a visit or appointment.
    totp_secret: str = Field(max_length=64, retention=SECRET)
    totp_counter: int = Field(default=0, retention=OPERATIONAL)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    # Who it is in the agency's own directory; without one, nobody logs in by it.
    oidc_subject: str | None = Field(default=None, max_length=255, unique=True, retention=STAFF)


class Team(SQLModel, table=True):
    """Staff who serve the same clients."""

    __tablename__ = "team"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    name: str = Field(max_length=80, unique=True, retention=OPERATIONAL)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)


class TeamMember(SQLModel, table=True):
    """Somebody in a team; there may be several of both."""

    __tablename__ = "team_member"

    team_id: str = Field(
        foreign_key="team.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        primary_key=True,
        retention=ID,
    )
    adviser_id: str = Field(
        foreign_key="adviser.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        primary_key=True,
        index=True,
        retention=ID,
    )


class AdviserLogin(SQLModel, table=True):
    """One login: a browser that holds a secret, until it is over or ended."""

    __tablename__ = "adviser_login"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    adviser_id: str = Field(
        foreign_key="adviser.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        index=True,
        retention=ID,
    )
    secret_hash: str = Field(max_length=64, unique=True, retention=SECRET)
    device: str = Field(default="", max_length=120, retention=STAFF)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    seen_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)


class RecoveryCode(SQLModel, table=True):
    """One of ten codes for the day when the second factor is lost. ``label`` is not secret."""

    __tablename__ = "recovery_code"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    adviser_id: str = Field(
        foreign_key="adviser.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        index=True,
        retention=ID,
    )
    label: str = Field(max_length=2, retention=ID)
    code_hash: str = Field(max_length=255, retention=SECRET)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
