"""Real Chromiums through the real media process: pictures move, sound is heard."""

import asyncio
import operator

import pytest
import pytest_asyncio

from tests.media.pages import stage as started

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage():
    async with started() as made:
        made.a = await made.person("a")
        made.b = await made.person("b")
        await made.route("a>b", "b>a")
        yield made


async def moves(person, within_s=10):
    """Returns when some spot of the shown picture has clearly changed."""
    first = await person.picture()
    async with asyncio.timeout(within_s):
        while max(map(abs, map(operator.sub, first, await person.picture()))) < 60:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_it_works(stage):
    for person in (stage.a, stage.b):
        await person.sees_within(10)
        await moves(person)
        async with asyncio.timeout(10):
            while await person.energy() == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # its microphone beeps once a second


async def test_the_strong_suites_are_negotiated(stage):
    peers = (await stage.client.stats())["rooms"]["r"]
    for peer in (peers["a"], peers["b"]):
        assert peer["dtls"]["protocol"] == "DTLSv1.2"
        assert "GCM" in peer["dtls"]["cipher"]
        assert peer["dtls"]["srtp_profile"].startswith("SRTP_AEAD_AES")


async def test_a_late_guest_sees_at_once_and_a_slot_changes_its_source(stage):
    c = await stage.person("c")
    await stage.route("a>b", "b>a", "a>c")
    await c.sees_within(10)
    await stage.route("a>b", "b>a", "b>c")
    await c.sees_within(10, more=15)
    inbound = await c.inbound()
    assert inbound["packetsLost"] == 0
    await stage.client.remove_peer("c")
    await stage.b.sees_within(10)


async def test_mute_sends_nothing_and_ends_at_once(stage):
    await stage.route("a>b", "b>a", kinds=("camera",))
    await asyncio.sleep(1.0)
    before = (await stage.b.inbound("3"))["packetsReceived"]
    await asyncio.sleep(0.5)
    assert (await stage.b.inbound("3"))["packetsReceived"] == before
    await stage.route("a>b", "b>a")
    async with asyncio.timeout(5):
        while (await stage.b.inbound("3"))["packetsReceived"] == before:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_five_percent_loss_freezes_nothing_and_a_new_address_is_followed(stage):
    hop = await stage.hop()
    d = await stage.person("d", hop)
    await stage.route("d>b", "a>d")
    await d.sees_within(10)
    await stage.b.sees_within(10)
    hop.loss = 0.05
    await asyncio.gather(d.sees_within(12, more=40), stage.b.sees_within(12, more=40))
    hop.loss = 0.0
    hop.rebind()
    await asyncio.gather(d.sees_within(16), stage.b.sees_within(16))
    stage.d = d


async def test_silence_makes_the_relay_restart_ice(stage):
    d = stage.d
    d.hop.cut = True
    offer = await stage.restart_offered("d", within_s=20)
    d.hop.cut = False
    await d.restart(offer)
    await asyncio.gather(d.sees_within(10), stage.b.sees_within(10))
    d.hop.close()
