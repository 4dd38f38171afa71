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
