import pytest

from tests.builders.bookings import make_house
from tests.outbox.servers import SmtpServer


@pytest.fixture
def smtp():
    with SmtpServer() as server:
        yield server


@pytest.fixture
def house(tmp_path, smtp):
    """With the real mail server configured."""
    house = make_house(tmp_path, mail=smtp.settings)
    yield house
    house.database.close()


@pytest.fixture
def offline_house(tmp_path):
    """Without a mail server."""
    house = make_house(tmp_path)
    yield house
    house.database.close()
