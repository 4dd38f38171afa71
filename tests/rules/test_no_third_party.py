"""Nothing that a page or program loads comes from elsewhere."""

import re

from tests.rules.sources import ROOT, sources

ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}", re.IGNORECASE)
# Namespaces are names, not addresses that anything is fetched from; example hosts are placeholders.
NAMES_ONLY = re.compile(r"www\.w3\.org|\.example\b|\bexample\.(?:org|com|net)|localhost")


def test_no_page_or_script_names_a_foreign_host():
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sources(".html", ".js", ".css", under=("kiosk_ui",))
        for match in ADDRESS.finditer(file.read_text(encoding="utf-8"))
        if not NAMES_ONLY.search(match.group())
    ]
    assert found == []


def test_no_ice_configuration_names_a_server():
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sources(".py", ".js", under=("appliance", "kiosk_ui"))
        for match in re.finditer(
            r"stuns?:[a-z0-9]|turns?:[a-z0-9]", file.read_text(encoding="utf-8")
        )
    ]
    assert found == []


def test_each_peer_connection_says_that_it_wants_no_server():
    bare = [
        f"{file.relative_to(ROOT)}"
        for file in sources(".py", ".js", under=("appliance", "kiosk_ui"))
        for match in re.finditer(
            r"(?:new )?RTCPeerConnection\(([^)]*)\)", file.read_text(encoding="utf-8")
        )
        if "iceServers" not in match.group(1)
    ]
    assert bare == []
