"""The table of kiosks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import SQLModel

from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL
SECRET = Retention.SECRET
NAME_CHARACTERS = 80


class Kiosk(SQLModel, table=True):
    """One of the agency's own devices, from the code that registers it until it is removed.

    Nothing in this row is about a visitor. ``set_up`` holds the names of the kiosk's own devices
    and how loud it hears itself (JSON), ``faults`` the causes that its newest test has found.
    ``away_since`` stands once its silence has been announced: not while it may be switched off.
    """

    __tablename__ = "kiosk"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    name: str = Field(max_length=NAME_CHARACTERS, retention=OPERATIONAL)
    code_hash: str | None = Field(default=None, max_length=64, unique=True, retention=SECRET)
    code_until: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    secret_hash: str | None = Field(default=None, max_length=64, unique=True, retention=SECRET)
    created_by: str = Field(max_length=ID_MAX_LENGTH, retention=ID)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    registered_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    away_since: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    test_wanted_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, retention=OPERATIONAL
    )
    tested_at: datetime | None = Field(default=None, sa_type=UtcDateTime, retention=OPERATIONAL)
    faults: str = Field(default="", max_length=400, retention=OPERATIONAL)
    set_up: str = Field(default="", sa_type=Text, retention=OPERATIONAL)

    @property
    def registered(self) -> bool:
        """Whether a browser holds its secret."""
        return self.secret_hash is not None

    @property
    def found(self) -> list[str]:
        """The causes of the newest test, gravest first; empty when all is well or untested."""
        return self.faults.split()
