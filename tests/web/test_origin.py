"""Other sites cannot make our visitors' browsers do anything; other names are not ours."""

import pytest
from quart.testing.connections import WebsocketResponseError

FORM = {"login": "yilmaz", "password": "x", "code": "1"}


async def test_it_works(web):
    answer = await web.browser().post("/console/login", form=FORM)
    assert answer.status_code == 401  # refused as a login, not as a request


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:9999", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {},
    ],
)
async def test_foreign_requests_are_refused(web, headers):
    answer = await web.browser().request("POST", "/console/login", headers, form=FORM)
    assert answer.status_code == 403
    assert "Anmeldung nicht möglich" not in await answer.get_data(as_text=True)


async def test_an_old_browser_that_says_origin_only_may(web):
    headers = {"Origin": "http://localhost:8080"}
    answer = await web.browser().request("POST", "/console/login", headers, form=FORM)
    assert answer.status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1"])
async def test_a_foreign_host_is_refused(web, host):
    answer = await web.browser(Host=host).get("/healthz")
    assert answer.status_code == 421


async def test_the_port_of_the_host_does_not_matter(web):
    assert (await web.browser(Host="localhost").get("/healthz")).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/visit/socket", "/api/v1/console/socket"])
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {}, {"Origin": "http://localhost:8080", "Host": "evil"}],
)
async def test_foreign_sockets_are_refused_before_they_are_accepted(web, path, headers):
    client = web.app.test_client()
    asked = client.websocket(path, headers={"Host": "localhost:8080", **headers})
    with pytest.raises(WebsocketResponseError) as refused:
        async with asked as socket:
            await socket.receive()
    assert refused.value.response.status_code in (403, 421)


@pytest.mark.parametrize("path", ["/api/v1/visit/socket", "/api/v1/console/socket"])
async def test_a_socket_without_a_cookie_is_refused(web, path):
    headers = {"Host": "localhost:8080", "Origin": "http://localhost:8080"}
    with pytest.raises(WebsocketResponseError) as refused:
        async with web.app.test_client().websocket(path, headers=headers) as socket:
            await socket.receive()
    assert refused.value.response.status_code == 401
