"""What the media process gives up before it serves: codecs, core dumps, writing, new rights.

"Never decodes, never records" is made true here rather than promised: PyAV is never loaded, a
hollow module of its name stands in its place, and whatever would decode or encode raises.
"""

from __future__ import annotations

import ctypes
import importlib
import resource
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final, NoReturn

_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38

MEDIA_LIBRARIES: Final = ("av", "cv2", "mediapipe")


class CodecForbidden(RuntimeError):
    """The media process creates no decoder and no encoder."""


class _Hollow:
    """Stands for any class of PyAV: aiortc may name it, nobody can make one."""

    def __init__(self, *_: Any, **__: Any) -> None:
        _forbid()

    @staticmethod
    def create(*_: Any, **__: Any) -> NoReturn:
        """As ``CodecContext.create``."""
        _forbid()


def _forbid(*_: Any, **__: Any) -> NoReturn:
    raise CodecForbidden("the media process forwards packets and never decodes them")


class _HollowModule(ModuleType):
    """A module and package whose every name is the hollow class, or forbidden to call."""

    __path__: list[str] = []  # what marks a package for the import system

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Hollow if name[:1].isupper() else _forbid


class _HollowFinder:
    """Finds every submodule of the media libraries, and finds it empty."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> ModuleSpec | None:
        """For ``sys.meta_path``."""
        if name.partition(".")[0] in MEDIA_LIBRARIES:
            return ModuleSpec(name, _HollowFinder, is_package=True)  # type: ignore[arg-type]
        return None

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """An empty one."""
        return _HollowModule(spec.name)

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Nothing to run."""


def forbid_codecs() -> None:
    """Must run before aiortc is imported. Raises ``CodecForbidden`` if a library is loaded."""
    loaded = [name for name in MEDIA_LIBRARIES if name in sys.modules]
    if loaded:
        raise CodecForbidden(f"already loaded: {loaded}")
    sys.meta_path.insert(0, _HollowFinder)


def poison_aiortc() -> None:
    """Makes aiortc's own factories of codecs raise, the ones without PyAV (G.711) included."""
    for name in ("codecs", "rtcrtpreceiver", "rtcrtpsender"):
        module = importlib.import_module(f"aiortc.{name}")
        for factory in ("get_decoder", "get_encoder"):
            if hasattr(module, factory):
                setattr(module, factory, _forbid)


def drop_rights() -> None:
    """No core dump, no file that grows, no debugger of the same user, no new privileges."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_DUMPABLE, 0), (_PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, value, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
