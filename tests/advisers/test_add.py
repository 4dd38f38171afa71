import pyotp
import pytest

from appliance.advisers.errors import AdviserLoginInvalid, AdviserLoginTaken, PasswordWeak
from appliance.advisers.models import Role
from appliance.advisers.second_factor import totp_now
from tests.builders.bookings import PASSWORD


async def test_it_works(house):
    new = await house.advisers.add(" Yilmaz ", "Ayşe  Yılmaz", PASSWORD, Role.ADMINISTRATOR)
    assert (new.adviser.login, new.adviser.name) == ("yilmaz", "Ayşe Yılmaz")
    assert new.adviser.role is Role.ADMINISTRATOR
    scanned = pyotp.parse_uri(new.totp_uri)
    assert scanned.secret == new.adviser.totp_secret
    assert scanned.name == "yilmaz"
    assert len(set(new.recovery_codes)) == 10
    assert await house.advisers.everybody() == [new.adviser]
    assert await house.advisers.name(new.adviser.id) == "Ayşe Yılmaz"
    assert await house.advisers.name("nonesuch") == ""


async def test_a_login_is_taken_once(house):
    await house.add_adviser("yilmaz")
    with pytest.raises(AdviserLoginTaken):
        await house.add_adviser("YILMAZ")


@pytest.mark.parametrize("login", ["", "a", "ä" * 5, "a b", "-ab", "a" * 65, "a\nb"])
async def test_odd_logins(house, login):
    with pytest.raises(AdviserLoginInvalid):
        await house.add_adviser(login)


@pytest.mark.parametrize(
    "password",
    ["kurz", "elf-zeichen", "aaaaaaaaaaaaaaaa", "123456789012", "Passwort12345!", "qwertzuiop123!",
     "musteramt2026", "yilmaz123456", "…" * 12, "x7" * 65],
)  # fmt: skip
async def test_weak_passwords(house, password):
    with pytest.raises(PasswordWeak):
        await house.advisers.add("yilmaz", "Ayşe Yılmaz", password)


@pytest.mark.parametrize(
    "password", ["ein-Vogel-im-Garten", "drei rote Fahrräder", "correct horse"]
)
async def test_passwords_of_words_are_fine(house, password):
    assert await house.advisers.add("yilmaz", "Ayşe Yılmaz", password)


async def test_the_same_letters_from_another_keyboard(house):
    """ä as one character or as a and two dots."""
    new = await house.advisers.add("yilmaz", "Ayşe Yılmaz", "drei rote Fahrra\u0308der")
    code = totp_now(new.adviser.totp_secret, house.clock())
    assert await house.advisers.log_in("yilmaz", "drei rote Fahrr\u00e4der", code, "192.0.2.7")


async def test_a_new_second_factor_replaces_the_old(house):
    new = await house.add_adviser()
    renewed = await house.advisers.renew_second_factor(new.adviser.id, "administrator")
    assert renewed.adviser.totp_secret != new.adviser.totp_secret
    assert not set(renewed.recovery_codes) & set(new.recovery_codes)
    assert await house.log_in(renewed)
