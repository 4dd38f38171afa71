"""Reads a QR code that is held to the camera; a few pictures a second, in the analyser alone."""

from __future__ import annotations

import av
import cv2
import numpy as np

LOOK_EVERY_S = 0.25
LONG_SIDE_PX = 1280  # a letter's code is a third of the picture; more only costs time
LONGEST_TEXT = 300


class CodeReader:
    """Looks at grey pictures; says each text once in a row."""

    def __init__(self) -> None:
        self._detector = cv2.QRCodeDetector()
        self._looked_at_s = -LOOK_EVERY_S
        self._newest = ""

    def look(self, frame: av.VideoFrame, now_s: float) -> str:
        """The text of a code that was not there before; empty otherwise."""
        if now_s - self._looked_at_s < LOOK_EVERY_S:
            return ""
        self._looked_at_s = now_s
        text = self._read(_grey(frame))
        if not text or text == self._newest or len(text) > LONGEST_TEXT:
            return ""
        self._newest = text
        return text

    def _read(self, grey: np.ndarray) -> str:
        try:
            text, _, _ = self._detector.detectAndDecode(grey)
        except cv2.error:  # of pictures that only look like a code
            return ""
        return str(text)


def _grey(frame: av.VideoFrame) -> np.ndarray:
    scale = min(1.0, LONG_SIDE_PX / max(frame.width, frame.height))
    if scale < 1.0:
        size = int(frame.width * scale) // 2 * 2, int(frame.height * scale) // 2 * 2
        frame = frame.reformat(width=size[0], height=size[1], format="gray")
    return frame.to_ndarray(format="gray")
