"""Every cause that a check can name, what it means, and what to do about it, in plain words.

Texts are German msgids; ``explain`` translates them. A cause may know other steps for a browser, an
operating system, or both. The page shows title and steps to the client, the desk shows ``staff``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from appliance.device_check.records import Verdict
from appliance.device_check.remedies_camera import CAMERA
from appliance.device_check.remedies_device import DEVICE
from appliance.device_check.remedies_kiosk import (
    KIOSK,
    headline_at_a_kiosk,
    steps_at_a_kiosk,
)
from appliance.device_check.remedies_microphone import MICROPHONE
from appliance.device_check.remedies_network import NETWORK
from appliance.device_check.remedies_sound import BACKGROUND, SPEAKER
from appliance.device_check.remedies_system import SYSTEM
from appliance.device_check.remedy import Cause, most_exact

CAUSES: dict[str, Cause] = {
    cause.code: cause
    for cause in (
        *SYSTEM,
        *NETWORK,
        *DEVICE,
        *MICROPHONE,
        *CAMERA,
        *SPEAKER,
        *BACKGROUND,
        *KIOSK,
    )
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause in one language, for one browser on one operating system."""

    code: str
    severity: Verdict
    title: str
    steps: list[str]
    staff: str
    drawing: str = ""  # name of a symbol in pages/partials/drawings.html; empty: none


def explain(
    cause_code: str,
    browser: str,
    os: str,
    translate: Callable[[str], str],
    *,
    kiosk: bool = False,
) -> Explanation:
    """Title, steps and staff sentence. Raises ``KeyError`` for a code that is not in the catalogue.

    ``translate`` is a catalogue's ``gettext``; browser and os are the words of ``BrowserSystem``,
    unknown ones get the general steps. ``kiosk``: the device is the agency's, and whoever sits
    there is to mend nothing on it.
    """
    cause = CAUSES[cause_code]
    headline, drawing = cause.headline, most_exact(cause.drawings, browser, os)
    steps = most_exact(cause.variants, browser, os) or cause.remedy
    if kiosk:
        headline, steps, drawing = headline_at_a_kiosk(cause), steps_at_a_kiosk(cause), ""
    return Explanation(
        code=cause.code,
        severity=cause.severity,
        title=translate(headline),
        steps=[translate(step) for step in steps],
        staff=translate(cause.staff),
        drawing=drawing or "",
    )


def messages() -> Iterator[str]:
    """Every msgid of the catalogue, so that a test can see that none is untranslated."""
    for cause in CAUSES.values():
        yield cause.staff
        yield from client_messages(cause)


def client_messages(cause: Cause) -> Iterator[str]:
    """The msgids of a cause that a client may read: those that want easy German, too."""
    yield cause.headline
    yield from cause.remedy
    for steps in cause.variants.values():
        yield from steps
    yield headline_at_a_kiosk(cause)
    yield from steps_at_a_kiosk(cause)
