import pytest

from tests.builders.bookings import make_house


@pytest.fixture
def house(tmp_path):
    house = make_house(tmp_path)
    yield house
    house.database.close()
