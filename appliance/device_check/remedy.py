"""The shape of a cause in the catalogue of ``remedies``.

Adding a cause: one ``Cause(…)`` in the ``remedies_*`` file of its kind. ``fault`` is a key of
``faults.FAULTS``; a fault that gets its first cause leaves ``faults_unanswered``. The sentences
then want English and easy German (``remedies.po`` in ``locale/en`` and ``locale/de_SIMPLE``), and
``scripts/write-faults`` renews the handbook's page. A test makes the fault and sees the cause, see
``tests/provoking.py``. ``tests/rules`` says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from appliance.device_check.records import CheckKind, Verdict

ANY = "*"
DESKTOP = "desktop"  # windows, macos, linux, and systems we do not know
TOUCH = "touch"  # android, ios: phones and tablets

Choice = TypeVar("Choice")
Steps = tuple[str, ...]
Place = tuple[str, str]
"""Browser, and operating system or device class, in ``BrowserSystem``'s words; or ANY."""
Variants = Mapping[Place, Steps]
Drawings = Mapping[Place, str]  # names of symbols in kiosk_ui/pages/partials/drawings.html


class FoundBy(StrEnum):
    """Who notices the fault."""

    BROWSER = "browser"  # the client's page
    ANALYSER = "analyser"  # what arrives over the real path
    RELAY = "relay"
    SERVER = "server"  # web: times, counts, answers


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a check did not pass. All texts are msgids."""

    code: str
    kind: CheckKind
    severity: Verdict  # FAILED or WARNING
    headline: str  # what is
    remedy: Steps  # what to do, one sentence a step
    staff: str  # what the desk reads, ready to be said on the phone
    variants: Variants = field(default_factory=lambda: MappingProxyType({}))
    fault: str = field(kw_only=True)
    found_by: FoundBy = field(kw_only=True)
    rests_on: tuple[str, ...] = field(default=(), kw_only=True)  # keys of THRESHOLDS
    drawings: Drawings = field(default_factory=lambda: MappingProxyType({}), kw_only=True)


def most_exact(choices: Mapping[Place, Choice], browser: str, os: str) -> Choice | None:
    """What is said for this place: both, then the system, the device class, the browser."""
    device = TOUCH if os in {"android", "ios"} else DESKTOP
    places = [
        (browser, os),
        (ANY, os),
        (browser, device),
        (ANY, device),
        (browser, ANY),
        (ANY, ANY),
    ]
    for place in places:
        if place in choices:
            return choices[place]
    return None
