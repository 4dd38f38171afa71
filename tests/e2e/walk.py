"""What people do, by what they read on the screen: the same words for tests and screenshots."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyotp

from tests.e2e import clips
from tests.e2e.listening import listen, listen_and_tap

ZONE = ZoneInfo("Europe/Berlin")


@dataclass
class Staff:
    """Somebody with a login."""

    login: str
    password: str
    key: str

    def code(self) -> str:
        """The code app's number right now."""
        return pyotp.TOTP(self.key).now()


@dataclass
class Booked:
    """What the client has in hands."""

    link: str
    password: str


PASSWORD = "ein langes Passwort für den Test"


async def add_adviser(appliance: Any, login: str = "yilmaz", name: str = "Frau Yılmaz") -> Staff:
    """Who has this login; made by the command line, while everything runs, if nobody has."""
    if login not in appliance.staff:
        appliance.staff[login] = await make_adviser(appliance.supervisor, login, name)
    return appliance.staff[login]


async def make_adviser(supervisor: Any, login: str, name: str) -> Staff:
    """A login made by the command line."""
    file = supervisor.box.folder / f"{login}.txt"
    file.write_text(PASSWORD)
    words = await supervisor.command(
        "add-adviser",
        login,
        "--name",
        name,
        "--role",
        "administrator",
        "--password-file",
        str(file),
    )
    key = re.search(r"secret=([A-Z2-7]+)", words) or re.search(r"\b([A-Z2-7]{32})\b", words)
    assert key, words
    return Staff(login, PASSWORD, key.group(1))


async def log_in(adviser: Any, appliance: Any, staff: Staff) -> None:
    """To the desk."""
    await adviser.goto(f"{appliance.url}/console/login")
    await adviser.fill("Anmeldename", staff.login)
    await adviser.fill("Passwort", staff.password)
    await adviser.fill("Code", staff.code())
    await adviser.click("button", "Anmelden")
    await adviser.see("Wer da ist")


async def book(adviser: Any, appliance: Any, **fields: str) -> Booked:
    """Books an appointment that starts in some minutes; the link is the received mail's."""
    start = datetime.now(ZONE) + timedelta(minutes=3)
    page = adviser.page
    await page.goto(f"{appliance.url}/console/appointments/new")
    wanted = {
        "starts_on": start.strftime("%Y-%m-%d"),
        "starts_at_time": start.strftime("%H:%M"),
        "duration_min": "30",
        "client_name": "Ayşe Öztürk",
        "client_email": "ayse@example.org",
        "client_phone": "030 9876543",
        "topic": "Antrag auf Förderung",
    } | fields
    for name, value in wanted.items():
        if name == "language":
            await page.locator("select[name=language]").select_option(value)
        else:
            await page.locator(f"[name={name}]").fill(value)
    await adviser.click("button", "Termin anlegen und einladen")
    await adviser.click("button", "Passwort zeigen")
    password = await page.locator("#password").inner_text()
    mail = await appliance.mailbox.newest(wanted["client_email"])
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/v#\S+", body.get_content())
    assert found
    await page.goto(f"{appliance.url}/console")
    return Booked(found.group(), password)


async def arrive(client: Any, booked: Booked) -> None:
    """From the mail's link to the start page of the appointment."""
    await client.goto(booked.link)
    await client.click("button", "Termin öffnen")
    await client.see("Gerätetest starten")


# Which test is shown, and what was found there, "" before anything was.
SHOWN = """(() => {
  const step = [...document.querySelectorAll('[data-step]')].find((one) => one.checkVisibility());
  const found = step?.querySelector('[data-slot=finding]');
  const told = found?.checkVisibility() ?? false;
  const words = told ? found : step?.parentElement;
  return [step?.dataset.step ?? '', told ? found.dataset.verdict : '', words?.innerText ?? ''];
})()"""
BY_HAND = {
    "microphone": "Mikrofon testen",
    "camera": "Weiter zur Kamera",
    "speaker": "Weiter zum Lautsprecher",
    "background": "Weiter zum Hintergrund",
}


async def at_step(client: Any, *steps: str, within_s: float = 30) -> str:
    """Waits until one of these tests is shown; a warning before it is gone on from by hand."""
    until = asyncio.get_running_loop().time() + within_s
    step, verdict, found = "", "", ""
    while asyncio.get_running_loop().time() < until:
        step, verdict, found = await client.evaluate(SHOWN)
        if step in steps:
            await asyncio.sleep(0.4)  # a click in the first moment is taken for the step before
            return str(step)
        if verdict == "warning" and steps[0] in BY_HAND:
            with suppress(TimeoutError):  # the warning may have gone meanwhile
                await client.click("button", BY_HAND[steps[0]], 2)
        await asyncio.sleep(0.1)
    raise TimeoutError(f"not at {steps}, but at {step}: {verdict} {found[:300]!r}")


