"""What happens in a check: the page is at a step, the analyser is ready and measures."""

HEARD = {
    "kind": "microphone",
    "duration_s": 6,
    "level_dbfs": -20,
    "speech_dbfs": -20,
    "noise_dbfs": -70,
    "voice_s": 2.5,
    "packets": 300,
}
OWN_LEVELS = {"kind": "microphone", "duration_s": 6, "speech_dbfs": -20, "noise_dbfs": -70}
BLACK = {
    "kind": "camera",
    "duration_s": 4,
    "frames": 100,
    "frames_per_s": 25,
    "width": 1280,
    "height": 720,
    "black_ratio": 1,
}
GOOD_PICTURE = BLACK | {
    "black_ratio": 0,
    "mean_luma": 120,
    "structure": 40,
    "blur": 0.4,
    "faces": 1,
    "face_box": [0.4, 0.25, 0.6, 0.6],
    "face_luma": 130,
    "face_highlight_luma": 200,
    "listening_s": 4,
}


async def step(meeting, kind):
    await meeting.client.say("run_step", kind=kind)
    await meeting.stage.relay.analyser_says(meeting.visit.id, {"type": "ready"})
    await meeting.stage.live.settle()


async def hide(meeting, mode):
    """The client has agreed that the appliance hides the room; only then an analyser is needed."""
    await meeting.client.say("run_step", kind="background")
    await meeting.client.say("choose_background", mode=mode)
    await meeting.stage.relay.analyser_says(meeting.visit.id, {"type": "ready"})
    await meeting.stage.live.settle()


async def measures(meeting, record):
    message = {"type": "measured", "kind": record["kind"], "record": record}
    await meeting.stage.relay.analyser_says(meeting.visit.id, message)
    await meeting.stage.live.settle()


def told(meeting, kind):
    peer = meeting.stage.relay.analyser_in(meeting.visit.id)
    return [m for m in meeting.stage.relay.analysers[peer] if m["type"] == kind]


def finding(snapshot, kind):
    return next(one for one in snapshot.check.findings if one.kind == kind)
