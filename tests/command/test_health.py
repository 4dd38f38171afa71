"""``vorzimmer health`` over TLS, as on a box: the certificate is asked of no third party."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from appliance.local_ca import ensure
from appliance.probe import ready
from appliance.settings import WebSettings
from appliance.storage.clock import utcnow


class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words):
        pass


@pytest.fixture
def settings(tmp_path):
    """A server whose file holds its own certificate, but not the root: so agencies hand it out."""
    ensure(tmp_path, "video.amt.example", utcnow())
    chain = tmp_path / "chain.pem"
    leaf, end, _ = chain.read_text().partition("-----END CERTIFICATE-----")
    chain.write_text(leaf + end + "\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, tmp_path / "key.pem")
    server = HTTPServer(("127.0.0.1", 0), Ready)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()
    yield WebSettings(
        base_url="https://video.amt.example",
        bind=[f"0.0.0.0:{server.server_port}"],
        certificate_file=chain,
    )
    server.shutdown()
    server.server_close()


def test_a_certificate_without_its_root_is_enough(settings):
    assert ready(settings) == (True, "ok")


def test_another_certificate_is_not_the_box(settings, tmp_path):
    ensure(tmp_path, "other.example", utcnow())
    good, said = ready(settings)
    assert not good
    assert "SSLCertVerificationError" in said
