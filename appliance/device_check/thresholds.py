"""Every limit of the device check in one table: name, value, unit, and where the value comes from.

``own`` marks a value that no reference backs; such values were tried on the test clips only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit as it is shown in the handbook."""

    name: str
    value: float
    unit: str
    source: str


THRESHOLDS: dict[str, Threshold] = {}


def _threshold(name: str, value: float, unit: str, source: str) -> float:
    THRESHOLDS[name] = Threshold(name, value, unit, source)
    return value


# ---- system ------------------------------------------------------------------------------------
CLOCK_OFFSET_S = _threshold("clock_offset", 300, "s", "own; links and their times stay plausible")
PATH_WAIT_S = _threshold("path_wait", 15, "s", "LiveKit ConnectionCheck: signalling in 15 s")
BATTERY_LOW = _threshold("battery_low", 0.2, "share", "own; half an hour of video on old ones")
MINIMUM_CHROMIUM = _threshold("minimum_chromium", 100, "version", "own; AudioWorklet, codec list")
MINIMUM_FIREFOX = _threshold("minimum_firefox", 102, "version", "own; oldest with long support")
MINIMUM_SAMSUNG = _threshold("minimum_samsung", 19, "version", "own; stands on Chromium 102")
MINIMUM_SAFARI = _threshold("minimum_safari", 15, "version", "own; VP8 and AudioWorklet are solid")

# ---- permission and the life of a track ----------------------------------------------------------
NO_QUESTION_MS = _threshold("device_no_question", 200, "ms", "own; nobody answers that fast")
PROMPT_WAIT_S = _threshold("device_prompt_wait", 20, "s", "own; overlooked, or never asked")
BROKEN_ROUNDS = _threshold("device_broken_rounds", 3, "rounds", "own; of three tries each")
TAKEN_S = _threshold("device_taken", 2, "s", "own; shorter ones are a hiccup of the system")

# ---- microphone --------------------------------------------------------------------------------
SILENCE_S = _threshold("microphone_silence", 3, "s", "own; LiveKit Meet 10 s")
TOO_QUIET_DBFS = _threshold("microphone_too_quiet", -60, "dBFS", "testrtc")
QUIET_DBFS = _threshold("microphone_quiet", -45, "dBFS", "own")
CLIPPED_BURSTS = _threshold("microphone_clipped_bursts", 2, "bursts", "own repair of testrtc")
NOISE_DBFS = _threshold("microphone_noise", -45, "dBFS", "own")
SPEECH_OVER_NOISE_DB = _threshold("microphone_speech_over_noise", 15, "dB", "own; media study")
QUIET_PHASE_TRUST_DB = _threshold("microphone_quiet_phase_trust", 10, "dB", "own; over p10 of all")
TREBLE_DB = _threshold("microphone_treble", -50, "dB", "own; 7 kHz of EN 301 549 6.1; see 043")
CALL_PROFILE_KHZ = _threshold("microphone_call_profile", 16, "kHz", "EN 301 549 6.1; own")
CHANNEL_GAP_DB = _threshold("microphone_channel_gap", 30, "dB", "own; testrtc 1/65536")
SOMETHING_SAID_DB = _threshold("microphone_something_said", 6, "dB", "own; p95 over p10, nobody")
VOICE_BEGINS = _threshold("microphone_voice_begins", 0.5, "likelihood", "Silero's own")
VOICE_ENDS = _threshold("microphone_voice_ends", 0.35, "likelihood", "Silero's own")
VOICE_LIFTED_DBFS = _threshold("microphone_voice_lifted", -35, "dBFS", "own; louder ones stay so")
VOICE_LIFT_DB = _threshold("microphone_voice_lift", 30, "dB", "own; no noise becomes a voice")
VOICE_LIFT_DB_PER_S = _threshold("microphone_voice_lift_rate", 2.5, "dB/s", "own; a pause of 2 s")
VOICE_NEEDED_S = _threshold("microphone_voice_needed", 0.8, "s", "own; a short sentence")
LEVELS_S = _threshold("microphone_levels", 1.5, "s", "own; a word, and a pause beside it")
VOICE_LITTLE_S = _threshold("microphone_voice_little", 0.4, "s", "own; a word; no noise has it")
VOICE_WAIT_S = _threshold("microphone_voice_wait", 12, "s", "own; two tries at a sentence")
ARRIVAL_WAIT_S = _threshold("arrival_wait", 5, "s", "LiveKit ConnectionCheck 3-5 s")
GAPS_WARN_RATIO = _threshold("microphone_gaps_warn", 0.05, "share", "Daily")
GAPS_BAD_RATIO = _threshold("microphone_gaps_bad", 0.10, "share", "Daily")
GAPS_PACKETS = _threshold("microphone_gaps_packets", 100, "packets", "own; 2 s of Opus")

