"""What somebody says on the telephone finds their appointment."""

import pytest

from appliance.appointments.models import Appointment
from appliance.appointments.search import matches
from tests.builders.bookings import MONDAY_9

ERIKA = Appointment(
    adviser_id="a",
    starts_at=MONDAY_9,
    ends_at=MONDAY_9,
    language="de",
    client_name="Erika Müßig-Öztürk",
    client_email="Erika@Example.org",
    client_phone="+49301234567",
    customer_number="K-77",
    session_number="1234567890",
    calendar_uid="u",
    created_at=MONDAY_9,
)


@pytest.mark.parametrize(
    "wanted",
    [
        "öztürk", "ERIKA", "öztürk erika", "Müssig", "erika@example.org", "k-77",
        "123 456 7890", "1234", "030 123 45 67", "+49 30 1234567",
    ],
)  # fmt: skip
def test_it_works(wanted):
    assert matches(ERIKA, wanted)


@pytest.mark.parametrize(
    "wanted", ["", "  ", "er", "Erik Özil", "example.org", "77", "030", "0000", "K-7", "%", "..."]
)
def test_what_finds_nothing(wanted):
    assert not matches(ERIKA, wanted)
