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
    DENIED_BY_POLICY = "denied_by_policy"  # refused at once, and nobody here has ever been asked
    DENIED_ONE_OF_TWO = "denied_one_of_two"  # microphone or camera, the other is permitted
    NOT_FOUND = "not_found"
    IN_USE = "in_use"
    BROKEN = "broken"  # in use in round after round
    OVERCONSTRAINED = "overconstrained"
    TIMED_OUT = "timed_out"
    UNSUPPORTED = "unsupported"
    ENDED = "ended"  # unplugged while it ran
    TAKEN_AWAY = "taken_away"  # by a call or the system: the track went mute for more than 2 s


KioskDevice = Literal["microphone", "camera", "speaker"]


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
    page_permitted: bool = True  # false: a header on the way keeps camera or microphone from it
    web_gl: bool = True
    path_connected: bool = True  # media connection to the relay, by the page's own eyes
    path_wait_s: Annotated[float, Field(ge=0, le=3600)] = 0.0  # until it was there, or so far
    battery: Ratio | None = None  # None: the browser does not say
    charging: bool | None = None
    screen: Literal["awake", "refused", "unknown"] = "unknown"  # what came of the wake lock
    # Kinds of which a kiosk misses the device of its set-up; None: no kiosk, or never set up.
    kiosk_missing: Annotated[list[KioskDevice], Field(max_length=3)] | None = None
    kiosk_traces: bool | None = None  # something of an earlier client was found, and wiped


class BrowserMicrophone(Record):
    """Levels over the last seconds, from the page's AudioWorklet: of the unprocessed track.

    Whose voice is too soft on it is measured on, as it is sent: then that is the speech, while
    noise, clipping and channels stay those before processing.
    """

    kind: Literal["microphone"] = "microphone"
    error: DeviceError | None = None
    duration_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    unprocessed: bool = True  # echo canceller, noise suppression, gain control off
    sample_rate_hz: Annotated[int, Field(ge=0, le=400_000)] = 48_000
    track_muted: bool = False
    digital_silence_s: Annotated[float, Field(ge=0)] = 0.0  # newest run of a constant, +-1/32767
    speech_dbfs: Dbfs = -120.0  # 95th percentile of 20 ms RMS
    noise_dbfs: Dbfs = -120.0  # 10th percentile of 20 ms RMS
    peak_dbfs: Dbfs = -120.0
    clipped_bursts: Annotated[int, Field(ge=0)] = 0  # runs of more than 6 samples >= 0.99
    quiet_dbfs: Dbfs | None = None  # median before the sentence was asked for; None: not quiet
    # Of the voice before echo canceller, filters and gain control; None: speech_dbfs is just that.
    plain_speech_dbfs: Dbfs | None = None
    channel_gap_db: Annotated[float, Field(ge=0, le=210)] = 0.0  # loudest over weakest channel
    voice_elsewhere: bool = False  # another microphone of this device hears the person
    engine_asleep: bool = False  # the audio engine waits for a click: nothing was measured here


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
    # 5-7 kHz over 300-3400 Hz, of the voice alone; None before there was enough of it.
    treble_db: Annotated[float, Field(ge=-200, le=200)] | None = None


class BrowserCamera(Record):
    """What only the page knows about the camera."""

    kind: Literal["camera"] = "camera"
    error: DeviceError | None = None
    virtual: bool = False  # a program that makes pictures, by its name, which stays in the page
    width: Annotated[int, Field(ge=0, le=20_000)] = 0
    height: Annotated[int, Field(ge=0, le=20_000)] = 0
    track_muted: bool = False
    frames_per_s: Annotated[float, Field(ge=0, le=1000)] = 0.0
    same_picture_s: Annotated[float, Field(ge=0, le=3600)] = 0.0  # to the pixel; before any codec
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
    same_picture_s: Annotated[float, Field(ge=0)] = 0.0  # newest run without noise or movement
    unmoved_s: Annotated[float, Field(ge=0)] = 0.0  # since something has moved clearly
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
    window_luma: Luma | None = None  # 75th percentile of the same: a window fills a part of it
    room_luma: Luma | None = None  # 25th percentile of the same
    face_shine: Annotated[float, Field(ge=0, le=256)] | None = None  # brightest spots / highlight
    chest_luma: Luma | None = None  # 90th percentile below the chin; None: not in the picture
    listening_s: Annotated[float, Field(ge=0)] = 0.0  # since measuring began, picture or not


class LinePhase(Record):
    """One phase of the line test: one direction at one rate, counted at browser and relay.

    Down is padding of the relay, counted by the browser; up is a moving test picture of the page,
    counted by the relay. The idle phase has a trickle both ways. 0: not measured.
    """

    direction: Literal["idle", "down", "up"]
    wanted_kbps: Annotated[int, Field(ge=0, le=10_000)]
    arrived_kbps: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    round_trip_ms: Annotated[float, Field(ge=0, le=60_000)] = 0.0  # median
    down_packets: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # sent by the relay
    down_lost: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    down_jitter_ms: Annotated[float, Field(ge=0, le=60_000)] = 0.0
    up_packets: Annotated[int, Field(ge=0, le=1_000_000)] = 0  # expected at the relay
    up_lost: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    up_jitter_ms: Annotated[float, Field(ge=0, le=60_000)] = 0.0  # of the trickle
    available_kbps: Annotated[float, Field(ge=0)] = 0.0  # the browser's estimate of the way up
    estimate_kbps: Annotated[float, Field(ge=0)] = 0.0  # the browser's estimate of the way down
    cpu_limited_s: Annotated[float, Field(ge=0, le=60)] = 0.0  # qualityLimitationReason cpu
    frames_per_s: Annotated[float, Field(ge=0, le=1000)] = 0.0  # of the test picture, encoded


