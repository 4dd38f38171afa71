"""What the client's page watches during the conversation, by the catalogue's causes.

Noise and echo are not among them: what is heard then has been through the browser's own filters,
so the measures of the check do not hold.
"""

from __future__ import annotations

from enum import StrEnum


class WatchedFault(StrEnum):
    """The causes that a page may name; gravest first, as ``kiosk_ui/client/media/watch.js``."""

    MICROPHONE_TAKEN_AWAY = "microphone_taken_away"
    MICROPHONE_SILENT = "microphone_silent"
    CAMERA_TAKEN_AWAY = "camera_taken_away"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_BLACK = "camera_black"
    CAMERA_COVERED = "camera_covered"
    MICROPHONE_CLIPPING = "microphone_clipping"
