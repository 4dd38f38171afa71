"""The base of every message between a page and web, and the texts that several have."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_MESSAGE_BYTES = 64 * 1024
MAX_CHAT_CHARACTERS = 2000
MAX_HELP_CHARACTERS = 500  # each line is in every snapshot, see ``wire.HelpView``

Sdp = Annotated[str, Field(max_length=16 * 1024)]
ShortText = Annotated[str, Field(min_length=1, max_length=120)]
ChatText = Annotated[str, Field(min_length=1, max_length=MAX_CHAT_CHARACTERS)]
HelpText = Annotated[str, Field(min_length=1, max_length=MAX_HELP_CHARACTERS)]
LineId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,40}$")]


class Wire(BaseModel):
    """Frozen, strict about unknown fields and numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
