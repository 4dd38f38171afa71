"""Who sits before a window is told so; who has dark skin, a white wall or a bright room is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from appliance.device_check.faces import FaceFinder
from appliance.device_check.records import AnalyserCamera
from tests.device_check import views
from tests.device_check.chroma_key import person_mask
from tests.device_check.media_path import VENDOR
from tests.device_check.views import Picture, cause, each, filmed
from tests.provoking import Provoked


@pytest.fixture(scope="module")
def faces() -> Iterator[FaceFinder]:
    made = FaceFinder(VENDOR / "models")
    yield made
    made.close()


def seen(faces: FaceFinder, pictures: list[Picture], noise: float = 3.0) -> AnalyserCamera:
    """As the analyser sees it."""
    frames = views.as_received(filmed(pictures, noise))
    record = views.measured(faces, frames, seconds=2.5, fps=12)
    assert record.faces == 1
    return record


@pytest.mark.provokes("camera_backlit", by="frames")
@pytest.mark.parametrize(
    ("gain", "window"), [(0.12, 255), (0.25, 250), (0.05, 190), (0.14, 200), (0.1, 195)]
)
def test_backlit(faces: FaceFinder, gain: float, window: float, provoked: Provoked) -> None:
    """The window dazzles, or the camera has closed its eye to it and the face is in the shade."""
    pictures = each(lambda p: views.before_a_window(p, gain, window), views.another_man())
    assert provoked(cause(seen(faces, pictures, noise=4))) == "camera_backlit"


@pytest.mark.provokes("camera_backlit", by="frames")
@pytest.mark.parametrize("part", [0.5, 0.7])
def test_a_window_that_fills_a_part(faces: FaceFinder, part: float, provoked: Provoked) -> None:
    """The camera closes its eye to the window, and the room is as dark as the face."""
    pictures = each(_with_window(part, gain=0.05, room=1.5), views.another_man())
    record = seen(faces, pictures)
    assert record.surround_luma is not None
    assert record.surround_luma < 180
    assert provoked(cause(record)) == "camera_backlit"


def _with_window(part: float, gain: float, room: float) -> Callable[[Picture], Picture]:
    """At the left; the light of a day outside, so many times less on the person and the room."""

    def change(man: Picture) -> Picture:
        person = cv2.GaussianBlur(person_mask(man).astype(np.float32), (0, 0), 1)[..., None]
        behind = views.light(man, gain * room)
        behind[:, : round(part * man.shape[1])] = 248
        return views.light(man, gain) * person + behind * (1 - person)

    return change


@pytest.mark.parametrize("window", [215, 240])
def test_well_lit_before_a_white_wall(faces: FaceFinder, window: float) -> None:
    pictures = each(lambda p: views.before_a_window(p, 1.0, window), views.another_man())
    assert cause(seen(faces, pictures)) == ""


@pytest.mark.parametrize("part", [0.3, 0.5])
def test_well_lit_beside_a_window(faces: FaceFinder, part: float) -> None:
    assert cause(seen(faces, each(_with_window(part, 0.8, 1.0), views.another_man()))) == ""


@pytest.mark.parametrize(("reflects", "wall"), [(0.4, 205), (0.2, 205), (0.3, 220)])
def test_dark_skin_and_dark_clothes_before_a_white_wall(
    faces: FaceFinder, reflects: float, wall: float
) -> None:
    """A simulation: he wears black, and his skin reflects less of the light; it still shines."""
    man = views.another_man(8)
    box = seen(faces, man).face_box
    assert box is not None

    def change(picture: Picture) -> Picture:
        return views.before_a_window(views.with_darker_skin(picture, box, reflects), 1.0, wall)

    assert cause(seen(faces, each(change, man))) == ""
