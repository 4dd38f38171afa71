"""What is wrong with a picture: one question a function, asked of what the analyser measured.

``ease`` is for advice while somebody moves: what has been said once is taken back only when the
measure is better than the limit by that share, so that words do not flicker at the limit.

Light is judged by the brightest spots of the face (forehead, nose, the white of the eyes), never by
its mean: they follow the light, the mean follows the colour of the skin.
"""

from __future__ import annotations

from enum import StrEnum

from appliance.device_check import thresholds
from appliance.device_check.records import AnalyserCamera


class Side(StrEnum):
    """A side of the picture as the camera sees it; pages show it mirrored."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


def black(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """A third of the frames, as testrtc has it."""
    return seen.black_ratio > thresholds.BLACK_RATIO * (1 - ease)


def covered(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """Only noise and perhaps a glow from one side; a white picture is another matter."""
    if seen.faces or seen.turned_deg or seen.clipped_ratio > thresholds.BRIGHT_PICTURE:
        return False
    return seen.structure < thresholds.COVERED_STRUCTURE * (1 + ease)


def turned(seen: AnalyserCamera, _ease: float = 0.0) -> bool:
    """Faces are found only when the picture is turned."""
    return seen.turned_deg != 0


def dark(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """A face that the light reaches is not in the dark, whatever is round it."""
    if seen.mean_luma >= thresholds.DARK_LUMA * (1 + ease):
        return False
    brightest = seen.face_highlight_luma
    return brightest is None or brightest < thresholds.DARK_FACE_LUMA * (1 + ease)


def too_bright(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """Of a face that is white nothing can be seen; a white wall behind one does no harm."""
    if seen.face_luma is not None:
        white = seen.face_clipped_ratio > thresholds.BRIGHT_FACE * (1 - ease)
        return white or seen.face_luma > thresholds.BRIGHT_FACE_LUMA * (1 - ease / 2)
    return seen.clipped_ratio > thresholds.BRIGHT_PICTURE * (1 - ease)


def backlit(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """The face is dark, and what is behind it far brighter: by dazzling, or by the person's shade.

    Dark skin before a white wall is darker than the wall, too. Its brightest spots return more than
    a sixteenth of the light (3.5 in luma) all the same, they shine, and clothes and room are
    brighter than the face. Where both could be, nothing is said.
    """
    brightest, surround = seen.face_highlight_luma, seen.surround_luma
    if brightest is None or surround is None:
        return False
    if brightest >= thresholds.LIT_FACE_LUMA * (1 + ease):
        return False
    if surround > thresholds.BACKLIT_TIMES * (1 - ease / 2) * brightest:
        return True
    return _dazzled(seen, brightest, surround, ease) or _in_the_shade(
        seen, brightest, surround, ease
    )


def _dazzled(seen: AnalyserCamera, brightest: float, surround: float, ease: float) -> bool:
    """What is behind is white to the limit, and the clothes are not."""
    white = surround > thresholds.DAZZLING_LUMA * (1 - ease) or (
        surround > thresholds.WINDOW_LUMA * (1 - ease)
        and seen.surround_clipped_ratio > thresholds.BACKLIT_CLIPPED * (1 - ease)
    )
    clothes = seen.chest_luma or 0.0
    return (
        white
        and surround > thresholds.DAZZLED_TIMES * (1 - ease / 2) * brightest
        and surround > thresholds.DAZZLED_CHEST * (1 - ease / 2) * clothes
    )


def _in_the_shade(seen: AnalyserCamera, brightest: float, surround: float, ease: float) -> bool:
    """Light comes from behind alone: skin does not shine, and clothes are as dark as the face.

    Before a wall of light, or a window in a room that is hardly brighter than the face.
    """
    clothes, shine, window, room = (
        seen.chest_luma,
        seen.face_shine,
        seen.window_luma,
        seen.room_luma,
    )
    if clothes is None or shine is None or window is None or room is None:
        return False
    if shine > thresholds.SHINE * (1 + ease / 2):
        return False
    milder = 1 - ease / 2
    wall = (
        surround > thresholds.SHADE_LUMA * milder
        and surround > thresholds.SHADE_TIMES * milder * brightest
        and surround > thresholds.SHADE_CHEST * milder * clothes
    )
    return wall or (
        window > thresholds.DAZZLING_LUMA * milder
        and window > thresholds.WINDOW_TIMES * milder * brightest
        and window > thresholds.WINDOW_CHEST * milder * clothes
        and room < thresholds.DIM_ROOM_TIMES * (1 + ease / 2) * brightest
    )


def blurred(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """A lens blurs the face and all the rest; who moves, or has a soft background, only one."""
    if seen.face_blur is not None:
        behind = seen.blur > thresholds.BLURRED_BEHIND * (1 - ease / 2)
        return behind and seen.face_blur > thresholds.BLURRED_FACE * (1 - ease / 2)
    return blurred_without_face(seen, ease)


def blurred_without_face(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """A face may be there, too blurred to be found."""
    if seen.faces:
        return False
    return seen.blur > thresholds.BLURRED_PICTURE * (1 - ease / 2)


def no_face(seen: AnalyserCamera, _ease: float = 0.0) -> bool:
    """Nobody to be seen; that can be an error, so it only warns."""
    return seen.faces == 0


def several_faces(seen: AnalyserCamera) -> bool:
    """Information only: families come together, and posters have faces."""
    return seen.faces > 1


def too_near(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """The face fills the picture."""
    if seen.face_box is None:
        return False
    left, top, right, bottom = seen.face_box
    rim = thresholds.RIM * (1 + ease)
    both = (left < rim and right > 1 - rim) or (top < rim and bottom > 1 - rim)
    return both or bottom - top > thresholds.NEAR_FACE * (1 - ease)


def too_far(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """Too small for anybody to see what the face says."""
    if seen.face_box is None:
        return False
    return seen.face_box[3] - seen.face_box[1] < thresholds.FAR_FACE * (1 + ease)


def cut_off(seen: AnalyserCamera, ease: float = 0.0) -> bool:
    """The face goes on behind the rim."""
    return rim_of_face(seen, ease) is not None


def rim_of_face(seen: AnalyserCamera, ease: float = 0.0) -> Side | None:
    """The side at which the face is cut off; the one where most of it is missing."""
    if seen.face_box is None:
        return None
    left, top, right, bottom = seen.face_box
    room = {Side.LEFT: left, Side.RIGHT: 1 - right, Side.TOP: top, Side.BOTTOM: 1 - bottom}
    side = min(room, key=lambda one: room[one])
    return side if room[side] < thresholds.RIM * (1 + ease) else None


def aside(seen: AnalyserCamera, ease: float = 0.0) -> Side | None:
    """The side to which the whole face is off the middle."""
    if seen.face_box is None:
        return None
    middle = (seen.face_box[0] + seen.face_box[2]) / 2
    limit = thresholds.ASIDE * (1 + ease)
    if middle < limit:
        return Side.LEFT
    return Side.RIGHT if middle > 1 - limit else None
