"""The client's raw picture has one way out: through ``outgoing``, which knows what is to be hidden.

The desk is not the client: an adviser's room is the agency's own.
"""

import re

from tests.rules.sources import ROOT, sources

ATTACHES = re.compile(r"\.(?:replaceTrack|addTrack|addTransceiver|addStream)\(|\bpeer\.send\(")
ALLOWED = {
    ("kiosk_ui/client/media/peer.js", "transceiver.sender.replaceTrack(this.tracks[kind])"),
    (
        "kiosk_ui/client/media/session.js",
        "this.peer.send(kind, wanted[kind] ? this.outgoing(kind) : null)",
    ),
    (
        "kiosk_ui/client/conference/media.js",
        "this.peer.send(kind, wanted[kind] ? this.outgoing(kind) : null)",
    ),
    ("kiosk_ui/client/screens/check/line.js", 'this.visit.media.peer.send("screen", track)'),
}


def attached() -> list[tuple[str, str]]:
    """Each line of the client's scripts that hands a track to a connection."""
    return [
        (str(file.relative_to(ROOT)), line.strip())
        for file in sources(".js", under=("kiosk_ui/client",))
        if not file.name.endswith(".test.js") and "console" not in file.parts
        for line in file.read_text(encoding="utf-8").splitlines()
        if ATTACHES.search(line)
    ]


def test_no_other_line_hands_a_track_over():
    found = attached()
    assert len(found) == len(ALLOWED)
    for place, line in found:
        assert any(place == file and words in line for file, words in ALLOWED), (place, line)
