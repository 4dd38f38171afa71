import pytest

from appliance.appointments.booking import readable_phone, tidy_phone


def test_it_works():
    assert tidy_phone(" (030) 123-4567 ") == "+49301234567"
    assert readable_phone("+49301234567") == "030 1234567"


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("+48 22 123 45 67", "+48221234567"),
        ("0048 22 123 45 67", "+48221234567"),
        ("0171/1234567", "+491711234567"),
        ("", ""),
    ],
)
def test_numbers_as_people_write_them(typed, e164):
    assert tidy_phone(typed) == e164


@pytest.mark.parametrize("typed", ["12", "abc", "+", "030" * 20, "+999 123456"])
def test_what_cannot_be_a_number(typed):
    with pytest.raises(ValueError, match="Telefonnummer"):
        tidy_phone(typed)


def test_foreign_numbers_are_shown_with_their_prefix():
    assert readable_phone("+48221234567") == "+48 22 123 45 67"
    assert readable_phone("") == ""
