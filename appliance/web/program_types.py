"""What the agency's programs and web say to each other under ``/api/v1/appointments``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from appliance.web.api_types import ApiType

YEARS = range(2000, 2200)


def _in_our_time(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError("a year between 2000 and 2199 is needed")
    return at


def _on_a_day(on: date | None) -> date | None:
    if on is not None and on.year not in YEARS:
        raise ValueError("a year between 2000 and 2199 is needed")
    return on


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Minutes = Annotated[int, Field(ge=5, le=240)]


class BookingAsked(ApiType):
    """One appointment. Times carry their offset, such as 2026-11-24T10:15:00+01:00."""

    adviser: Annotated[str, Field(min_length=1, max_length=64, description="Login name.")]
    starts_at: Moment
    duration_min: Minutes = 30
    client_name: Annotated[str, Field(min_length=1, max_length=120)]
    client_email: Annotated[str, Field(max_length=254)] = ""
    client_phone: Annotated[str, Field(max_length=40)] = ""
    topic: Annotated[str, Field(max_length=200)] = ""
    language: Literal["de", "en"] = "de"
    birth_on: date | None = None
    customer_number: Annotated[str, Field(max_length=40)] = ""
    sms: Annotated[bool, Field(description="Send the session password by SMS.")] = False
    overlap_allowed: bool = False


class MoveAsked(ApiType):
    """Another time. The client gets a new mail; link, number and password stay valid."""

    starts_at: Moment
    duration_min: Minutes | None = None
    overlap_allowed: bool = False


class BookedAppointment(ApiType):
    """One appointment, with what the program has said of the client."""

    id: str
    status: Literal["planned", "held", "no_show", "cancelled", "moved"]
    starts_at: datetime
    ends_at: datetime
    adviser: str
    client_name: str
    customer_number: str
    topic: str
    session_number: Annotated[str, Field(description="Empty once it is over.")]
    moved_to: Annotated[str | None, Field(description="The appointment that took over.")]


class DayOfAppointments(ApiType):
    """The appointments of one day that the key reaches, earliest first."""

    on: date
    appointments: list[BookedAppointment]


class DayAsked(ApiType):
    """Which day."""

    on: Annotated[
        date | None, AfterValidator(_on_a_day), Field(description="Local day; today when left out.")
    ] = None


class BookingHeaders(ApiType):
    """Asked again with the same key, the same appointment is given."""

    idempotency_key: Annotated[
        str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._:-]+$")
    ]


class ProblemDocument(ApiType):
    """RFC 9457. ``code`` is stable, the sentences are for people."""

    type: str
    status: int
    code: str
    title: str
    detail: str
    retry_after_s: int | None = None