class BrowserNetwork(Record):
    """The line through the relay, as the page has tested it so far."""

    kind: Literal["network"] = "network"
    connected: bool = True  # false: signalling works, and media do not come through
    finished: bool = False
    skipped: Literal["", "busy", "interrupted"] = ""
    protocol: Literal["udp", "tcp", "unknown"] = "unknown"  # of the path in use
    turn: Literal["", "udp", "tcp", "tls"] = ""  # how the detour is reached; "": the direct path
    # Where nothing is connected: none is offered, none of its ways answers, one answers.
    detour: Literal["none", "silent", "open"] = "none"
    mobile: bool = False  # a mobile network, or the browser is asked to save data
    octets: Annotated[int, Field(ge=0, le=100_000_000)] = 0  # what the test has used, both ways
    reconnect: Literal["", "works", "fails"] = (
        ""  # a second connection beside the first; "": not tried
    )
    reconnect_s: Annotated[float, Field(ge=0, le=60)] = 0.0  # until it stood, or was given up
    phases: Annotated[list[LinePhase], Field(max_length=16)] = []


class LoopBack(Record):
    """How clearly a kiosk's tone came back into its own microphone. No sample leaves the page."""

    kind: Literal["speaker"] = "speaker"
    error: DeviceError | None = None  # no microphone to hear with, or an engine that sleeps
    over_median_db: Annotated[float, Field(ge=0, le=200)] = 0.0  # of the matched filter
    gain_db: Annotated[float, Field(ge=-200, le=100)] = -200.0  # what came back over what went out
    delay_s: Annotated[float, Field(ge=0, le=60)] = 0.0
    set_up_gain_db: Annotated[float, Field(ge=-200, le=100)] | None = None  # None: never set up


class SpeakerAnswer(Record):
    """Which number the client tapped; web knows which one was spoken. Or a kiosk's own hearing."""

    kind: Literal["speaker"] = "speaker"
    error: DeviceError | None = None
    tapped: Annotated[str, Field(pattern=r"^\d{3}$")] | None = None
    heard_nothing: bool = False
    loop: LoopBack | None = None
    # How the microphone, as it is sent, rose and fell with the number; None: nothing to tell from.
    echo_match: Ratio | None = None  # correlation of loudness over time
    echo_loss_db: Annotated[float, Field(ge=-120, le=120)] | None = None  # how much softer it was
    echo_cancelled: bool | None = None  # what the browser says; None: it does not


class BrowserBackground(Record):
    """The browser's own engine: ready once it has painted the client before something else."""

    kind: Literal["background"] = "background"
    mode: Literal["none", "blur", "blur_strong", "picture"] = "none"
    ready: bool = False
    trouble: Literal["", "unable", "lost"] = ""  # too slow or without WebGL; WebGL was taken away
    frames_per_s: Annotated[float, Field(ge=0)] = 0.0
    ms_per_frame: Annotated[float, Field(ge=0)] = 0.0
    source_frames_per_s: Annotated[float, Field(ge=0)] = 0.0  # of the camera, as far as is known
    waiting_s: Annotated[float, Field(ge=0)] = 0.0  # since it was asked for, until ready
    running_s: Annotated[float, Field(ge=0)] = 0.0  # since the first masked frame


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
    BrowserSystem
    | BrowserMicrophone
    | BrowserCamera
    | SpeakerAnswer
    | BrowserNetwork
    | BrowserBackground,
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


class NetworkPolicy(StrEnum):
    """What the agency wants when the line is weak; each includes those before it."""

    INFORM = "inform"  # the result is shown, and changes nothing
    WARN = "warn"  # the result card names it before one goes on
    SOUND_ONLY = "sound_only"  # too weak for a picture: the camera is off to begin with
    TELEPHONE = "telephone"  # too weak for a picture: the telephone number comes first


class Policy(Record):
    """The agency's setting per kind of check; the machine's verdict is never the last word."""

    microphone: PolicyLevel = PolicyLevel.BLOCK
    camera: PolicyLevel = PolicyLevel.WARN
    speaker: PolicyLevel = PolicyLevel.BLOCK
    network: NetworkPolicy = NetworkPolicy.WARN
    network_overrule: bool = True  # the client may switch the camera on in spite of sound_only


class Finding(Record):
    """One judgement. ``cause`` is a key of ``remedies.CAUSES``; empty when the check passed.

    The network alone may pass with a cause: a hint, such as the volume on a mobile network.
    """

    kind: CheckKind
    verdict: Verdict
    cause: str = ""
    notes: tuple[str, ...] = ()  # further keys, for staff to know; they change no verdict
