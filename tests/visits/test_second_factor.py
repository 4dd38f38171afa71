"""Which second factor belongs to the door that was come by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.visits.identity import ExpectedIdentity, StatedIdentity, compare
from appliance.visits.service import VisitService
from appliance.visits.states import IdentityStatus, SecondFactor, VisitState
from tests.builders.visits import arrival, visit_in

BY_NUMBER = replace(arrival(), second_factor=SecondFactor.SESSION_NUMBER)


async def test_it_works(visits: VisitService) -> None:
    visit = await visits.arrive(BY_NUMBER)
    assert (await visits.get(visit.id)).second_factor is SecondFactor.SESSION_NUMBER


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("4712345678", IdentityStatus.MATCHED),
        (" 471 234 56 78 ", IdentityStatus.MATCHED),
        ("471-234/5678", IdentityStatus.MATCHED),
        ("4712345679", IdentityStatus.MISMATCHED),
        ("471234567", IdentityStatus.MISMATCHED),
        ("", IdentityStatus.MISMATCHED),
    ],
)
def test_the_number_is_compared_without_its_spaces(typed: str, status: IdentityStatus) -> None:
    expected = ExpectedIdentity(session_number="4712345678")
    assert compare(StatedIdentity("Erika", session_number=typed), expected) is status


async def test_another_browser_brings_its_doors_factor(visits: VisitService) -> None:
    waiting = await visit_in(visits, VisitState.WAITING, "appointment-1")
    assert waiting.second_factor is SecondFactor.PASSWORD
    entered = await visits.arrive(BY_NUMBER)
    assert entered.id == waiting.id
    assert entered.second_factor is SecondFactor.SESSION_NUMBER
    assert (await visits.arrive(arrival())).second_factor is SecondFactor.PASSWORD


async def test_the_same_browser_takes_its_last_door(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.IDENTITY, "appointment-1")
    secret = await visits.issue_access(visit.id)
    again = await visits.arrive(BY_NUMBER, access=secret)
    assert again.state is VisitState.IDENTITY
    assert (await visits.get(visit.id)).second_factor is SecondFactor.SESSION_NUMBER


async def test_what_was_stated_is_not_asked_again(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING, "appointment-1")
    secret = await visits.issue_access(visit.id)
    again = await visits.arrive(BY_NUMBER, access=secret)
    assert again.state is VisitState.WAITING
    assert again.second_factor is SecondFactor.PASSWORD
