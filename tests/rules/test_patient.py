"""A test that runs beside others judges no pace: it asserts nothing about time or sound that came.

Such a test is for those that have the machine to themselves; see decision 097.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLOCKS = {"monotonic", "perf_counter", "time"}
MEDIA = {"heard_energy", "falls_silent"}  # what came in a time; others wait until it comes


def is_patient(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == "patient" for one in ast.walk(node))


def patient_parts(tree: ast.Module) -> list[ast.AST]:
    """The whole module where it is marked, else the tests that are."""
    for node in tree.body:
        named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
        if named and is_patient(node):
            return [tree]
    functions = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef)]
    return [node for node in functions if any(map(is_patient, node.decorator_list))]


def called(part: ast.AST) -> set[str]:
    """Names of the functions that are called anywhere within."""
    calls = [node.func for node in ast.walk(part) if isinstance(node, ast.Call)]
    return {getattr(one, "attr", getattr(one, "id", "")) for one in calls}


def judged(part: ast.AST) -> set[str]:
    """What of the pace of sound, picture or answer is judged."""
    asserted = [node for node in ast.walk(part) if isinstance(node, ast.Assert)]
    return (called(part) & MEDIA) | (set().union(*map(called, asserted)) & CLOCKS)


def patient() -> dict[str, list[ast.AST]]:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    trees = {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in files}
    found = {name: patient_parts(tree) for name, tree in trees.items()}
    return {name: parts for name, parts in found.items() if parts}


def test_no_patient_test_judges_pace():
    found = patient()
    assert "tests/e2e/test_bad_links.py" in found, "the marks are found"
    pace = {name: set().union(*map(judged, parts)) for name, parts in found.items()}
    assert {name: words for name, words in pace.items() if words} == {}


def test_it_would_be_found():
    source = "pytestmark = pytest.mark.patient\ndef f():\n    assert time.monotonic() - began < 5\n"
    (part,) = patient_parts(ast.parse(source))
    assert judged(part) == {"monotonic"}
    assert patient_parts(ast.parse(source.replace("patient", "timeout"))) == []
