"""No code path that could write picture or sound: the words for it do not occur."""

import ast
import re

from tests.rules.sources import ROOT, sources

MEDIA_CODE = ("appliance/relay", "appliance/device_check")
BANNED_ANYWHERE = re.compile(
    r"MediaRecorder|aiortc\.contrib|captureStream\(\)\.record|VideoWriter|imwrite"
)
WRITING_CALLS = {
    "write_bytes",
    "write_text",
    "imwrite",
    "tofile",
    "save",
    "savez",
    "mkstemp",
    "NamedTemporaryFile",
}


def test_no_recorder_is_named_in_the_product():
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sources(".py", ".js", ".html", under=("appliance", "kiosk_ui"))
        if (match := BANNED_ANYWHERE.search(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def writes(node: ast.Call) -> bool:
    """True for open(…, "w"), av.open and the like."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in WRITING_CALLS:
        return True
    if name != "open":
        return False
    mode = [a for a in node.args[1:2] if isinstance(a, ast.Constant)] + [
        k.value for k in node.keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)
    ]
    return any(set(str(m.value)) & set("wax+") for m in mode)


def test_media_code_opens_nothing_for_writing():
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources(".py", under=MEDIA_CODE)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and writes(node)
    ]
    assert found == []


def test_the_rule_catches_a_writer():
    code = "import av\nav.open('x.mkv', 'w')\nopen('y', mode='ab')\nopen('z')\n"
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    assert [writes(call) for call in calls] == [True, True, False]
