"""Every guard of the media path names tests that exist."""

import ast
import re

from tests.rules.sources import ROOT

GUARDS = ROOT / "appliance" / "docs" / "guards.md"
ROW = re.compile(r"^\| (G\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)
PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PLACE = re.compile(r"`((?:relay|web)/[\w/]+\.py)`")


def proofs() -> dict[str, list[tuple[str, str]]]:
    """The named tests of each guard."""
    return {guard: PROOF.findall(cell) for guard, cell in ROW.findall(GUARDS.read_text())}


def named_in(name: str) -> set[str]:
    file = ROOT / name
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def test_it_works():
    """G1 to G10, and no proof that does not exist."""
    named = proofs()
    assert sorted(named, key=lambda guard: int(guard[1:])) == [f"G{n}" for n in range(1, 11)]
    assert all(named.values())
    missing = [
        (guard, f"{file}::{test}")
        for guard, several in named.items()
        for file, test in several
        if test not in named_in(file)
    ]
    assert missing == []


def test_each_place_exists():
    places = PLACE.findall(GUARDS.read_text())
    assert [place for place in places if not (ROOT / "appliance" / place).is_file()] == []
