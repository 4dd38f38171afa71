"""Debian's coturn on the generated configuration: who may in, by which ways, and to whom."""

import asyncio
import base64
import contextlib
import time

import pytest
from aioice import stun, turn

from appliance.ports import STRANGERS
from appliance.reach import probe
from appliance.reach.coturn import ConfigWrong, coturn_config
from appliance.reach.turn import (
    LIVES_S,
    IceServer,
    SecretWrong,
    TurnServers,
    credential,
    read_secret,
)
from appliance.relay.addresses import own_addresses
from appliance.relay.ice_lite import RefusalBudget, is_request, refusal
from appliance.settings import MediaSettings, Settings
from tests.reach.servers import SECRET, coturn, free_port, trusting, turn_settings

HOST = own_addresses()[0]  # coturn refuses loopback, so it cannot be tested there


def settings(folder, **changes) -> Settings:
    turn = turn_settings(folder, HOST, HOST)
    return Settings(turn=turn | changes)


@pytest.fixture
async def box(tmp_path):
    """A running coturn and its settings."""
    made = settings(tmp_path)
    async with coturn(made, tmp_path, [HOST], [HOST]):
        await answering(made)
        yield made


async def answering(made: Settings) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, made.turn.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def server(made: Settings) -> IceServer:
    return TurnServers(made.turn).for_user("visit.client", time.time())[0]


async def client(made: Settings, username: str, password: str):
    """A TURN client over UDP with an allocation. Raises ``stun.TransactionFailed``."""
    place = (HOST, made.turn.port)
    _, one = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: turn.TurnClientUdpProtocol(place, username, password, 600, 500), remote_addr=place
    )
    try:
        await one.connect()
    except BaseException:
        one.transport.close()
        raise
    return one


class Refusing(asyncio.DatagramProtocol):
    """Stands for the relay: answers a stranger as it does, and as rarely."""

    def __init__(self) -> None:
        self.budget = RefusalBudget()

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data, addr) -> None:
        if is_request(data) and self.budget.allows(addr[0], time.monotonic()):
            self.transport.sendto(refusal(data), addr)


@pytest.fixture
async def relay():
    """Where it answers."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Refusing, local_addr=(HOST, 0))
    yield transport.get_extra_info("sockname")
    transport.close()


async def test_it_works_by_udp_tcp_and_tls(box, relay):
    secure = trusting(box.turn.certificate_file)
    found = await probe.ways(server(box), [relay], secure)
    assert found == {"udp": "", "tcp": "", "tls": ""}


async def test_a_relay_that_does_not_answer_is_named(box, relay):
    """coturn lets the packets out all the same: a channel proves no more than its own consent."""
    secure = trusting(box.turn.certificate_file)
    silent = free_port(HOST)
    found = await probe.ways(server(box), [relay, (HOST, silent)], secure, limit_s=4.0)
    wanted = f"coturn answers, the relay behind it does not: {HOST} port {silent}"
    assert found == dict.fromkeys(probe.WAYS, wanted)


async def test_each_way_that_fails_is_named(box, relay, tmp_path):
    """The clients' own view: a certificate nobody signed, a wrong secret, nobody there."""
    found = await probe.ways(server(box), [relay])
    assert found["udp"] == found["tcp"] == ""
    assert "certificate" in found["tls"]
    one = server(box)
    forged = IceServer(one.urls, one.username, credential("b2" * 32, one.username))
    secure = trusting(box.turn.certificate_file)
    assert set((await probe.ways(forged, [relay], secure)).values()) == {"refused (401)"}
    away = TurnServers(settings(tmp_path).turn).for_user("x", time.time())[0]
    silent = await probe.ways(away, [relay], secure, limit_s=1.0)
    assert all(one.startswith("no answer") for one in silent.values())


async def test_only_the_relay_is_a_peer(box):
    one = server(box)
    mine = await client(box, one.username, one.credential)
    others = ["127.0.0.1", "0.0.0.0", "10.0.0.1", "192.168.0.1", "169.254.169.254", "8.8.8.8"]
    for number, address in enumerate(others):
        with pytest.raises(stun.TransactionFailed) as refused:
            await mine.channel_bind(0x4000 + number, (address, 40000))
        assert refused.value.response.error_code == 403, address
    await mine.channel_bind(0x4100, (HOST, 40000))
    await mine.delete()


