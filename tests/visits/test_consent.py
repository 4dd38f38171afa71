"""Nothing about the client is stored before the consent, and little after its withdrawal."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import SQLModel, select

from appliance.storage.database import Database
from appliance.storage.fields import Retention, retention_of
from appliance.visits.machine import Actor, VisitEvent
from appliance.visits.models import Consent, Entry
from appliance.visits.service import Arrival, VisitService
from appliance.visits.states import Outcome, VisitState
from tests.builders.clock import HandClock
from tests.builders.visits import CONSENT, REPORT, arrival, visit_in


async def personal_values(database: Database) -> list[Any]:
    """What is stored in personal fields of any table, blanks left out."""
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if retention_of(column) is Retention.PERSONAL
    ]
    assert columns

    def work(session: Any) -> list[Any]:
        return [
            value
            for column in columns
            for (value,) in session.execute(select(column))
            if value not in (None, "")
        ]

    return await database.read(work)


async def test_it_works(visits: VisitService, database: Database, clock: HandClock) -> None:
    visit = await visits.arrive(arrival())
    checked_at = clock.now
    await visits.happen(visit.id, VisitEvent.CHECK_STARTED, Actor.CLIENT, terms_version="terms-3")
    clock.forward(minutes=1)
    await visits.happen(visit.id, VisitEvent.CHECK_RECORDED, Actor.SYSTEM, report=REPORT)
    await visits.happen(visit.id, VisitEvent.CHECK_FINISHED, Actor.CLIENT)
    visit = await visits.happen(visit.id, VisitEvent.CONSENT_GIVEN, Actor.CLIENT, **CONSENT)
    assert visit.state is VisitState.IDENTITY
    assert visits.report(visit) == REPORT
    consent = await database.read(lambda session: session.exec(select(Consent)).one())
    assert consent.visit_id == visit.id
    assert (consent.text_version, consent.text_hash, consent.language) == tuple(CONSENT.values())
    assert consent.given_at == visit.consent_at == clock.now
    assert (consent.terms_version, consent.terms_at) == ("terms-3", checked_at)


async def test_nothing_personal_is_stored_before(visits: VisitService, database: Database) -> None:
    visit = await visit_in(visits, VisitState.CONSENT)
    await visits.happen(visit.id, VisitEvent.HELP_REQUESTED, Actor.CLIENT)
    assert await personal_values(database) == []
    assert visits.report(visit) == REPORT


async def test_the_page_presents_its_record_after_a_restart(
    visits: VisitService, database: Database, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.CONSENT)
    restarted = VisitService(database, clock)
    assert restarted.report(visit) == {}
    details = {**CONSENT, "report": REPORT, "terms_version": "t1", "terms_at": clock.now}
    visit = await restarted.happen(visit.id, VisitEvent.CONSENT_GIVEN, Actor.CLIENT, **details)
    assert restarted.report(visit) == REPORT


async def test_a_check_after_it_is_stored_at_once(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.WAITING)
    await visits.happen(visit.id, VisitEvent.CHECK_RESTARTED, Actor.CLIENT)
    new = {"camera": {"verdict": "passed"}}
    after = await visits.happen(visit.id, VisitEvent.CHECK_RECORDED, Actor.SYSTEM, report=new)
    assert visits.report(after) == new
    assert "passed" in after.check_report


async def test_refusing_stores_nothing(visits: VisitService, database: Database) -> None:
    visit = await visit_in(visits, VisitState.CONSENT)
    after = await visits.happen(visit.id, VisitEvent.CONSENT_REFUSED, Actor.CLIENT)
    assert (after.state, after.outcome) == (VisitState.CLOSED, Outcome.DECLINED)
    assert await personal_values(database) == []
    assert visits.report(after) == {}


async def test_withdrawing_erases_at_once(
    visits: VisitService, database: Database, clock: HandClock
) -> None:
    visit = await visit_in(visits, VisitState.IN_SESSION)
    assert await personal_values(database)
    clock.forward(minutes=5)
    after = await visits.happen(visit.id, VisitEvent.CONSENT_WITHDRAWN, Actor.CLIENT)
    assert (after.state, after.outcome) == (VisitState.CLOSED, Outcome.WITHDRAWN)
    assert not after.media_up
    assert await personal_values(database) == []
    consent = await database.read(lambda session: session.exec(select(Consent)).one())
    assert consent.withdrawn_at == after.consent_withdrawn_at == clock.now


async def test_details_are_spelled_right(visits: VisitService) -> None:
    visit = await visit_in(visits, VisitState.CONSENT)
    for details in ({}, {**CONSENT, "text_versoin": "1"}, {**CONSENT, "text_version": None}):
        with pytest.raises(TypeError):
            await visits.happen(visit.id, VisitEvent.CONSENT_GIVEN, Actor.CLIENT, **details)
    assert (await visits.get(visit.id)).state is VisitState.CONSENT


async def test_what_somebody_came_about_goes_with_the_consent(visits: VisitService) -> None:
    """As an id, too: with a withdrawal, and at the end of a visit that had none."""
    came = Arrival(Entry.PUBLIC, "de", topic_id="topic-1")
    withdrawn, refused, kept = [await visits.arrive(came) for _ in range(3)]
    for visit in (withdrawn, refused, kept):
        await visits.happen(visit.id, VisitEvent.CHECK_STARTED, Actor.CLIENT)
        await visits.happen(visit.id, VisitEvent.CHECK_FINISHED, Actor.CLIENT)
    await visits.happen(refused.id, VisitEvent.CONSENT_REFUSED, Actor.CLIENT)
    for visit in (withdrawn, kept):
        await visits.happen(visit.id, VisitEvent.CONSENT_GIVEN, Actor.CLIENT, **CONSENT)
    assert (await visits.get(withdrawn.id)).topic_id == "topic-1"
    await visits.happen(withdrawn.id, VisitEvent.CONSENT_WITHDRAWN, Actor.CLIENT)
    await visits.happen(kept.id, VisitEvent.LEFT, Actor.CLIENT)
    after = [(await visits.get(visit.id)).topic_id for visit in (withdrawn, refused, kept)]
    assert after == [None, None, "topic-1"]
