"""Judges the client's surroundings: whether this browser can hold a conversation at all.

One tick for each thing looked at; the finding is the worst of those that are worth stopping for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appliance.device_check import kiosk, thresholds
from appliance.device_check.records import BrowserSystem, CheckKind, Finding, Verdict

_MINIMUM_VERSIONS = {
    "chromium": thresholds.MINIMUM_CHROMIUM,
    "edge": thresholds.MINIMUM_CHROMIUM,
    "firefox": thresholds.MINIMUM_FIREFOX,
    "samsung": thresholds.MINIMUM_SAMSUNG,
    "safari": thresholds.MINIMUM_SAFARI,
}


class Item(StrEnum):
    """What is looked at, in the order of the list on the page."""

    SECURE_PAGE = "secure_page"
    BROWSER = "browser"
    DEVICES = "devices"
    CALLS = "calls"
    CODECS = "codecs"
    SIGNALLING = "signalling"
    PATH = "path"
    CLOCK = "clock"
    BATTERY = "battery"
    BLUR = "blur"
    SCREEN = "screen"
    KIOSK = "kiosk"  # where there is one: the devices of its set-up


# The appliance blurs where the browser cannot, a screen that sleeps can be woken, and a path that
# does not open is the line test's to judge, by the agency's policy.
_NO_REASON_TO_STOP = frozenset({Item.BLUR, Item.SCREEN, Item.PATH})


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the list. ``OPEN`` where another line already says why nothing is known."""

    item: Item
    verdict: Verdict
    cause: str = ""


def judge(browser: BrowserSystem | None) -> Finding:
    """The first failure, else the first warning that is worth stopping for."""
    if browser is None:
        return Finding(kind=CheckKind.SYSTEM, verdict=Verdict.OPEN)
    found = [tick for tick in ticks(browser) if tick.item not in _NO_REASON_TO_STOP]
    for verdict in (Verdict.FAILED, Verdict.WARNING):
        for tick in found:
            if tick.verdict is verdict:
                return _finding(browser, verdict, tick.cause)
    return _finding(browser, Verdict.PASSED)


def _finding(browser: BrowserSystem, verdict: Verdict, cause: str = "") -> Finding:
    notes = kiosk.notes(browser)
    return Finding(kind=CheckKind.SYSTEM, verdict=verdict, cause=cause, notes=notes)


def ticks(browser: BrowserSystem) -> list[Tick]:
    """All lines, in the order of ``Item``."""
    return [
        _tick(Item.SECURE_PAGE, failed="" if browser.secure_context else "system_insecure_page"),
        _browser(browser),
        _devices(browser),
        _calls(browser),
        _codecs(browser),
        Tick(Item.SIGNALLING, Verdict.PASSED),  # the record has come over it
        _path(browser),
        _clock(browser),
        _battery(browser),
        _tick(
            Item.BLUR,
            warned="" if browser.web_assembly and browser.web_gl else "system_no_blur",
        ),
        _tick(Item.SCREEN, warned="system_screen_sleeps" if browser.screen == "refused" else ""),
        _kiosk(browser),
    ]


def _tick(item: Item, *, failed: str = "", warned: str = "") -> Tick:
    if failed:
        return Tick(item, Verdict.FAILED, failed)
    return Tick(item, Verdict.WARNING, warned) if warned else Tick(item, Verdict.PASSED)


def _browser(browser: BrowserSystem) -> Tick:
    """Feature tests first, versions last: an old browser that can do everything may try."""
    lacks = browser.secure_context and not (browser.media_devices and browser.web_rtc)
    if browser.in_app_browser:
        cause = "system_in_app_browser"
    elif _too_old(browser):
        cause = "system_old_browser"
    else:
        return Tick(Item.BROWSER, Verdict.PASSED)
    if lacks:
        return _tick(Item.BROWSER, failed=cause)
    return _tick(Item.BROWSER, warned=_DOUBTFUL[cause])


_DOUBTFUL = {
    "system_in_app_browser": "system_in_app_browser_doubtful",
    "system_old_browser": "system_old_browser_doubtful",
}


def _devices(browser: BrowserSystem) -> Tick:
    if browser.media_devices:
        return _tick(Item.DEVICES, failed="" if browser.page_permitted else "system_page_forbidden")
    return _lacking(Item.DEVICES, browser)


def _calls(browser: BrowserSystem) -> Tick:
    return Tick(Item.CALLS, Verdict.PASSED) if browser.web_rtc else _lacking(Item.CALLS, browser)


def _lacking(item: Item, browser: BrowserSystem) -> Tick:
    """Without encryption nothing is offered, and a browser in an app or too old is told as such."""
    if not browser.secure_context or _browser(browser).verdict is Verdict.FAILED:
        return Tick(item, Verdict.OPEN)
    return _tick(item, failed="system_no_web_rtc")


def _codecs(browser: BrowserSystem) -> Tick:
    if not browser.web_rtc:
        return Tick(Item.CODECS, Verdict.OPEN)
    return _tick(Item.CODECS, failed="" if browser.opus and browser.vp8 else "system_no_codec")


def _path(browser: BrowserSystem) -> Tick:
    if browser.path_connected and browser.web_rtc:
        return Tick(Item.PATH, Verdict.PASSED)
    if not browser.web_rtc or browser.path_wait_s < thresholds.PATH_WAIT_S:
        return Tick(Item.PATH, Verdict.OPEN)
    return _tick(Item.PATH, failed="system_no_path")


def _clock(browser: BrowserSystem) -> Tick:
    wrong = abs(browser.clock_offset_s) > thresholds.CLOCK_OFFSET_S
    return _tick(Item.CLOCK, warned="system_clock_wrong" if wrong else "")


def _battery(browser: BrowserSystem) -> Tick:
    if browser.battery is None:
        return Tick(Item.BATTERY, Verdict.OPEN)
    low = browser.battery < thresholds.BATTERY_LOW and not browser.charging
    return _tick(Item.BATTERY, warned="system_battery_low" if low else "")


def _kiosk(browser: BrowserSystem) -> Tick:
    if browser.kiosk_missing is None:
        return Tick(Item.KIOSK, Verdict.OPEN)
    return _tick(Item.KIOSK, warned=kiosk.missing_device(browser))


def _too_old(browser: BrowserSystem) -> bool:
    minimum = _MINIMUM_VERSIONS.get(browser.browser)
    return minimum is not None and 0 < browser.browser_version < minimum
