"""Rooms and noises, made from their names: the same name is always the same room or noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.bench_check.split import digest
from tests.bench_check.voices import RATE_HZ, said


def named(name: str) -> np.random.Generator:
    """Chance that depends on a name alone."""
    return np.random.default_rng(digest(name))


def in_room(samples: np.ndarray, room: str) -> np.ndarray:
    """Early reflections and an exponential tail: RT60 0.15-0.6 s, direct sound 4-14 dB above."""
    random = named(room)
    rt60_s = random.uniform(0.15, 0.6)
    length = int(rt60_s * RATE_HZ)
    time_s = np.arange(length) / RATE_HZ
    tail = random.normal(0, 1, length) * 10 ** (-3 * time_s / rt60_s)
    tail[: int(0.004 * RATE_HZ)] = 0
    for _ in range(8):
        tail[int(random.uniform(0.003, 0.03) * RATE_HZ)] += random.choice((-1, 1)) * 6
    tail = smoothed(tail, 5)
    tail *= 10 ** (-random.uniform(4, 14) / 20) / np.linalg.norm(tail)
    tail[0] = 1.0
    size = 1 << int(np.ceil(np.log2(len(samples) + length)))
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return wet[: len(samples)].astype(np.float32)


def smoothed(samples: np.ndarray, width: int) -> np.ndarray:
    """A moving average."""
    sums = np.cumsum(np.concatenate([np.zeros(width), samples]))
    return (sums[width:] - sums[:-width]) / width


def coloured(random: np.random.Generator, count: int, slope: float, low_hz: float) -> np.ndarray:
    """Noise whose spectrum falls by ``slope`` (1 is pink) above ``low_hz``."""
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    shape = 1 / np.maximum(hertz, low_hz) ** (slope / 2)
    shape[hertz < 20] = 0
    return np.fft.irfft(np.fft.rfft(random.normal(0, 1, count)) * shape, count)


def noise(
    name: str, seconds: float, random: np.random.Generator, voices: Sequence[str] = ()
) -> np.ndarray:
    """A noise of RMS 1. ``voices`` are who babbles; ``random`` chooses the place in the noise."""
    kind, own, count = name.split("-", maxsplit=1)[0], named(name), int(seconds * RATE_HZ)
    made = _MAKERS[kind](own, random, count, voices)
    return (made / np.sqrt((made**2).mean())).astype(np.float32)


def _fan(
    own: np.random.Generator, random: np.random.Generator, count: int, _v: object
) -> np.ndarray:
    time_s = np.arange(count) / RATE_HZ
    air = coloured(random, count, own.uniform(0.8, 1.6), own.uniform(80, 300))
    blades_hz = own.uniform(80, 240)
    wobble = 1 + own.uniform(0, 0.15) * np.sin(2 * np.pi * own.uniform(0.3, 3) * time_s)
    tone = sum(np.sin(2 * np.pi * blades_hz * k * time_s + k) / k for k in range(1, 5))
    return air / air.std() * wobble + own.uniform(0.1, 0.6) * tone


def _hum(
    own: np.random.Generator, random: np.random.Generator, count: int, _v: object
) -> np.ndarray:
    time_s = np.arange(count) / RATE_HZ
    base_hz = float(own.choice((50, 60)))
    tone = sum(
        own.uniform(0.1, 1) / k**0.7 * np.sin(2 * np.pi * base_hz * k * time_s + own.uniform(0, 6))
        for k in range(1, 14)
    )
    return tone + 0.05 * random.normal(0, 1, count)


def _street(
    own: np.random.Generator, random: np.random.Generator, count: int, _v: object
) -> np.ndarray:
    time_s = np.arange(count) / RATE_HZ
    rumble = coloured(random, count, own.uniform(1.2, 1.9), 60)
    passing = 1 + 0.6 * np.sin(2 * np.pi * time_s / own.uniform(3, 8) + random.uniform(0, 6))
    tyres = coloured(random, count, 0.6, 500)
    return rumble / rumble.std() * passing + own.uniform(0.2, 0.6) * tyres / tyres.std() * passing


def _typing(
    own: np.random.Generator, random: np.random.Generator, count: int, _v: object
) -> np.ndarray:
    made = random.normal(0, 1e-3, count)
    length = int(own.uniform(0.01, 0.05) * RATE_HZ)
    rhythm_s = own.uniform(0.09, 0.25)
    at = 0
    while at < count - length:
        click = random.normal(0, random.uniform(0.3, 1), length)
        made[at : at + length] += click * np.exp(-np.arange(length) / (length / 6))
        at += max(int(random.exponential(rhythm_s) * RATE_HZ), length // 2)
    return made


def _babble(
    own: np.random.Generator, random: np.random.Generator, count: int, voices: Sequence[str]
) -> np.ndarray:
    talkers = own.choice(list(voices), size=min(5, len(voices)), replace=False)
    made = np.zeros(count)
    for talker in talkers:
        talk = said(str(talker), count / RATE_HZ, random, pauses=0.6)
        made[: len(talk)] += own.uniform(0.5, 1) * talk
    return in_room(made.astype(np.float32), f"{own.integers(1 << 30)}").astype(np.float64)


def _rain(
    own: np.random.Generator, random: np.random.Generator, count: int, _v: object
) -> np.ndarray:
    hiss = coloured(random, count, own.uniform(0, 0.5), 200)
    drops = np.zeros(count)
    places = random.integers(0, count, int(count / RATE_HZ * own.uniform(20, 120)))
    drops[places] = random.uniform(2, 9, len(places))
    return hiss / hiss.std() + smoothed(drops, 12) * 12


_MAKERS = {
    "fan": _fan,
    "hum": _hum,
    "street": _street,
    "typing": _typing,
    "babble": _babble,
    "rain": _rain,
}
