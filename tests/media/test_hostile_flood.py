"""Guards G1, G2 and G4 under a flood: a short run of ``scripts/bench hostile``."""

import os

import pytest

from tests.media.relay_bench import hostile
from tests.media.relay_bench.strangers import Hostile

pytestmark = pytest.mark.timeout(90)
PACKETS = 16_000


async def test_it_works():
    """Strangers who know the sessions' names and SSRCs cost no session and no log line."""
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        pytest.skip("needs two cores: one for the server, one for the load")
    try:
        told = await hostile.flood("127.0.0.1", 1, PACKETS, 8_000, watch_s=0.5)
    finally:
        os.sched_setaffinity(0, cores)
    assert told["packets"] == PACKETS
    assert told["peers_lost"] == 0
    assert told["log_lines"] == 0
    assert told["media_loss"] < hostile.LOSS_LIMIT
    refused = {"odd_size", "odd_stun", "refused_check", "unknown_sender"}
    assert sum(told["counters"].get(word, 0) for word in refused) >= PACKETS * 0.99
    assert told["counters"].get("datagram_failed", 0) == 0


def test_strangers_send_something_of_every_kind():
    hostile_ones = Hostile(["name"], [7]).variants()
    heads = {datagram[0] for several in hostile_ones.values() for datagram in several if datagram}
    assert any(20 <= head < 64 for head in heads)
    assert any(128 <= head < 192 for head in heads)
    assert any(b"name:x" in datagram for datagram in hostile_ones["stun_wrong_password"])
    assert b"" in hostile_ones["empty_or_huge"]
