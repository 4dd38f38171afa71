"""Judges the client's surroundings: whether this browser can hold a conversation at all."""

from __future__ import annotations

from appliance.device_check import thresholds
from appliance.device_check.records import BrowserSystem, CheckKind, Finding, Verdict

_MINIMUM_VERSIONS = {
    "chromium": thresholds.MINIMUM_CHROMIUM,
    "edge": thresholds.MINIMUM_CHROMIUM,
    "firefox": thresholds.MINIMUM_FIREFOX,
    "samsung": thresholds.MINIMUM_SAMSUNG,
    "safari": thresholds.MINIMUM_SAFARI,
}


def judge(browser: BrowserSystem | None) -> Finding:
    """Feature tests first, versions last: an old browser that can do everything may try."""
    if browser is None:
        return Finding(kind=CheckKind.SYSTEM, verdict=Verdict.OPEN)
    if cause := _missing(browser):
        return Finding(kind=CheckKind.SYSTEM, verdict=Verdict.FAILED, cause=cause)
    if cause := _doubtful(browser):
        return Finding(kind=CheckKind.SYSTEM, verdict=Verdict.WARNING, cause=cause)
    return Finding(kind=CheckKind.SYSTEM, verdict=Verdict.PASSED)


def _missing(browser: BrowserSystem) -> str:
    if not browser.secure_context:
        return "system_insecure_page"
    if not (browser.media_devices and browser.web_rtc):
        if browser.in_app_browser:
            return "system_in_app_browser"
        if _too_old(browser):
            return "system_old_browser"
        return "system_no_web_rtc"
    if not (browser.opus and browser.vp8):
        return "system_no_codec"
    return ""


def _doubtful(browser: BrowserSystem) -> str:
    if browser.in_app_browser:
        return "system_in_app_browser_doubtful"
    if _too_old(browser):
        return "system_old_browser_doubtful"
    if abs(browser.clock_offset_s) > thresholds.CLOCK_OFFSET_S:
        return "system_clock_wrong"
    return ""


def _too_old(browser: BrowserSystem) -> bool:
    minimum = _MINIMUM_VERSIONS.get(browser.browser)
    return minimum is not None and 0 < browser.browser_version < minimum
