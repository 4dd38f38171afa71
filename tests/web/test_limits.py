"""Budgets: who shares one, who does not, and when it is whole again."""

import time

import pytest
import time_machine

from appliance.web.limits import FIGURES, Budget, Limiter, TooMany, networks_of


def use_up(limiter, budget, address, times=None, subject=""):
    for _ in range(times or FIGURES[budget].address):
        limiter.failed(budget, address, subject)


def test_it_works():
    limiter = Limiter()
    limiter.check(Budget.LINKS, "192.0.2.1")
    use_up(limiter, Budget.LINKS, "192.0.2.1")
    with pytest.raises(TooMany) as refused:
        limiter.check(Budget.LINKS, "192.0.2.1")
    assert 0 < refused.value.retry_after_s <= 300


def test_a_budget_that_is_used_up_is_one_line_in_the_log(caplog):
    caplog.set_level("INFO")
    limiter = Limiter()

    def lines(address="192.0.2.1"):
        use_up(limiter, Budget.LINKS, address)
        for _ in range(20):
            with pytest.raises(TooMany):
                limiter.check(Budget.LINKS, address)
        return caplog.text.count("limit_reached")

    assert [lines(), lines(), lines("192.0.2.2")] == [1, 1, 2]
    with time_machine.travel(time.time() + 301):
        assert lines() == 3


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", ("192.0.2.77/32", "192.0.2.0/24")),
        ("::ffff:192.0.2.77", ("192.0.2.77/32", "192.0.2.0/24")),
        ("2001:db8:a:b:c:d:e:f", ("2001:db8:a:b::/64", "2001:db8:a::/48")),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("nonsense", ("unknown", "unknown")),
        ("", ("unknown", "unknown")),
    ],
)
def test_what_an_address_is_counted_as(address, expected):
    assert networks_of(address) == expected


def test_a_network_has_a_budget_of_its_own():
    limiter = Limiter()
    for number in range(4):
        use_up(limiter, Budget.LINKS, f"192.0.2.{number}")
    with pytest.raises(TooMany):
        limiter.check(Budget.LINKS, "192.0.2.200")
    limiter.check(Budget.LINKS, "192.0.3.200")


def test_hopping_within_a_64_does_not_help():
    limiter = Limiter()
    for number in range(FIGURES[Budget.NUMBERS].address):
        limiter.failed(Budget.NUMBERS, f"2001:db8::{number:x}")
    with pytest.raises(TooMany):
        limiter.check(Budget.NUMBERS, "2001:db8::ffff")


def test_budgets_are_apart():
    limiter = Limiter()
    use_up(limiter, Budget.LOGIN, "192.0.2.1")
    limiter.check(Budget.LINKS, "192.0.2.1")


def test_everybodys_budget_stops_numbers_but_never_links():
    limiter = Limiter(["10.0.0.0/8"])
    for number in range(1000):
        address = f"198.{number % 250}.{number // 250}.1"
        limiter.failed(Budget.NUMBERS, address)
        limiter.failed(Budget.LINKS, address)
    with pytest.raises(TooMany):
        limiter.check(Budget.NUMBERS, "203.0.113.1")
    limiter.check(Budget.LINKS, "203.0.113.1")
    limiter.check(Budget.NUMBERS, "10.1.2.3")  # staff are not locked out by the world


def test_staff_networks_have_more():
    limiter = Limiter(["10.0.0.0/8"])
    use_up(limiter, Budget.LOGIN, "10.0.0.1", FIGURES[Budget.LOGIN].address * 10 - 1)
    limiter.check(Budget.LOGIN, "10.0.0.1")
    limiter.failed(Budget.LOGIN, "10.0.0.1")
    with pytest.raises(TooMany):
        limiter.check(Budget.LOGIN, "10.0.0.1")


def test_it_is_whole_again_after_the_window():
    with time_machine.travel(1_800_000_000, tick=False) as time:
        limiter = Limiter()
        use_up(limiter, Budget.LINKS, "192.0.2.1")
        with pytest.raises(TooMany) as refused:
            limiter.check(Budget.LINKS, "192.0.2.1")
        time.shift(refused.value.retry_after_s)
        limiter.check(Budget.LINKS, "192.0.2.1")


def test_checking_counts_nothing():
    limiter = Limiter()
    for _ in range(1000):
        limiter.check(Budget.LINKS, "192.0.2.1")


async def test_a_forwarded_address_counts_from_a_known_proxy_only(web, monkeypatch):
    guess = {"secret": "x" * 43}
    for number in range(FIGURES[Budget.LINKS].address):
        forged = web.browser("192.0.2.1", X_Forwarded_For=f"203.0.113.{number}")
        await forged.post("/api/v1/links/look", json=guess)
    answer = await web.browser("192.0.2.1").post("/api/v1/links/look", json=guess)
    assert answer.status_code == 429
    settings = web.parts.settings
    web_settings = settings.web.model_copy(update={"trusted_proxies": ["192.0.2.1/32"]})
    web.parts.settings = settings.model_copy(update={"web": web_settings})
    behind = web.browser("192.0.2.1", X_Forwarded_For="6.6.6.6, 203.0.113.99")
    assert (await behind.post("/api/v1/links/look", json=guess)).status_code == 404
