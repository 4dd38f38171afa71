"""Judges the microphone, as the browser hears it and as it arrives at the appliance.

Opus turns digital silence into a faint noise and hides clipping, so those are taken from the
browser's unprocessed track. That speech arrives is taken from the analyser alone. Whose voice is
too soft there is judged by how loud it is sent, for that is what the other side hears.
"""

from __future__ import annotations

from appliance.device_check import thresholds
from appliance.device_check.records import (
    AnalyserMicrophone,
    BrowserMicrophone,
    CheckKind,
    Finding,
    Verdict,
)


def judge(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone | None) -> Finding:
    """``OPEN`` while too little was heard to say anything; then the worst thing found."""
    if browser is not None and browser.error is not None:
        return _failed(f"microphone_{browser.error}")
    heard = analyser is not None and _heard(analyser)
    if not heard and (cause := _why_not_heard(browser, analyser)):
        return _failed(cause)
    if not heard or _only_begun(browser):
        return Finding(kind=CheckKind.MICROPHONE, verdict=Verdict.OPEN)
    return _how_well(browser, analyser or AnalyserMicrophone())


def _only_begun(browser: BrowserMicrophone | None) -> bool:
    """Asked to speak a moment ago: a voice that was heard by then is perhaps somebody else's.

    An audio engine that sleeps measures no longer: then the analyser alone decides.
    """
    if browser is None or browser.engine_asleep:
        return False
    return 0 < browser.duration_s < thresholds.LEVELS_S


def _heard(analyser: AnalyserMicrophone) -> bool:
    """A sentence; after a long wait a word or two will do, for packets may be missing."""
    little = analyser.voice_s >= thresholds.VOICE_LITTLE_S
    return analyser.voice_s >= thresholds.VOICE_NEEDED_S or (little and _waited(analyser))


def _waited(analyser: AnalyserMicrophone) -> bool:
    return max(analyser.listening_s, analyser.duration_s) >= thresholds.VOICE_WAIT_S


def _failed(cause: str) -> Finding:
    return Finding(kind=CheckKind.MICROPHONE, verdict=Verdict.FAILED, cause=cause)


def _why_not_heard(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone | None) -> str:
    """The reason for no voice so far; empty while there is still time to say something."""
    if browser is not None:
        if browser.voice_elsewhere:
            return "microphone_wrong_device"
        if browser.track_muted and browser.duration_s >= thresholds.SILENCE_S:
            return "microphone_muted"
        if browser.digital_silence_s >= thresholds.SILENCE_S:
            return "microphone_silent"
        if browser.engine_asleep:
            return "microphone_engine_asleep"
    if analyser is None:
        return ""  # there is a line for them; until then nobody knows what arrives
    if analyser.packets == 0:
        waited = analyser.listening_s >= thresholds.ARRIVAL_WAIT_S
        return "microphone_not_arriving" if waited else ""
    if not _waited(analyser):
        return ""
    return _gaps(analyser, thresholds.GAPS_BAD_RATIO) or _why_no_voice(browser, analyser)


def _why_no_voice(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone) -> str:
    """No voice, after a long wait. Whatever would spoil one is the reason that can be mended."""
    speech_dbfs, noise_dbfs = _levels(browser, analyser)
    if speech_dbfs - noise_dbfs < thresholds.SOMETHING_SAID_DB:
        return "microphone_no_speech"
    if speech_dbfs < thresholds.TOO_QUIET_DBFS:
        return "microphone_too_quiet"
    distorted = _distorted(browser, speech_dbfs)
    if distorted in ("microphone_clipping", "microphone_one_side"):
        return distorted
    if browser is not None and _speaks_clearly(browser) and not _arrives(browser, analyser):
        return "microphone_not_arriving"
    return "microphone_no_speech"


def _speaks_clearly(browser: BrowserMicrophone) -> bool:
    """The browser hears something loud that comes and goes: what the analyser should hear too."""
    over_noise_db = browser.speech_dbfs - browser.noise_dbfs
    return (
        browser.speech_dbfs >= thresholds.QUIET_DBFS
        and over_noise_db >= thresholds.SPEECH_OVER_NOISE_DB
    )


