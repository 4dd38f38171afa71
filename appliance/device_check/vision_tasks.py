"""MediaPipe's vision tasks, without what else it would load.

MediaPipe's package also imports a sound recorder (``sounddevice``), whose search for PortAudio
starts a compiler that writes temporary files. The analyser records nothing and writes nothing.
"""

from __future__ import annotations

import sys

# "None" is the import system's word for "there is no such module".
sys.modules["sounddevice"] = None  # type: ignore[assignment]

import mediapipe  # noqa: E402
from mediapipe.tasks.python import BaseOptions, vision  # noqa: E402

__all__ = ["BaseOptions", "mediapipe", "vision"]
