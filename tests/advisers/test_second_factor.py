from datetime import UTC, datetime

import pytest

from appliance.advisers.second_factor import matching_counter, totp_now

# RFC 6238, appendix B: the secret "12345678901234567890", SHA-1, six of the eight digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_it_works(seconds, digits):
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp_now(SECRET, now) == digits
    assert matching_counter(SECRET, digits, 0, now) == seconds // 30


def test_a_used_step_never_counts_again():
    now = datetime.fromtimestamp(1111111109, UTC)
    step = 1111111109 // 30
    assert matching_counter(SECRET, "081804", step - 1, now) == step
    assert matching_counter(SECRET, "081804", step, now) is None


@pytest.mark.parametrize(
    "typed", ["", "08180", "0818045", "abcdef", "０８１８０４", "\x00", "é" * 6]
)
def test_anything_else_is_wrong(typed):
    assert matching_counter(SECRET, typed, 0, datetime.fromtimestamp(1111111109, UTC)) is None


def test_spaces_are_forgiven():
    now = datetime.fromtimestamp(1111111109, UTC)
    assert matching_counter(SECRET, " 081 804 ", 0, now) is not None
