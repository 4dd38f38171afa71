"""Steps inside one transaction: finding rows, minting links, sealing passwords, writing letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from appliance.appointments.booking import Booking
from appliance.appointments.calendar_file import (
    CalendarEntry,
    CalendarMethod,
    calendar_file,
    calendar_uid,
)
from appliance.appointments.credentials import (
    link_address,
    new_link_secret,
    new_number,
    new_password,
    qr_png,
    secret_hash,
)
from appliance.appointments.entry import opens_at
from appliance.appointments.errors import AppointmentNotPlanned, AppointmentUnknown, SlotTaken
from appliance.appointments.letter import Letter
from appliance.appointments.models import Appointment, Invitation
from appliance.appointments.states import AppointmentStatus, Channel
from appliance.settings import Settings
from appliance.storage.ids import new_id
from appliance.storage.keys import seal

AdviserName = Callable[[Session, str], str]


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every letter."""

    settings: Settings
    adviser_name: AdviserName

    @property
    def host(self) -> str:
        """The host that clients see, for calendar uids."""
        return urlsplit(self.settings.web.base_url).hostname or "localhost"


def found(session: Session, appointment_id: str) -> Appointment:
    """The row. Raises ``AppointmentUnknown``."""
    appointment = session.get(Appointment, appointment_id)
    if appointment is None:
        raise AppointmentUnknown
    return appointment


def in_force(session: Session, appointment_id: str) -> Appointment:
    """The row, or the one that took over after it was moved. Raises ``AppointmentUnknown``."""
    appointment = found(session, appointment_id)
    while appointment.moved_to_id is not None:
        appointment = found(session, appointment.moved_to_id)
    return appointment


def planned(session: Session, appointment_id: str) -> Appointment:
    """The row while it is planned. Raises ``AppointmentUnknown``, ``AppointmentNotPlanned``."""
    appointment = found(session, appointment_id)
    if appointment.status is not AppointmentStatus.PLANNED:
        raise AppointmentNotPlanned
    return appointment


def ensure_free(
    session: Session, adviser_id: str, starts_at: datetime, ends_at: datetime, but: str = ""
) -> None:
    """Raises ``SlotTaken`` when another planned appointment of the adviser overlaps."""
    overlapping = select(Appointment.id).where(
        col(Appointment.adviser_id) == adviser_id,
        col(Appointment.status) == AppointmentStatus.PLANNED,
        col(Appointment.starts_at) < ends_at,
        col(Appointment.ends_at) > starts_at,
        col(Appointment.id) != but,
    )
    if session.exec(overlapping).first() is not None:
        raise SlotTaken


def is_taken(session: Session, adviser_id: str, booking: Booking) -> bool:
    """Whether another one is in the way of this booking, and it minds."""
    try:
        if not booking.overlap_allowed:
            ensure_free(session, adviser_id, booking.starts_at, booking.ends_at)
    except SlotTaken:
        return True
    return False


def add_appointment(
    session: Session,
    house: House,
    booking: Booking,
    adviser_id: str,
    now: datetime,
    appointment_id: str = "",
) -> tuple[Appointment, str]:
    """A new row with number and sealed password; gives the password back, too."""
    appointment_id = appointment_id or new_id()
    password = new_password()
    appointment = Appointment(
        id=appointment_id,
        adviser_id=adviser_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        language=booking.language,
        client_name=booking.client_name,
        client_email=booking.client_email,
        client_phone=booking.client_phone,
        topic=booking.topic,
        birth_on=booking.birth_on,
        customer_number=booking.customer_number,
        session_number=_free_number(session),
        sealed_password=seal(session, appointment_id, password, now),
        calendar_uid=calendar_uid(appointment_id, house.host),
        created_at=now,
    )
    session.add(appointment)
    session.flush()
    return appointment, password


def mint_link(session: Session, appointment_id: str, channel: Channel, now: datetime) -> str:
    """A new link's secret; its hash is in the transaction."""
    secret = new_link_secret()
    session.add(
        Invitation(
            appointment_id=appointment_id,
            channel=channel,
            secret_hash=secret_hash(secret),
            created_at=now,
        )
    )
    return secret


def links_of(session: Session, appointment_id: str) -> list[Invitation]:
    """All links of an appointment."""
    query = select(Invitation).where(col(Invitation.appointment_id) == appointment_id)
    return list(session.exec(query))


def forget_client(appointment: Appointment) -> None:
    """Empties what another row has taken over: the old slot may lie far behind the new one."""
    appointment.client_name = appointment.client_email = appointment.client_phone = ""
    appointment.topic = appointment.customer_number = appointment.call_phone = ""
    appointment.birth_on = None


def invitation_letter(
    session: Session,
    house: House,
    appointment: Appointment,
    now: datetime,
    *,
    moved: bool = False,
    channel: Channel = Channel.MAIL,
) -> Letter:
    """The letter with a link of its own."""
    secret = mint_link(session, appointment.id, channel, now)
    link = link_address(house.settings.web.base_url, secret)
    calendar = calendar_file(_entry(house, appointment), CalendarMethod.REQUEST, now)
    return _letter(session, house, appointment, calendar, link=link, moved=moved)


def bare_letter(
    session: Session, house: House, appointment: Appointment, channel: Channel, now: datetime
) -> Letter:
    """The letter with a link of ``channel`` and neither calendar entry nor QR code."""
    secret = mint_link(session, appointment.id, channel, now)
    link = link_address(house.settings.web.base_url, secret)
    return replace(_letter(session, house, appointment, b"", link=link), qr_png=b"")


def cancellation_letter(
    session: Session, house: House, appointment: Appointment, now: datetime
) -> Letter:
    """The letter that takes the calendar entry back."""
    calendar = calendar_file(_entry(house, appointment), CalendarMethod.CANCEL, now)
    return _letter(session, house, appointment, calendar)


def _letter(
    session: Session,
    house: House,
    appointment: Appointment,
    calendar: bytes,
    *,
    link: str = "",
    moved: bool = False,
) -> Letter:
    return Letter(
        appointment_id=appointment.id,
        adviser_id=appointment.adviser_id,
        recipient=appointment.client_email,
        language=appointment.language,
        client_name=appointment.client_name,
        adviser_name=house.adviser_name(session, appointment.adviser_id),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        opens_at=opens_at(appointment.starts_at),
        link=link,
        qr_png=qr_png(link) if link else b"",
        calendar=calendar,
        moved=moved,
    )


def _entry(house: House, appointment: Appointment) -> CalendarEntry:
    return CalendarEntry(
        uid=appointment.calendar_uid,
        sequence=appointment.calendar_sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        agency_name=house.settings.agency.name,
        agency_email=house.settings.agency.email,
        client_email=appointment.client_email,
        language=appointment.language,
    )


def _free_number(session: Session) -> str:
    while True:
        number = new_number()
        taken = select(Appointment.id).where(col(Appointment.session_number) == number)
        if session.exec(taken).first() is None:
            return number