async def test_a_credential_lives_for_minutes_and_a_conversation_longer(box):
    """Whoever got in while it was good goes on; nobody gets in with it afterwards."""
    expires = int(time.time()) + 1
    username = f"{expires}:visit.client"
    mine = await client(box, username, credential(SECRET, username))
    while time.time() < expires + 3:  # noqa: ASYNC110 - coturn's own clock
        await asyncio.sleep(0.1)
    refresh = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST, attributes={"LIFETIME": 600})
    answer, _ = await mine.request_with_retry(refresh)
    assert answer.attributes["LIFETIME"] == 600
    with pytest.raises(stun.TransactionFailed) as refused:
        await client(box, username, credential(SECRET, username))
    assert refused.value.response.error_code == 401
    await mine.delete()


async def test_nobody_holds_all_ports(box):
    """Ten ports are all there is here; the eleventh allocation is refused, whoever asks."""
    servers = TurnServers(box.turn)
    users = [servers.for_user(f"visit{number}", time.time())[0] for number in range(11)]
    held = [await client(box, one.username, one.credential) for one in users[:10]]
    with pytest.raises(stun.TransactionFailed) as refused:
        await client(box, users[10].username, users[10].credential)
    assert refused.value.response.error_code in (486, 508)
    for one in held:
        await one.delete()


async def held_by(made: Settings, one: IceServer, most: int) -> list:
    """As many allocations as coturn grants this user, ``most`` at most."""
    held: list = []
    with contextlib.suppress(stun.TransactionFailed):
        while len(held) < most:
            held.append(await client(made, one.username, one.credential))
    return held


async def test_strangers_together_hold_a_third_at_most(tmp_path):
    """Whoever opens test pages without end keeps no conversation from its detour."""
    first = 51_000 + free_port(HOST) % 1000 * 10
    made = settings(tmp_path, first_relay_port=first, last_relay_port=first + 287)
    async with coturn(made, tmp_path, [HOST], [HOST]):
        await answering(made)
        servers, held = TurnServers(made.turn), []
        for number in range(40):
            [stranger] = servers.for_stranger(f"198.51.{number}.0/24", time.time())
            held += await held_by(made, stranger, 20)
        assert 48 <= len(held) <= 96
        talk = await held_by(made, server(made), 12)
        assert len(talk) == 12
        for one in held + talk:
            one.refresh_task.cancel()
            one.transport.close()


def test_the_ports_hold_all_promised_talks(tmp_path):
    """Three ways from two addresses of both pages of a hundred talks a worker, and strangers."""
    talks = 100 * 2 * 2 * 3
    for workers in (1, 2, 8):
        made = settings(tmp_path, first_relay_port=50_000, last_relay_port=None)
        made = made.model_copy(update={"media": MediaSettings(workers=workers)})
        told = dict(
            line.split("=", 1)
            for line in coturn_config(made, SECRET, [HOST], [HOST]).splitlines()
            if "=" in line and not line.startswith("#")
        )
        ports = int(told["max-port"]) - int(told["min-port"]) + 1
        strangers = STRANGERS * int(told["user-quota"])
        assert int(told["total-quota"]) == ports
        assert ports - strangers >= talks * workers
        assert strangers <= ports / 3
        assert int(told["max-port"]) <= 65535
        assert told["max-allocate-lifetime"] == "600"


async def test_no_allocation_is_granted_for_longer(box):
    """Ten minutes, whatever is asked for; whoever is gone holds nothing for an hour."""
    one = server(box)
    mine = await client(box, one.username, one.credential)
    refresh = stun.Message(stun.Method.REFRESH, stun.Class.REQUEST, attributes={"LIFETIME": 3600})
    answer, _ = await mine.request_with_retry(refresh)
    assert answer.attributes["LIFETIME"] == 600
    await mine.delete()


def test_credentials_are_short_and_bound():
    made = Settings(turn={"host": "turn.example", "secret_file": __file__})
    with pytest.raises(SecretWrong):
        read_secret(made.turn)
    assert TurnServers(Settings().turn).for_user("x", 0) == []
    password = credential(SECRET, f"{LIVES_S}:x")
    assert len(base64.b64decode(password)) == 20


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigWrong, match=r"turn\.host"):
        coturn_config(Settings(), SECRET, [HOST], [HOST])
    with pytest.raises(ConfigWrong, match="certificate_file"):
        coturn_config(Settings(turn={"host": "turn.example"}), SECRET, [HOST], [HOST])
