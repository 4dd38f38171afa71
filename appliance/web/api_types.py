"""What a page and web say to each other over the JSON API (``/api/v1/…``), beside the sockets.

Unknown fields and words are errors. ``kiosk_ui/protocol.d.ts`` is generated from here, too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from appliance.device_check.kiosk_self_test import SelfTest
from appliance.device_check.records import KioskDevice


class ApiType(BaseModel):
    """Frozen, and strict about unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KioskDeviceName(ApiType):
    """A device of the agency's own, as its browser names it."""

    kind: KioskDevice
    label: Annotated[str, Field(max_length=200)]


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


class MoveWished(ApiType):
    """POST ``/api/v1/links/move``: another time, please; these would suit."""

    secret: LinkSecret
    wishes: Annotated[str, Field(max_length=600)]


class CallWanted(ApiType):
    """POST ``/api/v1/links/call``; without a number the one on file is called."""

    secret: LinkSecret
    phone: Annotated[str, Field(max_length=40)]


class LinkLost(ApiType):
    """POST ``/api/v1/links/lost``: the address that the link was mailed to."""

    email: Annotated[str, Field(min_length=1, max_length=254)]


class RequestGiven(ApiType):
    """POST ``/api/v1/requests/look``, ``/confirm`` and ``/withdraw``: the mailed secret."""

    secret: LinkSecret


class SlotPicked(ApiType):
    """POST ``/api/v1/requests/pick``: one of the offered times."""

    secret: LinkSecret
    slot_id: Annotated[str, Field(min_length=1, max_length=40)]


class WishesGiven(ApiType):
    """POST ``/api/v1/requests/again``: none of the times suits, these would."""

    secret: LinkSecret
    wishes: Annotated[str, Field(max_length=600)]


class SlotShown(ApiType):
    """An offered time."""

    id: str
    in_words: str


class RequestSeen(ApiType):
    """Where a request for an appointment is; no name, no topic."""

    state: Literal["unconfirmed", "open", "offered", "booked", "declined", "withdrawn"]
    moves: bool  # it is about another time for an appointment that there is
    slots: list[SlotShown]
    starts_in_words: str  # of what was booked, or is to be moved; empty for neither


class HandOverGiven(ApiType):
    """POST ``/api/v1/hand-over/take``: the secret of a code, on the device that has read it."""

    secret: LinkSecret


class HandOverTaken(ApiType):
    """The browser that asked holds the visit now."""

    next: Literal["/visit"] = "/visit"


class RoomGiven(ApiType):
    """POST ``/api/v1/rooms/look``: name and secret as they stand in the link."""

    name: Annotated[str, Field(max_length=80)]
    secret: LinkSecret


class RoomFound(ApiType):
    """What a guest may know before knocking. ``known``: this browser has knocked before.

    ``beside``: it leads to a running conversation with a client, which has no title.
    """

    title: str
    beside: bool
    host_name: str
    mode: Literal["video", "audio"]
    known: bool


class Knock(ApiType):
    """POST ``/api/v1/rooms/knock``: the name to be shown, and how the short check went."""

    name: Annotated[str, Field(max_length=80)]
    secret: LinkSecret
    guest_name: Annotated[str, Field(min_length=1, max_length=80)]
    without_microphone: bool


class Knocked(ApiType):
    """The browser holds the guest's secret now; the socket tells the rest."""

    conference_id: str


class RoomLink(ApiType):
    """The guests' link and the same as a QR code; answers ``…/conferences/<id>/link``."""

    link: str
    picture: str  # a ``data:`` address
    mail: bool  # whether the box can send it by mail
    sms: bool


class RoomLinkSent(ApiType):
    """POST ``…/conferences/<id>/send``: by mail or SMS, to one address; answered with itself."""

    way: Literal["mail", "sms"]
    to: Annotated[str, Field(min_length=1, max_length=254)]


class Door(ApiType):
    """What a link or a number leads to. ``next`` is where the page goes once the door is open."""

    door: Literal["early", "open"]
    starts_at: datetime
    starts_in_words: str
    opens_in_words: str
    duration_min: int
    adviser_name: str
    can_change: bool = False  # it may still be called off, or moved
    move_wished: bool = False  # the client has asked for another time
    call_wanted: bool = False  # the client wants to be called before
    next: Literal["/visit"] | None = None


class AlternativeNoted(ApiType):
    """The agency knows; what happens now, in plain words."""

    choice: Literal["telephone", "visit"]
    title: str
    detail: str


class Noted(ApiType):
    """What happens now, in plain words."""

    title: str
    detail: str


class KioskCodeGiven(ApiType):
    """POST ``/api/v1/kiosk/register``: the code from the console, spaces and case forgiven."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class KioskRegistered(ApiType):
    """The browser holds the secret as a cookie; a kiosk that throws its profile away keeps it."""

    secret: str
    next: Literal["/kiosk"] = "/kiosk"


class KioskSecretGiven(ApiType):
    """POST ``/api/v1/kiosk/enter`` (a fresh browser of a registered kiosk) and ``…/watch``."""

    secret: Annotated[str, Field(min_length=1, max_length=100)]


class KioskEntered(ApiType):
    """The browser holds the kiosk's cookie now."""

    next: Literal["/kiosk"] = "/kiosk"


class KioskWatched(ApiType):
    """``end``: somebody has gone, or the page has fallen silent. Answers ``…/kiosk/watch``."""

    browser: Literal["keep", "end"]


class KioskBeat(ApiType):
    """POST ``/api/v1/kiosk/beat``, every 10 s. ``started``: the browser has just begun."""

    started: bool = False


class KioskSetUp(ApiType):
    """What the kiosk was like when it was set up: its own devices' names, and its own tone."""

    devices: Annotated[list[KioskDeviceName], Field(max_length=32)]
    gain_db: Annotated[float, Field(ge=-200, le=100)] | None
    touch: bool


class KioskTested(ApiType):
    """POST ``/api/v1/kiosk/tested``; with ``set_up`` when that was the errand."""

    test: SelfTest
    set_up: KioskSetUp | None = None


class KioskOrders(ApiType):
    """What the kiosk is to do once nobody is in front of it; answers beat and test."""

    errand: Literal["none", "set_up", "test"]
    out_of_order: bool


class WalkIn(ApiType):
    """POST ``/api/v1/kiosk/walk-in``: without an appointment, about this topic (empty: other)."""

    topic_id: Annotated[str, Field(max_length=64)] = ""


class WalkedIn(ApiType):
    """The browser holds the visit now."""

    next: Literal["/visit"] = "/visit"


class ProblemDocument(ApiType):
    """RFC 9457, ``application/problem+json``. ``code`` is stable, the sentences are translated."""

    type: Literal["about:blank"] = "about:blank"
    status: int
    code: str
    title: str
    detail: str = ""
    retry_after_s: int | None = None
