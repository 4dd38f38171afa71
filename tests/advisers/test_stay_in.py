import pytest

from appliance.advisers.errors import LoginRefused
from appliance.advisers.logins import LoginState, state_of
from appliance.advisers.models import Adviser, AdviserLogin, Role
from appliance.events import LoginEnded
from tests.builders.bookings import MONDAY_9, PASSWORD

ADDRESS = "192.0.2.7"


async def state(house, secret) -> LoginState:
    view = await house.advisers.look(secret)
    assert view is not None
    return view.state


async def test_it_works(house):
    """Use keeps a login open; the absolute limit ends it all the same."""
    secret = await house.log_in(await house.add_adviser())
    for _ in range(24):
        house.clock.forward(minutes=29)
        assert await house.advisers.by_login(secret)
    house.clock.forward(minutes=24)  # 12 hours
    assert await house.advisers.by_login(secret) is None
    assert await state(house, secret) is LoginState.OVER


async def test_idle_for_half_an_hour_locks(house):
    secret = await house.log_in(await house.add_adviser())
    house.clock.forward(minutes=30)
    assert await house.advisers.by_login(secret) is None
    assert await state(house, secret) is LoginState.LOCKED


async def test_looking_does_not_keep_it_open(house):
    secret = await house.log_in(await house.add_adviser())
    for _ in range(3):
        house.clock.forward(minutes=10)
        await house.advisers.look(secret)
    assert await house.advisers.by_login(secret) is None


async def test_the_password_unlocks(house):
    secret = await house.log_in(await house.add_adviser())
    house.clock.forward(minutes=31)
    with pytest.raises(LoginRefused):
        await house.advisers.unlock(secret, "wrong", ADDRESS)
    assert await house.advisers.by_login(secret) is None
    assert house.limiter.failures == [(ADDRESS, "yilmaz")]
    await house.advisers.unlock(secret, PASSWORD, ADDRESS)
    assert await house.advisers.by_login(secret)


async def test_what_is_over_cannot_be_unlocked(house):
    secret = await house.log_in(await house.add_adviser())
    await house.advisers.log_out(secret)
    with pytest.raises(LoginRefused):
        await house.advisers.unlock(secret, PASSWORD, ADDRESS)


async def test_an_administrators_login_is_shorter(house):
    secret = await house.log_in(await house.add_adviser(role=Role.ADMINISTRATOR))
    house.clock.forward(minutes=15)
    assert await state(house, secret) is LoginState.LOCKED
    house.clock.forward(hours=8)
    assert await state(house, secret) is LoginState.OVER


async def test_logging_out(house):
    new = await house.add_adviser()
    secret = await house.log_in(new)
    await house.advisers.log_out(secret)
    await house.database.published()
    assert await house.advisers.by_login(secret) is None
    assert [event.adviser_id for event in house.happened if isinstance(event, LoginEnded)] == [
        new.adviser.id
    ]


@pytest.mark.parametrize("wrong", ["", "x", "A" * 43, "ä" * 43])
async def test_unknown_secrets(house, wrong):
    await house.log_in(await house.add_adviser())
    assert await house.advisers.by_login(wrong) is None
    await house.advisers.log_out(wrong)


async def two_logins(house):
    new = await house.add_adviser()
    first = await house.log_in(new)
    house.clock.forward(seconds=30)
    return new.adviser, first, await house.log_in(new)


async def test_revoking_all_but_this_one(house):
    adviser, first, second = await two_logins(house)
    assert await house.advisers.revoke_all(adviser.id, but=second) == 1
    assert await house.advisers.by_login(first) is None
    assert await house.advisers.by_login(second)


async def test_revoking_one(house):
    adviser, first, second = await two_logins(house)
    _newest, oldest = await house.advisers.logins(adviser.id)
    await house.advisers.revoke(adviser.id, oldest.id, adviser.id)
    assert await house.advisers.by_login(first) is None
    assert await house.advisers.by_login(second)


async def test_somebody_elses_login_is_left_alone(house):
    adviser, _, second = await two_logins(house)
    (newest, _) = await house.advisers.logins(adviser.id)
    other = (await house.advisers.add("kowalski", "Jan Kowalski", PASSWORD)).adviser
    await house.advisers.revoke(other.id, newest.id, other.id)
    assert await house.advisers.by_login(second)


async def test_closing_the_account_ends_every_login(house):
    adviser, first, second = await two_logins(house)
    await house.advisers.close_account(adviser.id, "administrator")
    assert await house.advisers.by_login(first) is None
    assert await house.advisers.by_login(second) is None


async def test_a_new_password_ends_every_login(house):
    adviser, first, _ = await two_logins(house)
    await house.advisers.set_password(adviser.id, "drei rote Fahrräder", adviser.id)
    assert await house.advisers.by_login(first) is None
    assert await state(house, first) is LoginState.OVER


def test_a_closed_account_has_no_open_login():
    login = AdviserLogin(adviser_id="a", secret_hash="", created_at=MONDAY_9, seen_at=MONDAY_9)
    adviser = Adviser(
        login="a",
        name="A",
        role=Role.ADVISER,
        password_hash="",
        totp_secret="",
        created_at=MONDAY_9,
    )
    assert state_of(login, adviser, MONDAY_9) is LoginState.OPEN
    adviser.active = False
    assert state_of(login, adviser, MONDAY_9) is LoginState.OVER
