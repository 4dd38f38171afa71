"""Served with a certificate of one's own, and probed by the box itself."""

import asyncio
import os
import signal
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appliance.probe import ready
from appliance.web.serve import serve
from tests.web.test_serve import free_port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for termine.example, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "termine.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("termine.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder


@pytest.fixture
async def secure(web, certificate):
    settings = web.parts.settings.web.model_copy(
        update={
            "base_url": "https://termine.example",
            "bind": [f"127.0.0.1:{free_port()}"],
            "certificate_file": certificate / "chain.pem",
            "certificate_key_file": certificate / "key.pem",
        }
    )
    web.parts.settings = web.parts.settings.model_copy(update={"web": settings})
    running = asyncio.create_task(serve(web.app, settings))
    for _ in range(200):
        if (await asyncio.to_thread(ready, settings))[1].startswith("{"):
            break
        await asyncio.sleep(0.02)
    yield settings
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)


async def test_it_works(secure):
    good, answer = await asyncio.to_thread(ready, secure)
    assert not good  # media does not run here
    assert '"database":"ok"' in answer.replace(" ", "")


async def test_old_protocols_and_http_2_are_not_spoken(secure, certificate):
    context = ssl.create_default_context(cafile=certificate / "chain.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = int(secure.bind[0].rsplit(":", 1)[1])
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname="termine.example"
    )
    connection = writer.get_extra_info("ssl_object")
    assert connection.selected_alpn_protocol() == "http/1.1"
    assert connection.version() in ("TLSv1.2", "TLSv1.3")
    writer.close()


async def test_another_host_is_refused(web, secure):
    answer = await web.browser(Host="localhost").get("/healthz")
    assert answer.status_code == 421
    answer = await web.browser(Host="termine.example").get("/healthz")
    assert answer.status_code == 200