async def onward(client: Any, *steps: str) -> None:
    """To the next test; tries again as a person would when a busy machine spoils the first."""
    found = []
    for _ in range(4):
        try:
            await at_step(client, *steps, within_s=18)
        except TimeoutError as error:
            found.append(str(error))
            await client.click("button", "Noch einmal versuchen", 5)
        else:
            return
    raise TimeoutError(f"{steps}: {found}")


async def hear_the_number(client: Any) -> None:
    """The speaker test; with a new number when the first came in pieces."""
    for _ in range(3):
        try:
            await listen_and_tap(client)
            await at_step(client, "background", "result", within_s=10)
        except (TimeoutError, AssertionError):
            await client.click("button", "Noch einmal versuchen", 5)
        else:
            return
    raise TimeoutError("the spoken number was never made out")


async def pass_tests(client: Any) -> None:
    """From the start button to the background; the tests go on by themselves."""
    await client.click("button", "Gerätetest starten")
    await at_step(client, "microphone")
    await through_the_tests(client)


async def through_the_tests(client: Any) -> None:
    """From the microphone to the background."""
    await onward(client, "camera")
    await listen(client)
    await onward(client, "speaker")
    await hear_the_number(client)


async def pass_check(client: Any) -> None:
    """All five tests, as a person with working devices and ears does them."""
    await pass_tests(client)
    await to_the_result(client)


async def to_the_result(client: Any) -> None:
    """From the end of the tests to the consent."""
    with suppress(TimeoutError):  # with a warning somewhere there is a card that says so first
        await client.click("button", "Weiter zum Ergebnis", 1)
    for patience_s in (20, 1, 1):  # a tap in the first moment of a step does nothing
        with suppress(TimeoutError, AssertionError):
            await client.click("button", "Weiter zur Einwilligung", patience_s)
            await client.see(STATEMENTS[0], 5)
            return
    await client.see(STATEMENTS[0])


async def check_by_text(client: Any) -> None:
    """Without sound and picture, in seconds."""
    await client.click("button", "Gerätetest starten")
    await on_by_text(client)


async def on_by_text(client: Any) -> None:
    """From a running check to the consent; taps again when the check has just gone on by itself."""
    for wait_s, patience_s in ((15, 3), (1, 5), (1, 15)):
        with suppress(TimeoutError):  # the tap before may have led on after all
            await client.click("button", "Nur mit Text weiter", wait_s)
        with suppress(TimeoutError):
            await client.click("button", "Weiter zur Einwilligung", patience_s)
            return
    raise TimeoutError("no way on by text")


STATEMENTS = (
    "Das Amt darf meine Angaben für dieses Gespräch verarbeiten.",
    "Das Amt darf prüfen, wer ich bin.",
    "Ich möchte mit dem Amt per Video, Ton oder Text sprechen.",
)


async def consent_and_identity(client: Any, booked: Booked, name: str = "Ayşe Öztürk") -> None:
    """Three ticks, name and password."""
    for statement in STATEMENTS:
        await client.click("checkbox", statement)
    await client.click("button", "Ich stimme zu")
    await say_who(client, booked, name)


async def say_who(client: Any, booked: Booked, name: str) -> None:
    """Name and password, then the waiting room."""
    await client.fill("Ihr Name", name)
    await client.fill("Ihr Passwort für den Termin", booked.password)
    await client.click("button", "Zum Warteraum")
    await client.see(
        "Sie müssen nichts tun. Lassen Sie dieses Fenster offen. Das Gespräch beginnt von selbst."
    )


GRAB = """(() => {
  const video = [...document.querySelectorAll(SELECTOR)].find((one) => one.checkVisibility());
  if (!video || !video.videoWidth) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [16, 9];
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(video, 0, 0, 16, 9);
  return [...pen.getImageData(0, 0, 16, 9).data];
})()"""


async def seen(person: Any, selector: str) -> np.ndarray | None:
    """What a visible video element shows, as (9, 16, 3); None when nothing is shown."""
    pixels = await person.evaluate(GRAB.replace("SELECTOR", repr(selector)))
    if pixels is None:
        return None
    return np.array(pixels, np.float64).reshape(9, 16, 4)[:, :, :3]


async def sees_moving(person: Any, selector: str, who: str, within_s: float = 20) -> float:
    """Waits until a video shows that person's clip, moving; gives back the likeness (0.85 on)."""
    until = asyncio.get_running_loop().time() + within_s
    best, first = -1.0, None  # people hold still: each picture is compared with their first
    while asyncio.get_running_loop().time() < until:
        now = await seen(person, selector)
        if now is not None:
            best = clips.likeness(now, who)
            if best > 0.85 and first is not None and float(np.abs(now - first).mean()) > 0.2:
                return best
            if best > 0.85 and first is None:
                first = now
        await asyncio.sleep(0.2)
    raise TimeoutError(f"{selector} does not show {who}: likeness {best:.2f}")


