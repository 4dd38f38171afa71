"""What a log line shows, and what it never shows."""

import io
import logging
import sys

import pytest
import structlog

from appliance.storage.errors import DiskFull
from appliance.telemetry import configure


@pytest.fixture
def lines(monkeypatch):
    """Everything that has been logged so far."""
    before = logging.getLogger().handlers[:]
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure()
    yield written.getvalue
    logging.getLogger().handlers[:] = before


def fail(error: Exception) -> None:
    raise error


def test_it_works(lines):
    structlog.get_logger("test").info("visit_opened", visit_id="abc", kind="link")
    line = lines()
    assert "event='visit_opened' visit_id='abc' kind='link'" in line
    assert "level='info'" in line
    assert line.startswith("timestamp='20")
    assert line.count("\n") == 1


def test_unknown_fields_lose_their_values(lines):
    structlog.get_logger("test").info("visit_opened", client_name="Erika Mustermann")
    assert "client_name='withheld'" in lines()


def test_an_exceptions_words_are_not_shown(lines):
    try:
        fail(ValueError("Erika Mustermann"))
    except ValueError:
        structlog.get_logger("test").exception("request_failed")
    line = lines()
    assert "exception='ValueError'" in line
    assert "test_log_lines.py:" in line
    assert "Erika" not in line
    assert line.count("\n") == 1


def test_a_stable_code_is_shown(lines):
    try:
        fail(DiskFull("/var/lib/erika"))
    except DiskFull as error:
        structlog.get_logger("test").error("database_failed", exc_info=error)
    line = lines()
    assert "code='disk_full'" in line
    assert "erika" not in line


def test_libraries_are_held_to_it_too(lines):
    try:
        fail(KeyError("Erika"))
    except KeyError:
        logging.getLogger("some.library").exception("it broke")
    line = lines()
    assert "it broke" in line
    assert "exception='KeyError'" in line
    assert "Erika" not in line
    assert line.count("\n") == 1


def test_control_characters_cannot_forge_lines(lines):
    structlog.get_logger("test").info("visit_opened", visit_id="a\nlevel='error' \x1b[31m")
    line = lines()
    assert line.count("\n") == 1
    assert "\x1b" not in line
