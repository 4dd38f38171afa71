from __future__ import annotations

from typing import Any

import pytest

from appliance.visits.effects import EFFECTS, Happening
from appliance.visits.errors import ConsentMissing
from appliance.visits.identity import ExpectedIdentity, StatedIdentity, compare
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Visit
from appliance.visits.service import VisitService
from appliance.visits.states import IdentityMethod, IdentityStatus, Outcome, VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import EXPECTED, STATED, WRONG, born, visit_in


async def state(visits: VisitService, visit: Visit, **details: Any) -> Visit:
    details = {"stated": STATED, "expected": EXPECTED, **details}
    return await visits.happen(visit.id, VisitEvent.IDENTITY_STATED, Actor.CLIENT, **details)


async def test_it_works(visits: VisitService, clock: HandClock) -> None:
    visit = await state(visits, await visit_in(visits, VisitState.IDENTITY))
    assert (visit.state, visit.identity) == (VisitState.WAITING, IdentityStatus.MATCHED)
    assert (visit.stated_name, visit.stated_phone) == ("Erika Mustermann", "030 555")
    assert visit.waiting_since == clock.now


async def test_nothing_to_compare_with_is_unchecked(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IDENTITY)
    visit = await state(visits, visit, expected=None)
    assert (visit.state, visit.identity) == (VisitState.WAITING, IdentityStatus.UNCHECKED)


async def test_three_wrong_tries_wait_marked(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IDENTITY)
    for tries in (1, 2):
        visit = await state(visits, visit, stated=WRONG)
        assert (visit.state, visit.identity) == (VisitState.IDENTITY, IdentityStatus.OPEN)
        assert visit.identity_tries == tries
    visit = await state(visits, visit, stated=WRONG)
    assert (visit.state, visit.identity) == (VisitState.WAITING, IdentityStatus.MISMATCHED)


async def test_after_the_third_the_right_one_does_not_help(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IDENTITY)
    for _ in range(3):
        visit = await state(visits, visit, stated=WRONG)
    await visits.happen(visit.id, VisitEvent.WENT_BACK, Actor.CLIENT)
    visit = await state(visits, visit)
    assert (visit.state, visit.identity) == (VisitState.WAITING, IdentityStatus.MISMATCHED)
    assert (await visits.journal(visit.id))[-1].note == "no_more_tries"


async def test_a_wrong_try_then_the_right_one(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IDENTITY)
    await state(visits, visit, stated=WRONG)
    assert (await state(visits, visit)).identity is IdentityStatus.MATCHED


async def test_the_journal_holds_nothing_that_was_typed(visits: VisitService) -> None:
    visit = await state(visits, await visit_in(visits, VisitState.IDENTITY), stated=WRONG)
    lines = repr(await visits.journal(visit.id))
    assert WRONG.password not in lines
    assert "Mustermann" not in lines


async def test_the_adviser_confirms(visits: VisitService, clock: HandClock) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    clock.forward(seconds=30)
    visit = await visits.happen(
        visit.id,
        VisitEvent.IDENTITY_CONFIRMED,
        Actor.ADVISER,
        actor_id="adviser-1",
        how=IdentityMethod.DOCUMENT_SEEN,
    )
    assert visit.state is VisitState.IN_SESSION
    assert visit.identity is IdentityStatus.CONFIRMED
    assert visit.identity_method is IdentityMethod.DOCUMENT_SEEN
    assert (visit.identity_by, visit.identity_at) == ("adviser-1", clock.now)


async def test_the_adviser_refuses(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    visit = await visits.happen(
        visit.id, VisitEvent.IDENTITY_REFUSED, Actor.ADVISER, actor_id="adviser-1"
    )
    assert (visit.state, visit.outcome) == (VisitState.CLOSED, Outcome.FAILED)
    assert visit.identity is IdentityStatus.REFUSED


@pytest.mark.parametrize("typed", ["K7MQ2XWP", "k7mq 2xwp", " K7MQ-2XWP ", "k7mq2xwp\n"])
def test_typing_is_forgiven(typed: str) -> None:
    stated = StatedIdentity("E", password=typed)
    assert compare(stated, EXPECTED) is IdentityStatus.MATCHED


def test_look_alikes_are_forgiven() -> None:
    expected = ExpectedIdentity(password="B10L0I1O")
    assert compare(StatedIdentity("E", password="blOiolIo"), expected) is IdentityStatus.MATCHED


@pytest.mark.parametrize("typed", ["", "K7MQ2XW", "K7MQ2XWPP", "K7MQ2XWQ"])
def test_other_words_are_not(typed: str) -> None:
    stated = StatedIdentity("E", password=typed)
    assert compare(stated, EXPECTED) is IdentityStatus.MISMATCHED


@pytest.mark.parametrize(
    ("given", "number", "status"),
    [
        (born(1980), "kd 4711-a", IdentityStatus.MATCHED),
        (born(1981), "KD4711A", IdentityStatus.MISMATCHED),
        (None, "KD4711A", IdentityStatus.MISMATCHED),
        (born(1980), "KD4711", IdentityStatus.MISMATCHED),
        (born(1980), "", IdentityStatus.MISMATCHED),
    ],
)
def test_everything_that_is_held_must_agree(
    given: Any, number: str, status: IdentityStatus
) -> None:
    expected = ExpectedIdentity("K7MQ2XWP", born(1980), "KD4711A")
    stated = StatedIdentity("E", "", "K7MQ2XWP", given, number)
    assert compare(stated, expected) is status


def test_an_expected_identity_prints_nothing() -> None:
    assert "K7MQ" not in repr(EXPECTED)


async def test_no_name_is_taken_without_consent(visits: VisitService, clock: HandClock) -> None:
    """The table does not lead here; the guard stands all the same."""
    visit = await visit_in(visits, VisitState.CONSENT)
    details = {"stated": STATED, "expected": EXPECTED}
    happening = Happening(visit, VisitEvent.IDENTITY_STATED, clock.now, "", details)
    with pytest.raises(ConsentMissing):
        EFFECTS[VisitEvent.IDENTITY_STATED](happening)
