from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from appliance.visits.errors import ConsentMissing, VisitUnderWay
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Entry
from appliance.visits.service import VisitService
from appliance.visits.states import IdentityStatus, VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import DETAILS, arrival, visit_in


async def test_it_works(visits: VisitService, clock: HandClock) -> None:
    visit = await visits.arrive(arrival())
    assert visit.state is VisitState.ARRIVED
    assert visit.revision == 1
    assert visit.created_at == visit.state_since == clock.now
    assert visit.deadline_at == clock.now + timedelta(minutes=30)
    (line,) = await visits.journal(visit.id)
    assert (line.event, line.state_from, line.state_to) == (
        VisitEvent.LINK_OPENED,
        None,
        VisitState.ARRIVED,
    )


@pytest.mark.parametrize(
    ("entry", "event"),
    [
        (Entry.LINK, VisitEvent.LINK_OPENED),
        (Entry.NUMBER, VisitEvent.NUMBER_ENTERED),
        (Entry.WALK_IN, VisitEvent.WALKED_IN),
        (Entry.PUBLIC, VisitEvent.PUBLIC_ENTERED),
    ],
)
async def test_each_door_has_its_word(
    visits: VisitService, entry: Entry, event: VisitEvent
) -> None:
    visit = await visits.arrive(arrival(None, entry))
    assert (await visits.journal(visit.id))[0].event is event


async def test_the_open_visit_is_given_back(visits: VisitService) -> None:
    first = await visits.arrive(arrival())
    second = await visits.arrive(arrival())
    assert second.id == first.id
    assert [line.event for line in await visits.journal(first.id)] == [
        VisitEvent.LINK_OPENED,
        VisitEvent.ENTERED_AGAIN,
    ]


async def test_after_a_closed_visit_a_new_one_begins(visits: VisitService) -> None:
    first = await visit_in(visits, VisitState.CLOSED, "appointment-1")
    assert (await visits.arrive(arrival())).id != first.id


async def test_walk_ins_never_share_a_visit(visits: VisitService) -> None:
    first = await visits.arrive(arrival(None, Entry.WALK_IN))
    assert (await visits.arrive(arrival(None, Entry.WALK_IN))).id != first.id


async def test_two_browsers_at_once_get_one_visit(visits: VisitService) -> None:
    found = await asyncio.gather(*(visits.arrive(arrival()) for _ in range(8)))
    assert len({visit.id for visit in found}) == 1
    assert len(await visits.open_visits()) == 1


async def test_another_browser_states_the_second_factor_again(visits: VisitService) -> None:
    waiting = await visit_in(visits, VisitState.WAITING, "appointment-1")
    entered = await visits.arrive(arrival())
    assert entered.state is VisitState.IDENTITY
    assert entered.identity is IdentityStatus.OPEN
    assert entered.waiting_since == waiting.waiting_since


async def test_another_browser_is_asked_for_its_own_consent(visits: VisitService) -> None:
    """Whoever sits there has agreed to nothing; what the first one agreed to stays on record."""
    visit = await visit_in(visits, VisitState.WAITING, "appointment-1")
    entered = await visits.arrive(arrival())
    assert not entered.consented
    assert (entered.stated_name, entered.check_report) == ("", "")
    with pytest.raises(ConsentMissing):
        await visits.happen(
            visit.id, VisitEvent.IDENTITY_STATED, Actor.CLIENT,
            **DETAILS[VisitEvent.IDENTITY_STATED],
        )  # fmt: skip
    for event in (
        VisitEvent.CHECK_RESTARTED,
        VisitEvent.CHECK_FINISHED,
        VisitEvent.CONSENT_GIVEN,
        VisitEvent.IDENTITY_STATED,
    ):
        details = DETAILS.get(event, {})
        after = await visits.happen(visit.id, event, Actor.CLIENT, **details)
    assert after.state is VisitState.WAITING
    assert after.consented


async def test_the_second_factor_lets_no_earlier_browser_in(visits: VisitService) -> None:
    """Somebody with the link alone gets nothing out of the right client's password."""
    visit = await visits.arrive(arrival())
    stranger = await visits.issue_access(visit.id)
    assert (await visits.arrive(arrival())).id == visit.id
    client = await visits.issue_access(visit.id)
    assert await visits.by_access(stranger) is None
    assert await visits.by_access(client) is not None


async def test_a_check_does_not_lead_around_the_second_factor(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING, "appointment-1")
    await visits.happen(visit.id, VisitEvent.CHECK_RESTARTED, Actor.CLIENT)
    await visits.arrive(arrival())
    for event in (VisitEvent.CHECK_FINISHED, VisitEvent.CONSENT_GIVEN):
        after = await visits.happen(visit.id, event, Actor.CLIENT, **DETAILS[event])
    assert after.state is VisitState.IDENTITY


@pytest.mark.parametrize("state", [VisitState.WAITING, VisitState.IN_SESSION])
async def test_a_browser_that_is_inside_goes_on_where_it_was(
    visits: VisitService, state: VisitState
) -> None:
    visit = await visit_in(visits, state, "appointment-1")
    secret = await visits.issue_access(visit.id)
    assert await visits.arrive(arrival(), access=secret) == visit


@pytest.mark.parametrize("state", [VisitState.ADMITTED, VisitState.IN_SESSION])
async def test_the_link_alone_leads_into_no_conversation(
    visits: VisitService, state: VisitState
) -> None:
    visit = await visit_in(visits, state, "appointment-1")
    foreign = await visits.issue_access((await visits.arrive(arrival("appointment-2"))).id)
    for access in (None, "guessed", foreign):
        with pytest.raises(VisitUnderWay):
            await visits.arrive(arrival(), access=access)
    assert await visits.get(visit.id) == visit
