"""Pictures of what staff see: the console, a conversation at the desk, and set-up."""

from tests.e2e import conferring, short_way, walk
from tests.e2e.chromium import Chromium, Devices
from tests.e2e.pictures import LOCALES, Scene

CONSOLE = {"desk": "", "new": "/appointments/new", "logins": "/logins", "mail": "/mail",
           "messages": "/messages", "check-statistics": "/check-statistics",
           "requests": "/requests", "topics": "/topics", "conferences": "/conferences",
           "week": "/week", "numbers": "/statistics", "text-blocks": "/text-blocks",
           "calendar": "/calendar", "accounts": "/accounts", "keys": "/keys",
           "privacy": "/privacy", "retention": "/privacy/retention", "audit": "/privacy/audit",
           "kiosks": "/kiosks"}  # fmt: skip
CONSOLE_PAGES = ("login", *CONSOLE, "kiosk-code", "appointment")
DESK_PAGES = ("desk-waiting", "desk-identity", "desk-others", "desk-chat", "desk-end", "desk-empty")
SET_UP = ("agency", "legal", "administrator", "mail", "certificate", "topics", "policy")
SET_UP_PAGES = ("closed", "code", "overview", *SET_UP, "agency-wrong")


async def console(scene: Scene) -> None:
    """Every page of the bar, with an appointment and a kiosk."""
    adviser = await scene.adviser(translated=True)
    visitor = await adviser.another(locale=LOCALES[scene.language])
    await visitor.goto(f"{scene.appliance.url}/console/login")
    await scene.take(visitor, "login")
    await walk.book(adviser, scene.appliance)
    await adviser.goto(f"{scene.appliance.url}/console/kiosks")
    await adviser.fill("Wo steht er?", "Bürgeramt, Foyer im Erdgeschoss")
    await adviser.click("button", "Kiosk anlegen")
    await scene.take(adviser, "kiosk-code")
    for name, path in CONSOLE.items():
        await adviser.goto(f"{scene.appliance.url}/console{path}")
        await adviser.page.wait_for_load_state("networkidle")
        await scene.take(adviser, name)
    await adviser.goto(f"{scene.appliance.url}/console")
    await adviser.page.locator("[data-today] a").first.click()
    await adviser.click("button", "QR-Code zeigen")
    await scene.take(adviser, "appointment")


async def desk(scene: Scene) -> None:
    """A conversation, seen from the desk."""
    adviser = await scene.adviser(translated=True)
    await walk.add_adviser(scene.appliance, "weber", "Herr Weber")
    booked = await walk.book(adviser, scene.appliance)
    client = await scene.client()
    await short_way.to_the_waiting_room(client, scene.appliance, booked)
    await scene.take(adviser, "desk-waiting")
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(adviser, walk.DESK_SEES, "client", 60)
    await scene.take(adviser, "desk-identity", whole=False)
    await adviser.click("button", "Ausweis gesehen")
    await adviser.page.locator("[data-others-tool]").wait_for()
    await adviser.page.keyboard.press("d")
    await adviser.page.locator("[data-dialog=others]").wait_for()
    await scene.take(adviser, "desk-others", whole=False)
    await adviser.click("button", "Schließen")
    await adviser.page.keyboard.press("c")
    await scene.take(adviser, "desk-chat", whole=False)
    await adviser.page.keyboard.press("Escape")
    await adviser.click("button", "Beenden E")
    await scene.take(adviser, "desk-end", whole=False)
    await adviser.click("button", "Beenden: alles besprochen")
    await client.see("Vielen Dank für das Gespräch")
    await scene.take(adviser, "desk-empty")


async def set_up(scene: Scene) -> None:
    """The pages of a new appliance."""
    there = await scene.browser("adviser", Devices.NONE, locale=LOCALES[scene.language])
    url = f"{scene.appliance.url}/setup"
    await there.goto(url)
    await scene.take(there, "closed")
    words = await scene.appliance.supervisor.command("setup-code")
    await there.goto(url)
    await scene.take(there, "code")
    await there.page.locator("[name=code]").fill(words.strip().split()[-1])
    await there.page.locator("main button[type=submit]").first.click()
    await there.page.wait_for_load_state("networkidle")
    await scene.take(there, "overview")
    for name in SET_UP:
        await there.goto(f"{url}/{name}")
        await there.page.wait_for_load_state("networkidle")
        await scene.take(there, name)
    await there.goto(f"{url}/agency")
    await there.page.locator("main button[type=submit]").first.click()
    await there.page.wait_for_load_state("networkidle")
    await scene.take(there, "agency-wrong")


CONFERENCE_PAGES = ("door", "door-heard", "knocking", "room", "room-settings", "over")


async def conference(scene: Scene) -> None:
    """A guest of a conference."""
    host = await scene.adviser()
    guest = await scene.client()
    await conferring.start(host)
    link = await conferring.link_of(host)
    await guest.goto(link)
    await guest.page.locator("[name=guest]").wait_for()
    await scene.take(guest, "door")
    await conferring.to_the_door(guest, link, "Kim Gast")
    await scene.take(guest, "door-heard")
    await guest.click("button", "Anklopfen")
    await guest.see("Sie haben angeklopft.")
    await scene.take(guest, "knocking")
    await host.click("button", "Hereinlassen", 30)
    await in_the_room(scene, guest)
    await host.click("button", "Einladen und leiten")
    await host.click("button", "Konferenz für alle beenden")
    await guest.see("Die Konferenz ist beendet.")
    await scene.take(guest, "over")


async def in_the_room(scene: Scene, guest: Chromium) -> None:
    """What a guest finds there."""
    await walk.sees_moving(guest, "video[data-large]", "adviser", 40)
    await scene.take(guest, "room", whole=False)
    await guest.click("button", "Geräte")
    await scene.take(guest, "room-settings", whole=False)
    await guest.page.keyboard.press("Escape")
