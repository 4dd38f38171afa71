"""Pictures of what anybody may open, of a booked appointment, and of asking for one."""

import base64
from datetime import datetime, timedelta
from typing import Any

from tests.e2e import walk
from tests.e2e.chromium import Chromium
from tests.e2e.pictures import Scene
from tests.e2e.test_public_entry import open_a_topic
from tests.e2e.test_request import ADDRESS, CLIENT, offer

PUBLIC = {
    "start": "/", "join": "/join", "requirements": "/requirements", "imprint": "/impressum",
    "privacy": "/datenschutz", "accessibility": "/barrierefreiheit", "not-found": "/nowhere",
    "link-unknown": "/v#unknown", "topics-none": "/topics", "request-sent": "/request-sent",
    "request-unknown": "/r#unknown", "room-closed": "/rooms/runde#unknown",
    "hand-over-unknown": "/h#unknown", "test": "/test",
}  # fmt: skip
PUBLIC_PAGES = (*PUBLIC, "languages", "number-wrong", "link-lost")
BOOKED_PAGES = ("mail-invitation", "link-early", "link", "link-change",
                "link-called", "link-moved", "link-cancelled", "link-alternative",
                "mail-cancelled", "letter",
                "password-sheet")  # fmt: skip
REQUEST_PAGES = ("start-topics", "topics", "request", "request-wrong", "mail-confirm", "confirm",
                 "confirmed", "mail-offer", "offer", "picked", "withdrawn", "entry")  # fmt: skip


async def public(scene: Scene) -> None:
    """Without any data."""
    client = await scene.client()
    for name, path in PUBLIC.items():
        await client.goto(f"{scene.appliance.url}{path}")
        await client.page.wait_for_load_state("networkidle")
        await scene.take(client, name)
    await client.goto(f"{scene.appliance.url}/requirements")
    await client.page.locator("header summary").first.click()
    await scene.take(client, "languages")
    await client.goto(f"{scene.appliance.url}/join")
    await client.fill("Ihre Terminnummer", "123 456")
    await client.click("button", "Termin öffnen")
    await client.see("Bitte geben Sie alle zehn Ziffern ein.")
    await scene.take(client, "number-wrong")
    await client.goto(f"{scene.appliance.url}/join#lost")
    await client.fill("Ihre E-Mail-Adresse", "ayse@example.org")
    await client.click("button", "Link noch einmal senden")
    await client.page.locator("[data-slot=noted]").wait_for()
    await scene.take(client, "link-lost")


def shown(mail: Any) -> str:
    """Its page, with the pictures that came along."""
    page = str(mail.get_body(("html",)).get_content())
    for part in mail.walk():
        if name := part["Content-ID"]:
            data = base64.b64encode(part.get_payload(decode=True)).decode()
            address = f"data:{part.get_content_type()};base64,{data}"
            page = page.replace(f"cid:{name.strip('<>')}", address)
    return page


class Post:
    """The client's letters, one after the other."""

    def __init__(self, scene: Scene, paper: Chromium, to: str) -> None:
        self.scene = scene
        self.paper = paper
        self.to = to
        self.read = 0

    async def following(self, name: str) -> str:
        """Waits for one more mail and takes its picture; gives back its text."""
        for _ in range(200):
            there = [one for one in self.scene.appliance.mailbox.messages if self.to in one["To"]]
            if len(there) > self.read:
                break
            await self.paper.page.wait_for_timeout(100)
        mail: Any = there[self.read]
        self.read += 1
        await self.paper.page.set_content(shown(mail))
        await self.scene.take(self.paper, name)
        return str(mail.get_body(("plain",)).get_content())


async def booked(scene: Scene) -> None:
    """What can be done with the link before the conversation."""
    adviser = await scene.adviser()
    client = await scene.client()
    paper = await client.another()
    post = Post(scene, paper, "ayse@example.org")
    tomorrow = (datetime.now(walk.ZONE) + timedelta(days=1)).strftime("%Y-%m-%d")
    later = {"starts_on": tomorrow, "starts_at_time": "10:00"}
    early = await walk.book(adviser, scene.appliance, language=scene.speaks, **later)
    await post.following("mail-invitation")
    await client.goto(early.link)
    await client.page.locator("[data-view=early]").wait_for()
    await scene.take(client, "link-early")
    await changes(scene, client)
    await post.following("mail-cancelled")
    other = await walk.book(adviser, scene.appliance, language=scene.speaks)
    await client.goto("about:blank")
    await client.goto(other.link)
    await client.see("Termin öffnen")
    await scene.take(client, "link")
    await client.page.locator("[data-do=telephone]").click()
    await client.page.locator("[data-view=noted]").wait_for()
    await scene.take(client, "link-alternative")
    await letters(scene, adviser)


