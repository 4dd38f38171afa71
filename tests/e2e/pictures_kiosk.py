"""Pictures of a kiosk, upright and lying: from its greeting to its greeting."""

import tempfile
from pathlib import Path

from tests.e2e import at_a_kiosk, walk
from tests.e2e.album import STAND_STILL
from tests.e2e.chromium import Chromium, until
from tests.e2e.pictures import Scene
from tests.e2e.test_bad_people import agree
from tests.e2e.test_kiosk import SHORTER

KIOSK_PAGES = (
    "register", "attract", "doors", "doors-contrast", "doors-large", "number", "code", "topics",
    "start", "check", "check-result", "consent",
    "identity", "identity-digits", "waiting", "waiting-busy", "session", "session-chat",
    "goodbye", "idle", "forgotten", "out-of-order",
)  # fmt: skip
TOPICS = ("Wohngeld", "Kindergeld und Elterngeld", "Personalausweis oder Reisepass")
OUT_OF_ORDER = """fetch('/api/v1/kiosk/tested', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ test: { loop: { kind: 'speaker', error: 'not_found' } } }),
}).then((answer) => answer.ok)"""


async def kiosk(scene: Scene) -> None:
    """A walk-in, as a person with this language goes."""
    adviser = await scene.adviser()
    for topic in TOPICS:
        await adviser.goto(f"{scene.appliance.url}/console/topics")
        await adviser.fill("Name auf Deutsch", topic)
        await adviser.click("button", "Thema speichern")
    with tempfile.TemporaryDirectory() as folder:
        async with at_a_kiosk.kiosk_browser(Path(folder) / "room") as there:
            await there.add_init_script(STAND_STILL)
            await there.goto(f"{scene.appliance.url}/kiosk")
            await scene.take(there, "register")
            await at_a_kiosk.register(adviser, there, scene.appliance)
            await at_a_kiosk.is_ready(adviser, scene.appliance)
            await adviser.goto(f"{scene.appliance.url}/console")
            await before_the_visit(scene, there)
            await the_visit(scene, there)
            await the_conversation(scene, adviser, there)
            assert await there.evaluate(OUT_OF_ORDER)
            await there.goto(f"{scene.appliance.url}/kiosk")
            await there.page.locator("[data-view=out_of_order]").wait_for()
            await scene.take(there, "out-of-order", whole=False)


async def before_the_visit(scene: Scene, there: Chromium) -> None:
    """Greeting, ways to begin."""
    there.language = scene.language
    await there.goto(f"{scene.appliance.url}/kiosk?sprache={scene.language}")
    await scene.take(there, "attract", whole=False)
    await there.goto(f"{scene.appliance.url}/kiosk?sprache={scene.language}#doors")
    await there.page.locator("[data-view=doors]").wait_for()
    await scene.take(there, "doors", whole=False)
    for button, name in (("Mehr Kontrast", "doors-contrast"), ("Größere Schrift", "doors-large")):
        await there.click("button", button)
        await scene.take(there, name, whole=False)
        await there.click("button", button)
    await there.click("button", "Ich habe einen Termin")
    for digit in "123456":
        await there.page.locator(f"[data-digit='{digit}']").tap()
    await there.click("button", "Termin öffnen")
    await scene.take(there, "number", whole=False)
    await there.click("button", "QR-Code zeigen")
    await there.see("Wir suchen den Code …")
    await scene.take(there, "code", whole=False)
    await there.page.locator("[data-view=code] [data-do=doors]").tap()
    await there.click("button", "Ich habe keinen Termin")
    await scene.take(there, "topics", whole=False)
    await there.click("button", "Etwas anderes")


async def the_visit(scene: Scene, there: Chromium) -> None:
    """Check, consent, name."""
    await there.see("Gerätetest starten")
    await scene.take(there, "start", whole=False)
    await there.click("button", "Gerätetest starten")
    await there.page.wait_for_timeout(2500)  # it goes on by itself, to wherever it is then
    await scene.take(there, "check", whole=False)
    await until(there.page, at_a_kiosk.GO_ON, 60)
    await scene.take(there, "check-result", whole=False)
    await there.click("button", "Weiter zur Einwilligung")
    await there.see("Ich stimme zu")
    await scene.take(there, "consent", whole=False)
    await agree(there)
    await there.see("Wer sind Sie?")
    await there.page.locator("[name=name]").fill("Kim Öztürk")
    await there.page.locator("[name=name]").tap()
    await scene.take(there, "identity", whole=False)
    await there.page.locator("[data-screen=identity] [type=tel]").first.tap()
    await scene.take(there, "identity-digits", whole=False)
    await there.click("button", "Zum Warteraum")
    await there.page.locator("[data-screen=waiting]").wait_for()


async def the_conversation(scene: Scene, adviser: Chromium, there: Chromium) -> None:
    """Waiting, talking, and being forgotten after a silence."""
    await scene.take(there, "waiting", whole=False)
    await adviser.see("Kim Öztürk")
    await adviser.page.locator("[data-busy]").click()
    await there.page.locator("[data-slot=busy]").wait_for()
    await scene.take(there, "waiting-busy", whole=False)
    await adviser.click("button", "Hereinbitten")
    await walk.sees_moving(there, walk.CLIENT_SEES, "adviser", 40)
    await scene.take(there, "session", whole=False)
    await there.click("button", "Chat")
    await there.page.locator("#field-chat").tap()
    await scene.take(there, "session-chat", whole=False)
    await adviser.click("button", "Beenden E")
    await adviser.click("button", "Beenden: alles besprochen")
    await there.see("Vielen Dank für das Gespräch")
    await scene.take(there, "goodbye", whole=False)
    await there.evaluate(SHORTER.replace("TIMES", "{ questionS: '1', wipeS: '9' }"))
    await there.see("Sind Sie noch da?", 15)
    await scene.take(there, "idle", whole=False)
    await there.page.locator("[data-slot=forgotten]").wait_for(timeout=30_000)
    await scene.take(there, "forgotten", whole=False)
