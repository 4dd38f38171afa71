"""The pages of conferences: staff start one, guests look through the door and knock."""

import re

import pytest
from quart.testing.connections import WebsocketResponseError

from appliance.advisers.models import Role
from appliance.conferences.states import ConferenceMode
from tests.web.conftest import text_of


async def started(web, *colleagues: str):
    host = await web.adviser("yilmaz")
    ids = [(await web.adviser(one)).adviser_id for one in colleagues]
    form = {"title": "Runde", "mode": "audio"} | ({"colleague": ids[0]} if ids else {})
    answer = await host.post("/console/conferences", form=form)
    assert answer.status_code == 303
    found = re.fullmatch(r"/console/conferences/([A-Za-z0-9_-]+)#enter", answer.location)
    return host, found.group(1)


async def linked(web):
    host, conference_id = await started(web)
    answer = await host.post(f"/api/v1/console/conferences/{conference_id}/link", json={})
    link = (await answer.get_json())["link"]
    name, secret = link.rsplit("/rooms/", 1)[1].split("#")
    return host, conference_id, {"name": name, "secret": secret}


async def test_it_works(web):
    host, conference_id = await started(web, "weber")
    view = await web.parts.conferences.get(conference_id)
    assert view.conference.mode is ConferenceMode.AUDIO
    assert len(view.members) == 2
    answer = await host.get(f"/console/conferences/{conference_id}")
    assert answer.status_code == 200
    assert "Runde" in await text_of(await host.get("/console/conferences"))


async def test_the_front_desk_is_not_offered_and_not_called(web):
    host = await web.adviser()
    desk = await web.adviser("empfang", Role.FRONT_DESK)
    colleague = await web.adviser("weber")
    html = await (await host.get("/console/conferences")).get_data(as_text=True)
    assert colleague.adviser_id in html
    assert desk.adviser_id not in html
    answer = await host.post("/console/conferences", form={"colleague": desk.adviser_id})
    conference_id = re.search(r"conferences/([\w-]+)#", answer.location).group(1)
    assert len((await web.parts.conferences.get(conference_id)).members) == 1


async def test_who_was_not_called_gets_nothing(web):
    _, conference_id = await started(web)
    stranger = await web.adviser("weber")
    assert (await stranger.get(f"/console/conferences/{conference_id}")).status_code == 404
    for what, body in (("link", {}), ("send", {"way": "mail", "to": "a@example.org"})):
        path = f"/api/v1/console/conferences/{conference_id}/{what}"
        assert (await stranger.post(path, json=body)).status_code == 403


async def test_a_guest_looks_and_knocks(web):
    _, conference_id, link = await linked(web)
    guest = web.browser()
    answer = await guest.post("/api/v1/rooms/look", json=link)
    assert await answer.get_json() == {
        "title": "Runde",
        "beside": False,
        "host_name": "Ayşe Yılmaz",
        "mode": "audio",
        "known": False,
    }
    knock = {**link, "guest_name": "Kim Gast", "without_microphone": True}
    answer = await guest.post("/api/v1/rooms/knock", json=knock)
    assert (await answer.get_json())["conference_id"] == conference_id
    assert "__Host-guest" in guest.cookies
    answer = await guest.post("/api/v1/rooms/look", json=link)
    assert (await answer.get_json())["known"] is True


async def test_a_wrong_secret_tells_nothing_and_counts(web):
    _, _, link = await linked(web)
    guest = web.browser("198.51.100.9")
    for _ in range(10):
        answer = await guest.post("/api/v1/rooms/look", json={**link, "secret": "x" * 43})
        assert (await answer.get_json())["code"] == "room_unknown"
    answer = await guest.post("/api/v1/rooms/look", json={**link, "secret": "x" * 43})
    assert answer.status_code == 429
    assert (await guest.post("/api/v1/rooms/look", json=link)).status_code == 200


async def test_the_seventh_is_told_so(web):
    host, conference_id, link = await linked(web)
    service = web.parts.conferences
    for number in range(5):
        await service.ring(conference_id, host.adviser_id, f"colleague-{number}")
        await service.enter(conference_id, f"colleague-{number}")
    knock = {**link, "guest_name": "Kim Gast", "without_microphone": False}
    answer = await web.browser().post("/api/v1/rooms/knock", json=knock)
    assert answer.status_code == 409
    assert "voll" in (await answer.get_json())["title"]


async def test_a_hidden_line_break_is_no_name(web):
    _, _, link = await linked(web)
    knock = {**link, "guest_name": "Kim\nGast", "without_microphone": False}
    assert (await web.browser().post("/api/v1/rooms/knock", json=knock)).status_code == 400


async def test_no_socket_without_the_guests_secret(web):
    _, conference_id, _ = await linked(web)
    for path in (
        "/api/v1/rooms/socket",
        f"/api/v1/console/conferences/socket?conference={conference_id}",
    ):
        client = web.app.test_client()
        headers = {"Host": "localhost:8080", "Origin": "http://localhost:8080"}
        with pytest.raises(WebsocketResponseError) as refused:
            async with client.websocket(path, headers=headers) as socket:
                await socket.receive()
        assert refused.value.response.status_code == 401
