import pytest

from appliance.appointments.credentials import in_groups
from appliance.outbox.states import Failure
from appliance.settings import SmsSettings
from tests.builders.bookings import make_booking, make_house
from tests.outbox.servers import SmsGateway


@pytest.fixture
def gateway():
    with SmsGateway() as gateway:
        yield gateway


@pytest.fixture
def sms_house(tmp_path, gateway):
    token = tmp_path / "token"
    token.write_text("geheim\n")
    house = make_house(tmp_path, sms=SmsSettings(url=gateway.url, token_file=token))
    yield house
    house.database.close()


async def sms_of(house, booked):
    return (await house.outbox.deliveries([booked.id]))[booked.id].sms


async def test_it_works(sms_house, gateway):
    """The password goes by SMS; the mail that carries the link does not know it."""
    booked = await sms_house.appointments.book(make_booking(sms=True), "adviser")
    assert await sms_house.outbox.sender.run_once() == 1
    password = await sms_house.appointments.session_password(booked.id, "adviser")
    (headers, post) = gateway.posts[0]
    assert headers["Authorization"] == "Bearer geheim"
    assert post["to"] == "+49309876543"
    assert in_groups(password) in post["text"]
    assert len(post["text"]) <= 160
    assert "/v#" not in post["text"]
    (mail,) = await sms_house.outbox.messages_kept("administrator")
    assert password not in mail.text.replace(" ", "")
    assert booked.session_number not in mail.text.replace(" ", "")
    assert (await sms_of(sms_house, booked)).state == "sent"


async def test_only_when_asked(sms_house, gateway):
    booked = await sms_house.appointments.book(make_booking(), "adviser")
    await sms_house.outbox.sender.run_once()
    assert gateway.posts == []
    assert (await sms_of(sms_house, booked)).state == "none"


async def test_without_a_gateway_there_is_none(house):
    booked = await house.appointments.book(make_booking(sms=True), "adviser")
    assert not house.outbox.sms_configured
    assert (await sms_of(house, booked)).state == "none"


@pytest.mark.parametrize(
    ("status", "state", "failure"),
    [
        (400, "failed", Failure.RECIPIENT_REFUSED),
        (401, "waiting", Failure.LOGIN_REFUSED),
        (429, "waiting", Failure.REFUSED_FOR_NOW),
        (503, "waiting", Failure.REFUSED_FOR_NOW),
        (302, "waiting", Failure.REFUSED_FOR_NOW),
    ],
)
async def test_refusals(sms_house, gateway, status, state, failure):
    gateway.status = status
    booked = await sms_house.appointments.book(make_booking(sms=True), "adviser")
    await sms_house.outbox.sender.run_once()
    found = await sms_of(sms_house, booked)
    assert (found.state, found.failure) == (state, failure)
    assert len(gateway.posts) == 1, "no redirect is followed"


async def test_gateway_down(tmp_path):
    with SmsGateway() as gone:
        url = gone.url
    house = make_house(tmp_path, sms=SmsSettings(url=url))
    booked = await house.appointments.book(make_booking(sms=True), "adviser")
    await house.outbox.sender.run_once()
    found = await sms_of(house, booked)
    assert (found.state, found.failure) == ("waiting", Failure.UNREACHABLE)
    house.database.close()
