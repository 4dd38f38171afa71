"""Every log event is named and explained in one place, and its fields carry ids only."""

import ast

from appliance.telemetry import EVENTS, FIELDS
from tests.rules.sources import ROOT, sources

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls() -> list[tuple[str, ast.Call]]:
    """Each call of a structlog logger (by convention named ``log``) with its place."""
    return [
        (f"{file.relative_to(ROOT)}:{node.lineno}", node)
        for file in sources(".py", under=("appliance",))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
    ]


def test_each_event_is_explained():
    unknown = {}
    for place, call in calls():
        first = call.args[0] if call.args else None
        if not isinstance(first, ast.Constant) or first.value not in EVENTS:
            unknown[place] = ast.unparse(call)
    assert unknown == {}
    assert len(calls()) > 15


def test_no_explained_event_is_gone():
    used = {call.args[0].value for _, call in calls()}
    assert set(EVENTS) - used == set()


def test_fields_are_on_the_list():
    unknown = {
        place: keyword.arg
        for place, call in calls()
        for keyword in call.keywords
        if keyword.arg not in FIELDS | {"exc_info"}
    }
    assert unknown == {}
