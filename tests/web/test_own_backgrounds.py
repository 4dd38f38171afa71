"""The agency's own background pictures: checked at start, served from our own origin."""

import re

import cv2
import numpy as np
import pytest

from appliance.web.assets import Assets
from appliance.web.own_backgrounds import LARGEST_BYTES, own_backgrounds


def picture(ending, width=640, height=360):
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(ending, noise)[1].tobytes()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "backgrounds"
    made.mkdir()
    return made


@pytest.mark.parametrize("ending", [".png", ".jpg", ".jpeg", ".webp"])
def test_it_works(folder, tmp_path, ending):
    (folder / f"Unser_Rathaus{ending}").write_bytes(picture(ending))
    (found,) = own_backgrounds(tmp_path)
    assert found.title == "Unser Rathaus"
    assert re.fullmatch(r"own-[0-9a-f]{12}", found.look)
    assets = Assets.collect(tmp_path, tmp_path / "none", [found])
    assert assets.address(found.asset).startswith(f"/assets/{assets.digest}/backgrounds/own-")


def test_without_a_folder_there_are_none(tmp_path):
    assert own_backgrounds(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xff\xd8\xff" + b"\xe0\x00\x02" * 3,
        picture(".png"),  # under a JPEG's name
        picture(".jpg", 200, 100),
        picture(".jpg", 4000, 400),
        picture(".jpg") + bytes(LARGEST_BYTES),
    ],
    ids=["empty", "svg", "cut off", "another type", "tiny", "huge", "heavy"],
)
def test_what_is_no_fair_picture_stays_out(folder, tmp_path, content):
    (folder / "wall.jpg").write_bytes(content)
    assert own_backgrounds(tmp_path) == []


def test_only_plain_files_of_known_endings(folder, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture(".png"))
    (folder / "linked.png").symlink_to(tmp_path / "secret.png")
    (folder / ".hidden.png").write_bytes(picture(".png"))
    (folder / "notes.txt").write_text("not a picture")
    (folder / "folder.png").mkdir()
    assert own_backgrounds(tmp_path) == []
