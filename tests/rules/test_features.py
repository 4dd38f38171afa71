"""The table of features names tests that are there and that ``scripts/test`` runs."""

import ast
import re

from tests.rules.sources import ROOT

TABLE = ROOT / "appliance/docs/features.md"
ROW = re.compile(r"^\| (F\d\d) \|.*\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PATH = re.compile(r"tests/[\w/]+\.py")


def rows() -> dict[str, tuple[str, list[str]]]:
    """By id: where it is done, and by which tests it is shown."""
    text = TABLE.read_text(encoding="utf-8")
    return {found[1]: (found[2], PATH.findall(found[3])) for found in ROW.finditer(text)}


def runs(path: str) -> bool:
    """Whether a file has a test that nothing skips as a whole."""
    file = ROOT / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [
        one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    tests = [one for one in functions if one.name.startswith("test_")]
    return any(all("skip" not in ast.unparse(mark) for mark in one.decorator_list) for one in tests)


def test_every_promise_has_a_row():
    assert list(rows()) == [f"F{number:02}" for number in range(1, 44)]


def test_each_row_that_is_done_names_tests_that_run():
    for feature, (where, tests) in rows().items():
        assert tests or where.startswith("not done yet"), feature
        assert [path for path in tests if not runs(path)] == [], feature


def test_a_named_test_that_did_not_pass_is_found():
    from tests.rules.ran import not_shown

    everything = {path for _where, tests in rows().values() for path in tests}

    assert not_shown(everything) == {}
    assert "F01" in not_shown(everything - {"tests/e2e/test_appointment.py"})
