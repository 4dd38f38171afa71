import ast
import re
from pathlib import Path

import pytest

from appliance.device_check import remedies
from appliance.device_check.records import CheckKind, DeviceError, Verdict
from appliance.i18n import translations

JUDGES = ("system", "microphone", "camera", "speaker", "background", "network", "kiosk")
HOUSE = Path(remedies.__file__).parent
german = translations("de").gettext
english = translations("en").gettext


def named_causes() -> set[str]:
    """Every string in a judging module that looks like a cause."""
    pattern = re.compile(rf"^({'|'.join(JUDGES)})_[a-z_]+$")
    found = set()
    for judge in JUDGES:
        for node in ast.walk(ast.parse((HOUSE / f"{judge}.py").read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if pattern.match(node.value) else set()
    errors = {
        f"{kind}_{error}"
        for kind in (CheckKind.MICROPHONE, CheckKind.CAMERA)
        for error in DeviceError
    }
    return found | errors


def test_it_works() -> None:
    explanation = remedies.explain("camera_black", "firefox", "linux", english)
    assert explanation.title == "The picture of your camera is black."
    assert explanation.steps[0].startswith("Slide the camera's cover open")
    assert explanation.staff
    assert explanation.severity is Verdict.FAILED


def test_every_cause_that_a_judge_names_is_explained_and_no_other() -> None:
    assert named_causes() == set(remedies.CAUSES)


def test_the_way_to_a_permission_depends_on_the_browser() -> None:
    ways = {
        (browser, os): tuple(
            remedies.explain("camera_denied_by_browser", browser, os, german).steps
        )
        for browser, os in [
            ("chromium", "windows"),
            ("edge", "windows"),
            ("firefox", "linux"),
            ("safari", "macos"),
            ("safari", "ios"),
            ("chromium", "ios"),
            ("chromium", "android"),
            ("samsung", "android"),
            ("firefox", "android"),
            ("edge", "android"),
            ("other", "other"),
        ]
    }
    assert len(set(ways.values())) == len(ways)


@pytest.mark.parametrize("os", ["windows", "macos", "linux", "android", "ios"])
def test_the_system_has_its_own_way(os: str) -> None:
    steps = remedies.explain("microphone_denied_by_system", "chromium", os, german).steps
    others = [
        remedies.explain("microphone_denied_by_system", "chromium", other, german).steps
        for other in {"windows", "macos", "linux", "android", "ios"} - {os}
    ]
    assert steps not in others


def test_an_unknown_cause_is_an_error() -> None:
    with pytest.raises(KeyError):
        remedies.explain("camera_possessed", "firefox", "linux", german)


def test_every_message_is_translated() -> None:
    untranslated = [message for message in remedies.messages() if english(message) == message]
    assert untranslated == []


def test_sentences_are_short() -> None:
    sentences = [
        sentence
        for message in remedies.messages()
        for sentence in re.split(r"(?<=[.!?:])\s", message)
    ]
    assert [sentence for sentence in sentences if len(sentence.split()) > 15] == []


def test_the_drawing_fits_the_steps() -> None:
    drawings = {
        browser: remedies.explain("camera_denied_by_browser", browser, os, german).drawing
        for browser, os in [("chromium", "windows"), ("firefox", "linux"), ("safari", "ios")]
    }
    assert drawings == {"chromium": "tune", "firefox": "firefox_blocked", "safari": "safari_ios"}
    assert remedies.explain("camera_slow", "firefox", "linux", german).drawing == ""


def test_nobody_is_asked_to_mend_the_kiosk() -> None:
    for code in ("camera_denied_by_system", "microphone_not_found", "microphone_silent"):
        at_home = remedies.explain(code, "chromium", "linux", german)
        kiosk = remedies.explain(code, "chromium", "linux", german, kiosk=True)
        assert kiosk.steps != at_home.steps
        assert kiosk.steps[0].startswith("Dieses Gerät gehört dem Amt.")
        assert kiosk.drawing == ""


NOT_AT_A_KIOSK = re.compile(
    r"Smartphone|Handy|Ihres Telefons|Hotspot|Netz\b|Kabel|[Ss]tecken|Headset|Kopfhörer|Bluetooth"
    r"|Einstellungen|aus der Liste|anderes? Gerät|Router|VPN|\bLink\b|Browser\b(?! Ton)|Programme"
    r"|Computer|Lampe|Akku"
)


@pytest.mark.parametrize("cause", remedies.CAUSES.values(), ids=lambda cause: cause.code)
def test_at_a_kiosk_nothing_is_said_about_devices_that_one_cannot_change(cause) -> None:
    said = remedies.explain(cause.code, "chromium", "linux", german, kiosk=True)
    assert said.steps
    assert [step for step in said.steps if NOT_AT_A_KIOSK.search(step)] == []
    if "Dieses Gerät gehört dem Amt" in said.steps[0]:
        assert not re.search(r"\bIhre?n?m? (Gerät|Kamera|Mikrofon|Browser)\b", said.title)


def test_what_a_person_can_do_is_said_at_a_kiosk_too() -> None:
    near = remedies.explain("camera_face_too_near", "chromium", "linux", german, kiosk=True)
    assert near.steps == remedies.explain("camera_face_too_near", "chromium", "linux", german).steps
    assert near.title == "Sie sind sehr nah an der Kamera."


def test_a_phone_has_its_own_way() -> None:
    desktop = remedies.explain("microphone_silent", "chromium", "windows", german).steps
    phone = remedies.explain("microphone_silent", "chromium", "android", german).steps
    assert set(phone) != set(desktop)
