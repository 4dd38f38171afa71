"""What can be wrong with a camera, as pictures: each fault on several people, places, sizes."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from tests.bench_check.cases import Picture
from tests.bench_check.stage import Change, Stage
from tests.device_check.views import with_darker_skin


def _known(stage: Stage) -> dict[str, int]:
    return {"width": stage.size[0], "height": stage.size[1]}


def _person(
    stage: Stage,
    change: Change | None = None,
    affine: np.ndarray | None = None,
    grain: tuple[float, float] = (0.6, 2.5),
    fps: float | None = None,
) -> Picture:
    at = stage.moving(stage.person.frames, stage.sensible() if affine is None else affine)
    return Picture(stage.shown(at, change, grain, fps), about=_known(stage))


def healthy_good_light(stage: Stage) -> Picture:
    """Somebody well lit and well placed."""
    return _person(stage, stage.lit(stage.between(90, 160, "luma")))


def healthy_own_light(stage: Stage) -> Picture:
    """The material's own light, a dark wall behind included."""
    return _person(stage)


def healthy_evening(stage: Stage) -> Picture:
    """A lamp in the evening: dim, with grain, all the same to be recognised."""
    return _person(stage, stage.lit(stage.between(72, 90, "luma")), grain=(2.5, 4.5))


def healthy_darker_skin(stage: Stage) -> Picture:
    """SIMULATION: the person's skin reflects 15 to 50 % of what it did; by day and by lamp.

    Nobody's skin may be called bad light. The highlights stay, for they do not depend on the skin.
    """
    stage.size = (640, 360)
    affine = stage.sensible()
    (x, y), wide, tall = stage.face_at, stage.face_px / 640, stage.face_px / 360
    face = (x / 640 - wide / 2, y / 360 - tall / 2, x / 640 + wide / 2, y / 360 + tall / 2)
    share = stage.between(0.15, 0.5, "reflects")
    light = stage.lit(stage.between(*((80, 160) if stage.number % 3 else (72, 90)), "luma"))

    def change(bgr: np.ndarray, time_s: float) -> np.ndarray:
        return light(with_darker_skin(bgr, face, share), time_s)

    return _person(stage, change, affine)


def healthy_aside(stage: Stage) -> Picture:
    """Nearer or further, a little to one side."""
    side = float(stage.random.choice((-1, 1)))
    affine = stage.framed(
        stage.between(0.2, 0.55, "face_share"),
        0.5 + side * stage.between(0.06, 0.16, "aside"),
        stage.between(0.42, 0.55, "face_y"),
    )
    return _person(stage, stage.lit(stage.between(90, 150, "luma")), affine)


def black(stage: Stage) -> Picture:
    """A closed shutter: black, with or without the sensor's noise."""
    stage.case.notes["person"] = ""
    level = stage.between(0, 12, "luma")
    width, height = stage.size
    picture = np.full((height, width, 3), level, np.float32)
    grain = (0.0, 0.0) if stage.number % 2 else (0.5, 3.0)
    return Picture(stage.shown(lambda _: picture, None, grain), about=_known(stage))


def covered(stage: Stage) -> Picture:
    """A sticker or a finger: one colour, with a slope of light on every other; noise only."""
    stage.case.notes["person"] = ""
    width, height = stage.size
    colour = stage.random.uniform(0.75, 1, 3) * stage.between(32, 180, "luma")
    slope = stage.between(8, 45, "slope") if stage.number % 2 else 0.0
    turn = float(stage.random.uniform(0, 6.28))
    across = np.cos(turn) * np.linspace(-1, 1, width)[None, :]
    down = np.sin(turn) * np.linspace(-1, 1, height)[:, None]
    light = (across + down)[..., None] * slope / 2
    picture = np.clip(colour[None, None, :] + light, 0, 255).astype(np.float32)
    return Picture(stage.shown(lambda _: picture, None, (0.8, 5.0)), about=_known(stage))


def dark(stage: Stage) -> Picture:
    """No lamp: mean luma 22 to 38, and the grain of a sensor that tries."""
    target = stage.between(23, 38, "luma")
    return _person(stage, stage.lit(target), grain=(2.0, 5.0))


