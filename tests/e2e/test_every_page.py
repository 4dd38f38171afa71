"""Every page in a real browser: nothing from elsewhere, nothing that the policy had to block."""

import re

import pytest

from tests.e2e.walk import add_adviser, book, log_in

pytestmark = [pytest.mark.timeout(240), pytest.mark.patient]

CLIENT_PAGES = [
    "/", "/join", "/test", "/requirements", "/impressum", "/datenschutz", "/barrierefreiheit",
    "/console/login", "/nowhere", "/h", "/topics", "/request-sent", "/r", "/kiosk",
]  # fmt: skip
CONSOLE_PAGES = [
    "/console", "/console/appointments/new", "/console/logins", "/console/mail",
    "/console/check-statistics", "/console/messages",
    "/console/requests", "/console/topics", "/console/week", "/console/statistics",
    "/console/text-blocks", "/console/kiosks",
]  # fmt: skip

KEEP_BREACHES = """() => {
  window.breaches = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.breaches.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });
}"""


async def look_at(person, appliance, path: str) -> None:
    """Opens a page, lets its scripts settle, and asks what was blocked."""
    await person.goto(f"{appliance.url}{path}")
    await person.page.wait_for_load_state("networkidle")
    assert await person.evaluate("window.breaches") == [], path
    assert (await person.page.title()).strip(" ·"), path


def foreign(person, appliance) -> set[str]:
    return {
        address
        for address in person.requests
        if not address.startswith((f"{appliance.url}/", "data:", "blob:"))
    }


async def watched(people, who: str, complaints: list[str], **context):
    person = await people(who, **context)
    await person.add_init_script(KEEP_BREACHES)
    person.page.on("pageerror", lambda error: complaints.append(str(error)))
    return person


async def measured_here(client) -> None:
    """This very browser was looked at: each requirement is there or missing, none unknown."""
    await client.see("Diesen Browser haben wir gerade geprüft.")
    calls = client.page.get_by_role("listitem").filter(has_text="Gespräche im Browser (WebRTC)")
    assert "(vorhanden)" in await calls.inner_text()
    unknown = client.page.locator("[data-feature] > [data-found=unknown]")
    assert [await one.is_visible() for one in await unknown.all()] == [False] * 5


async def test_it_works(appliance, people):
    complaints: list[str] = []
    client = await watched(people, "client", complaints)
    for path in CLIENT_PAGES:
        await look_at(client, appliance, path)
        if path == "/requirements":
            await measured_here(client)
    adviser = await watched(people, "adviser", complaints)
    staff = await add_adviser(appliance)
    await log_in(adviser, appliance, staff)
    booked = await book(adviser, appliance)
    for path in reversed(CONSOLE_PAGES):
        await look_at(adviser, appliance, path)
    row = "a[href*='/console/appointments/']:not([href$='/new'])"
    await adviser.page.locator(row).first.click()
    await adviser.click("button", "QR-Code zeigen")
    path = adviser.page.url.removeprefix(appliance.url).removesuffix("/link")
    await look_at(adviser, appliance, f"{path}/password-sheet")
    await look_at(client, appliance, booked.link.removeprefix(appliance.url))
    await client.click("button", "Termin öffnen")
    await client.see("Gerätetest starten")
    assert await client.evaluate("window.breaches") == []
    assert foreign(client, appliance) == set()
    assert foreign(adviser, appliance) == set()
    assert complaints == []
    cookies = [*await client.context.cookies(), *await adviser.context.cookies()]
    assert {cookie["name"] for cookie in cookies} >= {"__Host-visit", "__Host-login"}
    for cookie in cookies:
        assert cookie["name"].startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
    secret = booked.link.rsplit("#", 1)[1]
    assert secret not in appliance.log()
    assert not re.search(r"Öztürk|Yılmaz|ayse@", appliance.log())


async def test_without_script_people_are_told_whom_to_call(appliance, people):
    client = await people("client", java_script_enabled=False)
    for path in ("/v", "/test", "/join"):
        await client.goto(f"{appliance.url}{path}")
        await client.see("030 1234567")
        await client.see("JavaScript")