def _arrives(browser: BrowserMicrophone, analyser: AnalyserMicrophone) -> bool:
    """Whether the analyser hears it nearly as loud: typing arrives as well, and is no voice."""
    return browser.speech_dbfs - analyser.speech_dbfs < thresholds.SPEECH_OVER_NOISE_DB


def _how_well(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone) -> Finding:
    if cause := _gaps(analyser, thresholds.GAPS_BAD_RATIO):
        return _failed(cause)
    speech_dbfs, noise_dbfs = _levels(browser, analyser)
    if speech_dbfs < thresholds.TOO_QUIET_DBFS:
        return _failed("microphone_too_quiet")
    warning = (
        _distorted(browser, speech_dbfs)
        or _noisy(_before_processing(browser, speech_dbfs), noise_dbfs)
        or _like_a_telephone(browser, analyser)
        or ("microphone_some_packets_missing" if _some_gaps(analyser) else "")
    )
    verdict = Verdict.WARNING if warning else Verdict.PASSED
    return Finding(kind=CheckKind.MICROPHONE, verdict=verdict, cause=warning)


def _distorted(browser: BrowserMicrophone | None, speech_dbfs: float) -> str:
    """Too loud or too soft; a dead side only matters where it makes the whole too soft."""
    if browser is not None and browser.clipped_bursts >= thresholds.CLIPPED_BURSTS:
        return "microphone_clipping"
    if speech_dbfs >= thresholds.QUIET_DBFS:
        return ""
    one_side = browser is not None and browser.channel_gap_db > thresholds.CHANNEL_GAP_DB
    return "microphone_one_side" if one_side else "microphone_quiet"


def _before_processing(browser: BrowserMicrophone | None, speech_dbfs: float) -> float:
    """Gain control lifts a soft voice, and the noise with it: both are compared without."""
    plain_dbfs = browser.plain_speech_dbfs if browser is not None else None
    return speech_dbfs if plain_dbfs is None else plain_dbfs


def _noisy(speech_dbfs: float, noise_dbfs: float) -> str:
    loud = noise_dbfs > thresholds.NOISE_DBFS
    near = speech_dbfs - noise_dbfs < thresholds.SPEECH_OVER_NOISE_DB
    return "microphone_noisy" if loud or near else ""


def _like_a_telephone(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone) -> str:
    """No sound up to 7 kHz: mostly a Bluetooth headset in its call profile."""
    slow = browser is not None and 0 < browser.sample_rate_hz <= 1000 * thresholds.CALL_PROFILE_KHZ
    dull = analyser.treble_db is not None and analyser.treble_db < thresholds.TREBLE_DB
    return "microphone_call_profile" if slow or dull else ""


def _some_gaps(analyser: AnalyserMicrophone) -> bool:
    return bool(_gaps(analyser, thresholds.GAPS_WARN_RATIO))


def _levels(browser: BrowserMicrophone | None, analyser: AnalyserMicrophone) -> tuple[float, float]:
    """Speech and noise in dBFS.

    Speech: whichever heard it louder, for the browser forgets what was said some seconds ago, and
    what counts is what arrives. Noise: the browser's, before any filter; as it was before the
    sentence, unless it has been far more quiet since (then somebody spoke already).
    """
    if browser is None or browser.duration_s <= 0:
        return analyser.speech_dbfs, analyser.noise_dbfs
    noise_dbfs, quiet_dbfs = browser.noise_dbfs, browser.quiet_dbfs
    if quiet_dbfs is not None and quiet_dbfs - noise_dbfs <= thresholds.QUIET_PHASE_TRUST_DB:
        noise_dbfs = max(noise_dbfs, quiet_dbfs)
    return max(browser.speech_dbfs, analyser.speech_dbfs), noise_dbfs


def _gaps(analyser: AnalyserMicrophone, limit: float) -> str:
    due = analyser.packets + analyser.gaps
    if due < thresholds.GAPS_PACKETS or analyser.gaps / due <= limit:
        return ""
    return "microphone_packets_missing"
