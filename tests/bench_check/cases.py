"""What a run is: a name, what was done to the media, and what the check should say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np


@dataclass
class Case:
    """One run. ``expected`` are the causes that are right; empty means healthy."""

    name: str  # half/tier/cause/number
    kind: str  # microphone, camera, …
    expected: frozenset[str]
    notes: dict[str, Any] = field(default_factory=dict)  # sources and strengths, for the log

    @property
    def half(self) -> str:
        """``tuning`` or ``unseen``."""
        return self.name.split("/")[0]

    @property
    def cause(self) -> str:
        """The cause that is provoked; ``healthy-…`` for none."""
        return self.name.split("/")[2]


@dataclass
class Sound:
    """What the microphone hears, and what happens to it on the way."""

    samples: np.ndarray  # 48 kHz mono floats of -1 to 1, after the microphone's own 16 bit
    lost: frozenset[int] = frozenset()  # numbers of packets that do not arrive
    arrives: bool = True
    gains: tuple[float, ...] = (1.0,)  # of the channels; what is sent is their mean
    about: dict[str, Any] = field(default_factory=dict)  # what else the page knows: record fields


@dataclass
class Picture:
    """What the camera sees, in its own rate."""

    frames: Callable[[float], Iterator[tuple[float, av.VideoFrame]]]  # seconds -> (time, frame)
    seconds: float = 5.5
    arrives: bool = True
    about: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What the check said."""

    verdict: str
    cause: str
    decided_s: float  # when it said so for good
    record: dict[str, Any] = field(default_factory=dict)
