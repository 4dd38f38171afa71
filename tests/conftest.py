"""The marks of tests: of those that have time, and of those that provoke a fault of the check.

``@pytest.mark.provokes("microphone_silent", by="samples")`` says: in this test the fault is made,
not described, and this cause comes out. The test hands what came out to ``provoked``; a marked
cause that is not among it fails the test. ``tests/rules/test_provoked.py`` counts the marks.
"""

from collections.abc import Generator

import pytest

from appliance.device_check.records import Finding
from tests.provoking import MARK, Provoked, marked_causes

SEEN = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "patient: in real time, but it waits for what it asks: no pace of sound, picture or answer"
        " is judged, so it runs beside the others (scripts/test)",
    )
    config.addinivalue_line(
        "markers", f"{MARK}(*causes, by): the fault is made by these means, and these causes come"
    )


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
