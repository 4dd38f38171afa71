"""MediaPipe's vision tasks, without what else it would load.

MediaPipe's package also imports a sound recorder (``sounddevice``), whose search for PortAudio
starts a compiler that writes temporary files, and a plotter (``matplotlib``), which wants a folder
to write to and searches for fonts. The analyser records nothing, draws nothing, and writes nothing.
"""

from __future__ import annotations

import sys
from types import ModuleType

# "None" is the import system's word for "there is no such module".
sys.modules["sounddevice"] = None  # type: ignore[assignment]
_nothing = ModuleType("matplotlib")
_nothing.pyplot = ModuleType("matplotlib.pyplot")  # type: ignore[attr-defined]
sys.modules |= {"matplotlib": _nothing, "matplotlib.pyplot": _nothing.pyplot}

import mediapipe  # noqa: E402
from mediapipe.tasks.python import BaseOptions, vision  # noqa: E402

__all__ = ["BaseOptions", "mediapipe", "vision"]
