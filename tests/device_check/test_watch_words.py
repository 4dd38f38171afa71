"""During the conversation the page names a fault in the same words as the check does."""

import re

from appliance.device_check.remedies import CAUSES
from appliance.device_check.watched import WatchedFault
from tests.rules.sources import ROOT

SENTENCES = re.compile(r'\("(\w+)", _\("([^"]+)"\), _\("([^"]+)"\)\)')
ONLY_IN_TALK = {"talking_muted"}


def test_it_works() -> None:
    page = (ROOT / "kiosk_ui/pages/visit/texts.html").read_text(encoding="utf-8")
    listed = page.split("{% for cause, title, step in [")[1].split("] %}")[0]
    watched = {cause: (title, step) for cause, title, step in SENTENCES.findall(listed)}
    script = (ROOT / "kiosk_ui/client/media/watch.js").read_text(encoding="utf-8")
    order = script.split("const ORDER = [")[1].split("]")[0]
    assert set(watched) == set(re.findall(r'"(\w+)"', order))
    codes = [code for code in re.findall(r'"(\w+)"', order) if code not in ONLY_IN_TALK]
    assert codes == list(WatchedFault)
    for code in set(watched) - ONLY_IN_TALK:
        title, step = watched[code]
        assert title == CAUSES[code].headline
        assert step in CAUSES[code].remedy
