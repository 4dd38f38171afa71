"""Which modules a page needs, named in the page so that a browser asks for all of them at once.

A browser learns of a module only from the one that imports it. Ours are up to eight deep: on a slow
line that is eight round trips before a button answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

STATIC_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b(?!\s*\()[^;"'()=]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE
)


def imported(path: str, files: Mapping[str, Path]) -> list[str]:
    """Paths of the modules that one module imports itself, as in the manifest.

    Raises ``KeyError`` for a module that is not in it.
    """
    found = STATIC_IMPORT.findall(files[path].read_text(encoding="utf-8"))
    return [_resolved(PurePosixPath(path).parent / one) for one in found]


def needed(path: str, files: Mapping[str, Path]) -> list[str]:
    """All that a page's module needs, itself left out, nearest first; each once."""
    found, at = [path], 0
    while at < len(found):
        found += [one for one in dict.fromkeys(imported(found[at], files)) if one not in found]
        at += 1
    return found[1:]


def _resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
