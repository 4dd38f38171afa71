"""Measurements in, findings out: the plain records that the check's judgements work on.

The browser measures what only it can know, the analyser what arrives over the real path. Both are
plain records; ``judge`` functions take them and a ``Policy`` and return a ``Finding``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Dbfs = Annotated[float, Field(ge=-200, le=10)]
Ratio = Annotated[float, Field(ge=0, le=1)]
Luma = Annotated[float, Field(ge=0, le=255)]


class Record(BaseModel):
    """Frozen, and strict about unknown fields; NaN and infinity are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CheckKind(StrEnum):
    """The checks, in the order in which they are run."""

    SYSTEM = "system"
    MICROPHONE = "microphone"
    CAMERA = "camera"
    SPEAKER = "speaker"
    BACKGROUND = "background"
    NETWORK = "network"


class Verdict(StrEnum):
    """What a check came to. ``WAIVED`` is the client's word, never the machine's."""

    OPEN = "open"  # not judged yet
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    WAIVED = "waived"


class DeviceError(StrEnum):
    """Why the browser gave no track: classified by error name, permission state, device list."""

    PROMPT_DISMISSED = "prompt_dismissed"
    DENIED_BY_BROWSER = "denied_by_browser"
    DENIED_BY_SYSTEM = "denied_by_system"
    NOT_FOUND = "not_found"
    IN_USE = "in_use"
    OVERCONSTRAINED = "overconstrained"
    TIMED_OUT = "timed_out"
    UNSUPPORTED = "unsupported"
    ENDED = "ended"  # unplugged or taken away while it ran


class BrowserSystem(Record):
    """What the page finds out about its surroundings."""

    kind: Literal["system"] = "system"
    secure_context: bool
    media_devices: bool
    web_rtc: bool
    opus: bool
    vp8: bool
    web_assembly: bool
    audio_context: bool
    browser: Annotated[str, Field(max_length=40)]  # chromium, edge, firefox, samsung, safari, other
    browser_version: Annotated[int, Field(ge=0, le=9999)]
    os: Annotated[str, Field(max_length=40)]  # windows, macos, linux, android, ios, other
    in_app_browser: bool
    clock_offset_s: float = 0.0


class BrowserMicrophone(Record):
    """Levels of the unprocessed track over the last seconds, from the page's AudioWorklet."""

    kind: Literal["microphone"] = "microphone"
    error: DeviceError | None = None
    label: Annotated[str, Field(max_length=200)] = ""
    duration_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    unprocessed: bool = True  # echo canceller, noise suppression, gain control off
    sample_rate_hz: Annotated[int, Field(ge=0, le=400_000)] = 48_000
    track_muted: bool = False
    digital_silence_s: Annotated[float, Field(ge=0)] = 0.0  # newest run of samples <= 1/32767
    speech_dbfs: Dbfs = -120.0  # 95th percentile of 20 ms RMS
    noise_dbfs: Dbfs = -120.0  # 10th percentile of 20 ms RMS
    peak_dbfs: Dbfs = -120.0
    clipped_bursts: Annotated[int, Field(ge=0)] = 0  # runs of more than 6 samples >= 0.99


class AnalyserMicrophone(Record):
    """What arrives over the real path, after Opus."""

    kind: Literal["microphone"] = "microphone"
    duration_s: Annotated[float, Field(ge=0)] = 0.0  # of sound received
    level_dbfs: Dbfs = -120.0  # now, for the meter
    speech_dbfs: Dbfs = -120.0  # of the voice heard so far; without one, of everything
    noise_dbfs: Dbfs = -120.0
    voice_s: Annotated[float, Field(ge=0)] = 0.0  # seconds judged as voice so far
    gaps: Annotated[int, Field(ge=0)] = 0  # packets missing when they were due
    packets: Annotated[int, Field(ge=0)] = 0
    listening_s: Annotated[float, Field(ge=0)] = 0.0  # since measuring began, sound or not


class BrowserCamera(Record):
    """What only the page knows about the camera."""

    kind: Literal["camera"] = "camera"
    error: DeviceError | None = None
    virtual: bool = False  # a program that makes pictures, by its name, which stays in the page
    width: Annotated[int, Field(ge=0, le=20_000)] = 0
    height: Annotated[int, Field(ge=0, le=20_000)] = 0
    track_muted: bool = False
    frames_per_s: Annotated[float, Field(ge=0, le=1000)] = 0.0
    duration_s: Annotated[float, Field(ge=0, le=3600)] = 0.0  # since the track was sent


