"""A QR code on a letter, as a camera sees it: small, askew, not quite sharp."""

import io

import av
import cv2
import numpy as np
import pytest
import segno

from appliance.appointments.credentials import link_address, new_link_secret
from appliance.device_check.code_reader import LOOK_EVERY_S, CodeReader

LINK = link_address("https://video.musteramt.example", new_link_secret())


def letter(text: str, *, turned_deg: float = 0.0) -> av.VideoFrame:
    """A sheet with a code before a grey wall, 1280x720."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=6, border=4)
    code = cv2.imdecode(np.frombuffer(drawn.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    picture = np.full((720, 1280), 110, np.uint8)
    top, left = (720 - code.shape[0]) // 2, (1280 - code.shape[1]) // 2
    picture[top : top + code.shape[0], left : left + code.shape[1]] = code
    turn = cv2.getRotationMatrix2D((640, 360), turned_deg, 1.0)
    seen = cv2.GaussianBlur(cv2.warpAffine(picture, turn, (1280, 720), borderValue=110), (5, 5), 0)
    return av.VideoFrame.from_ndarray(seen, format="gray")


@pytest.mark.parametrize("turned_deg", [0, 8, -20, 90])
def test_it_works(turned_deg):
    assert CodeReader().look(letter(LINK, turned_deg=turned_deg), 0.0) == LINK


def test_a_code_that_is_held_on_is_told_once():
    reader, frame = CodeReader(), letter(LINK)
    told = [reader.look(frame, at * LOOK_EVERY_S) for at in range(4)]
    assert told == [LINK, "", "", ""]


def test_a_few_pictures_a_second_are_looked_at():
    reader = CodeReader()
    assert reader.look(letter(LINK), 0.0) == LINK
    assert reader.look(letter("another"), LOOK_EVERY_S / 2) == ""
    assert reader.look(letter("another"), LOOK_EVERY_S) == "another"


def test_nothing_to_read():
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280), np.uint8)
    assert CodeReader().look(av.VideoFrame.from_ndarray(noise, format="gray"), 0.0) == ""
    assert CodeReader().look(letter("x" * 301), 0.0) == ""
