"""The box's own certificate authority: good for its name, good for nothing else."""

import socket
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from appliance.local_ca import _leaf, ensure
from appliance.storage.clock import utcnow
from tests.reach.servers import certificate

NAME = "video.amt.example"


def greeting(server_folder, ca_file, name):
    """A real TLS handshake; raises ``ssl.SSLError`` when the client does not trust."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server_folder / "chain.pem", server_folder / "key.pem")
    here, there = socket.socketpair()

    def answer():
        try:
            serving.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        context = ssl.create_default_context(cafile=ca_file)
        with context.wrap_socket(here, server_hostname=name) as secured:
            return secured.version()
    finally:
        here.close()
        thread.join()


def test_it_works(tmp_path):
    assert ensure(tmp_path, NAME, utcnow())
    assert greeting(tmp_path, tmp_path / "ca.pem", NAME) == "TLSv1.3"
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca.key": 0o600, "chain.pem": 0o644, "key.pem": 0o640}


def test_its_key_is_worth_nothing_for_another_name(tmp_path):
    ensure(tmp_path, NAME, utcnow())
    ca = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    stolen = serialization.load_pem_private_key((tmp_path / "ca.key").read_bytes(), None)
    key = serialization.load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    leaf = _leaf("bank.example", key.public_key(), ca, utcnow()).sign(stolen, hashes.SHA256())
    (tmp_path / "chain.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        greeting(tmp_path, tmp_path / "ca.pem", "bank.example")


def test_it_is_kept_and_renewed_in_time(tmp_path):
    ensure(tmp_path, NAME, utcnow())
    ca, chain = (tmp_path / "ca.pem").read_bytes(), (tmp_path / "chain.pem").read_bytes()
    assert not ensure(tmp_path, NAME, utcnow())
    later = utcnow() + timedelta(days=340)
    assert ensure(tmp_path, NAME, later)
    assert (tmp_path / "ca.pem").read_bytes() == ca  # devices that trust it go on
    assert (tmp_path / "chain.pem").read_bytes() != chain
    leaf = x509.load_pem_x509_certificate((tmp_path / "chain.pem").read_bytes())
    assert leaf.not_valid_after_utc - later < timedelta(days=398)


def test_another_name_gets_another_authority(tmp_path):
    ensure(tmp_path, NAME, utcnow())
    before = (tmp_path / "ca.pem").read_bytes()
    assert ensure(tmp_path, "www." + NAME, utcnow())
    assert (tmp_path / "ca.pem").read_bytes() == before
    assert greeting(tmp_path, tmp_path / "ca.pem", "www." + NAME) == "TLSv1.3"
    assert ensure(tmp_path, "other.example", utcnow())
    assert (tmp_path / "ca.pem").read_bytes() != before
    assert greeting(tmp_path, tmp_path / "ca.pem", "other.example") == "TLSv1.3"


@pytest.mark.parametrize("authority_left", [True, False])
def test_a_certificate_of_its_stays(tmp_path, authority_left):
    """Also where the authority's files are still there from the first days, and for any name."""
    ensure(tmp_path, NAME, utcnow())
    for made, to in zip(certificate(tmp_path, NAME), ("chain.pem", "key.pem"), strict=True):
        made.replace(tmp_path / to)
    if not authority_left:
        (tmp_path / "ca.pem").unlink()
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert not ensure(tmp_path, NAME, utcnow())
    assert not ensure(tmp_path, "other.example", utcnow())
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_key_that_is_replaced_stays_as_a_copy(tmp_path):
    ensure(tmp_path, NAME, utcnow())
    keys = {(tmp_path / name).read_bytes() for name in ("key.pem", "ca.key")}
    assert ensure(tmp_path, "other.example", utcnow())
    copies = list(tmp_path.glob("*.before-*"))
    assert {file.read_bytes() for file in copies} == keys
    assert {file.stat().st_mode & 0o777 for file in copies} == {0o600}
