"""To the waiting room without the quarter of a minute of the check, for tests of what comes later.

The client's page is left out from the start button to the password: its commands are said on its
socket, and the check that passed comes as the signed record that a page presents after a restart of
web. ``test_appointment`` and others go the whole way, with real devices, and read every screen.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import websockets

from appliance.settings import Settings
from appliance.visits.states import VisitState
from appliance.web.live.agreements import CONSENT_VERSION
from tests.e2e import walk
from tests.e2e.signed import record_of

AGREED = {"privacy": True, "identity_check": True, "session": True}


def passed_record(appliance: Any) -> str:
    """As the appliance has signed it for the one visit there is; read beside the programs."""
    folder = appliance.box.folder
    return record_of(Settings(data_dir=folder / "data", runtime_dir=folder / "run"))


async def say(socket: Any, state: VisitState, **command: Any) -> None:
    """Says a command and waits until the visit is where it leads."""
    await socket.send(json.dumps(command))
    while True:
        push = json.loads(await socket.recv())
        assert push["type"] != "problem", push
        if push["type"] == "snapshot" and push["state"] == state:
            return


async def to_the_waiting_room(
    client: Any,
    appliance: Any,
    booked: walk.Booked,
    signed: Callable[[Any], str] = passed_record,
    **connection: Any,
) -> None:
    """From the link to waiting; the page that is then open is a fresh one.

    ``connection`` says how else the appliance is reached, in the words of ``websockets.connect``.
    """
    await client.add_init_script(walk.KEEP_PEERS)
    await walk.arrive(client, booked)
    cookies = await client.context.cookies()
    (secret,) = (one["value"] for one in cookies if one["name"] == "__Host-visit")
    await client.goto("about:blank")
    where = appliance.url.replace("http", "ws") + "/api/v1/visit/socket"
    headers = {"Cookie": f"__Host-visit={secret}"}
    async with websockets.connect(
        where, origin=appliance.url, additional_headers=headers, max_size=None, **connection
    ) as socket:
        await say(socket, VisitState.DEVICE_CHECK, type="start_check", terms_version="t-1")
        record = await asyncio.to_thread(signed, appliance)
        await say(socket, VisitState.DEVICE_CHECK, type="present_check", record=record)
        await say(socket, VisitState.CONSENT, type="finish_check")
        consent = AGREED | {"type": "give_consent", "text_version": CONSENT_VERSION}
        await say(socket, VisitState.IDENTITY, **consent)
        person = {"name": "Ayşe Öztürk", "password": booked.password}
        await say(socket, VisitState.WAITING, type="state_identity", **person)
    await client.goto(f"{appliance.url}/visit")
    await client.see(
        "Sie müssen nichts tun. Lassen Sie dieses Fenster offen. Das Gespräch beginnt von selbst."
    )
