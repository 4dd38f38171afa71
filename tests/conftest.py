"""The marks of tests: of those that have time, and of those that provoke a fault of the check.

``@pytest.mark.provokes("microphone_silent", by="samples")`` says: in this test the fault is made,
not described, and this cause comes out. The test hands what came out to ``provoked``; a marked
cause that is not among it fails the test. ``tests/rules/test_provoked.py`` counts the marks.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from appliance.device_check.records import Finding
from tests.provoking import MARK, Provoked, marked_causes

SEEN = pytest.StashKey[set[str]]()
RAN_FILE = os.environ.get("VORZIMMER_TESTS_RAN")  # scripts/test reads it, tests/rules/ran.py too


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "patient: in real time, but it waits for what it asks: no pace of sound, picture or answer"
        " is judged, so it runs beside the others (scripts/test)",
    )
    config.addinivalue_line(
        "markers", f"{MARK}(*causes, by): the fault is made by these means, and these causes come"
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keeps the files of tests that passed, for the table of features."""
    in_worker = "PYTEST_XDIST_WORKER" in os.environ  # the controller hears of each report, too
    if RAN_FILE and not in_worker and report.when == "call" and report.passed:
        with Path(RAN_FILE).open("a") as kept:
            kept.write(report.nodeid.split("::")[0] + "\n")


@pytest.fixture
def provoked(request: pytest.FixtureRequest) -> Provoked:
    """Takes what was found, a finding or the cause that a page or a report names; gives the cause.

    Notes of a finding count as well.
    """
    seen = request.node.stash.setdefault(SEEN, set())

    def take(found: Finding | str) -> str:
        cause, notes = (found, ()) if isinstance(found, str) else (found.cause, found.notes)
        seen.update((cause, *notes))
        return cause

    return take


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    yield
    idle = marked_causes(item) - item.stash.get(SEEN, set())
    if idle:
        pytest.fail(f"marked as provoked here, and did not come out: {sorted(idle)}", pytrace=False)
