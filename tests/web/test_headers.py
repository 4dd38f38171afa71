"""The header set stands on every answer, errors and files included."""

import re

import pytest

from appliance.web.security import CONTENT_SECURITY_POLICY

EVERYWHERE = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def assert_headers(answer) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.getlist(name) == [value], name
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert "geolocation=()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers
    content_type = answer.headers.get("content-type", "")
    if re.match(r"text/|application/(problem\+)?json", content_type):
        assert "charset=utf-8" in content_type.lower()


async def test_it_works(web):
    answer = await web.browser().get("/healthz")
    assert_headers(answer)
    assert answer.headers["cache-control"] == "no-store"


async def test_every_route_has_them(web):
    adviser = await web.adviser()
    for rule in web.app.url_map.iter_rules():
        if rule.websocket:
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for browser in (web.browser(), adviser):
            for method in ("GET", "POST"):
                ask = browser.get if method == "GET" else browser.post
                assert_headers(await ask(path))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/healthz", 405),
        ("OPTIONS", "/healthz", 405),
        ("PUT", "/console/login", 405),
        ("GET", "/assets/0000000000000000/client/main.js", 404),
    ],
)
async def test_errors_have_them(web, method, path, status):
    answer = await web.browser().request(method, path, {"Origin": "http://localhost:8080"})
    assert answer.status_code == status
    assert_headers(answer)
    assert answer.headers["cache-control"] == "no-store"


async def test_an_unexpected_error_has_them(web, monkeypatch):
    async def broken(_work):
        raise RuntimeError("Erika Mustermann")

    browser = await web.adviser()
    monkeypatch.setattr(web.parts.database, "read", broken)
    answer = await browser.get("/console")
    assert answer.status_code == 500
    assert_headers(answer)
    assert "Erika" not in await answer.get_data(as_text=True)


async def test_no_inline_script_or_style_is_allowed():
    assert "unsafe-inline" not in CONTENT_SECURITY_POLICY
    assert "'unsafe-eval'" not in CONTENT_SECURITY_POLICY
    assert "http:" not in CONTENT_SECURITY_POLICY
