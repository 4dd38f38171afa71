"""The analyser's sound: what arrives is measured, what is said and echoed goes back."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import av
import numpy as np
from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.jitterbuffer import JitterFrame
from numpy.typing import NDArray

from appliance.device_check.analyser_rtp import (
    SOUND_PAYLOAD_TYPE,
    Arrivals,
    Sender,
    SoundOrder,
    parse,
)
from appliance.device_check.records import AnalyserMicrophone
from appliance.device_check.speech import Samples
from appliance.device_check.voice import RATE_HZ, STEP_S, STEP_SAMPLES, VoiceDetector

SAMPLE_RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAME_S = 0.02
ECHO_DELAY_S = 1.0
_SILENT_DBFS = -120.0
_WINDOW_STEPS = 500  # 10 s of steps for percentiles
_VOICE_STEPS_ENOUGH = 20  # 0.4 s: a percentile of less says nothing
_NOW_STEPS = 5  # 100 ms for the meter
_LEAD_IN_FRAMES = 25  # silence, so that the listener's buffer is running before the first word
_LATE_FRAMES_MAX = 50  # a busy machine catches up; after a second there is nothing to catch
_DOWN = SAMPLE_RATE_HZ // RATE_HZ
_TREBLE_HZ = (5000, 7000)  # a telephone line and Bluetooth's call profile end at 4 kHz
_SPEECH_HZ = (300, 3400)
_HZ_PER_LINE = SAMPLE_RATE_HZ // FRAME_SAMPLES
_TAPER = np.hanning(FRAME_SAMPLES)


class SoundMeter:
    """Levels and voice of 16-bit mono sound at 48 kHz."""

    def __init__(self, voice: VoiceDetector) -> None:
        self._rest = np.zeros(0, dtype=np.int16)
        self._levels: deque[float] = deque(maxlen=_WINDOW_STEPS)
        self._voice_levels: deque[float] = deque(maxlen=_WINDOW_STEPS)
        self._voice_bands: deque[tuple[float, float]] = deque(maxlen=_WINDOW_STEPS)
        self._voice = voice
        voice.reset()
        self._steps = 0
        self._voice_steps = 0

    def add(self, samples: Samples) -> None:
        """Measures in whole steps of 20 ms; what is left over waits."""
        joined = np.concatenate([self._rest, samples])
        whole = len(joined) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = joined[whole:]
        for start in range(0, whole, FRAME_SAMPLES):
            self._step(joined[start : start + FRAME_SAMPLES].astype(np.float64) / 32768)

    def record(self, arrivals: Arrivals, listening_s: float) -> AnalyserMicrophone:
        """What was heard so far; noise over the last 10 s, speech over the last 10 s of voice."""
        levels = np.array(self._levels) if self._levels else np.array([_SILENT_DBFS])
        enough = len(self._voice_levels) >= _VOICE_STEPS_ENOUGH
        spoken = np.array(self._voice_levels) if enough else levels
        return AnalyserMicrophone(
            duration_s=round(self._steps * STEP_S, 2),
            level_dbfs=round(float(levels[-_NOW_STEPS:].max()), 1),
            speech_dbfs=round(float(np.percentile(spoken, 95)), 1),
            noise_dbfs=round(float(np.percentile(levels, 10)), 1),
            voice_s=round(self._voice_steps * STEP_S, 2),
            gaps=arrivals.gaps,
            packets=arrivals.packets,
            listening_s=round(listening_s, 2),
            treble_db=self._treble_db() if enough else None,
        )

    def _step(self, samples: NDArray[np.float64]) -> None:
        rms = float(np.sqrt((samples**2).mean()))
        level_dbfs = max(_SILENT_DBFS, 20 * np.log10(rms + 1e-9))
        self._levels.append(level_dbfs)
        self._steps += 1
        lower = samples.reshape(STEP_SAMPLES, _DOWN).mean(axis=1)
        if self._voice.step(lower):
            self._voice_steps += 1
            self._voice_levels.append(level_dbfs)
            self._voice_bands.append(_bands(samples))

    def _treble_db(self) -> float:
        """Hissing sounds against vowels: each at its 95th percentile."""
        treble, speech = np.percentile(np.array(self._voice_bands), 95, axis=0)
        return round(float(10 * np.log10((treble + 1e-15) / (speech + 1e-15))), 1)


def _bands(samples: NDArray[np.float64]) -> tuple[float, float]:
    """Power at 5-7 kHz and at 300-3400 Hz."""
    power = np.abs(np.fft.rfft(samples * _TAPER)) ** 2
    treble, speech = (
        float(power[low // _HZ_PER_LINE : high // _HZ_PER_LINE].sum())
        for low, high in (_TREBLE_HZ, _SPEECH_HZ)
    )
    return treble, speech


class SoundIn:
    """Decodes the microphone's packets."""

    def __init__(self, voice: VoiceDetector) -> None:
        self._voice = voice
        self._order = SoundOrder()
        self._decoder = OpusDecoder()
        self.restart(0.0)

    def restart(self, now_s: float) -> None:
        """Measures from nothing."""
        self._arrivals = Arrivals()
        self._meter = SoundMeter(self._voice)
        self._began_at_s = now_s

    def record(self, now_s: float) -> AnalyserMicrophone:
        """What was heard since."""
        return self._meter.record(self._arrivals, now_s - self._began_at_s)

    def add(self, data: bytes) -> Samples | None:
        """Takes one packet; gives the mono sound that became ready, already measured."""
        packet = parse(data)
        if packet is None or packet.payload_type != SOUND_PAYLOAD_TYPE:
            return None
        if not self._arrivals.add(packet.sequence_number, packet.ssrc):
            return None
        frame = self._order.add(packet)
        if frame is None or not frame.data:
            return None
        samples = self._decoded(frame)
        if samples is not None:
            self._meter.add(samples)
        return samples

    def _decoded(self, frame: JitterFrame) -> Samples | None:
        try:
            frames = self._decoder.decode(frame)
        except av.FFmpegError:
            return None
        decoded = [part.to_ndarray() for part in frames if isinstance(part, av.AudioFrame)]
        if not decoded:
            return None
        stereo = np.concatenate(decoded, axis=1).reshape(-1, 2).astype(np.int32)
        return np.asarray(stereo.sum(axis=1) // 2, dtype=np.int16)


class SoundOut:
    """Speaks numbers and echoes, as Opus packets every 20 ms; nothing before it is first needed."""

    def __init__(self) -> None:
        self._encoder = OpusEncoder()
        self._sender = Sender(SOUND_PAYLOAD_TYPE)
        self._spoken: deque[tuple[Samples, str]] = deque()  # frames, and the number they end
        self._echo: deque[Samples] = deque(maxlen=round((ECHO_DELAY_S + 2) / FRAME_S))
        self._echo_rest = np.zeros(0, dtype=np.int16)
        self._echo_on = False
        self._due_s: float | None = None
        self._frames = 0

    @property
    def due_s(self) -> float | None:
        """When the next frame wants to be sent; ``None`` while there was nothing to say yet."""
        return self._due_s

    def say(self, samples: Samples, digits: str, now_s: float) -> None:
        """Queues a spoken number behind what is being said. More than two wait in vain."""
        if sum(1 for _, name in self._spoken if name) >= 2:
            return
        self._start(now_s)
        padded = np.pad(samples, (0, -len(samples) % FRAME_SAMPLES))
        frames = padded.reshape(-1, FRAME_SAMPLES)
        for index, frame in enumerate(frames):
            self._spoken.append((frame, digits if index == len(frames) - 1 else ""))

    def set_echo(self, on: bool, now_s: float) -> None:
        """From now on ``hear`` comes back after a second, or nothing does."""
        self._echo_on = on
        self._echo.clear()
        self._echo_rest = np.zeros(0, dtype=np.int16)
        if on:
            self._start(now_s)
            silence = np.zeros(FRAME_SAMPLES, dtype=np.int16)
            self._echo.extend([silence] * round(ECHO_DELAY_S / FRAME_S))

    def hear(self, samples: Samples) -> None:
        """Keeps what was heard for the echo."""
        if not self._echo_on:
            return
        joined = np.concatenate([self._echo_rest, samples])
        whole = len(joined) // FRAME_SAMPLES * FRAME_SAMPLES
        self._echo.extend(joined[:whole].reshape(-1, FRAME_SAMPLES))
        self._echo_rest = joined[whole:]

    def due(self, now_s: float) -> tuple[list[bytes], list[str]]:
        """The packets that are due, and the numbers that have been said to their end with them."""
        packets: list[bytes] = []
        said: list[str] = []
        if self._due_s is None:
            return packets, said
        if now_s - self._due_s > _LATE_FRAMES_MAX * FRAME_S:  # slept: skip, do not rush
            skipped = int((now_s - self._due_s) / FRAME_S)
            self._due_s += skipped * FRAME_S
            self._frames += skipped
        while self._due_s <= now_s:
            frame, finished = self._next_frame()
            packets += self._encoded(frame)
            said += [finished] if finished else []
            self._due_s += FRAME_S
        return packets, said

    def _start(self, now_s: float) -> None:
        if self._due_s is None:
            self._due_s = now_s
            silence = np.zeros(FRAME_SAMPLES, dtype=np.int16)
            self._spoken.extend([(silence, "")] * _LEAD_IN_FRAMES)

    def _next_frame(self) -> tuple[Samples, str]:
        mixed = np.zeros(FRAME_SAMPLES, dtype=np.int32)
        finished = ""
        if self._spoken:
            spoken, finished = self._spoken.popleft()
            mixed += spoken
        if self._echo_on and self._echo:
            mixed += self._echo.popleft()
        return np.clip(mixed, -32768, 32767).astype(np.int16), finished

    def _encoded(self, samples: Samples) -> list[bytes]:
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._frames * FRAME_SAMPLES
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        timestamp = self._frames * FRAME_SAMPLES
        self._frames += 1
        payloads, _ = self._encoder.encode(frame)
        return [
            packet
            for index, payload in enumerate(payloads)
            for packet in self._sender.packets([payload], timestamp + index * FRAME_SAMPLES)
        ]
