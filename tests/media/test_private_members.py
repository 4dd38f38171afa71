"""Contracts with aiortc's and pylibsrtp's private members, one test each.

A new version that changes one of them fails here first, and says which.
"""

import inspect

import pylibsrtp
import pytest
from aiortc import rtcdtlstransport as dtls
from OpenSSL import SSL

from appliance.relay import srtp
from appliance.relay.dtls import CIPHERS, Certificate, new_certificate

SOURCE = inspect.getsource(dtls.RTCDtlsTransport)


@pytest.fixture(scope="module")
def certificate():
    return new_certificate()


class Silent:
    role = "controlled"


@pytest.fixture
def transport(certificate):
    return dtls.RTCDtlsTransport(Silent(), [certificate])


def test_create_ssl_context_takes_the_profiles_and_ours_narrows_it(certificate):
    context = certificate._create_ssl_context(srtp_profiles=dtls.SRTP_PROFILES)
    names = SSL.Connection(context).get_cipher_list()
    wanted = CIPHERS.decode().split(":")
    assert [name for name in names if not name.startswith("TLS_")] == wanted


def test_generate_certificate_makes_our_class(certificate):
    assert isinstance(certificate, Certificate)
    assert len(certificate.sha256()) == 95


def test_the_transport_needs_role_recv_and_send_of_ice_alone():
    used = {
        word.split("(")[0].split(",")[0].split(")")[0].split()[0]
        for word in SOURCE.replace("self._transport.", "self.transport.").split("self.transport.")[
            1:
        ]
    }
    assert used == {"role", "_recv", "_send"}


def test_set_role(transport):
    transport._set_role("server")
    assert transport._role == "server"


def test_set_state_failed(transport):
    transport._set_state(dtls.State.FAILED)
    assert transport.state == "failed"


def test_ssl_is_none_before_the_start(transport):
    assert transport._ssl is None


def test_task_is_none_before_the_start_and_is_the_pump_after():
    assert "self._task = asyncio.ensure_future(self.__run())" in SOURCE


def test_setup_srtp_is_called_once_by_start():
    assert SOURCE.count("self._setup_srtp()") == 1


def test_profiles_prefer_gcm_and_derive_keys(transport):
    names = [profile.openssl_profile for profile in transport._srtp_profiles]
    assert names[:2] == [b"SRTP_AEAD_AES_256_GCM", b"SRTP_AEAD_AES_128_GCM"]
    profile = transport._srtp_profiles[0]
    material = bytes(range(88))
    assert profile.get_key_and_salt(material, 1) == material[32:64] + material[76:88]


def test_libsrtps_handle_and_functions():
    session = pylibsrtp.Session()
    assert session._srtp[0]
    for name in ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"):
        assert callable(getattr(pylibsrtp.lib, name))


def test_in_place_equals_pylibsrtps_own():
    key = bytes(range(44))
    packet = bytes.fromhex("80600001000000010000000a") + b"payload"
    policy = pylibsrtp.Policy(key=key, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND, srtp_profile=8)
    expected = pylibsrtp.Session(policy).protect(packet)
    buffer = srtp.PacketBuffer()
    buffer.view[: len(packet)] = packet
    length = srtp.SrtpSession(key, 8, inbound=False).protect(buffer, len(packet))
    assert bytes(buffer.view[:length]) == expected
    inbound = srtp.SrtpSession(key, 8, inbound=True)
    assert inbound.unprotect(buffer, length) == len(packet)
    assert bytes(buffer.view[: len(packet)]) == packet
