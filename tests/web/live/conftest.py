import pytest

from tests.web.live.house import House
from tests.web.live.stage import Stage, make_meeting


@pytest.fixture
async def stage(tmp_path):
    stage = Stage(tmp_path)
    await stage.open()
    yield stage
    await stage.close()


@pytest.fixture
async def meeting(stage):
    return await make_meeting(stage)


@pytest.fixture
async def checking(meeting):
    """In the check, with media connected."""
    await meeting.client.say("start_check", terms_version="t-1")
    await meeting.client.connect()
    return meeting


@pytest.fixture
async def house(tmp_path):
    """For real processes; the test starts those that it needs."""
    (tmp_path / "data").mkdir()
    made = House(tmp_path)
    yield made
    await made.close()
