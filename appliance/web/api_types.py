"""What a page and web say to each other over the JSON API (``/api/v1/…``), beside the sockets.

Unknown fields and words are errors. ``kiosk_ui/protocol.d.ts`` is generated from here, too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class ApiType(BaseModel):
    """Frozen, and strict about unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# As it was in the address: what is cut off or garbled is an unknown link, not a wrong request.
LinkSecret = Annotated[str, Field(max_length=8192)]


class LinkGiven(ApiType):
    """POST ``/api/v1/links/look`` and ``/picture`` (use nothing up), ``/open`` (begins a visit)."""

    secret: LinkSecret


class LinkPicture(ApiType):
    """The link as a QR code for another device; answers ``/api/v1/links/picture``."""

    picture: str  # a ``data:`` address


class NumberGiven(ApiType):
    """POST ``/api/v1/numbers/open``: the ten digits as typed, spaces and hyphens allowed."""

    number: Annotated[str, Field(min_length=1, max_length=40)]


class AlternativeChosen(ApiType):
    """POST ``/api/v1/links/alternative``: rather by telephone, rather in person."""

    secret: LinkSecret
    choice: Literal["telephone", "visit"]


class FeedbackGiven(ApiType):
    """POST ``/api/v1/visit/feedback``: how it was, technically; after the conversation."""

    answer: Literal["sound_good", "sound_bad", "picture_good", "picture_bad"]


class FeedbackNoted(ApiType):
    """Counted, without the person."""

    noted: Literal[True] = True


class HandOverGiven(ApiType):
    """POST ``/api/v1/hand-over/take``: the secret of a code, on the device that has read it."""

    secret: LinkSecret


class HandOverTaken(ApiType):
    """The browser that asked holds the visit now."""

    next: Literal["/visit"] = "/visit"


class Door(ApiType):
    """What a link or a number leads to. ``next`` is where the page goes once the door is open."""

    door: Literal["early", "open"]
    starts_at: datetime
    starts_in_words: str
    opens_in_words: str
    duration_min: int
    adviser_name: str
    next: Literal["/visit"] | None = None


class AlternativeNoted(ApiType):
    """The agency knows; what happens now, in plain words."""

    choice: Literal["telephone", "visit"]
    title: str
    detail: str


class ProblemDocument(ApiType):
    """RFC 9457, ``application/problem+json``. ``code`` is stable, the sentences are translated."""

    type: Literal["about:blank"] = "about:blank"
    status: int
    code: str
    title: str
    detail: str = ""
    retry_after_s: int | None = None
