import pytest

from appliance.messages.service import MessageService, Reader
from appliance.visits.models import Entry, Visit
from tests.builders.clock import HandClock
from tests.builders.storage import make_database

STAFF = {"adviser-1", "adviser-2"}


def own_or_open(me: str, *teams: str):
    """An adviser's rights; who has left is nobody."""

    def may(adviser_id, team_id):
        mine = adviser_id == me or adviser_id not in STAFF
        return mine and (team_id is None or team_id in teams)

    return may


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def database(tmp_path):
    opened = make_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def messages(database, clock):
    return MessageService(database, clock)


@pytest.fixture
async def leave(database, messages, clock):
    """Leaves a message of a visit of its own."""

    async def work(adviser_id: str | None = "adviser-1", team_id=None, **words) -> str:
        now = clock()
        visit = Visit(
            entry=Entry.LINK,
            language="de",
            team_id=team_id,
            state_since=now,
            client_seen_at=now,
            created_at=now,
        )
        await database.write(lambda session: session.add(visit))
        said = {"text": "Bitte melden.", "phone": "", "wants_call": False} | words
        await messages.leave(visit.id, adviser_id, **said)
        return visit.id

    return work


@pytest.fixture
def reader():
    return Reader("adviser-1", own_or_open("adviser-1"))


@pytest.fixture
def colleague():
    return Reader("adviser-2", own_or_open("adviser-2"))
