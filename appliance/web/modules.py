"""Which modules a page needs, named in the page so that a browser asks for all of them at once.

A browser learns of a module only from the one that imports it. Ours are up to eight deep: on a slow
line that is eight round trips before a button answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

STATIC_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b(?!\s*\()[^;"'()=]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE
)


def imported(path: str, text: str) -> list[str]:
    """Paths of the modules that one module imports itself, as in the manifest."""
    folder = PurePosixPath(path).parent
    return [_resolved(folder / one) for one in STATIC_IMPORT.findall(text)]


def needed(path: str, imports: Mapping[str, Sequence[str]]) -> list[str]:
    """All that a page's module needs, itself left out, nearest first; each once.

    ``imports``: what each module imports itself, by its path; others import nothing.
    """
    found = {path: None}  # in order
    waiting = [path]
    for one in waiting:
        fresh = [other for other in imports.get(one, ()) if other not in found]
        found |= dict.fromkeys(fresh)
        waiting += dict.fromkeys(fresh)
    return list(found)[1:]


def _resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
