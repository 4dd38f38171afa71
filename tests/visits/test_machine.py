"""The table, cell by cell, against the words of the design."""

from __future__ import annotations

from itertools import product

import pytest

from appliance.visits.machine import (
    TABLE,
    Actor,
    Facts,
    NotAllowedNow,
    VisitEvent,
    allowed,
    destination,
)
from appliance.visits.states import VisitState

ANY_OPEN = """
choices_changed  client         =
help_requested   client         =
help_settled     adviser,client =
moved_to_device  client         =
busy_told        adviser,system =
consent_withdrawn client        closed
message_left     client         closed
closed           adviser        closed
left             client         closed
ended            client         closed
expired          clock          closed
cancelled        adviser,system closed
"""
# Written by hand from the design, not from the table: two sources that must agree.
BY_STATE = {
    None: """
        link_opened     client arrived
        number_entered  client arrived
        walked_in       client arrived
        public_entered  client arrived
    """,
    VisitState.ARRIVED: "entered_again client arrived\n check_started client device_check",
    VisitState.DEVICE_CHECK: """
        entered_again   client device_check
        check_recorded  system device_check
        check_finished  client consent,identity,waiting
    """,
    VisitState.CONSENT: """
        entered_again   client consent
        consent_given   client identity
        consent_refused client closed
        check_restarted client device_check
        went_back       client device_check
    """,
    VisitState.IDENTITY: """
        entered_again   client identity
        identity_stated client waiting,identity
        check_restarted client device_check
        went_back       client consent
    """,
    VisitState.WAITING: """
        entered_again   client identity
        check_restarted client device_check
        went_back       client identity
        admitted        adviser admitted
        transferred        adviser waiting
    """,
    VisitState.ADMITTED: """
        media_connected system in_session
        text_only       system in_session
        admission_lapsed clock waiting
        sent_back       system waiting
    """,
    VisitState.IN_SESSION: """
        identity_confirmed adviser in_session
        identity_refused   adviser closed
        sent_back          adviser,system waiting
        transferred        adviser in_session
        media_lost_too_long clock waiting
    """,
    VisitState.CLOSED: "",
}


def expected_cells() -> dict[tuple[VisitState | None, VisitEvent], tuple[set[str], list[str]]]:
    cells = {}
    for state, text in BY_STATE.items():
        is_open = state not in (None, VisitState.CLOSED)
        for line in (text + (ANY_OPEN if is_open else "")).split("\n"):
            if line.strip():
                event, actors, to = line.split()
                targets = [str(state) if word == "=" else word for word in to.split(",")]
                cells[state, VisitEvent(event)] = (set(actors.split(",")), targets)
    return cells


EXPECTED = expected_cells()


def test_it_works() -> None:
    transition = allowed(VisitState.WAITING, VisitEvent.ADMITTED, Actor.ADVISER)
    assert transition.to == (VisitState.ADMITTED,)


@pytest.mark.parametrize("state", [None, *VisitState])
@pytest.mark.parametrize("event", list(VisitEvent))
def test_every_cell(state: VisitState | None, event: VisitEvent) -> None:
    actors, to = EXPECTED.get((state, event), (set(), []))
    for actor in Actor:
        if actor in actors:
            assert [str(target) for target in allowed(state, event, actor).to] == to
        else:
            with pytest.raises(NotAllowedNow) as caught:
                allowed(state, event, actor)
            assert (caught.value.state, caught.value.event) == (state, event)
            assert caught.value.code == "not_allowed_now"


def test_the_table_knows_every_state_and_event() -> None:
    assert set(TABLE) == {None, *VisitState}
    assert {event for cells in TABLE.values() for event in cells} == set(VisitEvent)


def test_the_destination_is_always_a_target_of_the_cell() -> None:
    for cells in TABLE.values():
        for event, transition in cells.items():
            for facts in product((False, True), repeat=3):
                assert destination(transition, event, Facts(*facts)) in transition.to


@pytest.mark.parametrize(
    ("consented", "identified", "leads_to"),
    [
        (False, False, VisitState.CONSENT),
        (False, True, VisitState.CONSENT),
        (True, False, VisitState.IDENTITY),
        (True, True, VisitState.WAITING),
    ],
)
def test_a_finished_check_leads_to_what_is_missing(
    consented: bool, identified: bool, leads_to: VisitState
) -> None:
    cell = allowed(VisitState.DEVICE_CHECK, VisitEvent.CHECK_FINISHED, Actor.CLIENT)
    facts = Facts(consented=consented, identified=identified)
    assert destination(cell, VisitEvent.CHECK_FINISHED, facts) is leads_to


def test_every_open_state_has_an_exit_for_the_client() -> None:
    for state in VisitState:
        if state is not VisitState.CLOSED:
            assert allowed(state, VisitEvent.LEFT, Actor.CLIENT).to == (VisitState.CLOSED,)


def test_nothing_comes_after_closed() -> None:
    assert not TABLE[VisitState.CLOSED]
