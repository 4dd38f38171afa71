"""What pages are told of the agency's TURN server: fresh, their own, and only if there is one."""

from __future__ import annotations

import re

from appliance.ports import STRANGERS
from appliance.reach.turn import LIVES_S, TurnServers, credential, hashed
from appliance.relay.control import RestartOffered
from appliance.settings import TurnSettings
from appliance.web.live.seats import Side

SECRET = "a1" * 32


def with_turn(meeting, tmp_path, **changes):
    """The same appliance with a TURN server."""
    file = tmp_path / "turn-secret"
    file.write_text(f"{SECRET}\n")
    settings = TurnSettings(host="turn.example", secret_file=file, **changes)
    meeting.stage.live.turn = TurnServers(settings)
    return meeting


async def test_client_and_adviser_get_credentials_of_their_own(meeting, tmp_path):
    with_turn(meeting, tmp_path)
    await meeting.begin()
    told = {}
    for window, side in ((meeting.client, Side.CLIENT), (meeting.desk, Side.ADVISER)):
        [server] = window.offers[-1].ice_servers
        assert server.urls == [
            "turn:turn.example:3478?transport=udp",
            "turn:turn.example:3478?transport=tcp",
            "turns:turn.example:5349?transport=tcp",
        ]
        expires, _, user = server.username.partition(":")
        assert int(expires) == int(meeting.stage.clock().timestamp()) + LIVES_S
        assert user == hashed(SECRET, f"{meeting.visit.id}.{side}")
        assert re.fullmatch("[0-9a-f]{16}", user)
        assert server.credential == credential(SECRET, server.username)
        told[side] = server.username
    assert told[Side.CLIENT] != told[Side.ADVISER]


async def test_each_restart_brings_fresh_ones(meeting, tmp_path):
    """Asked for by the page, or found by the relay: allocations are made anew then.

    coturn's quota goes on counting the same user.
    """
    with_turn(meeting, tmp_path)
    peer_id, _ = await meeting.begin()
    seen = [meeting.client.offers[-1].ice_servers[0].username]
    meeting.stage.clock.forward(minutes=11)
    await meeting.client.say("restart_media")
    seen.append(meeting.client.offers[-1].ice_servers[0].username)
    meeting.stage.clock.forward(minutes=11)
    await meeting.stage.live.relay_said(
        RestartOffered(room_id=meeting.visit.id, peer_id=peer_id, offer="v=0")
    )
    seen.append(meeting.client.offers[-1].ice_servers[0].username)
    assert len(set(seen)) == 3
    assert len({name.partition(":")[2] for name in seen}) == 1


async def test_a_username_says_nothing_of_the_visit(meeting, tmp_path):
    """It can be read on the way: neither the visit's id nor a hash that anybody could make."""
    with_turn(meeting, tmp_path)
    await meeting.begin()
    name = meeting.client.offers[-1].ice_servers[0].username
    user = f"{meeting.visit.id}.{Side.CLIENT}"
    assert meeting.visit.id not in name
    assert Side.CLIENT not in name
    assert name.partition(":")[2] not in {hashed("b2" * 32, user), hashed("", user)}


async def test_the_test_page_and_one_address_for_all(stage, tmp_path):
    file = tmp_path / "turn-secret"
    file.write_text(SECRET)
    stage.live.turn = TurnServers(
        TurnSettings(host="turn.example", secret_file=file, share_443=True)
    )
    window = await stage.test_window()
    await window.say("start_check", terms_version="t-1")
    await window.connect()
    [server] = window.offers[-1].ice_servers
    assert server.urls[-1] == "turns:turn.example:443?transport=tcp"


async def test_a_network_of_strangers_is_one_user(stage, tmp_path):
    """However many grants somebody takes: coturn counts all their test pages together."""
    file = tmp_path / "turn-secret"
    file.write_text(SECRET)
    stage.live.turn = TurnServers(TurnSettings(host="turn.example", secret_file=file))
    told: dict[str, set[str]] = {}
    for number in range(60):
        network = f"198.51.{number // 2}.0"
        address = f"198.51.{number // 2}.{number}"
        window = await stage.test_window(f"grant-{number}", address=address)
        await window.say("start_check", terms_version="t-1")
        await window.say("join_media")
        [server] = window.offers[-1].ice_servers
        told.setdefault(network, set()).add(server.username.partition(":")[2])
    assert {len(users) for users in told.values()} == {1}
    users = set().union(*told.values())
    assert users <= {hashed(SECRET, f"test-{number}") for number in range(STRANGERS)}
    assert len(users) > STRANGERS // 2  # one network's strangers do not keep all others out


async def test_without_one_nothing_is_told(meeting):
    await meeting.begin()
    assert meeting.client.offers[-1].ice_servers == []