# ---- camera ------------------------------------------------------------------------------------
CAMERA_WAIT_S = _threshold("camera_wait", 2, "s", "own; exposure has settled")
CAMERA_FRAMES = _threshold("camera_frames", 5, "frames", "own; a share of fewer says nothing")
BLACK_LUMA = _threshold("camera_black_luma", 20, "luma", "testrtc; per new frame")
BLACK_RATIO = _threshold("camera_black_ratio", 1 / 3, "share", "testrtc")
COVERED_STRUCTURE = _threshold("camera_covered_structure", 3, "luma", "own; noise alone < 1.5")
DARK_LUMA = _threshold("camera_dark_luma", 50, "luma", "own")
DARK_FACE_LUMA = _threshold("camera_dark_face_luma", 90, "luma", "own; brightest 10 % of a face")
LIT_FACE_LUMA = _threshold("camera_lit_face_luma", 120, "luma", "own; brightest 10 % of a face")
WINDOW_LUMA = _threshold("camera_window_luma", 180, "luma", "own; with white spots in it")
DAZZLING_LUMA = _threshold("camera_dazzling_luma", 230, "luma", "own; a window, not a white wall")
BACKLIT_TIMES = _threshold("camera_backlit_times", 3.5, "factor", "own; 16 times the light")
DAZZLED_TIMES = _threshold("camera_dazzled_times", 1.8, "factor", "own; dazzling / face")
DAZZLED_CHEST = _threshold("camera_dazzled_chest", 1.5, "factor", "own; dazzling / clothes")
SHADE_LUMA = _threshold("camera_shade_luma", 175, "luma", "own; a day's light on a wall")
SHADE_TIMES = _threshold("camera_shade_times", 2.4, "factor", "own; 7 times the light")
SHADE_CHEST = _threshold("camera_shade_chest", 1.8, "factor", "own; clothes in the shade, too")
WINDOW_TIMES = _threshold("camera_window_times", 3, "factor", "own; window / face")
WINDOW_CHEST = _threshold("camera_window_chest", 2.5, "factor", "own; window / clothes")
DIM_ROOM_TIMES = _threshold("camera_dim_room_times", 2, "factor", "own; the room's light / face")
SHINE = _threshold("camera_shine", 1.2, "factor", "own; in the shade up to 1.15")
BACKLIT_CLIPPED = _threshold("camera_backlit_clipped", 0.1, "share", "own; white of the surround")
BRIGHT_FACE = _threshold("camera_bright_face", 0.2, "share", "own; white pixels of the face")
BRIGHT_FACE_LUMA = _threshold("camera_bright_face_luma", 225, "luma", "own; lit well 100-160")
BRIGHT_PICTURE = _threshold("camera_bright_picture", 0.5, "share", "own; white pixels, no face")
BLURRED_FACE = _threshold("camera_blurred_face", 0.45, "share", "own; strongest edges, Crete 2007")
BLURRED_BEHIND = _threshold("camera_blurred_behind", 0.62, "share", "own; the whole, with a face")
BLURRED_PICTURE = _threshold("camera_blurred_picture", 0.65, "share", "own; as above, no face")
RIM = _threshold("camera_rim", 0.02, "share", "own; a face this close to it goes on behind it")
NEAR_FACE = _threshold("camera_near_face", 0.68, "share", "own; height of the face")
FAR_FACE = _threshold("camera_far_face", 0.12, "share", "own; height of the face, about 1.3 m")
ASIDE = _threshold("camera_aside", 0.25, "share", "own; middle of the face, from either side")
FROZEN_S = _threshold("camera_frozen", 2, "s", "own")
STILL_S = _threshold("camera_still", 1, "s", "own; no praise while nothing changes")
ALIVE_WAIT_S = _threshold("camera_alive_wait", 5, "s", "own; a still picture is frozen by then")
STOPPED_S = _threshold("camera_stopped", 3, "s", "own; no new frame at all")
TOO_SLOW_FPS = _threshold("camera_too_slow", 5, "frames/s", "testrtc")
SLOW_FPS = _threshold("camera_slow", 20, "frames/s", "EN 301 549 6.5")
SLOW_AFTER_S = _threshold("camera_slow_after", 3, "s", "own; senders start slowly")
TOO_SMALL_LONG_PX = _threshold("camera_too_small_long", 320, "px", "EN 301 549 6.5, QVGA")
TOO_SMALL_SHORT_PX = _threshold("camera_too_small_short", 240, "px", "EN 301 549 6.5, QVGA")
SMALL_LONG_PX = _threshold("camera_small_long", 640, "px", "RED connect, VGA")
SMALL_SHORT_PX = _threshold("camera_small_short", 360, "px", "own; VGA's width at 16:9")

