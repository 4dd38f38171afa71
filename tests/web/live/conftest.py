import pytest

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