def too_bright(stage: Stage) -> Picture:
    """A lamp into the face: it is white for the most part."""
    boost = stage.between(1.15, 1.6, "boost")
    gain = 255 / max(30.0, stage.face_luma()) * boost
    return _person(stage, lambda bgr, _: bgr.astype(np.float32) * gain)


def backlit(stage: Stage) -> Picture:
    """A window behind: the person 35 to 60, all around 185 to 240."""
    affine = stage.sensible()
    mask = _person_mask(stage)
    face_to = stage.between(32, 58, "face_luma")
    around_to = stage.between(190, 240, "surround_luma")
    face = stage.face_luma()

    def change(bgr: np.ndarray, _: float) -> np.ndarray:
        shade = bgr.astype(np.float32) * (face_to / max(10.0, face))
        outside = 0.35 * bgr.astype(np.float32) + 0.65 * 255
        outside += around_to - float(outside.mean())
        return shade * mask + np.clip(outside, 0, 255) * (1 - mask)

    return _person(stage, change, affine)


def _person_mask(stage: Stage) -> np.ndarray:
    """Head and shoulders around the face, soft."""
    width, height = stage.size
    (x, y), size = stage.face_at, stage.face_px
    mask = np.zeros((height, width), np.float32)
    middle = (int(x), int(y - 0.12 * size))
    cv2.ellipse(mask, middle, (int(0.72 * size), int(0.95 * size)), 0, 0, 360, 1.0, -1)
    chest = (int(x), int(y + 2.1 * size))
    cv2.ellipse(mask, chest, (int(1.5 * size), int(1.6 * size)), 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(mask, (0, 0), 0.04 * size + 1)[..., None]


def blurred(stage: Stage) -> Picture:
    """Out of focus or a smeared lens: 1.6 to 4 % of the height as radius."""
    sigma = stage.between(0.016, 0.04, "blur_share") * stage.size[1]
    target = stage.lit(stage.between(90, 150, "luma"))
    return _person(stage, lambda bgr, now_s: cv2.GaussianBlur(target(bgr, now_s), (0, 0), sigma))


def frozen(stage: Stage) -> Picture:
    """The driver hangs: the same picture over and over, from the start or after a while."""
    stops_s = 0.0 if stage.number % 2 else stage.between(0.5, 2.0, "stops_s")
    kept: list[np.ndarray] = []

    def change(bgr: np.ndarray, time_s: float) -> np.ndarray:
        if time_s < stops_s or not kept:
            kept[:] = [bgr]
        return kept[0]

    return _person(stage, change, grain=(0.0, 0.0))


def too_slow(stage: Stage) -> Picture:
    """One to four frames a second."""
    return _person(stage, stage.lit(120), fps=stage.between(1.5, 4.2, "real_fps"))


def slow(stage: Stage) -> Picture:
    """Eight to seventeen frames a second."""
    return _person(stage, stage.lit(120), fps=stage.between(7, 17, "real_fps"))


def too_small(stage: Stage) -> Picture:
    """Smaller than QVGA."""
    stage.size = ((160, 120), (176, 144), (256, 144), (240, 180))[stage.number % 4]
    return _person(stage, stage.lit(120))


def small(stage: Stage) -> Picture:
    """QVGA up to just below 640x360."""
    stage.size = ((320, 240), (352, 288), (424, 240), (480, 270))[stage.number % 4]
    return _person(stage, stage.lit(120))


def no_face(stage: Stage) -> Picture:
    """A place with nobody in it."""
    stage.case.notes["person"] = ""
    return Picture(
        stage.shown(stage.empty(), stage.lit(stage.between(90, 150, "luma"))), about=_known(stage)
    )


def face_cut_off(stage: Stage) -> Picture:
    """A fifth to two fifths of the face are beyond the rim: left, right, above, below."""
    share = stage.between(0.35, 0.5, "face_share")
    beyond = stage.between(0.2, 0.4, "beyond")
    wide = share * stage.size[1] / stage.size[0]
    x, y = 0.5, 0.48
    side = ("left", "right", "above", "below")[stage.number % 4]
    stage.case.notes["side"] = side
    if side in ("left", "right"):
        inside = wide * (0.5 - beyond)
        x = inside if side == "left" else 1 - inside
    else:
        inside = share * (0.5 - beyond)
        y = inside if side == "above" else 1 - inside
    return _person(stage, stage.lit(120), stage.framed(share, x, y))


def face_too_near(stage: Stage) -> Picture:
    """The face fills the picture."""
    affine = stage.framed(stage.between(0.82, 0.95, "face_share"), 0.5, 0.5)
    return _person(stage, stage.lit(120), affine)


def face_too_far(stage: Stage) -> Picture:
    """Somebody at the far end of a room."""
    share = stage.between(0.06, 0.1, "face_share")
    behind = stage.empty(without=("cat", "coffee"))
    affine = stage.framed(share, stage.between(0.35, 0.65, "face_x"), 0.45)
    source = stage.person.frames[0].shape
    corners = affine @ np.array([[0, source[1]], [0, source[0]], [1, 1]], np.float64)
    left, top = (max(0, int(value)) for value in corners[:, 0])
    right, bottom = (int(value) for value in corners[:, 1])
    at = stage.moving(stage.person.frames, affine)
    mask = np.zeros((stage.size[1], stage.size[0]), np.float32)
    mask[top + 3 : bottom, left + 3 : right - 3] = 1
    mask = cv2.GaussianBlur(mask, (0, 0), 2)[..., None]

    def change(bgr: np.ndarray, time_s: float) -> np.ndarray:
        return bgr * mask + behind(time_s) * (1 - mask)

    return Picture(stage.shown(at, change), about=_known(stage))


def turned(stage: Stage) -> Picture:
    """A camera that lies on its side or hangs upside down."""
    turn = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
    how = stage.number % 3
    stage.case.notes["turn_deg"] = (90, 180, 270)[how]
    width, height = stage.size
    if how != 1:  # the person is framed upright, then the picture is laid down
        stage.size = (height, width)
    bright = stage.lit(120)
    affine = stage.framed(
        stage.between(0.2, 0.3, "face_share") * width / height
        if how == 1
        else stage.between(0.2, 0.32, "face_share"),
        0.5,
        0.45,
    )
    at = stage.moving(stage.person.frames, affine)
    stage.size = (width, height)
    return Picture(
        stage.shown(lambda now_s: cv2.rotate(at(now_s), turn[how]), bright), about=_known(stage)
    )


def muted(stage: Stage) -> Picture:
    """A telephone call or the system has taken the camera; the browser says so."""
    return Picture(lambda _: iter(()), arrives=False, about={**_known(stage), "track_muted": True})


def not_arriving(stage: Stage) -> Picture:
    """The page shows the picture, nothing arrives."""
    made = _person(stage, stage.lit(120))
    made.arrives = False
    return made


HEALTHY: dict[str, Callable[[Stage], Picture]] = {
    "healthy-good-light": healthy_good_light,
    "healthy-own-light": healthy_own_light,
    "healthy-evening": healthy_evening,
    "healthy-aside": healthy_aside,
    "healthy-darker-skin": healthy_darker_skin,
}
FAULTS: dict[str, Callable[[Stage], Picture]] = {
    "camera_black": black,
    "camera_covered": covered,
    "camera_dark": dark,
    "camera_too_bright": too_bright,
    "camera_backlit": backlit,
    "camera_blurred": blurred,
    "camera_frozen": frozen,
    "camera_too_slow": too_slow,
    "camera_slow": slow,
    "camera_too_small": too_small,
    "camera_small": small,
    "camera_no_face": no_face,
    "camera_face_cut_off": face_cut_off,
    "camera_face_too_near": face_too_near,
    "camera_face_too_far": face_too_far,
    "camera_turned": turned,
    "camera_muted": muted,
    "camera_not_arriving": not_arriving,
}