async def letters(scene: Scene, adviser: Chromium) -> None:
    """What the agency prints for the client."""
    await adviser.page.locator("[data-today] a").first.click()
    await adviser.page.wait_for_load_state("networkidle")
    place = adviser.page.url.split("#")[0].split("?")[0]
    await adviser.page.locator("form[action$='/letter'] button").click()
    await adviser.page.wait_for_load_state("networkidle")
    await scene.take(adviser, "letter")
    await adviser.goto(f"{place}/password-sheet")
    await scene.take(adviser, "password-sheet")


async def changes(scene: Scene, client: Chromium) -> None:
    """Called before, moved, cancelled."""
    for box in await client.page.locator("[data-view=change] summary").all():
        await box.click()
    await scene.take(client, "link-change")
    await client.page.locator("[data-form=call] [name=phone]").fill("030 901820")
    await client.click("button", "Bitte rufen Sie mich an")
    await noted(scene, client, "link-called")
    await client.page.locator("[name=wishes]").fill("Montags ab 14 Uhr")
    await client.click("button", "Um andere Zeiten bitten")
    await noted(scene, client, "link-moved")
    await client.click("button", "Ja, Termin absagen")
    await client.page.locator("[data-view=noted]").wait_for()
    await scene.take(client, "link-cancelled")


async def noted(scene: Scene, client: Chromium, name: str) -> None:
    """What the appliance answers, and back."""
    await client.page.locator("[data-view=noted]").wait_for()
    await scene.take(client, name)
    await client.click("button", "Zurück zum Termin")
    await client.page.locator("[data-view=change]").wait_for()


async def request(scene: Scene) -> None:
    """From a topic to a time."""
    adviser = await scene.adviser()
    client = await scene.client()
    post = Post(scene, await client.another(), CLIENT)
    await open_a_topic(adviser, scene.appliance)
    await client.goto(f"{scene.appliance.url}/")
    await scene.take(client, "start-topics")
    await client.goto(f"{scene.appliance.url}/topics")
    await scene.take(client, "topics")
    await ask(scene, client)
    await follow(client, await post.following("mail-confirm"))
    await client.see("Ist das Ihre Anfrage?")
    await scene.take(client, "confirm")
    await client.click("button", "Ja, Anfrage bestätigen")
    await client.see("Ihre Anfrage ist bei uns")
    await scene.take(client, "confirmed")
    await offer(adviser)
    await follow(client, await post.following("mail-offer"))
    await client.page.get_by_role("radio").nth(1).check()
    await scene.take(client, "offer")
    await client.click("button", "Diese Zeit nehmen")
    await client.see("Ihr Video-Termin steht fest")
    await scene.take(client, "picked")
    await withdraw(scene, client)
    await client.goto(f"{scene.appliance.url}/topics")
    await client.click("button", "Ohne Termin starten")
    await client.see("Gerätetest starten")
    await scene.take(client, "entry")


async def ask(scene: Scene, client: Chromium) -> None:
    """The form, wrong and right."""
    await client.page.locator("main a[href^='/topics/']").first.click()
    await client.page.locator("[name=client_name]").wait_for()
    await scene.take(client, "request")
    await client.page.locator("[name=client_name]").fill("Erika Mustermann")
    await client.page.locator("[name=client_email]").fill("erika")
    await client.page.locator("form").evaluate_all(
        "(all) => all.forEach((one) => { one.noValidate = true; })"
    )
    await client.click("button", "Anfrage senden")
    await client.page.wait_for_load_state("networkidle")
    await scene.take(client, "request-wrong")
    await client.page.locator("[name=client_email]").fill(CLIENT)
    await client.click("button", "Anfrage senden")
    await client.page.wait_for_url("**/request-sent")


async def follow(client: Chromium, text: str) -> None:
    """The link of a mail; the same page with another fragment would not be loaded."""
    found = ADDRESS.search(text)
    assert found, text
    await client.goto("about:blank")
    await client.goto(found.group())


async def withdraw(scene: Scene, client: Chromium) -> None:
    """Another request, which is not wanted any more."""
    await client.goto(f"{scene.appliance.url}/topics")
    await client.page.locator("main a[href^='/topics/']").first.click()
    await client.page.locator("[name=client_name]").fill("Kim Probe")
    await client.page.locator("[name=client_email]").fill("kim@example.org")
    await client.click("button", "Anfrage senden")
    mail: Any = await scene.appliance.mailbox.newest("kim@example.org")
    await follow(client, str(mail.get_body(("plain",)).get_content()))
    await client.page.locator("[data-view=unconfirmed] summary").click()
    await client.click("button", "Ja, Anfrage zurückziehen")
    await client.see("Ihre Anfrage ist zurückgezogen")
    await scene.take(client, "withdrawn")
