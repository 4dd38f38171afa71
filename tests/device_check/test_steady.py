from appliance.device_check.steady import Steady


def shown(words: str, *, hold_s: float, least_s: float = 0.0, step_s: float = 1.0) -> str:
    steady: Steady[str] = Steady(hold_s=hold_s, least_s=least_s)
    return "".join(steady.see(word, number * step_s) for number, word in enumerate(words))


def test_it_works() -> None:
    assert shown("aabbbbb", hold_s=2) == "aaaabbb"


def test_what_flickers_is_not_shown() -> None:
    assert shown("aabababaca", hold_s=2) == "aaaaaaaaaa"
    assert shown("aabbcbbcc", hold_s=2) == "aaaaaaaaa"


def test_no_two_changes_within_the_least_time() -> None:
    assert shown("abbccddd", hold_s=1, least_s=1) == "aabbccdd"
    assert shown("abbccddddd", hold_s=1, least_s=5) == "aaaaaadddd"


def test_after_a_restart_the_next_word_is_shown_at_once() -> None:
    steady: Steady[str] = Steady(hold_s=2)
    assert steady.see("a", 0) == "a"
    steady.restart()
    assert steady.shown is None
    assert steady.see("b", 0.1) == "b"
