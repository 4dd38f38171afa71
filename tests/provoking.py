"""Which tests provoke which cause of the catalogue, and by what means; read from the test files.

A mark stands at a test or at one ``pytest.param`` of it, with its causes written out, so that they
can be read without running anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.device_check.records import Finding

MARK = "provokes"
Provoked = Callable[[Finding | str], str]

# How the fault is made; the first word is the strongest proof.
MEANS = {
    "browser": "a real Chromium or Firefox, with its devices, permissions or line as they are",
    "line": "a real line, narrowed, delayed or cut between browser and relay",
    "frames": "real pictures, spoilt, through the analyser's own measuring",
    "samples": "real sound, spoilt, through the page's or the analyser's own measuring",
    "programs": "the appliance's own programs, with a person or a device acted",
    "interface": "the page's own modules, with the browser's interface and what is behind it acted",
}
NUMBERS = "numbers"  # figures put into a judgement: counts only where nothing else is possible

# Records that are measured; a test with a mark never makes one of figures of its own.
MEASURED = {
    "AnalyserMicrophone",
    "AnalyserCamera",
    "AnalyserBackground",
    "BrowserBackground",
    "BrowserSystem",
    "LinePhase",
}

# Why no test makes the fault, for each cause of which none does.
_ASKED_AGAIN = "the page asks again without wishes, so nothing is left for the browser to refuse"
CANNOT_BE_PROVOKED_HERE: dict[str, str] = {
    "microphone_overconstrained": _ASKED_AGAIN,
    "camera_overconstrained": _ASKED_AGAIN,
}


@dataclass(frozen=True, slots=True)
class Provocation:
    """One mark."""

    cause: str
    by: str
    place: str  # file and line


def marked_causes(item: pytest.Item) -> set[str]:
    """What must come out of a test while it runs."""
    return {cause for mark in item.iter_markers(MARK) for cause in mark.args}


def marks(file: Path, text: str) -> Iterator[Provocation]:
    """The marks of one file. Raises ``ValueError`` for one that is not written out."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and _name(node.func) == MARK):
            continue
        place = f"{file.name}:{node.lineno}"
        words = {word.arg: word.value for word in node.keywords}
        if set(words) != {"by"} or not node.args:
            raise ValueError(f"{place}: causes, and by=")
        for cause in node.args:
            yield Provocation(_text(cause, place), _text(words["by"], place), place)


def faults_of_the_rule(
    causes: Collection[str], marked: Iterable[Provocation], reasons: Mapping[str, str]
) -> list[str]:
    """What is missing, twice or unknown; nothing when every cause is provoked or has its reason."""
    marked = list(marked)
    real = {one.cause for one in marked if one.by in MEANS}
    figures = {one.cause for one in marked if one.by == NUMBERS}
    wrong = [one for one in marked if one.cause not in causes or one.by not in {*MEANS, NUMBERS}]
    return [
        *(f"{cause}: no test makes this fault" for cause in sorted({*causes} - real - {*reasons})),
        *(f"{cause}: provoked, and said to be impossible" for cause in sorted(real & {*reasons})),
        *(f"{cause}: impossible here, and not judged either" for cause in {*reasons} - figures),
        *(f"{cause}: figures are no proof" for cause in sorted(figures - {*reasons})),
        *(f"{one.place}: unknown: {one.cause} by {one.by}" for one in wrong),
        *(f"{cause}: no such cause" for cause in sorted({*reasons} - {*causes})),
        *(f"{cause}: not a reason" for cause, why in reasons.items() if len(why.split()) < 5),
    ]


def described(file: Path, text: str) -> list[str]:
    """Marked tests that write down what is to be measured, instead of having it measured."""
    found = []
    for test in ast.walk(ast.parse(text)):
        if not isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        above = [node for one in test.decorator_list for node in ast.walk(one)]
        calls = [node for node in above if isinstance(node, ast.Call) and _name(node.func) == MARK]
        if not calls or all(ast.unparse(one).endswith(f"by={NUMBERS!r})") for one in calls):
            continue
        found += [
            f"{file.name}:{node.lineno}"
            for node in ast.walk(test)
            if isinstance(node, ast.Call)
            and _name(node.func) in MEASURED
            and any(word.arg for word in node.keywords)
        ]
    return found


def invented(file: Path, text: str) -> list[str]:
    """Places where ``provoked`` is given a cause in so many words, not one that came out."""
    return [
        f"{file.name}:{node.lineno}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and _name(node.func) == "provoked"
        and any(isinstance(one, ast.Constant | ast.JoinedStr) for one in node.args)
    ]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr, place: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{place}: not written out")
