"""Devices that are missing, forbidden or dead: cause and remedy in words, three ways on.

No camera is Chromium's fake capture without a camera, "neither" is this machine, which has none, a
dead microphone and a closed shutter are real silent and black captures, "denied" is the browser's
own permission. Chromium cannot fake a camera without a microphone, nor a browser without WebRTC:
these two are shims of the device list and the missing constructor, see ``NO_MICROPHONE`` and
``NO_WEB_RTC``.
"""

from typing import Any

import cv2
import numpy as np
import pytest

from tests.e2e import clips, walk
from tests.e2e.chromium import Devices
from tests.e2e.firefox import Firefox

pytestmark = [pytest.mark.timeout(180), pytest.mark.patient]

# As a browser on a machine with a camera alone: nothing listed, NotFoundError when asked.
NO_MICROPHONE = """() => {
  const media = MediaDevices.prototype;
  const [list, ask] = [media.enumerateDevices, media.getUserMedia];
  media.enumerateDevices = async function () {
    return (await list.call(this)).filter(({ kind }) => kind !== 'audioinput');
  };
  media.getUserMedia = async function (wishes) {
    if (wishes.audio) throw new DOMException('Requested device not found', 'NotFoundError');
    return ask.call(this, wishes);
  };
}"""
NO_WEB_RTC = """() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCRtpReceiver']) {
    delete window[name];
  }
}"""
WITHOUT = {"microphone": "Ohne Mikrofon weiter", "camera": "Ohne Kamera weiter"}


async def three_exits(client: Any, step: str) -> None:
    """Try again, go on without, call; and help from the office."""
    page = client.page
    place = page.locator(f"[data-step={step}]")
    await place.get_by_role("button", name=WITHOUT[step], exact=True).wait_for()
    await place.get_by_role("button", name="Noch einmal versuchen").wait_for()
    await place.get_by_role("button", name="Ich brauche Hilfe").wait_for()
    call = place.get_by_role("link", name="030 1234567 anrufen")
    assert await call.get_attribute("href") == "tel:0301234567"


async def no_way_on(client: Any) -> None:
    """Nobody goes on as if all were well."""
    for name in ("Weiter zur Kamera", "Weiter zum Lautsprecher", "Weiter zur Einwilligung"):
        assert not await client.page.get_by_role("button", name=name).is_visible(), name


async def begun(people: Any, booked: walk.Booked, **devices: Any) -> Any:
    """A client whose browser has passed, before the microphone."""
    client = await people("client", **devices)
    await client.add_init_script(walk.KEEP_PEERS)
    await walk.arrive(client, booked)
    await client.click("button", "Gerätetest starten")
    await walk.at_step(client, "microphone")
    return client


async def fails(client: Any, step: str, *words: str) -> None:
    """The finding is there, with remedy and exits, and there is no other way on."""
    for sentence in words:
        await client.see(sentence, 30)
    await three_exits(client, step)
    await no_way_on(client)


async def test_it_works(appliance, people):
    """A dead microphone and a closed shutter, gone on without, and seen at the desk."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await begun(people, booked, picture=clips.black(), sound=clips.silence())
    await fails(
        client,
        "microphone",
        "Ihr Mikrofon ist da, gibt aber keinen Ton.",
        "Hat Ihr Headset oder Laptop eine Stumm-Taste? Drücken Sie sie.",
    )
    await client.click("button", "Noch einmal versuchen")
    await fails(client, "microphone", "Ihr Mikrofon ist da, gibt aber keinen Ton.")
    await client.page.reload()  # coming back is no way around it
    await fails(client, "microphone", "Ihr Mikrofon ist da, gibt aber keinen Ton.")
    await client.click("button", "Ohne Mikrofon weiter")
    await fails(
        client,
        "camera",
        "Das Bild Ihrer Kamera ist schwarz.",
        "Schieben Sie die Abdeckung der Kamera auf, falls es eine gibt.",
    )
    await client.click("button", "Ich brauche Hilfe")
    await client.click("button", "Hilfe anfordern")
    await client.see("Das Amt sieht jetzt, dass Sie Hilfe brauchen.")
    await adviser.see("braucht Hilfe")
    await client.click("button", "Ohne Kamera weiter")
    await client.click("button", "Ohne Lautsprecher weiter")
    await client.see("Sie können weitermachen")
    await client.see("übersprungen")
    await client.see("aus. Sie wollten ohne Kamera weiter.")
    await client.click("button", "Weiter zur Einwilligung")
    await walk.consent_and_identity(client, booked)
    await adviser.see("Ayşe Öztürk")
    await adviser.see("Das Mikrofon ist am Gerät stumm geschaltet.")
    row = adviser.page.locator(".queue__row").first
    assert await row.get_attribute("data-light") == "red"


async def test_devices_that_are_not_there(appliance, people):
    _adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await begun(people, booked, devices=Devices.NO_CAMERA)
    await walk.onward(client, "camera")
    await fails(client, "camera", "Wir finden keine Kamera an Ihrem Gerät.")
    await client.see("Das Gespräch geht auch ohne Kamera, nur mit Ton.")
    await client.click("button", "Ohne Kamera weiter")
    await client.see("Hören Sie uns?")
    await client.stop()
    client = await people("client")
    await client.add_init_script(NO_MICROPHONE)
    await on_at_the_microphone(client, booked)
    await client.click("button", "Ohne Mikrofon weiter")
    await client.see("Wir sehen Sie gut.", 60)  # whoever has no microphone can still be seen
    await client.stop()
    client = await people("client", devices=Devices.NONE)
    await on_at_the_microphone(client, booked)
    await client.click("button", "Ohne Mikrofon weiter")
    await fails(client, "camera", "Wir finden keine Kamera an Ihrem Gerät.")
    await client.click("button", "Ohne Kamera weiter")
    await client.see("Hören Sie uns?")


async def on_at_the_microphone(client: Any, booked: walk.Booked) -> None:
    """The link in another browser: it is another device, so nothing of the first one counts."""
    await client.goto(booked.link)
    await client.click("button", "Termin öffnen")
    await walk.at_step(client, "microphone")
    await fails(client, "microphone", "Wir finden kein Mikrofon an Ihrem Gerät.")
    await client.see("Stecken Sie ein Mikrofon oder Headset ein.")


FIREFOX_SAYS_NO = {
    "media.navigator.permission.disabled": False,
    "media.navigator.streams.fake": True,  # there is something to be refused
    "permissions.default.microphone": 2,
    "permissions.default.camera": 2,
}


async def test_permission_denied_in_firefox(appliance, tmp_path):
    """Refused by the browser's settings, on the page that anybody may test on."""
    client = await Firefox(tmp_path / "firefox", FIREFOX_SAYS_NO).start()
    try:
        await client.goto(f"{appliance.url}/test")
        await client.click("button", "Gerätetest starten")
        await client.see("Ihr Browser gibt das Mikrofon nicht frei und fragt Sie auch nicht.", 40)
        await client.see("Klicken Sie neben „Blockiert“ auf das kleine Kreuz.")
        await client.evaluate(ASKED_BEFORE)
        await client.click("button", "Ohne Mikrofon weiter")
        await client.see("Ihr Browser lässt uns Ihre Kamera noch nicht sehen.", 40)
    finally:
        await client.stop()


