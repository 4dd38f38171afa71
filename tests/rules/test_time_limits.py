"""No page waits for a browser without a limit: some of its promises never settle."""

import re

from tests.rules.sources import ROOT, sources

# Calls whose promise depends on a person, a driver or the network. Choosing a screen to share is
# not among them: the adviser may take any time, and nothing waits for it.
CALL = re.compile(
    r"(?:mediaDevices|media)\.(?:getUserMedia|enumerateDevices)\("
    r"|permissions\.query\(|\.(?:setRemoteDescription|setLocalDescription|createAnswer)\("
    r"|\.(?:replaceTrack|setParameters|addModule|setSinkId|getStats|writeText|getBattery)\("
    r"|\bcreateImageBitmap\("
    r"|wakeLock\.request\(|\.resume\(\)|\b(?:audio|video|player)\.play\(\)"
)
LIMITED = re.compile(r"within\(\s*(?:this\.)?[\w.?]*$")


def unlimited(text: str) -> list[str]:
    """The calls in a script that do not stand directly within ``within(``."""
    return [
        call.group() for call in CALL.finditer(text) if not LIMITED.search(text[: call.start()])
    ]


def test_it_works():
    found = [
        f"{file.relative_to(ROOT)}: {call}"
        for file in sources(".js", under=("kiosk_ui/client",))
        if not file.name.endswith(".test.js")
        for call in unlimited(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_bare_wait_is_noticed():
    for bare in (
        "await navigator.mediaDevices.getUserMedia({ audio: true });",
        "engine.resume().catch(() => {});",
        "await pc.setRemoteDescription(offer);",
        "lock = await navigator.wakeLock.request('screen');",
        "await this.audio.play();",
        "(await navigator.permissions.query({ name })).state",
    ):
        assert unlimited(bare), bare
        call = CALL.search(bare)
        assert call
    assert not unlimited("await within(navigator.mediaDevices.enumerateDevices(), LIMIT_MS)")
    assert not unlimited("await within(pc.setRemoteDescription(offer), LIMIT_MS)")
