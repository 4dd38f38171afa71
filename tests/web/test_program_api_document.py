"""Whatever the OpenAPI document allows and forbids, by an administrator's key and by nobody.

No 5xx, no status and no content type that is not in the document, no answer of another shape.
"""

import asyncio
import threading

import pytest
import schemathesis
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appliance.api_keys.models import Scope
from appliance.web.limits import FIGURES, Budget, Figures
from tests.builders.bookings import PASSWORD
from tests.web.test_serve import free_port

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUIETLY = settings(
    max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
API = "/api/v1/appointments"
WIDE = Figures(None, 10**6, 10**6, None)


class Served:
    """The application behind a real port, in a loop of its own."""

    def __init__(self, app, port):
        self._app, self.address = app, f"http://localhost:{port}"
        self._config = Config()
        self._config.bind = [f"127.0.0.1:{port}"]
        self._config.errorlog = None
        self._up, self._loop = threading.Event(), asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        asyncio.set_event_loop(self._loop)

        async def until_stopped():
            self._loop.call_later(0.5, self._up.set)
            await self._stop.wait()

        self._loop.run_until_complete(
            serve(self._app, self._config, shutdown_trigger=until_stopped)
        )

    def __enter__(self):
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)


@pytest.fixture
async def key(web, monkeypatch):
    """Of an administrator's making, for everything; and limits that the storm does not reach."""
    for budget in (Budget.KEYS, Budget.CALLS, Budget.PAGES):
        monkeypatch.setitem(FIGURES, budget, WIDE)
    await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", PASSWORD)
    _, secret = await web.parts.api_keys.make("Fachverfahren", Scope.BOOK, "chef")
    return secret


@pytest.mark.parametrize("as_whom", ["administrator", "nobody"])
@pytest.mark.timeout(240)
async def test_it_works(web, key, as_whom):
    document = await (await web.browser().get(f"{API}/openapi.json")).get_json()
    headers = {"Authorization": f"Bearer {key}"} if as_whom == "administrator" else {}
    asked: set[tuple[str, int]] = set()

    with Served(web.app, free_port()) as served:
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=served.address)

        def storm():
            for found in schema.get_all_operations():
                operation = found.ok()

                @QUIETLY
                @given(case=operation.as_strategy())
                def ask(case):
                    answer = case.call(headers=headers)
                    asked.add((case.operation.label, answer.status_code))
                    case.validate_response(answer, checks=CHECKS)

                ask()

        await asyncio.to_thread(storm)

    assert len({label for label, _ in asked}) == 5
    statuses = {status for _, status in asked}
    if as_whom == "nobody":
        assert statuses <= {400, 401, 404, 405}
    else:
        assert 200 in statuses
