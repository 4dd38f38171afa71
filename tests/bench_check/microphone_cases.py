"""What can be wrong with a microphone, as sound: each fault from several voices, rooms, noises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.bench_check import voices
from tests.bench_check.cases import Case, Sound
from tests.bench_check.sounds import in_room, noise
from tests.bench_check.split import split
from tests.bench_check.voices import RATE_HZ, STEP, said, speech_level_dbfs

SECONDS = 15.0
ASKED_S = 1.0  # the page hears the room first, then asks for a sentence
STEADY = ("fan", "hum", "street", "babble", "rain")


class Scene:
    """A voice of one half in a room of the same half, and its chance."""

    def __init__(self, case: Case, random: np.random.Generator) -> None:
        self.case, self.random, self.sources = case, random, split()[case.half]
        self.number = int(case.name.rsplit("/", 1)[1])
        there = [voice for voice in self.sources["voice"] if voices.there(voice)]
        self.voice = there[(self.number + int(random.integers(2))) % len(there)]
        self.others = [voice for voice in there if voice != self.voice]
        self.room = str(random.choice(self.sources["room"]))
        case.notes |= {"voice": self.voice, "room": self.room}

    def between(self, low: float, high: float, name: str) -> float:
        """A strength, noted."""
        value = round(float(self.random.uniform(low, high)), 3)
        self.case.notes[name] = value
        return value

    def noise(self, kinds: tuple[str, ...]) -> np.ndarray:
        """One of the half's noises at RMS 1, kinds taken in turn."""
        kind = kinds[self.number % len(kinds)]
        own = [name for name in self.sources["noise"] if name.startswith(kind)]
        name = own[self.number // len(kinds) % len(own)]
        self.case.notes["noise"] = name
        return noise(name, SECONDS, self.random, self.others)

    def talk(self, level_dbfs: float) -> np.ndarray:
        """Silence until asked, four to nine seconds of talk, silence; in the room, at a level."""
        start_s = ASKED_S + self.between(0.3, 2.5, "after_asked_s")
        length_s = self.between(4.0, 9.0, "talks_s")
        dry = said(self.voice, length_s, self.random)
        whole = np.zeros(int(SECONDS * RATE_HZ), np.float32)
        begin = int(start_s * RATE_HZ)
        whole[begin : begin + len(dry)] = dry
        wet = in_room(whole, self.room)
        spoken = wet[begin : begin + len(dry)]
        return wet * 10 ** ((level_dbfs - speech_level_dbfs(spoken)) / 20)

    def quiet_room(self, low_dbfs: float = -78, high_dbfs: float = -62) -> np.ndarray:
        """What any room and any microphone adds."""
        level = self.between(low_dbfs, high_dbfs, "floor_dbfs")
        hiss = self.random.normal(0, 1, int(SECONDS * RATE_HZ)).astype(np.float32)
        return hiss * 10 ** (level / 20)


def _gain(dbfs: float) -> float:
    return 10 ** (dbfs / 20)


def _fit(samples: np.ndarray) -> np.ndarray:
    """Turned down where it would clip: healthy people do not."""
    top = float(np.abs(samples).max())
    return samples if top < 0.9 else samples * (0.9 / top)


def healthy_quiet_room(scene: Scene) -> Sound:
    """A voice in an ordinary room."""
    level = scene.between(-36, -15, "speech_dbfs")
    return Sound(_fit(scene.talk(level) + scene.quiet_room(-80, min(-58, level - 32))))


def healthy_some_noise(scene: Scene) -> Sound:
    """A voice with a faint noise at least 24 dB below."""
    level = scene.between(-30, -15, "speech_dbfs")
    below = scene.between(24, 35, "speech_over_noise_db")
    heard = scene.noise(STEADY) * _gain(min(level - below, -50))
    return Sound(_fit(scene.talk(level) + heard + scene.quiet_room()))


def healthy_typing(scene: Scene) -> Sound:
    """Somebody types beside the voice."""
    level = scene.between(-30, -15, "speech_dbfs")
    keys = scene.noise(("typing",)) * _gain(level - scene.between(14, 26, "speech_over_typing_db"))
    return Sound(_fit(scene.talk(level) + keys + scene.quiet_room()))


def healthy_few_lost(scene: Scene) -> Sound:
    """One or two of a hundred packets are lost, as on any wireless network."""
    level = scene.between(-30, -15, "speech_dbfs")
    samples = _fit(scene.talk(level) + scene.quiet_room())
    return Sound(samples, lost=lost_packets(scene, 0.002, 0.02))


def healthy_one_peak(scene: Scene) -> Sound:
    """A single knock at full scale: no clipping."""
    samples = _fit(scene.talk(scene.between(-30, -18, "speech_dbfs")) + scene.quiet_room())
    at = int(scene.between(2, 8, "knock_s") * RATE_HZ)
    samples[at : at + 4] = 1.0
    return Sound(samples)


def silent(scene: Scene) -> Sound:
    """The mute key of a headset: zeros, the lowest bit, or a constant (a driver's offset)."""
    count = int(SECONDS * RATE_HZ)
    variant = ("zeros", "lowest bit", "constant")[scene.number % 3]
    scene.case.notes["variant"] = variant
    if variant == "zeros":
        return Sound(np.zeros(count, np.float32))
    if variant == "lowest bit":
        return Sound(scene.random.integers(-1, 2, count).astype(np.float32) / 32768)
    offset = scene.between(0.001, 0.01, "offset")
    return Sound(np.full(count, offset, np.float32))


def muted(scene: Scene) -> Sound:
    """The operating system has taken the track away; the browser says so."""
    return Sound(np.zeros(int(SECONDS * RATE_HZ), np.float32), about={"track_muted": True})


def no_speech(scene: Scene) -> Sound:
    """A room in which nobody speaks: quiet, a fan, hum, street, rain, typing."""
    kinds = ("quiet", "fan", "hum", "street", "rain", "typing")
    kind = kinds[scene.number % len(kinds)]
    floor = scene.quiet_room(-75, -62)
    if kind == "quiet":
        return Sound(floor)
    return Sound(_fit(scene.noise((kind,)) * _gain(scene.between(-58, -47, "noise_dbfs")) + floor))


def too_quiet(scene: Scene) -> Sound:
    """A voice below -63 dBFS in a silent room."""
    level = scene.between(-69, -63.5, "speech_dbfs")
    return Sound(scene.talk(level) + scene.quiet_room(level - 26, level - 20))


def quiet(scene: Scene) -> Sound:
    """A voice between -57 and -48 dBFS."""
    level = scene.between(-56, -48.5, "speech_dbfs")
    return Sound(scene.talk(level) + scene.quiet_room(level - 32, level - 22))


def clipping(scene: Scene) -> Sound:
    """Far too loud: 1.5 to 12 % of the talk beyond full scale."""
    samples = scene.talk(-20) + scene.quiet_room()
    loud = np.abs(samples[np.abs(samples) > 0.02])
    share = scene.between(0.015, 0.12, "beyond_full_scale")
    return Sound(np.clip(samples / np.quantile(loud, 1 - share), -1, 1))


def noisy(scene: Scene) -> Sound:
    """A noise 3 to 11 dB below the voice."""
    level = scene.between(-32, -18, "speech_dbfs")
    below = scene.between(3, 11, "speech_over_noise_db")
    return Sound(_fit(scene.talk(level) + scene.noise(STEADY) * _gain(level - below)))


def call_profile(scene: Scene) -> Sound:
    """A Bluetooth headset in its call profile: nothing above 3.4 kHz; half of them say so."""
    samples = _fit(scene.talk(scene.between(-30, -18, "speech_dbfs")) + scene.quiet_room())
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    spectrum *= 1 / (1 + (hertz / scene.between(3300, 3700, "ends_hz")) ** 40)
    told = {"sample_rate_hz": 8000} if scene.number % 2 else {}
    return Sound(np.fft.irfft(spectrum, len(samples)).astype(np.float32), about=told)


def one_side(scene: Scene) -> Sound:
    """One of two channels is dead, and what the other one brings is too soft for both."""
    level = scene.between(-48, -41, "speech_dbfs")
    samples = scene.talk(level) + scene.quiet_room(level - 34, level - 26)
    return Sound(samples, gains=(1.0, 0.0))


def healthy_one_side(scene: Scene) -> Sound:
    """One of two channels is dead, and nobody needs to know: it is loud enough."""
    level = scene.between(-28, -16, "speech_dbfs")
    gains = (1.0, 0.0) if scene.number % 2 else (0.0, 1.0)
    return Sound(_fit(scene.talk(level) + scene.quiet_room()), gains=gains)


def packets_missing(scene: Scene) -> Sound:
    """An eighth to a third of the packets is lost, alone or in bursts."""
    samples = _fit(scene.talk(scene.between(-30, -18, "speech_dbfs")) + scene.quiet_room())
    return Sound(samples, lost=lost_packets(scene, 0.125, 0.33))


def some_packets_missing(scene: Scene) -> Sound:
    """Seven to nine of a hundred are lost."""
    samples = _fit(scene.talk(scene.between(-30, -18, "speech_dbfs")) + scene.quiet_room())
    return Sound(samples, lost=lost_packets(scene, 0.07, 0.09, bursts=False))


def not_arriving(scene: Scene) -> Sound:
    """The browser hears the voice, nothing arrives."""
    samples = _fit(scene.talk(scene.between(-30, -18, "speech_dbfs")) + scene.quiet_room())
    return Sound(samples, arrives=False)


def lost_packets(scene: Scene, low: float, high: float, bursts: bool = True) -> frozenset[int]:
    """Numbers of packets; every second loses its share."""
    share, per = scene.between(low, high, "lost_share"), 50
    length = 1 + (scene.number % 4 if bursts else 0)
    scene.case.notes["burst"] = length
    lost: set[int] = set()
    owed = 0.0
    for start in range(0, int(SECONDS * RATE_HZ) // STEP, per):
        owed += share * per
        while owed >= 0.5:
            first = start + int(scene.random.integers(per - length))
            here = set(range(first, first + length)) - lost
            lost |= here
            owed -= len(here)
    return frozenset(lost)


HEALTHY: dict[str, Callable[[Scene], Sound]] = {
    "healthy-quiet-room": healthy_quiet_room,
    "healthy-some-noise": healthy_some_noise,
    "healthy-typing": healthy_typing,
    "healthy-few-lost": healthy_few_lost,
    "healthy-one-peak": healthy_one_peak,
    "healthy-one-side": healthy_one_side,
}
FAULTS: dict[str, Callable[[Scene], Sound]] = {
    "microphone_silent": silent,
    "microphone_muted": muted,
    "microphone_no_speech": no_speech,
    "microphone_too_quiet": too_quiet,
    "microphone_quiet": quiet,
    "microphone_one_side": one_side,
    "microphone_call_profile": call_profile,
    "microphone_clipping": clipping,
    "microphone_noisy": noisy,
    "microphone_packets_missing": packets_missing,
    "microphone_some_packets_missing": some_packets_missing,
    "microphone_not_arriving": not_arriving,
}
