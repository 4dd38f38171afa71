"""Errors: a plain sentence and a next step for people, a stable code for programs."""

import pytest

from appliance.advisers.models import Role
from appliance.storage.errors import DatabaseBusy, DatabaseDamaged, DatabaseReadOnly, DiskFull
from appliance.web import errors, pages
from tests.web.conftest import text_of

JSON = "application/json"


async def test_it_works(web):
    answer = await web.browser().get("/nowhere")
    assert answer.status_code == 404
    words = await text_of(answer)
    assert "Diese Seite gibt es nicht." in words
    assert "030 1234567" in words
    assert answer.headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/api/v1/links/look", 405, "method_wrong"),
        ("DELETE", "/api/v1/links/look", 405, "method_wrong"),
    ],
)
async def test_programs_get_problem_documents(web, method, path, status, code):
    answer = await web.browser().request(method, path, {"Origin": "http://localhost:8080"})
    problem = await answer.get_json()
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json; charset=utf-8"
    assert problem["type"] == "about:blank"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]


async def test_405_says_what_is_allowed(web):
    answer = await web.browser().post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


async def test_a_program_that_asks_for_json_gets_it_on_pages_too(web):
    answer = await web.browser().get("/nowhere", Accept=JSON)
    assert (await answer.get_json())["code"] == "not_found"


async def test_too_much_is_refused_before_it_is_kept(web):
    answer = await web.browser().post("/api/v1/links/look", json={"secret": "x" * 70_000})
    assert answer.status_code == 413
    assert (await answer.get_json())["code"] == "too_large"


async def test_a_body_that_does_not_come_is_given_up(web, monkeypatch):
    monkeypatch.setitem(web.app.config, "BODY_TIMEOUT", 0.05)
    headers = {
        "Host": "localhost:8080",
        "Origin": "http://localhost:8080",
        "Content-Type": JSON,
        "Content-Length": "500",
    }
    client = web.app.test_client()
    async with client.request("/api/v1/links/look", method="POST", headers=headers) as connection:
        await connection.send(b"{")
        await connection.receive()
    assert connection.status_code == 408


@pytest.mark.parametrize("error", [DatabaseBusy, DiskFull, DatabaseReadOnly, DatabaseDamaged])
async def test_the_database_out_of_order_is_said_plainly(web, monkeypatch, error):
    async def refused(_work):
        raise error("secret detail")

    adviser = await web.adviser()
    monkeypatch.setattr(web.parts.database, "read", refused)
    answer = await adviser.get("/console")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    words = await text_of(answer)
    assert error.sentence in words
    assert "secret detail" not in words
    program = await adviser.get("/console", Accept=JSON)
    assert (await program.get_json())["code"] == error.code


@pytest.mark.parametrize("error", [DatabaseBusy, DiskFull, DatabaseReadOnly, DatabaseDamaged])
async def test_a_client_is_not_told_what_it_should_do(web, monkeypatch, error):
    async def refused(_work):
        raise error("secret detail")

    monkeypatch.setattr(web.parts.database, "read", refused)
    answer = await web.browser().post("/api/v1/links/look", json={"secret": "x" * 43})
    problem = await answer.get_json()
    assert (answer.status_code, problem["code"]) == (503, error.code)
    assert problem["title"] == "Das Gerät ist gerade nicht bereit."
    assert "Bitte rufen Sie uns an" in problem["detail"]


async def test_an_unexpected_error_tells_nothing(web, monkeypatch, capsys):
    async def broken(*_args, **_named):
        raise RuntimeError("Erika Mustermann, K-77")

    adviser = await web.adviser("chef", Role.ADMINISTRATOR)
    monkeypatch.setattr(web.parts.outbox, "messages_kept", broken)
    answer = await adviser.get("/console/mail")
    assert answer.status_code == 500
    words = await text_of(answer)
    assert "Bei uns ist etwas schiefgegangen." in words
    assert "Traceback" not in words
    assert "Erika" not in words


async def test_the_page_for_errors_may_itself_fail(web, monkeypatch):
    async def broken(*_args, **_named):
        raise RuntimeError("no template")

    monkeypatch.setattr(errors, "page", broken)
    answer = await web.browser().get("/nowhere")
    assert answer.status_code == 404
    html = await answer.get_data(as_text=True)
    assert "Diese Seite gibt es nicht." in html
    assert "030 1234567" in html
    assert pages.page is not errors.page


async def test_english_is_spoken(web):
    answer = await web.browser(Accept_Language="en").get("/nowhere")
    assert "This page does not exist." in await text_of(answer)
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("path", ["//evil.example/", "/visit/", "/console//login"])
async def test_odd_paths_are_unknown_and_redirect_nowhere(web, path):
    answer = await web.browser().get(path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


async def test_a_host_that_is_none_is_refused_not_stumbled_over(web):
    answer = await web.browser().get("/", Host="[::1")
    assert answer.status_code == 421
