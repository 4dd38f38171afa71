"""Short advice while the client moves before the camera: one thing at a time, the gravest."""

from __future__ import annotations

from enum import StrEnum

from appliance.device_check import camera_view as view
from appliance.device_check import thresholds
from appliance.device_check.camera_view import Side
from appliance.device_check.records import AnalyserCamera
from appliance.device_check.steady import Steady

_EASE = 0.1  # what has been said holds until the measure is a tenth better than its limit


class Advice(StrEnum):
    """What to do now. Left and right are the client's own."""

    GOOD = "good"
    UNCOVER = "uncover"
    TURN_CAMERA = "turn_camera"
    MORE_LIGHT = "more_light"
    LIGHT_IN_FRONT = "light_in_front"
    LESS_LIGHT = "less_light"
    WIPE_LENS = "wipe_lens"
    INTO_PICTURE = "into_picture"
    LEFT = "left"
    RIGHT = "right"
    CAMERA_UP = "camera_up"
    CAMERA_DOWN = "camera_down"
    NEARER = "nearer"
    BACK = "back"


# The camera looks at the client: whoever is at the picture's left sits too far to the right.
_TOWARDS_MIDDLE = {
    Side.LEFT: Advice.LEFT,
    Side.RIGHT: Advice.RIGHT,
    Side.TOP: Advice.CAMERA_UP,
    Side.BOTTOM: Advice.CAMERA_DOWN,
}


class Adviser:
    """Gives the advice of one client; changes it at most every 1.5 s."""

    def __init__(self) -> None:
        self._steady: Steady[Advice] = Steady(
            hold_s=thresholds.ADVICE_HOLD_S, least_s=thresholds.ADVICE_EVERY_S
        )

    def restart(self) -> None:
        """For a new look at the camera."""
        self._steady.restart()

    def advise(self, seen: AnalyserCamera) -> Advice | None:
        """``None`` until there is enough to see."""
        if seen.duration_s < thresholds.ADVICE_AFTER_S:
            return None
        wanted = advice(seen, self._steady.shown)
        return self._steady.see(wanted, seen.listening_s)


def advice(seen: AnalyserCamera, given: Advice | None = None) -> Advice:
    """What would help most now; ``given`` was said before and is not taken back lightly."""
    wanted = _advice(seen, 0.0)
    if given is None or wanted == given:
        return wanted
    if wanted is Advice.GOOD or _RANK[wanted] > _RANK[given]:
        return given if _advice(seen, _EASE) == given else wanted
    return wanted


def _advice(seen: AnalyserCamera, ease: float) -> Advice:
    for wrong, word in (
        (view.black, Advice.UNCOVER),
        (view.covered, Advice.UNCOVER),
        (view.turned, Advice.TURN_CAMERA),
        (view.dark, Advice.MORE_LIGHT),
        (view.too_bright, Advice.LESS_LIGHT),
        (view.blurred_without_face, Advice.WIPE_LENS),
        (view.no_face, Advice.INTO_PICTURE),
        (view.backlit, Advice.LIGHT_IN_FRONT),
        (view.too_near, Advice.BACK),
    ):
        if wrong(seen, ease):
            return word
    if (side := view.rim_of_face(seen, ease) or view.aside(seen, ease)) is not None:
        return _TOWARDS_MIDDLE[side]
    if view.too_far(seen, ease):
        return Advice.NEARER
    return Advice.WIPE_LENS if view.blurred(seen, ease) else Advice.GOOD


_RANK = {word: place for place, word in enumerate(Advice)}
