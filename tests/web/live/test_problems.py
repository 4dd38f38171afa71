"""Whatever goes wrong, the page gets a plain sentence, and the visit stays as it was."""

import pytest

from appliance.i18n import LANGUAGES, translations
from appliance.relay.client import RelayError
from appliance.relay.control import PeerState
from appliance.storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseError,
    DatabaseReadOnly,
    DiskFull,
)
from appliance.visits.states import VisitState
from appliance.web.live.problems import WORDS, problem, problem_of
from appliance.web.wire import Problem


def test_it_works():
    assert problem("conflict", "de") == Problem(
        code="conflict",
        title="Inzwischen hat sich etwas geändert.",
        detail="Vielleicht war jemand schneller. Bitte sehen Sie noch einmal in die Liste.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_its_words_and_a_next_step(language):
    for code in WORDS:
        said = problem(code, language)
        assert said.title
        assert said.detail
        if language != "de":
            assert said.title == translations(language).gettext(WORDS[code].title)
            assert said.title != WORDS[code].title, code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DatabaseBusy(), "database_busy"),
        (DiskFull(), "disk_full"),
        (DatabaseReadOnly(), "database_failed"),
        (DatabaseDamaged(), "database_failed"),
        (RelayError("busy"), "busy"),
        (RelayError("timeout"), "timeout"),
        (KeyError("client's name"), "unexpected"),
    ],
)
def test_errors_are_told_by_their_code(error, code):
    said = problem_of(error, "de")
    assert said.code == code
    assert "name" not in said.title + said.detail
    assert "IT" not in said.title + said.detail


def test_an_error_of_the_domain_says_its_own_sentence():
    class VisitUnderWay(Exception):
        code = "visit_under_way"
        sentence = "Ihr Gespräch läuft schon in einem anderen Browser."

    assert problem_of(VisitUnderWay(), "de").title == VisitUnderWay.sentence


@pytest.mark.parametrize("error", [DatabaseBusy, DiskFull, DatabaseError])
async def test_a_session_goes_on_when_the_database_does_not(meeting, monkeypatch, error):
    await meeting.begin()
    routes = meeting.stage.relay.words(meeting.visit.id)

    async def fails(*_args, **_details):
        raise error

    monkeypatch.setattr(meeting.stage.parts.visits, "happen", fails)
    await meeting.client.say("leave")
    await meeting.desk.say("end_visit")
    assert meeting.client.problems == [error.code]
    assert meeting.desk.problems == [error.code]
    assert meeting.stage.relay.words(meeting.visit.id) == routes
    assert meeting.client.shown.state is VisitState.IN_SESSION
    monkeypatch.undo()
    await meeting.desk.say("end_visit")
    assert meeting.client.shown.state is VisitState.CLOSED


async def test_work_that_fails_is_tried_again(meeting, monkeypatch):
    await meeting.begin()

    async def fails(*_args):
        raise DatabaseBusy

    monkeypatch.setattr(meeting.stage.parts.visits, "get", fails)
    peer = meeting.client.shown.peer_id
    await meeting.stage.relay.change(peer, PeerState.LOST)
    await meeting.stage.live.settle()
    monkeypatch.undo()
    await meeting.stage.tick(seconds=0.5)
    assert meeting.client.shown.media == "lost"
    assert not (await meeting.now()).media_up


async def test_an_answer_that_came_too_late_gets_a_new_offer(meeting, monkeypatch):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.WAITING)
    await meeting.client.say("join_media")

    async def unknown(*_args):
        raise RelayError("peer_unknown")

    monkeypatch.setattr(meeting.stage.relay, "accept_answer", unknown)
    first = meeting.client.offers[-1].peer_id
    await meeting.client.say("answer", peer_id=first, sdp="v=0")
    monkeypatch.undo()
    await meeting.stage.tick(seconds=2)
    assert meeting.client.offers[-1].peer_id != first
    assert meeting.client.problems == []


async def test_a_room_that_the_relay_has_forgotten_is_opened_anew(meeting, monkeypatch):
    client_peer, _ = await meeting.begin()

    async def unknown(*_args):
        raise RelayError("room_unknown")

    monkeypatch.setattr(meeting.stage.relay, "set_routes", unknown)
    await meeting.client.say("sending", microphone=False, camera=True)
    monkeypatch.undo()
    meeting.stage.relay.rooms.clear()
    await meeting.stage.tick(seconds=2)
    await meeting.stage.tick(seconds=2)
    await meeting.client.take_offer()
    await meeting.desk.take_offer()
    assert meeting.client.shown.peer_id != client_peer
    assert "c>a camera" in meeting.stage.relay.words(meeting.visit.id)


async def test_a_wrong_password_is_told_and_the_third_goes_on(meeting):
    await meeting.stage.walk(meeting.client, meeting.visit, VisitState.IDENTITY)
    assert meeting.client.shown.needs == ["password"]
    for _ in range(2):
        await meeting.client.say("state_identity", name="Erika", password="AAAA2222")
    assert meeting.client.problems == ["identity_mismatch"] * 2
    assert meeting.client.shown.state is VisitState.IDENTITY
    await meeting.client.say("state_identity", name="Erika", password="AAAA2222")
    assert meeting.client.shown.state is VisitState.WAITING
    assert meeting.desk.desk.waiting[0].identity == "mismatched"
