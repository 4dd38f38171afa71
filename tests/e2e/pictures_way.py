"""Pictures of a client's way, from the link to goodbye, and of somebody who needs help."""

import asyncio

from tests.e2e import walk
from tests.e2e.chromium import Chromium, Devices
from tests.e2e.helped import stuck_and_helped
from tests.e2e.letters import SWITCH
from tests.e2e.listening import listen_and_tap
from tests.e2e.pictures import Scene
from tests.e2e.test_bad_people import agree as tick
from tests.e2e.test_joined_session import agree, asked_in

WAY_PAGES = (
    "arrived", "check-system", "check-microphone", "check-camera", "check-speaker",
    "check-background", "check-ready", "check-result", "consent", "identity", "waiting",
    "waiting-message", "waiting-busy", "session", "session-background", "session-settings",
    "session-live", "session-asked", "session-three", "session-end", "goodbye",
    "withdrawn",
)  # fmt: skip
HELPED_PAGES = ("help-asked", "help-desk", "help-client", "check-waived", "desk-waived",
                "check-report")  # fmt: skip


async def way(scene: Scene) -> None:
    """A whole appointment; the second visit is withdrawn from."""
    adviser = await scene.adviser()
    client = await scene.client()
    booked = await walk.book(adviser, scene.appliance, language=scene.speaks)
    await walk.arrive(client, booked)
    await scene.take(client, "arrived")
    await the_check(scene, client)
    await scene.take(client, "consent")
    await tick(client)
    await client.see("Wer sind Sie?")
    await scene.take(client, "identity")
    await walk.say_who(client, booked, "Ayşe Öztürk")
    await the_waiting_room(scene, adviser, client)
    await the_session(scene, adviser, client)
    other = await walk.book(adviser, scene.appliance, language=scene.speaks)
    await client.goto("about:blank")
    await walk.arrive(client, other)
    await walk.check_by_text(client)
    await tick(client)
    await walk.say_who(client, other, "Ayşe Öztürk")
    await client.click("button", "Einwilligung widerrufen")
    await client.page.locator("[data-screen=closed]").wait_for()
    await scene.take(client, "withdrawn")


async def the_check(scene: Scene, client: Chromium) -> None:
    """By hand from the first step on: pictures take their time."""
    await client.click("button", "Gerätetest starten")
    await client.click("button", "Anhalten", 30)
    await client.see("Mikrofon testen", 30)
    await scene.take(client, "check-system")
    await client.click("button", "Mikrofon testen")
    await client.see("Weiter zur Kamera", 40)
    await scene.take(client, "check-microphone")
    await client.click("button", "Weiter zur Kamera")
    await client.see("Weiter zum Lautsprecher", 40)
    await scene.take(client, "check-camera")
    await client.click("button", "Weiter zum Lautsprecher")
    await listen_and_tap(client)
    await client.see("Weiter zum Hintergrund", 20)
    await scene.take(client, "check-speaker")
    await client.click("button", "Weiter zum Hintergrund")
    await client.click("radio", "Stark unscharf")
    await client.page.wait_for_timeout(4000)
    await scene.take(client, "check-background")
    await client.click("radio", "So wie er ist")
    await client.page.wait_for_timeout(500)
    await scene.take(client, "check-ready")
    await client.page.evaluate("document.querySelector('[data-slot=to-result]').click()")
    await client.see("Weiter zur Einwilligung")
    await scene.take(client, "check-result")
    await client.click("button", "Weiter zur Einwilligung")
    await client.see("Ich stimme zu")


async def the_waiting_room(scene: Scene, adviser: Chromium, client: Chromium) -> None:
    """Waiting, and what is offered when nobody is there."""
    await scene.take(client, "waiting")
    box = client.page.locator("[data-slot=message-box]")
    await box.locator("summary").click()
    await box.locator("[name=call_back]").check()
    await scene.take(client, "waiting-message")
    await box.locator("summary").click()
    await adviser.see("Ayşe Öztürk")
    await adviser.page.locator("[data-busy]").click()
    await client.page.locator("[data-slot=busy]").wait_for()
    await scene.take(client, "waiting-busy")


async def the_session(scene: Scene, adviser: Chromium, client: Chromium) -> None:
    """Alone with the adviser, then with an interpreter."""
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(client, walk.CLIENT_SEES, "adviser", 60)
    await adviser.click("button", "Ausweis gesehen")
    await scene.take(client, "session", whole=False)
    for button, name in (("Hintergrund", "session-background"), ("Mehr", "session-settings")):
        await client.click("button", button)
        await scene.take(client, name, whole=False)
        await client.click("button", "Fertig")
    await asked_in(adviser, client)
    await client.page.locator(".session__ask").wait_for()
    await scene.take(client, "session-asked", whole=False)
    await agree(client)
    await client.page.locator(".session__others video").first.wait_for()
    await asyncio.sleep(2)
    await scene.take(client, "session-three", whole=False)
    await writing(adviser, client)
    await scene.take(client, "session-live", whole=False)
    await client.click("button", "Chat schließen")
    await client.click("button", "Beenden")
    await scene.take(client, "session-end", whole=False)
    await client.click("button", "Gespräch beenden")
    await client.see("Vielen Dank für das Gespräch")
    await scene.take(client, "goodbye")


async def writing(adviser: Chromium, client: Chromium) -> None:
    """Both write; the adviser has not yet sent the last line."""
    await client.click("button", "Chat")
    await client.fill("Ihre Nachricht im Chat", "Guten Tag! / Hello!")
    await client.click("button", "Senden")
    await client.click("checkbox", SWITCH)
    await adviser.page.keyboard.press("c")
    await adviser.see("Guten Tag! / Hello!")
    field = adviser.page.get_by_role("textbox", name="Nachricht").last
    await field.press_sequentially("Was brauchen Sie heu")
    await client.page.locator("[data-live=draft]").wait_for()


async def helped(scene: Scene) -> None:
    """Somebody whose browser refuses the microphone, and the desk that helps."""
    adviser = await scene.adviser(translated=True)
    booked = await walk.book(adviser, scene.appliance, language=scene.speaks)
    client = await scene.client(Devices.DENIED)
    await stuck_and_helped(client, adviser, booked, scene.take)
    await client.click("button", "Ohne Mikrofon weiter")
    await client.click("button", "Ohne Kamera weiter")
    await client.click("button", "Ohne Lautsprecher weiter")
    await client.see("Sie können weitermachen")
    await scene.take(client, "check-waived")
    await scene.take(adviser, "desk-waived")
    report = client.page.get_by_role("link", name=client.words("Bericht ansehen"))
    path = await report.get_attribute("href")
    await client.goto(f"{scene.appliance.url}{path}")
    await scene.take(client, "check-report")
