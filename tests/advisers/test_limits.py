"""With the appliance's own limiter: ten failures per account and per address in five minutes."""

import pytest

from appliance.advisers.errors import LoginRefused
from appliance.advisers.second_factor import totp_now
from appliance.advisers.service import AdviserService
from appliance.app import LoginBudget
from appliance.web.limits import Limiter, TooMany
from tests.builders.bookings import PASSWORD, quick_passwords


@pytest.fixture
def limited(house):
    budget = LoginBudget(Limiter(["10.0.0.0/8"]))
    return AdviserService(house.database, house.settings, budget, house.clock, quick_passwords())


async def fail(limited, login: str, address: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            await limited.log_in(login, "wrong", "000000", address)


async def test_it_works(house, limited):
    """The eleventh try on one account is refused, from any address, even with everything right."""
    new = await house.add_adviser()
    for part in range(10):
        await fail(limited, "yilmaz", f"192.0.{part}.1", 1)
    code = totp_now(new.adviser.totp_secret, house.clock())
    with pytest.raises(TooMany) as refused:
        await limited.log_in("yilmaz", PASSWORD, code, "203.0.113.5")
    assert refused.value.retry_after_s <= 300


async def test_unknown_accounts_count_alike(limited):
    await fail(limited, "nobody", "192.0.2.1", 10)
    with pytest.raises(TooMany):
        await limited.log_in("nobody", "wrong", "000000", "203.0.113.5")


async def test_one_address_against_many_accounts(limited):
    for account in range(10):
        await fail(limited, f"name{account}", "192.0.2.1", 1)
    with pytest.raises(TooMany):
        await limited.log_in("name10", "wrong", "000000", "192.0.2.1")


async def test_successes_are_free(house, limited):
    new = await house.add_adviser()
    for _ in range(25):
        house.clock.forward(seconds=30)
        code = totp_now(new.adviser.totp_secret, house.clock())
        assert await limited.log_in("yilmaz", PASSWORD, code, "192.0.2.1")


async def test_strangers_cannot_lock_somebody_out_of_the_house(house, limited):
    new = await house.add_adviser()
    await fail(limited, "yilmaz", "192.0.2.1", 10)
    code = totp_now(new.adviser.totp_secret, house.clock())
    assert await limited.log_in("yilmaz", PASSWORD, code, "10.1.2.3")


async def test_inside_the_house_an_account_is_guarded_as_well(limited):
    for part in range(10):
        await fail(limited, "yilmaz", f"10.0.{part}.1", 1)
    with pytest.raises(TooMany):
        await limited.log_in("yilmaz", "wrong", "000000", "10.1.2.3")
