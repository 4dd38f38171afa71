""" "Try again" with another device: nothing that was measured of the one before counts."""

from tests.web.live.acted_check import HEARD, finding, measures, step, told


async def test_a_late_measurement_of_the_device_before_changes_nothing(checking):
    """Said before the analyser knew of "try again": the new microphone may be dead."""
    await step(checking, "microphone")
    said_before = {
        "type": "measured",
        "record": HEARD,
        "round": told(checking, "measure")[-1]["round"],
    }
    await checking.client.say("run_step", kind="microphone")
    await checking.stage.relay.analyser_says(checking.visit.id, said_before)
    await checking.stage.live.settle()
    assert checking.client.shown.check.findings == []
    await measures(checking, HEARD)
    assert finding(checking.client.shown, "microphone").verdict == "passed"


async def test_whoever_asks_twice_for_the_number_is_asked_for_what_is_spoken(checking):
    """The analyser lets only two numbers wait; a third would never be shown."""
    await step(checking, "speaker")
    for _ in range(4):
        await checking.client.say("say_number")
    digits = {word["digits"] for word in told(checking, "say_number")}
    assert len(digits) == 1
    said = {"type": "said", "digits": digits.pop()}
    await checking.stage.relay.analyser_says(checking.visit.id, said)
    await checking.stage.live.settle()
    assert said["digits"] in checking.client.shown.check.speaker_numbers


async def test_whoever_goes_on_without_right_after_beginning_anew_is_still_explained_to_staff(
    checking,
):
    """A page that was loaded anew begins its step again; the click may come before the finding."""
    dead = {"kind": "microphone", "error": "not_found"}
    await step(checking, "microphone")
    await checking.client.say("measured", record=dead)
    await checking.client.say("run_step", kind="microphone")
    assert checking.client.shown.check.findings == []
    await checking.client.say("waive", kind="microphone")
    found = finding(checking.client.shown, "microphone")
    assert (found.verdict, found.cause) == ("waived", "microphone_not_found")