ASKED_BEFORE = """localStorage.setItem('vorzimmer.asked', '["camera"]')"""


async def test_permission_denied(appliance, people):
    """A no without a question, and a no of earlier days, which the browser does not tell apart."""
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await begun(people, booked, devices=Devices.DENIED)
    never_asked = "Ihr Browser gibt das Mikrofon nicht frei und fragt Sie auch nicht."
    for _ in range(4):  # on a busy machine a refusal may take as long as a person
        try:
            await client.see(never_asked, 10)
            break
        except AssertionError:
            await client.click("button", "Noch einmal versuchen")
    await fails(
        client, "microphone", never_asked, "Fragen Sie Ihre IT, oder nehmen Sie ein eigenes Gerät."
    )
    await client.evaluate(ASKED_BEFORE)
    await client.click("button", "Ohne Mikrofon weiter")
    await fails(
        client,
        "camera",
        "Ihr Browser lässt uns Ihre Kamera noch nicht sehen. So erlauben Sie es:",
    )
    await adviser.see("testet gerade die Geräte")
    await allow(client, "camera")  # in the browser's own bar: nothing else is pressed
    await walk.at_step(client, "speaker", within_s=40)


async def allow(client: Any, name: str) -> None:
    """The person changes their mind in the browser."""
    control = await client.context.new_cdp_session(client.page)
    there = (await control.send("Target.getTargetInfo"))["targetInfo"]["browserContextId"]
    permission = {"permission": {"name": name}, "setting": "granted", "browserContextId": there}
    await control.send("Browser.setPermission", permission)


# The page itself may not read the clipboard (our own policy), so what is really written is noted.
LISTEN_TO_COPYING = """(() => {
  const real = navigator.clipboard.writeText;
  navigator.clipboard.writeText = (text) => {
    window.copied = text;
    return real.call(navigator.clipboard, text);
  };
})()"""


async def the_way_to_another_window(client: Any, booked: walk.Booked) -> None:
    """Told before anything is begun here: the link by clipboard, and as a code that can be read."""
    await client.see("In diesem Fenster geht kein Video-Gespräch. In einem Browser geht es.")
    await client.context.grant_permissions(["clipboard-write"])
    await client.evaluate(LISTEN_TO_COPYING)
    await client.click("button", "Link kopieren")
    await client.see("Der Link ist kopiert.")
    assert await client.evaluate("window.copied") == booked.link
    await client.click("button", "Code für ein anderes Gerät zeigen")
    code = client.page.locator(".qr-code")
    await code.wait_for()
    picture = cv2.imdecode(np.frombuffer(await code.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == booked.link
    await client.click("button", "Code für ein anderes Gerät zeigen")
    assert await code.get_attribute("src") == ""


async def test_no_web_rtc(appliance, people):
    adviser, booked = await walk.to_a_booked_appointment(appliance, people)
    client = await people("client")
    await client.add_init_script(NO_WEB_RTC)
    await client.goto(booked.link)
    await the_way_to_another_window(client, booked)
    await client.click("button", "Termin öffnen")
    await client.click("button", "Gerätetest starten", 40)
    await client.see("In Ihrem Browser sind Video-Gespräche ausgeschaltet.")
    assert not await client.page.get_by_role("button", name="Mikrofon testen").is_visible()
    await client.page.get_by_role("link", name="030 1234567 anrufen").first.wait_for()
    await client.click("button", "Nur mit Text weiter")
    await client.click("button", "Weiter zur Einwilligung")
    await walk.consent_and_identity(client, booked)
    await adviser.see("möchte nur schreiben")
    await adviser.click("button", "Hereinbitten")
    await client.see("Sie schreiben mit Frau Yılmaz.")
    await adviser.see("Gespräch nur mit Text. Bitte schreiben Sie im Chat.")
    await client.fill("Ihre Nachricht im Chat", "Ich kann nur schreiben")
    await client.click("button", "Senden")
    await adviser.page.keyboard.press("c")
    await adviser.see("Ich kann nur schreiben")
