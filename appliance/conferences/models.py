"""Tables of conferences. All rows of one go when it is closed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from appliance.conferences.states import ConferenceMode, MemberKind, MemberState
from appliance.storage.clock import UtcDateTime
from appliance.storage.fields import Field, Retention, personal, words
from appliance.storage.ids import ID_MAX_LENGTH, new_id

ID = Retention.ID
OPERATIONAL = Retention.OPERATIONAL
SECRET = Retention.SECRET


class Conference(SQLModel, table=True):
    """A named room. ``host_id`` is the adviser who leads it now.

    One with a ``visit_id`` is who comes to that visit's conversation: it has no room of its own,
    its members sit in the visit's, and the visit's adviser leads.
    """

    __tablename__ = "conference"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    name: str = personal(max_length=48, unique=True)  # in the address
    title: str = personal(max_length=80)  # as staff typed it
    mode: ConferenceMode = Field(
        sa_type=words(ConferenceMode, "conference_mode"), retention=OPERATIONAL
    )
    host_id: str = Field(max_length=ID_MAX_LENGTH, retention=ID)
    visit_id: str | None = Field(default=None, unique=True, max_length=ID_MAX_LENGTH, retention=ID)
    # The guests' link: empty until somebody asks for it. Sealed, so that it can be shown again.
    secret_hash: str = Field(default="", max_length=64, retention=SECRET)
    secret_sealed: bytes | None = Field(default=None, retention=SECRET)
    created_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True, retention=OPERATIONAL)


class ConferenceMember(SQLModel, table=True):
    """Somebody in, before, or called into a room. ``place`` (0 to 5) counts while inside.

    In a visit's conversation the places 0 and 1 are the client's and the adviser's, who have no
    row here.
    """

    __tablename__ = "conference_member"

    id: str = Field(
        default_factory=new_id, primary_key=True, max_length=ID_MAX_LENGTH, retention=ID
    )
    conference_id: str = Field(
        foreign_key="conference.id",
        ondelete="CASCADE",
        max_length=ID_MAX_LENGTH,
        index=True,
        retention=ID,
    )
    kind: MemberKind = Field(sa_type=words(MemberKind, "member_kind"), retention=OPERATIONAL)
    state: MemberState = Field(sa_type=words(MemberState, "member_state"), retention=OPERATIONAL)
    adviser_id: str = Field(default="", max_length=ID_MAX_LENGTH, index=True, retention=ID)
    name: str = personal(default="", max_length=80)  # of a guest, as typed
    place: int = Field(default=0, retention=OPERATIONAL)
    muted: bool = Field(default=False, retention=OPERATIONAL)  # by the host, until they speak again
    without_microphone: bool = Field(default=False, retention=OPERATIONAL)  # said before knocking
    interpreter: bool = Field(  # a guest who is let in as one
        default=False, sa_column_kwargs={"server_default": "0"}, retention=OPERATIONAL
    )
    access_hash: str = Field(default="", max_length=64, index=True, retention=SECRET)
    changed_at: datetime = Field(sa_type=UtcDateTime, retention=OPERATIONAL)
