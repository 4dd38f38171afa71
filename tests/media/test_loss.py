"""Both hops lose one packet in twenty: nearly all of the picture is there in time."""

from tests.media.loss_bench import packets
from tests.media.process import media_process


async def test_it_works():
    async with media_process([packets.HOST]) as (_, client):
        row = await packets.one(client, "room", packets.SHAPES["5 % lost"], 4.0)
    assert row["asked_by_receivers"] > 20
    assert row["sent_again_by_senders"] > 20
    assert row["picture_within"]["3 RTT"] > 0.98
    assert row["sound_within"]["3 RTT"] < 0.97  # the lines did lose


async def test_nothing_is_asked_for_on_a_good_line():
    async with media_process([packets.HOST]) as (_, client):
        row = await packets.one(client, "room", packets.SHAPES["no loss"], 2.0)
    assert row["asked_by_receivers"] == row["sent_again_by_senders"] == 0
    assert row["picture_within"]["3 RTT"] == 1
