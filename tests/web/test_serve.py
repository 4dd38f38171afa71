"""The server on a real socket: what strangers can send it, and how it stops."""

import asyncio
import base64
import os
import signal
import socket
import ssl
import struct

import pytest
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import AsyncioSingleTask

from appliance.service_manager import notify, watchdog_s
from appliance.web.serve import PING_EVERY_S, config, serve
from appliance.web.sound_settings import SettingsWrong, ensure_sound
from appliance.web.strict_server import be_strict

HOST = b"Host: localhost\r\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
async def port(web, monkeypatch):
    number = free_port()
    settings = web.parts.settings.web.model_copy(update={"bind": [f"127.0.0.1:{number}"]})
    monkeypatch.setattr("appliance.web.serve.GRACEFUL_S", 0.2)
    running = asyncio.create_task(serve(web.app, settings))
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                break
        await asyncio.sleep(0.02)
    yield number
    if not running.done():
        os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)


async def ask(port: int, request: bytes, within_s: float = 5) -> bytes:
    """What comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    try:
        return await asyncio.wait_for(reader.read(), within_s)
    finally:
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


async def test_it_works(port):
    answer = await ask(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) == 200
    assert b"\r\nserver:" not in answer.lower()
    assert b"content-security-policy:" in answer.lower()


async def test_http_2_is_not_spoken_even_when_asked_for(port):
    upgrade = b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n"
    answer = await ask(port, b"GET /healthz HTTP/1.1\r\n" + HOST + upgrade + b"\r\n", 8)
    assert status(answer) == 200
    assert b"101 " not in answer
    preface = await ask(port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert not preface.startswith(b"\x00")
    assert status(preface) >= 400


@pytest.mark.parametrize(
    "request_line",
    [
        b"CONNECT evil.example:443 HTTP/1.1",
        b"GET http://evil.example/ HTTP/1.1",
        b"GET /../../etc/passwd HTTP/1.1",
        b"GET /assets/x/%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        b"GET /%00 HTTP/1.1",
        b"GET /\xff\xfe HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"TRACE / HTTP/1.1",
    ],
)
async def test_odd_requests_lead_nowhere(port, request_line):
    answer = await ask(port, request_line + b"\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert 400 <= status(answer) < 500
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "smuggling",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"X: a\rb\r\n\r\n",
    ],
)
async def test_smuggled_requests_are_refused(port, smuggling):
    head = b"POST /api/v1/links/look HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
    answer = await ask(port, head + smuggling)
    assert 400 <= status(answer) < 600
    assert answer.count(b"HTTP/1.1 ") == 1


async def test_headers_have_an_end(port):
    answer = await ask(port, b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000)
    assert status(answer) == 431


async def upgrade(port: int, cookie: str):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        "GET /api/v1/visit/socket?test=1 HTTP/1.1\r\nHost: localhost:8080\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: http://localhost:8080\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n"
    )
    writer.write(head.encode())
    return reader, writer, await reader.readuntil(b"\r\n\r\n")


def frame(text: bytes) -> bytes:
    mask = b"\x00\x00\x00\x00"
    if len(text) < 126:
        return bytes([0x81, 0x80 | len(text)]) + mask + text
    return bytes([0x81, 0x80 | 127]) + struct.pack(">Q", len(text)) + mask + text


async def checker(web) -> str:
    browser = web.browser()
    await browser.get("/test")
    return f"__Host-check={browser.cookies['__Host-check']}"


async def test_a_socket_without_a_cookie_is_answered_like_a_request(port):
    _, writer, head = await upgrade(port, "nothing=here")
    assert status(head) == 401
    assert b"application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head.lower()
    writer.close()


async def test_a_message_of_more_than_64_kib_ends_the_socket(web, port):
    reader, writer, head = await upgrade(port, await checker(web))
    assert status(head) == 101
    writer.write(frame(b"x" * 70_000))
    too_big = b"\x88\x02" + struct.pack(">H", 1009)
    await asyncio.wait_for(reader.readuntil(too_big), 5)
    writer.write(frame(b"x" * 70_000))  # who goes on all the same is cut off
    await asyncio.wait_for(reader.read(), 5)
    writer.close()


async def test_stopping_tells_the_pages_to_come_back(web, port):
    reader, writer, head = await upgrade(port, await checker(web))
    assert status(head) == 101
    await asyncio.wait_for(reader.read(2), 5)
    os.kill(os.getpid(), signal.SIGTERM)
    everything = await asyncio.wait_for(reader.read(), 5)
    assert b"\x88" in everything  # a close frame, not a cut
    writer.close()


def test_limits_are_set(web):
    made = config(web.parts.settings.web)
    assert made.alpn_protocols == ["http/1.1"]
    assert made.websocket_max_message_size == 64 * 1024
    assert made.websocket_ping_interval == PING_EVERY_S == 10
    assert made.include_server_header is False


def test_systemd_is_told(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify("READY=1")
        assert systemd.recv(100) == b"READY=1"
    monkeypatch.setenv("WATCHDOG_USEC", "20000000")
    assert watchdog_s() == 10
    monkeypatch.delenv("WATCHDOG_USEC")
    assert watchdog_s() is None


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("web", {"base_url": "http://termine.example"}),
        ("web", {"base_url": "http://127.0.0.1:8080"}),
        ("web", {"base_url": "https://termine.example/under"}),
        ("web", {"base_url": "ftp://localhost"}),
        ("web", {"base_url": "localhost"}),
        ("web", {"certificate_file": "/x.pem"}),
        ("web", {"staff_networks": ["10.0.0.1/8"]}),
        ("web", {"trusted_proxies": ["proxy"]}),
        ("agency", {"time_zone": "Europe/Bielefeld"}),
        ("agency", {"language": "xx"}),
    ],
)
def test_settings_that_cannot_work_are_refused_at_start(settings, section, changes):
    ensure_sound(settings)
    part = getattr(settings, section).model_copy(update=changes)
    with pytest.raises(SettingsWrong, match=next(iter(changes))):
        ensure_sound(settings.model_copy(update={section: part}))


async def test_whoever_still_sends_while_a_connection_closes_does_not_end_the_process():
    """What asyncio then raises would end the whole server where it is about to stop."""

    class Writer:
        def write_eof(self):
            raise OSError

        def close(self):
            pass

        async def wait_closed(self):
            raise ssl.SSLError(1, "[SSL: APPLICATION_DATA_AFTER_CLOSE_NOTIFY]")

    be_strict()
    server = TCPServer.__new__(TCPServer)
    server.writer, server.idle_task = Writer(), AsyncioSingleTask()
    await server._close()
