"""Words of real and synthetic voices, 48 kHz mono floats, trimmed and of one loudness."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

from tests.bench_check.split import digest
from tests.device_check.media_path import HOUSE

RATE_HZ = 48_000
STEP = 960
MEDIA = HOUSE / ".cache" / "bench-media"
KEPT = HOUSE / ".cache" / "bench-check" / "words"
_WORDS_MAX = 40
_WORD_S = (0.35, 6.0)
_GAP_STEPS = 15  # 0.3 s
_SPREAD_DB = 10.0

ASTERISK = {
    "en": "en_US_f_Allison",
    "es": "es_MX_f_Allison",
    "fr": "fr_CA_f_June",
    "it": "it_IT_m_Carlo",
    "ru": "ru_RU_f_IvrvoiceRU",
}
SENTENCES = {
    "de": "Guten Tag. Ich habe heute einen Termin bei Ihnen. Können Sie mich gut verstehen?",
    "en": "Good morning. I have an appointment with you today. Can you hear me well?",
    "tr": "Merhaba. Bugün sizinle bir randevum var. Beni iyi duyabiliyor musunuz?",
    "ru": "Здравствуйте. У меня сегодня встреча с вами. Вы хорошо меня слышите?",
    "pl": "Dzień dobry. Mam dzisiaj u państwa spotkanie. Czy dobrze mnie słychać?",
    "fr": "Bonjour. J'ai rendez-vous avec vous aujourd'hui. Est-ce que vous m'entendez bien?",
    "es": "Buenos días. Tengo una cita con ustedes hoy. ¿Me oyen bien?",
    "it": "Buongiorno. Oggi ho un appuntamento con voi. Mi sentite bene?",
    "uk": "Добрий день. У мене сьогодні зустріч з вами. Ви добре мене чуєте?",
    "ar": "صباح الخير. لدي موعد معكم اليوم. هل تسمعونني جيدا؟",
    "ro": "Bună ziua. Am o programare la dumneavoastră astăzi. Mă auziți bine?",
}


def _files(voice: str) -> list[Path]:
    engine, _, rest = voice.partition("-")
    sounds = MEDIA / "sounds"
    if engine == "alsa":
        return sorted(Path("/usr/share/sounds/alsa").glob("*_*.wav"))
    if engine == "asterisk":
        return sorted((sounds / f"asterisk-core-sounds-{rest}-wav" / ASTERISK[rest]).glob("*.wav"))
    if engine == "ktuberling":
        return sorted((sounds / "ktuberling-data" / rest).glob("*.[ow][ga][gv]"))
    language, _, actor = rest.partition("-")
    return sorted((sounds / f"fillets-ng-data-{language}").glob(f"**/{language}/*-{actor}-*.ogg"))


def there(voice: str) -> bool:
    """Whether this machine has the voice."""
    return bool(words(voice))


def decoded(file: Path) -> np.ndarray:
    """A recording as 48 kHz mono floats."""
    parts = []
    with av.open(str(file), metadata_errors="ignore") as container:
        narrow = container.streams.audio[0].rate <= 8000
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        for frame in [*container.decode(audio=0), None]:
            parts += [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
    samples = np.concatenate(parts).astype(np.float32) / 32768
    return widened(samples) if narrow else samples


def widened(samples: np.ndarray) -> np.ndarray:
    """Telephone recordings end at 4 kHz; what a real microphone hears above is put back.

    The upper half of the band, squared and shifted up by 3.4 kHz, 12 dB down: hiss where there is
    hiss. Without it every such voice would rightly count as a Bluetooth call profile.
    """
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    step = hertz[1] if len(hertz) > 1 else 1.0
    upper = np.where((hertz > 1000) & (hertz < 3900), spectrum, 0)
    for shift_hz, gain in ((2800, 0.35), (5500, 0.15), (8200, 0.08)):
        spectrum[: len(upper)] += gain * np.roll(upper, int(shift_hz / step))
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def trimmed(samples: np.ndarray) -> np.ndarray:
    """The word itself, faded; pauses are the bench's own.

    Without the silence around it, and without a click of the mouse after it; nothing at all if it
    was recorded in so much noise that no pause can be told from the word.
    """
    count = len(samples) // STEP
    if count < 3:
        return samples[:0]
    rms = np.sqrt((samples[: count * STEP].reshape(count, STEP) ** 2).mean(axis=1))
    loud = np.flatnonzero(rms > max(1e-4, rms.max() * 10 ** (-30 / 20)))
    if not len(loud):
        return samples[:0]
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > _GAP_STEPS) + 1)
    part = max(parts, key=lambda steps: float((rms[steps] ** 2).sum()))
    if np.ptp(np.percentile(20 * np.log10(rms[part] + 1e-9), (10, 95))) < _SPREAD_DB:
        return samples[:0]
    word = samples[max(0, part[0] - 1) * STEP : (part[-1] + 2) * STEP].copy()
    fade = min(480, len(word) // 2)
    word[:fade] *= np.linspace(0, 1, fade)
    word[-fade:] *= np.linspace(1, 0, fade)
    return word - word.mean()


def speech_level_dbfs(samples: np.ndarray) -> float:
    """95th percentile of the RMS of 20 ms."""
    count = len(samples) // STEP
    rms = np.sqrt((samples[: count * STEP].reshape(count, STEP).astype(np.float64) ** 2).mean(1))
    return float(20 * np.log10(np.percentile(rms, 95) + 1e-9))


def _spoken(voice: str, folder: Path) -> Iterator[np.ndarray]:
    _, language, *variant = voice.split("-")
    name = "+".join([language, *variant])
    for index, sentence in enumerate(SENTENCES[language].split(". ")):
        file = folder / f"{index}.wav"
        speed = str(130 + digest(voice) % 40)
        command = ["espeak-ng", "-v", name, "-s", speed, "-w", str(file), sentence]
        subprocess.run(command, check=True, timeout=60, capture_output=True)
        yield decoded(file)


def _chosen(files: list[Path]) -> list[Path]:
    return sorted(files, key=lambda file: digest(file.name))[: 4 * _WORDS_MAX]


@lru_cache(maxsize=40)
def words(voice: str) -> list[np.ndarray]:
    """Up to forty words or sentences, each at -20 dBFS. Kept on disk after the first time."""
    kept = KEPT / f"{voice}.npz"
    if kept.is_file():
        with np.load(kept) as archive:
            if archive.files:
                return [archive[name].astype(np.float32) / 32767 for name in archive.files]
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as own:  # another worker may be at the same voice
        part = Path(own) / kept.name
        found = _found(voice, own)
        if not found:
            return []  # and nothing is kept: its recordings may be fetched later
        named = {f"w{index:02}": word for index, word in enumerate(found)}
        np.savez(part, **{name: (word * 32767).astype(np.int16) for name, word in named.items()})
        part.rename(kept)
    return words(voice)


def _found(voice: str, folder: str) -> list[np.ndarray]:
    recordings = (
        _spoken(voice, Path(folder))
        if voice.startswith("espeak")
        else map(decoded, _chosen(_files(voice)))
    )
    found: list[np.ndarray] = []
    for samples in recordings:
        word = trimmed(samples)
        if not _WORD_S[0] * RATE_HZ <= len(word) <= _WORD_S[1] * RATE_HZ:
            continue
        word = word * 10 ** ((-20 - speech_level_dbfs(word)) / 20)
        found.append(np.clip(word, -1, 1))
        if len(found) == _WORDS_MAX:
            break
    return found


def said(
    voice: str, seconds: float, random: np.random.Generator, pauses: float = 1.0
) -> np.ndarray:
    """Fluent talk of a voice: its words in any order, with the pauses that people make."""
    spoken, parts, length = words(voice), [], 0
    while length < seconds * RATE_HZ:
        word = spoken[random.integers(len(spoken))]
        pause = np.zeros(int(random.uniform(0.12, 0.45) * pauses * RATE_HZ), np.float32)
        parts += [word, pause]
        length += len(word) + len(pause)
    return np.concatenate(parts)[: int(seconds * RATE_HZ)]
