"""The browser's question for a device may be read slowly: nobody is blamed meanwhile."""

import pytest

from appliance.device_check.records import Verdict
from tests.web.live.acted_check import BLACK, HEARD, OWN_LEVELS, finding, measures, step

NO_SOUND = HEARD | {"duration_s": 0, "voice_s": 0, "packets": 0, "speech_dbfs": -120}
NO_PICTURE = BLACK | {"duration_s": 0, "frames": 0, "black_ratio": 0}
NOBODY_YET = HEARD | {"voice_s": 0, "speech_dbfs": -90, "noise_dbfs": -91}


OWN_PICTURE = {"kind": "camera", "duration_s": 2, "frames_per_s": 25}


@pytest.mark.parametrize(
    ("kind", "nothing", "own"),
    [("microphone", NO_SOUND, OWN_LEVELS), ("camera", NO_PICTURE, OWN_PICTURE)],
)
async def test_it_works(checking, kind, nothing, own):
    await step(checking, kind)
    for at_s in (2, 6, 18):
        await measures(checking, nothing | {"listening_s": at_s})
    assert checking.client.shown.check.findings == []
    await checking.client.say("measured", record=own)
    for at_s in (19, 24):
        await measures(checking, nothing | {"listening_s": at_s})
    assert finding(checking.client.shown, kind).cause == f"{kind}_not_arriving"


async def test_who_has_answered_late_has_as_long_as_others(checking):
    await step(checking, "microphone")
    await measures(checking, NO_SOUND | {"listening_s": 14})
    await checking.client.say("measured", record=OWN_LEVELS | {"speech_dbfs": -70})
    await measures(checking, NOBODY_YET | {"listening_s": 20})
    assert checking.client.shown.check.findings == []
    await measures(checking, NOBODY_YET | {"listening_s": 26.5})
    assert finding(checking.client.shown, "microphone").cause == "microphone_no_speech"


async def test_another_analyser_counts_anew(checking):
    await step(checking, "microphone")
    await measures(checking, NO_SOUND | {"listening_s": 14})
    await checking.client.say("measured", record=OWN_LEVELS | {"speech_dbfs": -70})
    await measures(checking, NOBODY_YET | {"listening_s": 3})
    await measures(checking, NOBODY_YET | {"listening_s": 12.5})
    assert finding(checking.client.shown, "microphone").verdict is Verdict.FAILED