ADVICE_AFTER_S = _threshold("advice_after", 1, "s", "own; exposure begins to settle")
ADVICE_HOLD_S = _threshold("advice_hold", 0.6, "s", "own; three measurements agree")
ADVICE_EVERY_S = _threshold("advice_every", 1.5, "s", "own; calm, and time to read")
FINDING_HOLD_S = _threshold("camera_finding_hold", 1.2, "s", "own; two searches for faces agree")

# ---- speaker -----------------------------------------------------------------------------------
CHIRP_OVER_MEDIAN_DB = _threshold("chirp_over_median", 25, "dB", "media study: 19 without echo")
KIOSK_LOOP_TRIES = _threshold("kiosk_loop_tries", 2, "tries", "own; a hall's noise passes")
KIOSK_WEAKER_DB = _threshold("kiosk_weaker", 12, "dB", "own; a quarter of what set-up heard")
ECHO_MATCH = _threshold("echo_match", 0.85, "correlation", "own; other voices < 0.77")
ECHO_LOSS_DB = _threshold("echo_loss", 30, "dB", "own; 3GPP TS 26.132 8.7: at least 46")
WRONG_NUMBERS = _threshold("speaker_wrong_numbers", 2, "tries", "own; one slip is human")

# ---- network -----------------------------------------------------------------------------------
ROUND_TRIP_WARN_MS = _threshold("network_round_trip_warn", 300, "ms", "Daily")
ROUND_TRIP_BAD_MS = _threshold("network_round_trip_bad", 600, "ms", "Daily")
JITTER_WARN_MS = _threshold("network_jitter_warn", 30, "ms", "Twilio, BigBlueButton")
LOSS_WARN = _threshold("network_loss_warn", 0.05, "share", "Daily")
LOSS_BAD = _threshold("network_loss_bad", 0.10, "share", "Daily")
LOSS_PACKETS = _threshold(
    "network_loss_packets", 80, "packets", "own; a share of fewer says little"
)
LOSS_APART = _threshold("network_loss_apart", 2, "standard errors", "own; 95 % of chance")
RATE_GOOD_KBPS = _threshold("network_rate_good", 1100, "kbit/s", "Daily; each way")
RATE_WARN_KBPS = _threshold("network_rate_warn", 700, "kbit/s", "Daily; each way")
RATE_SOUND_FIRST_KBPS = _threshold("network_rate_sound_first", 350, "kbit/s", "Vonage, HDVC")
RATE_TELEPHONE_KBPS = _threshold("network_rate_telephone", 100, "kbit/s", "own")
LOAD_DELAY_EXTRA_MS = _threshold("network_load_delay_extra", 100, "ms", "testrtc: (min + 100) x 2")
LOAD_DELAY_FACTOR = _threshold("network_load_delay_factor", 2, "factor", "testrtc: (min + 100) x 2")
CPU_LIMITED_S = _threshold("network_cpu_limited", 1, "s", "LiveKit, testrtc")
FILLED = _threshold("network_filled", 0.8, "share", "own; encoders stay below what they may")
UNSTRAINED = _threshold(
    "network_unstrained", 0.7, "share of the best rate", "own; loss is the line's"
)
RECONNECT_S = _threshold("network_reconnect", 5, "s", "LiveKit ConnectionCheck: drop and rejoin")
CONNECT_WAIT_S = _threshold("network_connect_wait", 10, "s", "own; LiveKit 15 s")

# ---- the watch during the conversation ---------------------------------------------------------
TALKING_DBFS = _threshold("watch_talking", -50, "dBFS", "BigBlueButton")
TALKING_S = _threshold("watch_talking_for", 4, "s", "BigBlueButton")
TALKING_SHARE = _threshold("watch_talking_share", 0.5, "share", "own; speech has pauses")
WATCH_SILENT_S = _threshold("watch_silent", 10, "s", "LiveKit Meet")
CLIPPING_LOOKS = _threshold("watch_clipping_looks", 20, "looks", "own; ten seconds of speech")
CLIPPING_SHARE = _threshold("watch_clipping_share", 0.25, "share", "own; a laugh is nothing")
WATCH_BLACK_S = _threshold("watch_black", 5, "s", "own; a hand before the lens is nothing")
WATCH_FROZEN_S = _threshold("watch_frozen", 3, "s", "own")

# ---- background --------------------------------------------------------------------------------
BACKGROUND_WAIT_S = _threshold("background_wait", 8, "s", "media study: task created within 8 s")
BACKGROUND_FPS = _threshold("background_fps", 15, "frames/s", "own")
BACKGROUND_RATIO = _threshold("background_ratio", 0.6, "share of raw", "own")
BACKGROUND_MASK_AGE_S = _threshold("background_mask_age", 0.5, "s", "media study: fail closed")
