"""Which half each voice, person, room and noise belongs to: by hash of its name, decided once.

``split.json`` was written before anything was tuned and is never written again for a name that is
in it. Sources that the thresholds had been tried on before the bench existed are in the tuning half
whatever their hash; of the others, each kind in the order of its hashes, half goes to either side.

    python -m tests.bench_check.split        shows what ``split.json`` should hold
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

HALVES = ("tuning", "unseen")
FILE = Path(__file__).parent / "split.json"

# Used by unit tests, and so by whoever set the first thresholds.
USED_BEFORE = {"alsa", "espeak-de", "espeak-de-f3", "franck", "cap", "wall", "fan-1"}

SOURCES: dict[str, tuple[str, ...]] = {
    "voice": (
        "alsa",
        *(f"asterisk-{language}" for language in ("en", "es", "fr", "it", "ru")),
        *(f"fillets-{actor}" for actor in ("cs-m", "cs-v", "nl-m", "nl-v")),
        *(f"ktuberling-{language}" for language in ("ca", "da", "de", "el", "en", "fr")),
        *(f"ktuberling-{language}" for language in ("gl", "lt", "ru", "sl", "uk", "wa")),
        "espeak-de",
        "espeak-de-f3",
        *("espeak-en-m1", "espeak-tr-f1", "espeak-ru-m2", "espeak-pl-f2", "espeak-fr-m3"),
        *("espeak-es-f4", "espeak-it-m4", "espeak-uk-f5", "espeak-ar-m5", "espeak-ro-m7"),
    ),
    # One name per human being: two clips of the same man are one source.
    "person": (
        *("franck", "cap", "carphone", "wolfgang", "luke", "astronaut"),
        *("woman-f1", "woman-f15", "woman-f13", "beard"),
    ),
    "place": (  # what an empty chair leaves, or nothing that a face detector should know
        *("wall", "coffee", "motorcycle", "brick", "grass", "cat", "mountains", "bikes"),
        *("office-1", "office-2", "office-3"),
    ),
    "room": tuple(f"room-{number}" for number in range(1, 13)),
    "noise": (
        *(f"fan-{number}" for number in range(1, 5)),
        *(f"hum-{number}" for number in range(1, 5)),
        *(f"street-{number}" for number in range(1, 5)),
        *(f"typing-{number}" for number in range(1, 5)),
        *(f"babble-{number}" for number in range(1, 5)),
        *(f"rain-{number}" for number in range(1, 5)),
    ),
}

# Added later, for limits to be set on more people and rooms than there were at first: never unseen.
TUNING_ONLY: dict[str, tuple[str, ...]] = {
    "person": ("man-obama", "woman-ri", "woman-kim", "woman-queen"),  # unit tests use them
    "place": ("office-4", "office-5"),
}


def digest(name: str) -> int:
    """A number that depends on nothing but the name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def made() -> dict[str, dict[str, list[str]]]:
    """The split by the rule. Noises are halved kind by kind, so that each half has every kind."""
    halves: dict[str, dict[str, list[str]]] = {half: {} for half in HALVES}
    for kind, names in SOURCES.items():
        groups: dict[str, list[str]] = {}
        for name in names:
            groups.setdefault(name.split("-")[0] if kind in ("noise", "voice") else "", []).append(
                name
            )
        for half in HALVES:
            halves[half][kind] = []
        for group in groups.values():
            _share_out(group, halves, kind)
        halves["tuning"][kind] += TUNING_ONLY.get(kind, ())
    return halves


def _share_out(names: list[str], halves: dict[str, dict[str, list[str]]], kind: str) -> None:
    tuning = [name for name in names if name in USED_BEFORE]
    free = sorted((name for name in names if name not in USED_BEFORE), key=digest)
    tuning += free[: max(0, len(names) // 2 - len(tuning))]
    halves["tuning"][kind] += sorted(tuning)
    halves["unseen"][kind] += sorted(set(names) - set(tuning))


@cache
def split() -> dict[str, dict[str, list[str]]]:
    """What was committed: half -> kind of source -> names."""
    return json.loads(FILE.read_text())


if __name__ == "__main__":
    print(json.dumps(made(), indent=2))
