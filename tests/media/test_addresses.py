"""Which addresses browsers are told, and that each of them carries: 1:1 NAT, IPv4 and IPv6."""

import re
import socket

import pytest

from appliance.relay.addresses import advertised, own_addresses, unfit_ipv6
from appliance.relay.control import PeerState
from appliance.relay.options import MediaOptions
from appliance.relay.service import Service
from tests.media.conftest import Box, eventually
from tests.media.pages import stage as started
from tests.media.phone import vp8
from tests.media.udp_hop import UdpHop

LOCAL, PUBLIC = ("192.0.2.7", "fd00::7"), ("203.0.113.5", "2001:db8::5")


@pytest.fixture
async def dual(tmp_path):
    """A relay on IPv4 and IPv6 behind two public addresses."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:  # 0 would be two numbers
        probe.bind(("::1", 0))
        port = probe.getsockname()[1]
    own, public = ("127.0.0.1", "::1"), ("127.0.0.2", "203.0.113.5")
    options = MediaOptions(tmp_path, port, own, public_addresses=public)
    service = Service(options)
    await service.start()
    made = Box(service)
    made.public = public[0]
    yield made
    for phone in made.phones:
        phone.vanish()
    await service.close()


def candidates(offer: str) -> list[str]:
    """Addresses of the first section's candidates, best first."""
    head = offer.split("\r\nm=")[1]
    found = re.findall(r"a=candidate:(\S+) 1 udp (\d+) (\S+) (\d+) typ host", head)
    assert len({foundation for foundation, *_ in found}) == len(found)
    return [address for _, _, address, _ in sorted(found, key=lambda one: -int(one[1]))]


def test_the_public_addresses_stand_beside_the_own_ones():
    assert advertised(LOCAL) == [*LOCAL]
    assert advertised(LOCAL, PUBLIC) == [*LOCAL, *PUBLIC]
    assert advertised(LOCAL, PUBLIC, keep_private=False) == [*PUBLIC]
    assert advertised(LOCAL, LOCAL[:1]) == [*LOCAL]


def test_an_address_that_goes_soon_is_not_offered():
    table = """
fd000000000000000000000000000002 02 40 00 80     eth0
20010db8000000000000000000000001 02 40 00 01     eth0
20010db8000000000000000000000002 02 40 00 a0     eth0
20010db8000000000000000000000003 02 40 00 40     eth0
"""
    assert unfit_ipv6(table) == {f"2001:db8::{n}" for n in (1, 2, 3)}


async def test_each_section_of_an_offer_names_them_all(dual):
    offer = dual.relay.add_peer("r", "a", 1)
    assert candidates(offer) == ["127.0.0.1", "::1", "127.0.0.2", "203.0.113.5"]
    assert offer.count("typ host") == 4 * offer.count("\r\nm=")


async def test_sound_goes_from_ipv4_to_ipv6_and_back(dual):
    """Each phone reaches the relay by a family of its own."""
    a, b = await dual.phone("a", connect=False), await dual.phone("b", connect=False, host="::1")
    for phone in (a, b):
        phone.relay_address = (phone.host, phone.relay_address[1])
        await phone.connect()
    for peer_id in ("a", "b"):
        await eventually(lambda one=peer_id: dual.relay.peer(one).state is PeerState.CONNECTED)
    dual.route("a>b", "b>a")
    a.send_media("camera", vp8(1, keyframe=True))
    b.send_media("microphone", b"words")
    await eventually(lambda: b.of_type(96) and a.of_type(111))
    mapped = b.answers[-1].attributes["XOR-MAPPED-ADDRESS"]
    assert mapped == ("::1", b.transport.get_extra_info("sockname")[1])


async def test_the_public_address_leads_through_a_one_to_one_nat(dual):
    """Outside there is nothing but the public candidate; the NAT keeps the port, as 1:1 does."""
    a, b = await dual.phone("a", connect=False), await dual.phone("b")
    port = a.relay_address[1]
    nat = await UdpHop("127.0.0.2", ("127.0.0.1", port)).open(port)
    a.relay_address = (dual.public, port)
    await a.connect()
    await eventually(lambda: dual.relay.peer("a").state is PeerState.CONNECTED)
    dual.route("a>b", "b>a")
    a.send_media("camera", vp8(1, keyframe=True))
    b.send_media("camera", vp8(1, keyframe=True))
    await eventually(lambda: b.of_type(96) and a.of_type(96))
    nat.close()


async def test_chromium_comes_by_ipv6_alone():
    six = [address for address in own_addresses() if ":" in address]
    if not six:
        pytest.skip("this machine has no IPv6 address besides loopback")
    async with started(addresses=six) as stage:
        a = await stage.person("a")
        await stage.person("b")
        await stage.route("a>b", "b>a")
        await a.sees_within(10)
        assert ":" in await a.relay_address()
