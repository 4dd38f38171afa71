import xml.etree.ElementTree as ET

import cv2
import numpy as np
import pytest

from appliance.appointments.credentials import (
    PASSWORD_ALPHABET,
    in_groups,
    link_address,
    looks_like_link_secret,
    new_link_secret,
    new_number,
    new_password,
    number_in_groups,
    qr_png,
    qr_svg,
    typed_number,
)


def test_it_works():
    secret = new_link_secret()
    assert looks_like_link_secret(secret)
    link = link_address("https://termin.example/", secret)
    assert link == f"https://termin.example/v#{secret}"
    assert in_groups("K7MP4QXW") == "K7MP 4QXW"
    assert number_in_groups("1234567890") == "123 456 78 90"


def test_thirty_one_letters_without_look_alikes():
    assert len(set(PASSWORD_ALPHABET)) == len(PASSWORD_ALPHABET) == 31
    assert not set(PASSWORD_ALPHABET) & set("01OIL")


def test_passwords_use_the_whole_alphabet():
    passwords = [new_password() for _ in range(500)]
    assert len(set(passwords)) == 500
    assert set("".join(passwords)) == set(PASSWORD_ALPHABET)


def test_numbers_have_ten_digits():
    assert all(
        len(n) == 10 and n.isdigit() and n[0] != "0" for n in (new_number() for _ in range(500))
    )


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123 456 78 90", "1234567890"),
        ("123-456/78.90", "1234567890"),
        ("123456789", None),
        ("12345678901", None),
        ("123456789O", None),
        ("", None),
    ],
)
def test_typed_numbers(typed, digits):
    assert typed_number(typed) == digits


def test_the_qr_code_leads_to_the_link():
    link = link_address("https://termin.example", new_link_secret())
    picture = cv2.imdecode(np.frombuffer(qr_png(link), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == link


def test_the_svg_can_stand_in_a_page():
    svg = qr_svg("https://termin.example/v#x")
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"]
    assert "style=" not in svg, "the page's content security policy forbids inline styles"
