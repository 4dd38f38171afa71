"""The JSON that an analyser understands and says; see ``docs/protocol.md``, section 2."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_DATAGRAM_BYTES = 60 * 1024
JSON_BYTE = 0x00
SOUND_BYTE = 0x01
PICTURE_BYTE = 0x02

MeasuredKind = Literal["microphone", "camera", "background"]
BackgroundMode = Literal["none", "blur", "blur_strong"]


class Word(BaseModel):
    """Frozen, and strict about unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(Word):
    """The first message."""

    type: Literal["hello"]
    language: Annotated[str, Field(max_length=20)] = "de"


class Measure(Word):
    """What to report; the kinds that are named start from nothing."""

    type: Literal["measure"]
    kinds: Annotated[list[MeasuredKind], Field(max_length=3)]
    round: Annotated[int, Field(ge=0)] = 0  # comes back with each report


class SayNumber(Word):
    """Speaks digits, once."""

    type: Literal["say_number"]
    digits: Annotated[str, Field(pattern=r"^[0-9]{1,6}$")]
    language: Annotated[str, Field(max_length=20)] = ""


class Echo(Word):
    """The heard sound comes back, or no longer."""

    type: Literal["echo"]
    on: bool


class Background(Word):
    """Which picture to send back."""

    type: Literal["background"]
    mode: BackgroundMode


class ReadCode(Word):
    """A kiosk's camera is shown a QR code: say what stands in it, or no longer."""

    type: Literal["read_code"]
    on: bool


class KeyframeRequest(Word):
    """From the relay: somebody needs a whole picture."""

    type: Literal["keyframe_request"]


Heard = Annotated[
    Hello | Measure | SayNumber | Echo | Background | ReadCode | KeyframeRequest,
    Field(discriminator="type"),
]
_HEARD: TypeAdapter[Heard] = TypeAdapter(Heard)


def read_word(data: bytes) -> Heard:
    """Raises ``ValueError`` for anything that is not in the protocol."""
    return _HEARD.validate_json(data)


def measured(kind: MeasuredKind, record: BaseModel, round_: int) -> dict[str, Any]:
    """One report."""
    content = record.model_dump(mode="json")
    return {"type": "measured", "kind": kind, "round": round_, "record": content}
