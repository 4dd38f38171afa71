"""Debian's nginx on the generated configuration: one port, pages by one name, TURN by the other."""

import asyncio
import contextlib
import json
import ssl
import subprocess
import time
from dataclasses import replace

import pytest
from aioice import turn

from appliance.reach.coturn import ConfigWrong
from appliance.reach.nginx import MOST_OF_AN_ADDRESS, Places, nginx_config
from appliance.reach.turn import TurnServers
from appliance.relay.addresses import own_addresses
from appliance.settings import Settings
from tests.reach.servers import (
    NGINX,
    certificate,
    coturn,
    free_port,
    trusting,
    turn_settings,
)

HOST = own_addresses()[0]
WEB, TURN = "video.agency.example", "turn.agency.example"


def settings(folder, **changes) -> Settings:
    pages, pages_key = certificate(folder, WEB)
    turn = turn_settings(folder, HOST, TURN) | {"share_443": True}
    web = {
        "base_url": f"https://{WEB}",
        "bind": [f"127.0.0.1:{free_port()}"],
        "certificate_file": pages,
        "certificate_key_file": pages_key,
        "trusted_proxies": ["127.0.0.1"],
    }
    return Settings(turn=turn | changes.pop("turn", {}), web=web | changes.pop("web", {}))


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Stands for web: says what it was asked, or turns to a socket and echoes."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lines = head.splitlines()[1:-1]
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if fields.get("upgrade") == "websocket":
        writer.write(b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
        writer.write(await reader.read(100))
    else:
        body = json.dumps(fields).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()


def approve(file) -> None:
    """nginx itself finds nothing wrong with it."""
    tested = subprocess.run([NGINX, "-t", "-c", str(file)], capture_output=True, text=True)
    assert "test is successful" in tested.stderr, tested.stderr
    assert "[warn]" not in tested.stderr


@contextlib.asynccontextmanager
async def in_front(made: Settings, folder, places: Places, **worse: str):
    """nginx, coturn and something in web's place. ``worse``: words of its file to replace."""
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(made.web.certificate_file, made.web.certificate_key_file)
    host, port = made.web.bind[0].split(":")
    web = await asyncio.start_server(_answer, host, int(port), ssl=secure)
    file = folder / "nginx.conf"
    text = nginx_config(made, [HOST], places)
    for words in worse.values():
        before, _, after = words.partition(" -> ")
        assert before in text
        text = text.replace(before, after)
    file.write_text(text)
    approve(file)
    nginx = await asyncio.create_subprocess_exec(NGINX, "-c", str(file), "-g", "daemon off;")
    try:
        async with coturn(made, folder, [HOST], [HOST]):
            await _listening(places.public, made.turn.tls_port)
            yield
    finally:
        nginx.terminate()
        await nginx.wait()
        web.close()


async def _listening(*ports: int) -> None:
    async with asyncio.timeout(10):
        for port in ports:
            while True:
                try:
                    _, writer = await asyncio.open_connection(HOST, port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break


@pytest.fixture
async def places(tmp_path):
    return Places(free_port(HOST), free_port(), free_port(), str(tmp_path / "nginx.pid"), "stderr")


async def asked(port: int, made: Settings, request: str, body: bytes = b"") -> bytes:
    secure = trusting(made.web.certificate_file)
    reader, writer = await asyncio.open_connection(HOST, port, ssl=secure, server_hostname=WEB)
    writer.write(f"GET / HTTP/1.1\r\nHost: {WEB}\r\n{request}\r\n".encode())
    writer.write(body)
    answer = await reader.read(4000)
    while body and not answer.endswith(body):
        answer += await reader.read(4000)
    writer.close()
    return answer


async def test_it_works(tmp_path, places):
    """Both on one port: pages with the client's address, a socket, and TURN with its own TLS."""
    made = settings(tmp_path)
    async with in_front(made, tmp_path, places):
        forged = "X-Forwarded-For: 203.0.113.99\r\n"
        answer = await asked(places.public, made, forged)
        told = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert (told["host"], told["x-forwarded-for"]) == (WEB, HOST)
        upgrade = "Upgrade: websocket\r\nConnection: upgrade\r\n"
        assert b"101" in (await asked(places.public, made, upgrade, b"echoed"))
        [server] = TurnServers(made.turn).for_user("visit.client", time.time())
        secure = trusting(made.turn.certificate_file)  # it would not accept the pages' certificate
        words = ((HOST, 0), server.username, server.credential, 600, 500)
        _, client = await asyncio.get_running_loop().create_connection(
            lambda: turn.TurnClientTcpProtocol(*words),
            HOST,
            places.public,
            ssl=secure,
            server_hostname=TURN,
        )
        assert (await client.connect())[0] == HOST
        await client.channel_bind(0x4000, (HOST, 40000))
        await client.delete()


async def opened(port: int, number: int) -> list:
    """So many connections that say nothing, as one laptop can have."""
    return [await asyncio.open_connection(HOST, port) for _ in range(number)]


async def dropped(lines: list) -> int:
    """How many of them nginx has closed by itself within a second."""
    reads = [asyncio.create_task(reader.read(1)) for reader, _ in lines]
    done, waiting = await asyncio.wait(reads, timeout=1.0)
    for one in waiting:
        one.cancel()
    for one in done:
        one.exception()
    for _, writer in lines:
        writer.close()
    return len(done)


async def test_one_address_has_its_share(tmp_path, places):
    async with in_front(settings(tmp_path), tmp_path, places):
        gone = await dropped(await opened(places.public, MOST_OF_AN_ADDRESS + 20))
        assert gone in (20, 21)  # the one that waited for nginx may still be counted


async def test_the_agencys_own_networks_are_not_counted(tmp_path, places):
    """A whole house may come by one address."""
    made = settings(tmp_path, web={"staff_networks": [f"{HOST}/32", "2001:db8::/32"]})
    async with in_front(made, tmp_path, places):
        assert await dropped(await opened(places.public, MOST_OF_AN_ADDRESS + 20)) == 0


@pytest.mark.parametrize("level", ["emerg", "crit"])
async def test_no_address_is_logged_when_files_run_out(tmp_path, places, level):
    """nginx tells of it on the level "crit", with the client's address; so that is too much."""
    log = tmp_path / "errors.log"
    places = replace(places, errors=str(log))
    few = "worker_rlimit_nofile 32768 -> worker_rlimit_nofile 40"
    one = "worker_processes auto -> worker_processes 1"
    loud = f"{log} emerg -> {log} {level}"
    async with in_front(settings(tmp_path), tmp_path, places, few=few, one=one, loud=loud):
        lines = await opened(places.public, 60)
        for _, writer in lines:
            writer.write(b"nothing of TLS")
        await dropped(lines)
    assert (HOST in log.read_text()) is (level == "crit")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"turn": {"share_443": False}}, r"turn\.share_443"),
        ({"turn": {"host": "192.0.2.1"}}, r"turn\.host must be a name"),
        ({"turn": {"host": WEB}}, r"turn\.host must be another name"),
        ({"web": {"bind": ["0.0.0.0:8080"]}}, r"web\.bind"),
        ({"web": {"trusted_proxies": []}}, r"web\.trusted_proxies"),
        (
            {"web": {"trusted_proxies": ["10.0.0.0/8"]}},
            r'web\.trusted_proxies must hold "127.0.0.1"',
        ),
        ({"web": {"trusted_proxies": ["proxy"]}}, r"web\.trusted_proxies: "),
        ({"web": {"bind": ["[::1]:8080"]}}, r'web\.trusted_proxies must hold "::1"'),
        ({"web": {"bind": ["localhost:8080"]}}, r'web\.trusted_proxies must hold "::1"'),
        ({"web": {"staff_networks": ["10.0.0.1/8"]}}, r"web\.staff_networks"),
        ({"web": {"certificate_file": None}}, r"web\.certificate_file"),
    ],
)
def test_what_keeps_them_from_sharing_is_named(tmp_path, changes, named):
    with pytest.raises(ConfigWrong, match=named):
        nginx_config(settings(tmp_path, **changes), [HOST])


@pytest.mark.parametrize(
    ("bound", "trusted"),
    [
        ("127.0.0.1", ["127.0.0.0/8"]),
        ("[::1]", ["::1"]),
        ("localhost", ["127.0.0.1", "::1"]),
    ],
)
def test_whoever_is_trusted_may_be_bound(tmp_path, bound, trusted):
    web = {"bind": [f"{bound}:8080"], "trusted_proxies": trusted}
    assert f"proxy_pass https://{bound}:8080;" in nginx_config(settings(tmp_path, web=web), [HOST])
