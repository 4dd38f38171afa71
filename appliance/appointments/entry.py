"""Which link or number leads in, from when until when. Pure: rows and times in, a view out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appliance.appointments.errors import LinkCancelled, LinkExpired, LinkRevoked, NumberUnknown
from appliance.appointments.models import Appointment, Invitation
from appliance.appointments.states import SHORT_NOTICE, AppointmentStatus, Door, Need

# Both from design.md section 7 (decided in security.md 1.4).
DOOR_OPENS_BEFORE = timedelta(minutes=15)
LINK_LASTS_AFTER = timedelta(hours=2)
# A client who comes late is let in even when the adviser has noted a no-show.
OPEN_STATUSES = frozenset({AppointmentStatus.PLANNED, AppointmentStatus.NO_SHOW})


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a valid link may show before anything else is known: no client name, no topic."""

    appointment_id: str
    adviser_id: str
    team_id: str | None
    adviser_name: str  # empty for a number: those can be guessed at
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    door: Door
    language: str
    needs: list[Need]
    can_change: bool = False  # the client may still call it off, or ask for another time
    move_wished: bool = False  # they have asked, and nobody has decided it
    call_wanted: bool = False  # they want to be called before; nobody has noted it as done


@dataclass(frozen=True, slots=True)
class ExpectedIdentityFields:
    """What the client's statements are compared with. None and empty: nothing to compare."""

    password: str | None
    session_number: str | None
    birth_on: date | None
    customer_number: str
    file_name: str


def opens_at(starts_at: datetime) -> datetime:
    """When the door opens."""
    return starts_at - DOOR_OPENS_BEFORE


def over_at(ends_at: datetime) -> datetime:
    """When links end and the session password is forgotten."""
    return ends_at + LINK_LASTS_AFTER


def view_of_link(
    invitation: Invitation, appointment: Appointment, adviser_name: str, now: datetime
) -> LinkView:
    """Raises ``LinkCancelled``, ``LinkRevoked`` or ``LinkExpired``."""
    if appointment.status is AppointmentStatus.CANCELLED:
        raise LinkCancelled
    if invitation.revoked_at is not None:
        raise LinkRevoked
    if appointment.status not in OPEN_STATUSES or now >= over_at(appointment.ends_at):
        raise LinkExpired
    short = invitation.channel in SHORT_NOTICE
    factor = Need.SESSION_NUMBER if short else Need.PASSWORD
    return _view(appointment, adviser_name, now, factor)


def view_of_number(appointment: Appointment | None, now: datetime) -> LinkView:
    """Raises ``NumberUnknown`` for no such number, too early, too late and cancelled alike."""
    if (
        appointment is None
        or appointment.status not in OPEN_STATUSES
        or not opens_at(appointment.starts_at) <= now < appointment.ends_at
    ):
        raise NumberUnknown
    return _view(appointment, "", now, Need.PASSWORD)


def _view(
    appointment: Appointment, adviser_name: str, now: datetime, second_factor: Need
) -> LinkView:
    opens = opens_at(appointment.starts_at)
    needs = [second_factor]
    if appointment.birth_on is not None:
        needs.append(Need.BIRTH_ON)
    if appointment.customer_number:
        needs.append(Need.CUSTOMER_NUMBER)
    return LinkView(
        appointment_id=appointment.id,
        adviser_id=appointment.adviser_id,
        team_id=appointment.team_id,
        adviser_name=adviser_name,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        opens_at=opens,
        door=Door.OPEN if now >= opens else Door.EARLY,
        language=appointment.language,
        needs=needs,
        can_change=changeable(appointment, now),
        call_wanted=appointment.call_wanted_at is not None and appointment.call_done_at is None,
    )


def changeable(appointment: Appointment, now: datetime) -> bool:
    """Whether its client may still call it off, or ask for another time."""
    return appointment.status is AppointmentStatus.PLANNED and now < appointment.starts_at
