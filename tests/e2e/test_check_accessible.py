"""The device check by keyboard alone, each step and each open state looked at by axe.

No test here clicks. A control that is in use by keyboard holds the check, which else goes on by
itself: so each state stands still while it is looked at.
"""

from typing import Any

import pytest

from tests.e2e import clips, walk
from tests.e2e.accessible import arrived, look, said_once, tab_to, use, watched
from tests.e2e.chromium import until
from tests.media.background_pages import WITHOUT_WEBGL

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]

NO_WEB_RTC = """() => {
  for (const name of ['RTCPeerConnection', 'RTCRtpReceiver']) delete window[name];
}"""
AGAIN = "Noch einmal versuchen"
DIALOG_OPEN = "document.querySelector('dialog[open]') !== null"
FOCUS_INSIDE = "document.activeElement.closest('dialog[open]') !== null"


async def judged(client: Any, step: str) -> str:
    """Holds the step by its own control until there is a verdict; tries again on a busy machine."""
    await tab_to(client, AGAIN)
    verdict = f"document.querySelector('[data-step={step}] [data-slot=finding]').dataset.verdict"
    for _ in range(3):
        await until(client.page, f"['passed', 'warning', 'failed'].includes({verdict})", 30)
        if await client.evaluate(verdict) != "failed":
            return str(await client.evaluate(verdict))
        await client.page.keyboard.press("Enter")  # on to the heading, and anew
        await tab_to(client, AGAIN)
    raise AssertionError(f"{step} failed three times")


async def opens_and_closes(client: Any, name: str, state: str) -> None:
    """A dialog by keyboard: the focus goes in, Escape leads back to where it was."""
    await use(client, name)
    await until(client.page, DIALOG_OPEN)
    assert await client.evaluate(FOCUS_INSIDE)
    await look(client, state)
    await client.page.keyboard.press("Escape")
    await until(client.page, f"!({DIALOG_OPEN})")
    assert await client.evaluate("document.activeElement.innerText.trim()") == name


async def to_the_camera(client: Any) -> None:
    """Start, browser and microphone, which are well."""
    await until(client.page, "document.activeElement.matches('[data-screen=arrived] h1')")
    await look(client, "start")
    await use(client, "Gerätetest starten")
    await arrived(client, "system")
    await judged(client, "system")
    await look(client, "system")
    await use(client, "Mikrofon testen", back=True)
    await arrived(client, "microphone")
    await look(client, "microphone, listening")
    if await judged(client, "microphone") == "passed":
        await said_once(client, "Wir hören Sie gut.")
    await look(client, "microphone, heard")
    await use(client, "Weiter zur Kamera", back=True)


async def to_the_background(client: Any) -> None:
    """Camera with live advice, the two dialogs, and the speaker for who does not hear."""
    await arrived(client, "camera")
    if await judged(client, "camera") == "passed":
        await said_once(client, "Wir sehen Sie gut.")
    await look(client, "camera, seen")
    await opens_and_closes(client, "Ich brauche Hilfe", "help")
    await opens_and_closes(client, "Mit dem Handy weitermachen", "hand-over")
    await use(client, "Weiter zum Lautsprecher", back=True)
    await arrived(client, "speaker")
    await until(client.page, "document.querySelectorAll('.number').length === 6", 20)
    await said_once(client, "Welche Zahl haben Sie gehört?")
    await look(client, "speaker, asking")
    await use(client, "Ich höre nicht oder schlecht: mit Text weiter", "Space")


async def to_the_consent(client: Any) -> None:
    """A room that this browser can not hide: asked, never decided; then the result."""
    await arrived(client, "background")
    await look(client, "background")
    await tab_to(client, "So wie er ist")
    await client.page.keyboard.press("ArrowDown")
    await until(client.page, DIALOG_OPEN)
    assert await client.evaluate(FOCUS_INSIDE)
    await look(client, "hiding")
    await use(client, "Zimmer zeigen")
    await until(client.page, f"!({DIALOG_OPEN})")
    await use(client, "Weiter zum Ergebnis")
    await arrived(client, "result")
    await look(client, "result")
    await use(client, "Weiter zur Einwilligung")
    await until(client.page, "document.activeElement.matches('[data-screen=consent] h1')")


async def test_it_works(appliance, people):
    _adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await watched(await people("client"))
    await client.add_init_script(WITHOUT_WEBGL)
    await client.goto(booked.link)
    await use(client, "Termin öffnen")
    await client.see("Gerätetest starten")
    await to_the_camera(client)
    await to_the_background(client)
    await to_the_consent(client)
    assert client.barriers == []


async def a_browser_that_can_not(appliance: Any, people: Any) -> None:
    """What no test can mend: the telephone, and writing."""
    client = await watched(await people("client"))
    await client.add_init_script(NO_WEB_RTC)
    await client.goto(f"{appliance.url}/test")
    await use(client, "Gerätetest starten")
    await arrived(client, "system")
    await said_once(client, "In Ihrem Browser sind Video-Gespräche ausgeschaltet.")
    await look(client, "system, failed")
    await opens_and_closes(client, "Ich brauche Hilfe", "telephone")
    await use(client, "Nur mit Text weiter")
    await arrived(client, "result")
    assert client.barriers == []


async def test_what_fails(appliance, people):
    """Each failure is said once, with what to do, and there is a way on by keyboard."""
    small = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
    client = await people("client", picture=clips.black(), sound=clips.silence(), **small)
    await watched(client)
    await client.goto(f"{appliance.url}/test")
    await use(client, "Gerätetest starten")
    await arrived(client, "system")
    await arrived(client, "microphone")
    await said_once(client, "Ihr Mikrofon ist da, gibt aber keinen Ton.")
    await look(client, "microphone, failed")
    await use(client, "Ohne Mikrofon weiter")
    await arrived(client, "camera")
    await said_once(client, "Das Bild Ihrer Kamera ist schwarz.")
    await look(client, "camera, failed")
    await use(client, "Ohne Kamera weiter")
    await arrived(client, "speaker")
    await use(client, "Ohne Lautsprecher weiter")
    await arrived(client, "result")
    await look(client, "result, waived")
    assert client.barriers == []
    await a_browser_that_can_not(appliance, people)
