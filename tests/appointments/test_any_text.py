"""Whatever is typed: a tidy value, or a plain refusal. Never a crash, never a hidden character."""

import unicodedata
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import example, given
from hypothesis import strategies as st

from appliance.appointments.booking import (
    FORBIDDEN_CATEGORIES,
    readable_phone,
    tidy_email,
    tidy_line,
    tidy_phone,
)
from appliance.appointments.credentials import looks_like_link_secret, typed_number


def test_it_works():
    assert tidy_line("  Zoe\u0308  Müller ", 120) == "Zoë Müller"
    assert tidy_email(" Erika@Example.ORG ") == "Erika@example.org"


@given(st.text())
@example("A\r\nBcc: x@example.org")
@example("\ud800")
def test_a_line_can_stand_in_a_header(text):
    try:
        line = tidy_line(text, 120)
    except ValueError:
        return
    assert not any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in line)
    mail = EmailMessage(policy=SMTP)
    mail["To"] = Address(display_name=line, addr_spec="a@example.org")
    assert [name for name, _ in message_from_bytes(mail.as_bytes()).items()] == ["To"]


EMAIL_LIKE = st.from_regex(r"\A[^@]{0,20}@[^@]{0,40}\Z") | st.text() | st.emails()


@given(EMAIL_LIKE)
@example("a@" + "a" * 64 + ".de")
@example("a@.de")
@example("a@xn--.de")
@example("=?utf-8?q?a?=@example.org")
def test_an_address_is_plain_ascii_with_one_at(text):
    try:
        address = tidy_email(text)
    except ValueError:
        return
    if address:
        assert address.isascii()
        assert address.count("@") == 1
        assert not set(address) & set(' \r\n\t<>,;:"()[]\\')
        mail = EmailMessage(policy=SMTP)
        mail["To"] = Address(display_name="x", addr_spec=address)
        assert mail["To"].addresses[0].addr_spec == address


@given(st.text() | st.from_regex(r"\A[+0-9 ()/-]{0,20}\Z"))
def test_a_number_is_e164(text):
    try:
        number = tidy_phone(text)
    except ValueError:
        return
    assert number == "" or (number[0] == "+" and number[1:].isdigit() and len(number) <= 20)
    assert bool(readable_phone(number)) == bool(number)


@given(st.text())
def test_secrets_and_numbers_are_ascii(text):
    assert not looks_like_link_secret(text) or text.isascii()
    digits = typed_number(text)
    assert digits is None or (digits.isascii() and len(digits) == 10)
