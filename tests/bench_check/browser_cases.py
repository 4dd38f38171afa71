"""What is provoked in a real browser on a real appliance, and how.

Noted with each case as its means: capture files (real media over the whole path), flags and
permissions of the browser, a hop that spoils the line (``udp_hop.py``), a
sound server with a second microphone, and, where Chromium can none of these, a shim in the page
that answers as such a browser would. A shim provokes the page and all behind it, not the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from appliance.device_check.remedies import CAUSES
from tests.bench_check import browser_shims as shims
from tests.bench_check.split import HALVES, digest
from tests.e2e.chromium import Devices
from tests.media.background_pages import WITHOUT_STREAMS
from tests.media.udp_hop import QUEUE_S

FILE_SOUND = ("silent", "no_speech", "clipping", "noisy", "call_profile")
SOFT_SOUND = ("too_quiet", "quiet", "one_side")  # faults where nothing lifts them
FILE_PICTURE = (
    *("black", "covered", "dark", "too_bright", "backlit", "blurred", "frozen", "too_slow"),
    *("slow", "too_small", "small", "no_face", "face_cut_off", "face_too_near", "face_too_far"),
    "turned",
)
HEALTHY_SOUND = (
    *("healthy-quiet-room", "healthy-some-noise", "healthy-typing", "healthy-one-peak"),
    "healthy-one-side",
)
HEALTHY_PICTURE = ("healthy-good-light", "healthy-own-light", "healthy-aside", "healthy-evening")
IN_STEP = 65  # causes by which all healthy runs are done
LIVE = ("file", "hop", "server")
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class BrowserCase:
    """One run in a browser."""

    name: str
    kind: str  # whose finding is waited for; "whole" is the check from start to result
    expected: tuple[str, ...] = ()
    means: str = "file"  # file, flag, permission, hop, server, shim, hand, or two of them
    devices: Devices = Devices.WORKING
    shim: str = ""
    hand: str = ""  # what the client does there, see ``browser_walk``
    within_s: float = 60.0
    flags: tuple[str, ...] = ()
    sound: str = "healthy-quiet-room"  # situation of the capture file
    picture: str = "healthy-good-light"
    context: dict[str, Any] = field(default_factory=dict, hash=False)  # Playwright's
    allowed: str = ""  # microphone or camera, while all else is denied
    line: dict[str, float] = field(default_factory=dict, hash=False)  # of UdpHop
    tick: bool = False  # told in the list of the system check, no reason to stop
    desk: bool = False  # told to staff, beside a check that may pass

    @property
    def live(self) -> bool:
        """The fault is in what is heard and seen, and not in what the browser answers."""
        return any(word in LIVE for word in self.means.split(", "))

    @property
    def about(self) -> str:
        """The cause that is provoked, or ``whole-healthy``."""
        return self.name.split("/")[2]


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
OLD = f"{CHROME} Chrome/80.0.1 Safari/537.36"
IN_APP = (
    "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/156.0.0.0 Mobile Safari/537.36 Instagram 355.1"
)

SYSTEM: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("system_no_web_rtc", "shim", {"shim": shims.NO_WEB_RTC}),
    ("system_no_codec", "shim", {"shim": shims.NO_VP8}),
    ("system_page_forbidden", "shim", {"shim": shims.FORBIDDEN}),
    ("system_clock_wrong", "shim", {"shim": shims.WRONG_CLOCK}),
    ("system_battery_low", "shim", {"shim": shims.EMPTY_BATTERY}),
    ("system_old_browser", "shim", {"shim": shims.NO_WEB_RTC, "context": {"user_agent": OLD}}),
    ("system_old_browser_doubtful", "flag", {"context": {"user_agent": OLD}}),
    (
        "system_in_app_browser",
        "shim",
        {"shim": shims.NO_WEB_RTC, "context": {"user_agent": IN_APP}},
    ),
    ("system_in_app_browser_doubtful", "flag", {"context": {"user_agent": IN_APP}}),
    ("system_no_blur", "flag", {"flags": ("--disable-3d-apis",), "tick": True}),
    ("system_screen_sleeps", "shim", {"shim": shims.FULL_SLEEP, "tick": True}),
    ("system_no_path", "hop", {"line": {"cut": 1}, "tick": True}),
)
ERRORS = (  # what follows the device's name, DOMException, permission afterwards, hand
    ("denied_by_system", "NotAllowedError", "granted", ""),
    ("prompt_dismissed", "NotAllowedError", "prompt", ""),
    ("in_use", "NotReadableError", "granted", ""),
    ("broken", "NotReadableError", "granted", "again"),
    ("unsupported", "TypeError", "granted", ""),
)
# Each in the middle of its class: at a limit, what a line really does is no truth. Jitter as over a
# crowded radio, in clumps: 46 ms by RFC 3550. Up to 130 ms at random, in order, are only 29 ms.
LINES: tuple[tuple[str, dict[str, float]], ...] = (
    ("network_udp_blocked", {"cut": 1}),
    ("network_telephone", {"up_kbps": 80, "down_kbps": 80}),
    ("network_upload_weak", {"up_kbps": 200}),
    ("network_download_weak", {"down_kbps": 200}),
    ("network_upload_poor", {"up_kbps": 500}),
    ("network_download_poor", {"down_kbps": 500}),
    ("network_upload_small", {"up_kbps": 950}),
    ("network_download_small", {"down_kbps": 950}),
    ("network_loss", {"loss": 0.15}),
    ("network_loss_doubtful", {"loss": 0.075}),
    ("network_delay", {"delay_s": 0.35}),
    ("network_delay_doubtful", {"delay_s": 0.18}),
    ("network_jitter", {"hold_s": 0.12}),
)
NOT_HERE = {  # faults that this tier does not provoke, and why; said aloud with each run
    "network_load_delay": "told beside another cause, to staff; see tests/media/bench_line.py",
    "speaker_echo": "needs a loudspeaker before the microphone; see tests/media/test_echo_watch.py",
    "kiosk_*": "the agency's own device, which tests itself without a client",
    "network_cpu, network_upload_unknown": "need a device slower than this machine",
    "system_insecure_page": "said by the page itself; see tests/e2e/test_page_without_devices.py",
    "microphone_overconstrained, camera_overconstrained": "retried without wishes, never shown",
    "background_too_slow": "needs a device that grows slower after it has passed its self-test",
    "background_not_available": "needs an agreed engine of the appliance that does not come",
}


def all_cases(healthy: int, halves: tuple[str, ...] = HALVES) -> Iterator[BrowserCase]:
    """Every case of the tier that the catalogue knows, in an order that may be broken off.

    Each cause once comes first, healthy runs spread among most of them (some 35 minutes on two
    cores); the other half of those with media of their own comes last. What needs no voice and no
    face is run once, in the half of its hash.
    """
    faulty = [case for half in HALVES for case in _faulty(half)]
    faulty.sort(key=lambda case: digest(case.name))
    once: dict[str, BrowserCase] = {}
    for case in faulty:
        if case.expected:
            once.setdefault(case.about, case)
    first = list(once.values())
    live = [case for case in faulty if case.means.startswith("file")]
    rest = [case for case in live if once.get(case.about) is not case]
    whole = [_healthy(half, number) for number in range(healthy) for half in HALVES]
    for case in (*_spread(first[:IN_STEP], whole), *first[IN_STEP:], *rest):
        if case.name.split("/")[0] in halves and all(one in CAUSES for one in case.expected):
            yield case


def _healthy(half: str, number: int) -> BrowserCase:
    """Every voice and person of the half in turn; other rooms, light, page sizes, languages."""
    context: dict[str, Any] = {"viewport": PHONE} if number % 3 == 1 else {}
    if number % 4 == 3:
        context["locale"] = "en-GB"
    return BrowserCase(
        f"{half}/browser/whole-healthy/{number}",
        "whole",
        within_s=150,
        sound=HEALTHY_SOUND[number % len(HEALTHY_SOUND)],
        picture=HEALTHY_PICTURE[number % len(HEALTHY_PICTURE)],
        context=context,
    )


def _spread(many: list[BrowserCase], few: list[BrowserCase]) -> Iterator[BrowserCase]:
    """Both in their order, in step."""
    total = max(1, len(few))
    for number in range(total):
        yield from many[len(many) * number // total : len(many) * (number + 1) // total]
        yield from few[number : number + 1]


def _faulty(half: str) -> Iterator[BrowserCase]:
    for made in (_files, _devices, _surroundings, _speaker, _background):
        yield from made(half)


def _case(half: str, cause: str, means: str, **more: Any) -> BrowserCase:
    kind = cause.partition("_")[0]
    return BrowserCase(f"{half}/browser/{cause}/0", kind, (cause,), means, **more)


def _files(half: str) -> Iterator[BrowserCase]:
    for kind, faults in (("microphone", FILE_SOUND), ("camera", FILE_PICTURE)):
        for fault in faults:
            own = {"sound" if kind == "microphone" else "picture": f"{kind}_{fault}"}
            yield _case(half, f"{kind}_{fault}", "file", **own)
    cause = "camera_several_faces"
    yield _case(half, cause, "file", picture=cause, desk=True)
    for fault in SOFT_SOUND:
        sound, shim = f"microphone_{fault}", shims.NO_GAIN_CONTROL
        yield _case(half, sound, "file, shim", sound=sound, shim=shim)
    lifted = f"{half}/browser/microphone-healthy-lifted/0"  # by the browser, for the other side
    yield BrowserCase(lifted, "microphone", sound="microphone_quiet")
    yield _case(half, "microphone_wrong_device", "server", devices=Devices.NONE, within_s=75)
    for cause, loss in (("packets_missing", 0.2), ("some_packets_missing", 0.078)):
        yield _case(half, f"microphone_{cause}", "hop", line={"loss": loss})


def _devices(half: str) -> Iterator[BrowserCase]:
    for kind, wish in (("microphone", "audio"), ("camera", "video")):
        other = "camera" if kind == "microphone" else "microphone"
        denied = {"devices": Devices.DENIED}
        yield _case(half, f"{kind}_denied_by_policy", "permission", **denied)
        yield _case(
            half, f"{kind}_denied_by_browser", "permission", shim=shims.ASKED_BEFORE, **denied
        )
        yield _case(half, f"{kind}_denied_one_of_two", "permission", allowed=other, **denied)
        yield _case(half, f"{kind}_not_found", "flag", devices=Devices.NONE)
        for word, error, permission, hand in ERRORS:
            shim = shims.refuses(wish, error, permission)
            yield _case(half, f"{kind}_{word}", "shim", shim=shim, hand=hand)
        yield _case(half, f"{kind}_timed_out", "shim", shim=shims.never_answers(wish, "granted"))
        # A camera that is muted gives no picture; a microphone's file is silent for that.
        no_picture = shims.both(shims.MUTED, shims.NOT_SENT)
        for word, shim in (
            ("muted", shims.MUTED if kind == "microphone" else no_picture),
            ("taken_away", shims.TAKEN),
            ("ended", shims.ENDS),
            ("not_arriving", shims.NOT_SENT),
        ):
            # Who is not heard says nothing, or it would not be true.
            own = {"sound": "microphone_no_speech"} if word in ("muted", "taken_away") else {}
            made = shim.replace("KIND", wish)
            yield _case(half, f"{kind}_{word}", "shim", shim=made, **own)
    yield _case(half, "camera_virtual", "shim", shim=shims.VIRTUAL, desk=True)
    cause = "microphone_engine_asleep"
    yield _case(half, cause, "shim", shim=shims.ASLEEP, sound="microphone_no_speech")


def _surroundings(half: str) -> Iterator[BrowserCase]:
    for cause, means, more in SYSTEM:
        yield _case(half, cause, means, **more)
    # Without devices: the line is tested while nothing is heard or seen over it.
    for cause, line in LINES:
        yield _case(half, cause, "hop", devices=Devices.DENIED, line=line, within_s=75)
    cause = "network_reconnect"
    line = {"queue_s": QUEUE_S}
    yield _case(half, cause, "hop", devices=Devices.DENIED, line=line, hand="close", within_s=75)
    cause = "network_mobile_data"
    yield _case(half, cause, "shim", devices=Devices.DENIED, shim=shims.MOBILE, within_s=75)


def _speaker(half: str) -> Iterator[BrowserCase]:
    for cause, hand, shim in (
        ("speaker_not_heard", "heard_nothing", ""),
        ("speaker_no_output", "heard_nothing", shims.NO_OUTPUT),
        ("speaker_text_wanted", "write", ""),
        ("speaker_wrong_number", "wrong", ""),
        ("speaker_not_playing", "listen", shims.NO_PLAY),
    ):
        yield _case(half, cause, "shim" if shim else "hand", shim=shim, hand=hand)


def _background(half: str) -> Iterator[BrowserCase]:
    yield _case(half, "background_unable", "flag", flags=("--disable-3d-apis",), hand="blur")
    yield _case(half, "background_lost", "shim", shim=WITHOUT_STREAMS, hand="lose")
