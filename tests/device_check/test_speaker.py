from random import Random

from appliance.device_check import speaker
from appliance.device_check.records import DeviceError, SpeakerAnswer, Verdict
from appliance.device_check.speaker import Attempt


def judged(*attempts: Attempt) -> tuple[Verdict, str]:
    finding = speaker.judge(attempts)
    return finding.verdict, finding.cause


def tapped(spoken: str, number: str) -> Attempt:
    return Attempt(spoken, SpeakerAnswer(tapped=number))


def test_it_works() -> None:
    assert judged(tapped("472", "472")) == (Verdict.PASSED, "")


def test_open_before_an_answer_and_after_one_slip() -> None:
    assert judged() == (Verdict.OPEN, "")
    assert judged(tapped("472", "427")) == (Verdict.OPEN, "")


def test_right_at_the_second_try() -> None:
    assert judged(tapped("472", "427"), tapped("105", "105")) == (Verdict.PASSED, "")


def test_wrong_twice() -> None:
    attempts = (tapped("472", "427"), tapped("105", "150"))
    assert judged(*attempts) == (Verdict.FAILED, "speaker_wrong_number")


def test_heard_nothing() -> None:
    nothing = Attempt("472", SpeakerAnswer(heard_nothing=True))
    assert judged(nothing) == (Verdict.FAILED, "speaker_not_heard")


def test_the_browser_refused_to_play() -> None:
    refused = Attempt("472", SpeakerAnswer(error=DeviceError.TIMED_OUT))
    assert judged(refused) == (Verdict.FAILED, "speaker_not_playing")


def test_there_is_no_output_at_all() -> None:
    none = Attempt("472", SpeakerAnswer(error=DeviceError.NOT_FOUND))
    assert judged(none) == (Verdict.FAILED, "speaker_no_output")


def test_whoever_writes_has_failed_at_nothing() -> None:
    assert speaker.text_wanted().verdict is Verdict.WAIVED


def test_numbers_and_choices() -> None:
    random = Random(1)
    for _ in range(200):
        spoken = speaker.new_number(random)
        offered = speaker.choices(spoken, random)
        assert len(set(spoken)) == 3
        assert len(set(offered)) == len(offered) == 6
        assert spoken in offered
        assert all(len(number) == 3 and number.isdigit() for number in offered)


def test_the_right_one_stands_anywhere() -> None:
    random = Random(2)
    places = {speaker.choices("472", random).index("472") for _ in range(200)}
    assert places == set(range(6))
