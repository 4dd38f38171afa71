"""Short files, short functions: a reader finds the place and sees it whole."""

import ast
import re

from tests.rules.sources import ROOT, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
PROSE_LIKE = {"kiosk_ui/protocol.d.ts"}  # generated


def test_no_file_is_longer_than_400_lines():
    too_long = {
        str(file.relative_to(ROOT)): lines
        for file in sources(".py", ".js", ".css", ".html")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
        and str(file.relative_to(ROOT)) not in PROSE_LIKE
    }
    assert too_long == {}


def test_no_function_is_longer_than_40_lines():
    too_long = []
    for file in sources(".py", under=("appliance", "scripts")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    too_long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name} {length}")
    assert too_long == []


JS_FUNCTION = re.compile(
    r"^(\s*)(?:export )?(?:default )?(?:async )?(?:static )?(?:function\b.*|(?:#?\w+)\(.*\)) \{$"
)


def test_no_javascript_function_is_longer_than_40_lines():
    too_long = []
    for file in sources(".js", under=("kiosk_ui",)):
        lines = file.read_text(encoding="utf-8").splitlines()
        for start, line in enumerate(lines):
            found = JS_FUNCTION.match(line)
            if not found or line.strip().startswith(("if ", "for ", "while ", "switch ")):
                continue
            end = next(
                (
                    at
                    for at in range(start, len(lines))
                    if lines[at].startswith(found.group(1) + "}")
                ),
                start,
            )
            if end - start + 1 > LONGEST_FUNCTION:
                too_long.append(f"{file.relative_to(ROOT)}:{start + 1} {end - start + 1}")
    assert too_long == []


def test_no_module_has_an_empty_name():
    empty = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc"}
    assert [f for f in sources(".py", ".js") if f.stem in empty] == []