ENERGY = """(async () => {
  let energy = 0;
  for (const one of window.peers ?? []) {
    if (one.connectionState === 'closed') continue;
    (await one.getStats()).forEach((s) => {
      if (s.type === 'inbound-rtp' && s.kind === 'audio') energy += s.totalAudioEnergy ?? 0;
    });
  }
  return energy;
})()"""

# Statistics of the page's own connections; nothing in them is changed.
KEEP_PEERS = """() => {
  window.peers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...words) {
      super(...words);
      window.peers.push(this);
    }
  };
}"""


# Every tap with what it was on, and when the page said that all is ready. A tap is "spoiled" when a
# busy machine made it necessary: after a warning, to try again, or to hear a spoken number again.
KEEP_TAPS = """() => {
  window.taps = [];
  const seen = (selector) =>
    [...document.querySelectorAll(selector)].some((one) => one.checkVisibility());
  addEventListener('click', ({ target, isTrusted }) => {
    const on = target.closest?.('[data-do], .number, input');
    if (!isTrusted || !on) return;
    const action = on.dataset.do ?? (on.matches('.number') ? 'number' : on.name);
    const spoiled = (action === 'next' && seen('[data-slot=finding][data-verdict=warning]'))
      || action === 'again' || (action === 'say-number' && seen('.number'));
    window.taps.push({ action, spoiled, at: performance.now() });
  }, true);
  const watch = setInterval(() => {
    if (!seen('[data-slot=ready], [data-slot=verdict]')) return;
    window.readyAt = performance.now();
    clearInterval(watch);
  }, 50);
}"""


async def taps(client: Any) -> tuple[list[str], float]:
    """What the client tapped from the start button to the consent, and seconds until "ready"."""
    found = await client.evaluate("window.taps")
    start = next(tap["at"] for tap in found if tap["action"] == "start")
    end = next(tap["at"] for tap in found if tap["action"] == "finish")
    ready_at = await client.evaluate("window.readyAt")
    kept = [tap for tap in found if start <= tap["at"] <= end and not tap["spoiled"]]
    return [tap["action"] for tap in kept], (ready_at - start) / 1000


async def heard_energy(person: Any, for_s: float = 3.0) -> float:
    """Energy of the sound that this page received within some seconds (WebRTC's own measure)."""
    before = await person.evaluate(ENERGY)
    await asyncio.sleep(for_s)
    return float(await person.evaluate(ENERGY)) - float(before)


async def falls_silent(person: Any, within_s: float = 10) -> None:
    """Waits for two seconds without any sound, which is longer than people pause."""
    until = asyncio.get_running_loop().time() + within_s
    silent_s = 0.0
    while silent_s < 2:
        heard = await heard_energy(person, 0.5)
        silent_s = silent_s + 0.5 if heard < 2e-5 else 0
        assert asyncio.get_running_loop().time() < until, f"still heard: {heard}"


async def hears(person: Any, at_least: float, within_s: float = 15) -> None:
    """Waits until that much sound came; people pause between sentences."""
    before = await person.evaluate(ENERGY)
    until = asyncio.get_running_loop().time() + within_s
    while (heard := float(await person.evaluate(ENERGY)) - float(before)) <= at_least:
        assert asyncio.get_running_loop().time() < until, f"{heard} heard, not {at_least}"
        await asyncio.sleep(0.3)


CLIENT_SEES = "[data-screen=session] video[data-slot=other]"
DESK_SEES = "video[data-other-picture]"


async def to_a_booked_appointment(appliance: Any, people: Any) -> tuple[Any, Booked]:
    """An adviser at the desk, and what the client got."""
    staff = await add_adviser(appliance)
    adviser = await people("adviser")
    await adviser.add_init_script(KEEP_PEERS)
    await log_in(adviser, appliance, staff)
    return adviser, await book(adviser, appliance)


async def to_the_waiting_room(client: Any, booked: Booked) -> None:
    """From the link to waiting."""
    await client.add_init_script(KEEP_PEERS)
    await client.add_init_script(KEEP_TAPS)
    await arrive(client, booked)
    await pass_check(client)
    await consent_and_identity(client, booked)


async def to_the_session(appliance: Any, people: Any) -> tuple[Any, Any]:
    """Adviser and client, talking."""
    adviser, booked = await to_a_booked_appointment(appliance, people)
    client = await people("client", viewport={"width": 390, "height": 844})
    await to_the_waiting_room(client, booked)
    await adviser.see("Ayşe Öztürk")
    await adviser.click("button", "Hereinbitten")
    return adviser, client
