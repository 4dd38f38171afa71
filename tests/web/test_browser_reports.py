"""Reports of browsers about what the policy blocked: the directive is kept, nothing else."""

import json
import logging

import pytest

PATH = "/api/v1/browser-reports"
REPORT = {
    "csp-report": {
        "document-uri": "http://localhost:8080/v#geheim",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/?name=Erika",
        "script-sample": "Erika",
    }
}


async def send(web, body: bytes):
    headers = {"Content-Type": "application/csp-report"}
    return await web.browser().request("POST", PATH, headers, data=body)


async def test_it_works(web, caplog):
    caplog.set_level(logging.INFO)
    answer = await send(web, json.dumps(REPORT).encode())
    assert answer.status_code == 204
    assert "'directive': 'script-src-elem'" in caplog.text
    assert "Erika" not in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"csp-report": 7}',
        b'{"csp-report": {"effective-directive": "a\\nlevel=error"}}',
        b'{"csp-report": {"effective-directive": "<img src=x>"}}',
        b'{"csp-report": {"effective-directive": "   "}}',
        b"[" * 1000,
        b"\xff",
    ],
)
async def test_nonsense_is_taken_and_forgotten(web, caplog, body):
    caplog.set_level(logging.INFO)
    assert (await send(web, body)).status_code == 204
    assert "browser_report" not in caplog.text


async def test_nobody_fills_the_log(web, caplog):
    caplog.set_level(logging.INFO)
    statuses = [(await send(web, json.dumps(REPORT).encode())).status_code for _ in range(40)]
    assert statuses == [204] * 30 + [429] * 10
    assert caplog.text.count("browser_report") == 30
    assert (await web.browser().get("/healthz")).status_code == 200
