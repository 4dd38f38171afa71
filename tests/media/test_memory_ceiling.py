"""Guards G3 and G5: what a participant sends is never decoded and never piles up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from appliance.relay.client import RelayClient
from appliance.relay.control import Route
from tests.media.phone import Phone
from tests.media.process import media_process
from tests.media.soak import _memory_mib

CEILING_MIB = 2.5  # kept whole, what is sent in each test would be 6 MiB or more
# A key frame of 16383 x 16383 (RFC 6386, 9.1): to a decoder 400 MB, to a relay its bytes.
BOMB = b"\x90\x80\x80\x01" + b"\x10\x02\x00\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(1180)


@dataclass
class Pair:
    """Two phones in a room of the real process."""

    pid: int
    client: RelayClient
    a: Phone
    b: Phone

    async def forwarded(self) -> int:
        """Packets that left the relay so far; by then what was sent before has been read."""
        return int((await self.client.stats())["counters"]["forwarded"])


@contextlib.asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    async with media_process(["127.0.0.1"]) as (process, client):
        await client.open_room("r")
        phones = []
        for name in "ab":
            phone = Phone()
            answer = await phone.join((await client.add_peer("r", name)).offer)
            await client.accept_answer(name, answer)
            await phone.connect()
            phones.append(phone)
        kinds = ("microphone", "camera")
        await client.set_routes("r", [Route(source="a", kind=k, target="b") for k in kinds])
        try:
            yield Pair(process.pid, client, *phones)
        finally:
            for phone in phones:
                phone.vanish()


async def test_it_works():
    """Huge pictures to a receiver that has stopped reading, ten times what is remembered."""
    async with pair() as one:
        one.a.send_media("camera", BOMB)
        await asyncio.sleep(0.1)
        assert one.b.of_type(96)[0].payload == BOMB
        one.b.transport.pause_reading()
        for _ in range(600):  # what is remembered for retransmissions
            one.a.send_media("camera", BOMB)
            await asyncio.sleep(0)
        before = _memory_mib(one.pid)
        sent = await one.forwarded()
        for _ in range(110):
            for _ in range(50):
                one.a.send_media("camera", BOMB)
            await one.forwarded()  # the relay has caught up
        assert await one.forwarded() - sent > 2_000  # the rest was over the peer's budget
        assert _memory_mib(one.pid) - before < CEILING_MIB


async def test_ten_thousand_streams_of_one_peer():
    async with pair() as one:
        one.a.send_media("microphone", b"x", number=1, ssrc=999_999)
        await one.forwarded()
        before = _memory_mib(one.pid)
        for index in range(10_000):
            one.a.send_media("microphone", b"x", number=1, ssrc=1_000_000 + index)
            if index % 100 == 99:
                await one.forwarded()
        counters = (await one.client.stats())["counters"]
        assert counters["unknown_ssrc"] > 9_000
        assert _memory_mib(one.pid) - before < CEILING_MIB
        await asyncio.wait_for(one.client.close_room("r"), 5)