class AnalyserCamera(Record):
    """What arrives over the real path, judged on new frames only. Luma is 0-255, full range."""

    kind: Literal["camera"] = "camera"
    duration_s: Annotated[float, Field(ge=0)] = 0.0
    frames: Annotated[int, Field(ge=0)] = 0
    frames_per_s: Annotated[float, Field(ge=0)] = 0.0
    width: Annotated[int, Field(ge=0)] = 0
    height: Annotated[int, Field(ge=0)] = 0
    mean_luma: Luma = 0.0
    luma_deviation: Annotated[float, Field(ge=0)] = 0.0  # standard deviation within the frame
    edge_ratio: Ratio = 0.0  # share of pixels on an edge
    structure: Annotated[float, Field(ge=0)] = 0.0  # deviation without noise and slopes of light
    highlight_luma: Luma = 0.0  # 98th percentile
    clipped_ratio: Ratio = 0.0  # share of pixels that are white
    blur: Ratio = 0.0  # 0 sharp to 1 without detail; the sharper pictures of three seconds
    black_ratio: Ratio = 0.0  # share of frames with mean luma < 20
    same_picture_s: Annotated[float, Field(ge=0)] = 0.0  # newest run of frames without a change
    silent_s: Annotated[float, Field(ge=0)] = 0.0  # since the newest frame
    turned_deg: Literal[0, 90, 180, 270] = 0  # clockwise, until faces stand upright
    faces: Annotated[int, Field(ge=0)] = 0
    face_box: tuple[float, float, float, float] | None = None  # left, top, right, bottom: shares
    face_luma: Luma | None = None  # of the middle of the largest face
    face_highlight_luma: Luma | None = None  # 90th percentile of its middle
    face_clipped_ratio: Ratio = 0.0
    face_blur: Ratio | None = None  # None: no face, or too few pixels of it
    surround_luma: Luma | None = None  # beside and above that head
    surround_clipped_ratio: Ratio = 0.0
    listening_s: Annotated[float, Field(ge=0)] = 0.0  # since measuring began, picture or not


class SpeakerAnswer(Record):
    """Which number the client tapped; web knows which one was spoken."""

    kind: Literal["speaker"] = "speaker"
    error: DeviceError | None = None
    tapped: Annotated[str, Field(pattern=r"^\d{3}$")] | None = None
    heard_nothing: bool = False


class AnalyserBackground(Record):
    """The appliance's blur: ready once a generated frame has been sent."""

    kind: Literal["background"] = "background"
    mode: Literal["none", "blur", "blur_strong"] = "none"
    ready: bool = False
    frames_per_s: Annotated[float, Field(ge=0)] = 0.0
    ms_per_frame: Annotated[float, Field(ge=0)] = 0.0
    source_frames_per_s: Annotated[float, Field(ge=0)] = 0.0  # of the raw picture that arrives
    waiting_s: Annotated[float, Field(ge=0)] = 0.0  # since the mode was asked for, until ready
    running_s: Annotated[float, Field(ge=0)] = 0.0  # since the first generated frame


BrowserRecord = Annotated[
    BrowserSystem | BrowserMicrophone | BrowserCamera | SpeakerAnswer,
    Field(discriminator="kind"),
]
AnalyserRecord = Annotated[
    AnalyserMicrophone | AnalyserCamera | AnalyserBackground, Field(discriminator="kind")
]


class PolicyLevel(StrEnum):
    """What the agency wants when a check of a kind fails."""

    INFORM = "inform"
    WARN = "warn"
    BLOCK = "block"  # waive is still possible: sound only, text only, or telephone


class Policy(Record):
    """The agency's setting per kind of check; the machine's verdict is never the last word."""

    microphone: PolicyLevel = PolicyLevel.BLOCK
    camera: PolicyLevel = PolicyLevel.WARN
    speaker: PolicyLevel = PolicyLevel.BLOCK


class Finding(Record):
    """One judgement. ``cause`` is a key of ``remedies.CAUSES``; empty when the check passed."""

    kind: CheckKind
    verdict: Verdict
    cause: str = ""
    notes: tuple[str, ...] = ()  # further keys, for staff to know; they change no verdict
