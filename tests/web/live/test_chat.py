from datetime import UTC, datetime, timedelta

import pytest

from appliance.web.commands import LineAgain
from appliance.web.live.chat import LINES_PER_VISIT, ChatRefused, Chats, Speaker, clean

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CLIENT = Speaker("client")


def say(chats: Chats, number: int, *, sender="client", text="Guten Tag", now_s=0.0):
    at = NOW + timedelta(seconds=number)
    return chats.say("v", Speaker(sender), f"line-{number:04}", text, sent_at=at, now_s=now_s)


def test_it_works():
    chats = Chats()
    line = say(chats, 1, text="Hier: https://example.org/antrag")
    assert line.text == "Hier: https://example.org/antrag"
    assert chats.lines("v") == [line]
    assert chats.lines("another") == []


def test_a_repeated_line_is_one_line():
    chats = Chats()
    first = say(chats, 1)
    assert say(chats, 1, text="anders") == first
    assert len(chats.lines("v")) == 1


def test_both_sides_may_use_the_same_id():
    chats = Chats()
    say(chats, 1, sender="client")
    say(chats, 1, sender="adviser")
    assert len(chats.lines("v")) == 2


def test_lines_stand_in_the_order_of_time():
    chats = Chats()
    say(chats, 2, now_s=2)
    say(chats, 1, sender="adviser", now_s=3)
    assert [line.line_id for line in chats.lines("v")] == ["line-0001", "line-0002"]


def test_the_sixth_line_within_a_second_is_refused():
    chats = Chats()
    for number in range(5):
        say(chats, number, now_s=10.0 + number / 10)
    with pytest.raises(ChatRefused, match="chat_too_fast"):
        say(chats, 6, now_s=10.9)
    say(chats, 7, sender="adviser", now_s=10.9)
    say(chats, 8, now_s=11.1)


def test_a_visit_holds_500_lines():
    chats = Chats()
    for number in range(LINES_PER_VISIT):
        say(chats, number, now_s=float(number))
    with pytest.raises(ChatRefused, match="chat_full"):
        say(chats, LINES_PER_VISIT, now_s=1e6)


@pytest.mark.parametrize("text", [" ", "\x00\x07", "\u202e\u2066", "\ud800"])
def test_a_line_of_nothing_is_refused(text):
    with pytest.raises(ChatRefused, match="chat_empty"):
        say(Chats(), 1, text=text)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x00b\x1bc", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("u\u0308ber", "über"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
        ("\u202egnp.exe", "gnp.exe"),
        ("e" + "\u0316" * 40, "e" + "\u0316" * 4),
        ("👩\u200d🔧 مرحبا", "👩\u200d🔧 مرحبا"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("x" * 2100, "x" * 2000),
    ],
)
def test_text_is_cleaned_and_otherwise_left_as_it_is(given, shown):
    assert clean(given) == shown


def test_own_lines_can_be_offered_again_after_a_restart():
    chats = Chats()
    old = LineAgain(line_id="line-0001", text="Vor dem Neustart", sent_at=NOW)
    later = NOW + timedelta(minutes=1)
    assert [line.text for line in chats.offered_again("v", CLIENT, [old], now=later)] == [
        "Vor dem Neustart"
    ]
    assert chats.offered_again("v", CLIENT, [old], now=later) == []
    assert chats.lines("v")[0].sender == "client"
    assert chats.lines("v")[0].sent_at == NOW


def test_an_offered_line_is_never_from_the_future():
    again = LineAgain(line_id="line-0001", text="x", sent_at=NOW + timedelta(days=1))
    assert Chats().offered_again("v", CLIENT, [again], now=NOW)[0].sent_at == NOW


def test_what_is_forgotten_is_gone():
    chats = Chats()
    say(chats, 1)
    chats.forget("v")
    assert chats.lines("v") == []
