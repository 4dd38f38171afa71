"""What is provoked in a real browser on a real appliance, and how.

Three means, noted with each case: capture files (real media over the whole path), flags of the
browser (denied, none, no camera), and, where Chromium can neither, a shim in the page that answers
as such a browser would. A shim provokes the page and everything behind it, not the browser.

Network faults are Chromium's own emulation, which delays and narrows its media packets, too;
a shaper in a namespace would do more (loss, jitter, a deep queue). New ones belong into ``LINES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from appliance.device_check.remedies import CAUSES
from tests.bench_check.split import HALVES
from tests.e2e.chromium import Devices

FILE_SOUND = ("silent", "no_speech", "too_quiet", "quiet", "clipping", "noisy")
FILE_PICTURE = (
    *("black", "covered", "dark", "too_bright", "backlit", "blurred", "frozen", "too_slow"),
    *("slow", "too_small", "small", "no_face", "face_cut_off", "face_too_near", "face_too_far"),
    "turned",
)


@dataclass(frozen=True)
class BrowserCase:
    """One run in a browser."""

    name: str
    kind: str  # whose finding is waited for; "whole" is the check from start to result
    expected: tuple[str, ...]
    means: str  # file, flag, shim, hand, none
    devices: Devices = Devices.WORKING
    shim: str = ""
    agent: str = ""
    hand: str = ""  # what the client does at the speaker: heard_nothing, wrong
    within_s: float = 60.0
    flags: tuple[str, ...] = ()
    line: dict[str, float] = field(
        default_factory=dict, hash=False
    )  # Network.emulateNetworkConditions


def refuses(kind: str, error: str, permission: str, message: str = "", always: bool = True) -> str:
    """A browser that refuses a device with an error, and says what is allowed."""
    return f"""() => {{
  const media = MediaDevices.prototype;
  const ask = media.getUserMedia;
  media.getUserMedia = async function (wishes) {{
    if (wishes.{kind}) throw new DOMException({message!r}, {error!r});
    return ask.call(this, wishes);
  }};
  const query = Permissions.prototype.query;
  Permissions.prototype.query = async function (what) {{
    return what.name === {"microphone" if kind == "audio" else "camera"!r}
      ? {{ state: {permission!r}, addEventListener() {{}}, removeEventListener() {{}} }}
      : query.call(this, what);
  }};
}}"""


def never_answers(kind: str, permission: str) -> str:
    """A prompt that nobody answers, or a web view that never settles."""
    return refuses(kind, "NotAllowedError", permission).replace(
        f"if (wishes.{kind}) throw", f"if (wishes.{kind}) await new Promise(() => {{}}), "
    )


def lists_none(kind: str) -> str:
    """A machine without such a device."""
    audio = "audio" if kind == "microphone" else "video"
    return f"""() => {{
  const list = MediaDevices.prototype.enumerateDevices;
  MediaDevices.prototype.enumerateDevices = async function () {{
    return (await list.call(this)).filter(({{ kind }}) => kind !== '{audio}input');
  }};
  ({refuses(audio, "NotFoundError", "prompt")})();
}}"""


MUTED = """() => {
  Object.defineProperty(MediaStreamTrack.prototype, 'muted', {
    get() { return this.kind === 'KIND'; },
  });
}"""
ENDS = """() => {
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (wishes) {
    const stream = await ask.call(this, wishes);
    if (wishes.KIND) setTimeout(() => {
      for (const track of stream.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    }, 1500);
    return stream;
  };
}"""
NO_WEB_RTC = """() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCRtpReceiver']) {
    delete window[name];
  }
}"""
NO_VP8 = """() => {
  const real = RTCRtpReceiver.getCapabilities;
  RTCRtpReceiver.getCapabilities = (kind) => {
    const found = real.call(RTCRtpReceiver, kind);
    return { ...found, codecs: found.codecs.filter((one) => !/vp8/i.test(one.mimeType)) };
  };
}"""
WRONG_CLOCK = """() => {
  const Real = Date;
  const off = -3 * 3600 * 1000;
  window.Date = class extends Real {
    constructor(...words) { words.length ? super(...words) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
}"""
INSECURE = """() => Object.defineProperty(window, 'isSecureContext', { get: () => false })"""
NO_PLAY = """() => {
  HTMLMediaElement.prototype.play = async function () {
    throw new DOMException('play() failed', 'NotAllowedError');
  };
  AudioContext.prototype.resume = async function () {
    throw new DOMException('no', 'InvalidStateError');
  };
}"""
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
OLD = f"{CHROME} Chrome/80.0.1 Safari/537.36"
IN_APP = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36 Instagram 355.1"
)

SYSTEM = (
    ("system_no_web_rtc", NO_WEB_RTC, ""),
    ("system_no_codec", NO_VP8, ""),
    ("system_insecure_page", INSECURE, ""),
    ("system_clock_wrong", WRONG_CLOCK, ""),
    ("system_old_browser", NO_WEB_RTC, OLD),
    ("system_old_browser_doubtful", "", OLD),
    ("system_in_app_browser", NO_WEB_RTC, IN_APP),
    ("system_in_app_browser_doubtful", "", IN_APP),
)
ERRORS = (  # what follows the device's name, DOMException, permission afterwards
    ("denied_by_system", "NotAllowedError", "granted"),
    ("prompt_dismissed", "NotAllowedError", "prompt"),
    ("in_use", "NotReadableError", "granted"),
)
NO_UDP = (  # the switch's old and new name; with the old one alone media passed
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
LINES: tuple[tuple[str, dict[str, float]], ...] = (  # ms, bytes per second, percent
    ("network_delay", {"latency": 900}),
    ("network_delay_doubtful", {"latency": 210}),  # each way
    ("network_telephone", {"uploadThroughput": 9_000, "downloadThroughput": 9_000}),
    ("network_upload_weak", {"uploadThroughput": 28_000}),
    ("network_download_weak", {"downloadThroughput": 28_000}),
    ("network_upload_poor", {"uploadThroughput": 65_000}),
    ("network_download_poor", {"downloadThroughput": 65_000}),
)
NOT_HERE = {  # faults that this tier cannot provoke, and why; said aloud with each run
    "network_loss, network_loss_doubtful": "Chromium's packetLoss left media alone when tried",
    "network_jitter": "Chromium's emulation has no jitter; needs a shaper in a namespace",
    "network_load_delay": "needs a shaper with a deep queue in a namespace",
    "network_cpu": "needs a device slower than this machine",
    "microphone_packets_missing": "direct tier only: loss of one stream alone",
    "camera_overconstrained": "retried without wishes and never shown",
}


def all_cases(healthy: int, halves: tuple[str, ...] = HALVES) -> Iterator[BrowserCase]:
    """Every case of the tier that the catalogue knows."""
    for half in halves:
        for one in (
            *_files(half),
            *_devices(half),
            *_system(half),
            *_speaker(half),
            *_network(half),
        ):
            if all(cause in CAUSES for cause in one.expected):
                yield one
        for number in range(healthy):
            name = f"{half}/browser/whole-healthy/{number}"
            yield BrowserCase(name, "whole", (), "file", within_s=150)


def _files(half: str) -> Iterator[BrowserCase]:
    for kind, faults in (("microphone", FILE_SOUND), ("camera", FILE_PICTURE)):
        for fault in faults:
            cause = f"{kind}_{fault}"
            yield BrowserCase(f"{half}/browser/{cause}/0", kind, (cause,), "file")


def _devices(half: str) -> Iterator[BrowserCase]:
    for kind, wish in (("microphone", "audio"), ("camera", "video")):
        cause = f"{kind}_denied_by_browser"
        name = f"{half}/browser/{cause}/0"
        yield BrowserCase(name, kind, (cause,), "flag", devices=Devices.DENIED)
        cause = f"{kind}_not_found"
        name = f"{half}/browser/{cause}/0"
        yield BrowserCase(name, kind, (cause,), "flag", devices=Devices.NONE)
        for word, error, permission in ERRORS:
            cause, shim = f"{kind}_{word}", refuses(wish, error, permission)
            yield BrowserCase(f"{half}/browser/{cause}/0", kind, (cause,), "shim", shim=shim)
        for word, shim in (
            ("timed_out", never_answers(wish, "granted")),
            ("muted", MUTED.replace("KIND", wish)),
            ("ended", ENDS.replace("KIND", wish)),
        ):
            cause = f"{kind}_{word}"
            yield BrowserCase(f"{half}/browser/{cause}/0", kind, (cause,), "shim", shim=shim)
    cause = "camera_not_found"
    name = f"{half}/browser/{cause}/1"
    yield BrowserCase(name, "camera", (cause,), "flag", devices=Devices.NO_CAMERA)
    cause = "microphone_not_found"
    shim = lists_none("microphone")
    yield BrowserCase(f"{half}/browser/{cause}/1", "microphone", (cause,), "shim", shim=shim)


def _system(half: str) -> Iterator[BrowserCase]:
    for cause, shim, agent in SYSTEM:
        name = f"{half}/browser/{cause}/0"
        yield BrowserCase(name, "system", (cause,), "shim", shim=shim, agent=agent)


def _speaker(half: str) -> Iterator[BrowserCase]:
    for cause, hand, shim in (
        ("speaker_not_heard", "heard_nothing", ""),
        ("speaker_wrong_number", "wrong", ""),
        ("speaker_not_playing", "listen", NO_PLAY),
    ):
        means = "shim" if shim else "hand"
        name = f"{half}/browser/{cause}/0"
        yield BrowserCase(name, "speaker", (cause,), means, shim=shim, hand=hand, within_s=60)


def _network(half: str) -> Iterator[BrowserCase]:
    """Without devices: the line is tested while nothing is heard or seen over it."""
    for cause, flags, line in (
        ("network_udp_blocked", NO_UDP, {}),
        *((cause, (), line) for cause, line in LINES),
    ):
        yield BrowserCase(
            f"{half}/browser/{cause}/0",
            "network",
            (cause,),
            "flag",
            devices=Devices.DENIED,
            within_s=75,
            flags=flags,
            line=line,
        )
