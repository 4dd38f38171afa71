"""No route of the console gives a client's data away without a line in the audit.

Every route is called, whatever it is; the data are marked. Who adds a route needs no list here.
"""

from __future__ import annotations

import pytest
from sqlmodel import func, select

from appliance.advisers.models import Role
from appliance.storage.audit import AuditLine

MARKER = "CANARY7Q"
MAIL = "canary7q@example.org"
ENDS_THE_LOGIN = {"/console/login", "/console/unlock", "/console/logout", "/console/logins/revoke"}
HELD = {"<appointment_id>", "<message_id>", "<login_id>"}


def console_routes(web):
    return [
        (rule.rule, method)
        for rule in sorted(web.app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.rule.startswith("/console") and not rule.websocket
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if rule.rule not in ENDS_THE_LOGIN
    ]


async def lines(web) -> int:
    return await web.parts.database.read(
        lambda session: session.exec(select(func.count()).select_from(AuditLine)).one()
    )


async def marked(web, adviser_id):
    return await web.booked(
        adviser_id,
        client_name=f"{MARKER} Mustermann",
        client_email=MAIL,
        topic=f"{MARKER} topic",
        customer_number=f"{MARKER}1",
    )


@pytest.mark.timeout(300)
async def test_it_works(web):
    shown = []
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    for rule, method in console_routes(web):
        appointment = await marked(web, administrator.adviser_id)
        path = rule.replace("<appointment_id>", appointment.id)
        for held in HELD:
            path = path.replace(held, "a")
        form = {"owner": appointment.id, "wanted": MAIL, "starts_on": "x"}
        before = await lines(web)
        if method == "GET":
            answer = await administrator.get(path)
        else:
            answer = await administrator.post(path, form=form)
        body = (await answer.get_data(as_text=True)).lower()
        if MARKER.lower() in body:
            shown.append(rule)
            assert await lines(web) > before, f"{method} {rule}"
    assert "/console/appointments/<appointment_id>" in shown
    assert "/console/mail" in shown
    assert "/console/week/find" in shown
    assert "/console/privacy/export.json" in shown
    assert "/console/privacy/audit" not in shown


async def test_the_desk_is_a_look_once_an_hour(web):
    adviser = await web.adviser()
    headers = {
        "Host": "localhost:8080",
        "Origin": "http://localhost:8080",
        "Cookie": f"__Host-login={adviser.cookies['__Host-login']}",
    }

    async def open_desk():
        async with web.app.test_client().websocket(
            "/api/v1/console/socket", headers=headers
        ) as socket:
            await socket.receive()

    async def looks():
        query = select(func.count()).where(AuditLine.action == "desk_opened")
        return await web.parts.database.read(lambda session: session.exec(query).one())

    await open_desk()
    await open_desk()
    assert await looks() == 1
    web.clock.forward(minutes=29)
    await open_desk()
    web.clock.forward(minutes=29)
    await open_desk()
    assert await looks() == 1
    web.clock.forward(minutes=3)
    await open_desk()
    assert await looks() == 2
