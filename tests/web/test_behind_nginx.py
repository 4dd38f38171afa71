"""The real web process behind the nginx that shares port 443 with TURN: whose request it is."""

import asyncio
import os
import signal

import pytest
from quart import request

from appliance.reach.nginx import Places, nginx_config
from appliance.relay.addresses import own_addresses
from appliance.web.address import address_of
from appliance.web.serve import serve
from tests.reach.servers import NGINX, SECRET, certificate, free_port, trusting

HOST, NAME = own_addresses()[0], "termine.example"


@pytest.fixture
async def shared(web, tmp_path):
    """The public port, and the certificate that is shown there."""
    chain, key = certificate(tmp_path, NAME)
    (tmp_path / "turn").write_text(SECRET)
    changes = {
        "base_url": f"https://{NAME}",
        "bind": [f"127.0.0.1:{free_port()}"],
        "certificate_file": chain,
        "certificate_key_file": key,
        "trusted_proxies": ["127.0.0.1"],
    }
    settings = web.parts.settings
    turn = {"host": "turn.example", "share_443": True, "secret_file": tmp_path / "turn"}
    web.parts.settings = settings = settings.model_copy(
        update={
            "web": settings.web.model_copy(update=changes),
            "turn": settings.turn.model_copy(update=turn),
        }
    )
    places = Places(
        free_port(HOST), free_port(), free_port(), str(tmp_path / "nginx.pid"), "stderr"
    )
    file = tmp_path / "nginx.conf"
    file.write_text(nginx_config(settings, [HOST], places))
    running = asyncio.create_task(serve(web.app, settings.web))
    nginx = await asyncio.create_subprocess_exec(NGINX, "-c", str(file), "-g", "daemon off;")
    yield places.public, trusting(chain)
    nginx.terminate()
    await nginx.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)


async def asked(port, secure, *lines: str) -> bytes:
    """The whole answer; waits until both servers are there."""
    words = "\r\n".join(("GET /healthz HTTP/1.1", f"Host: {NAME}", "Connection: close", *lines))
    async with asyncio.timeout(15):
        while True:
            try:
                reader, writer = await asyncio.open_connection(
                    HOST, port, ssl=secure, server_hostname=NAME
                )
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.write(f"{words}\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            if answer.startswith(b"HTTP/1.1 502"):
                await asyncio.sleep(0.05)
                continue
            return answer


async def test_it_works(web, shared):
    """Limits count the client's own address, whatever it claims to be."""
    seen = []
    web.app.before_request(lambda: seen.append(address_of(request)))
    answer = await asked(*shared, "X-Forwarded-For: 203.0.113.99")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"strict-transport-security" in answer.lower()
    assert b"\r\nserver: nginx\r\n" in answer.lower()  # the name of what answers, no version
    assert seen[-1] == HOST
