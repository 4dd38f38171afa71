"""A message is left, taken, done; only by whom it is for, and never by two at once."""

import asyncio

import pytest
from sqlmodel import select

from appliance.messages.errors import LeftMessageChanged, LeftMessageTwice, LeftMessageUnknown
from appliance.messages.models import LeftMessage, MessageState
from appliance.messages.service import Reader
from appliance.storage.audit import AuditLine
from appliance.storage.keys import shred
from tests.messages.conftest import own_or_open


async def test_it_works(messages, leave, reader, clock):
    await leave(text="Wann passt es?", phone="030 12345", wants_call=True)
    (found,) = await messages.read(reader)
    assert (found.text, found.phone) == ("Wann passt es?", "030 12345")
    assert (found.row.state, found.row.wants_call) == (MessageState.OPEN, True)
    assert await messages.open_count(reader) == 1
    clock.forward(minutes=5)
    await messages.take(found.row.id, reader)
    taken_at = clock()
    clock.forward(minutes=5)
    await messages.finish(found.row.id, reader)
    (done,) = await messages.read(reader)
    assert (done.row.state, done.row.taken_by, done.row.done_by) == (
        "done",
        "adviser-1",
        "adviser-1",
    )
    assert (done.row.taken_at, done.row.done_at) == (taken_at, clock())
    assert await messages.open_count(reader) == 0


async def test_words_and_number_are_sealed(messages, leave, reader, database):
    visit_id = await leave(text="Zebrafink", phone="030 4711")
    row = await database.read(lambda session: session.exec(select(LeftMessage)).one())
    assert b"Zebrafink" not in row.sealed_text
    assert b"4711" not in row.sealed_phone
    await database.write(lambda session: shred(session, visit_id))
    (found,) = await messages.read(reader)
    assert (found.text, found.phone) == (None, None)


async def test_a_colleagues_is_neither_seen_nor_changed(messages, leave, reader, colleague):
    await leave("adviser-1")
    (mine,) = await messages.read(reader)
    assert await messages.read(colleague) == []
    assert await messages.open_count(colleague) == 0
    for work in (messages.take, messages.finish, messages.reopen):
        with pytest.raises(LeftMessageUnknown):
            await work(mine.row.id, colleague)
    with pytest.raises(LeftMessageUnknown):
        await messages.take("made up", reader)


async def test_nobodys_and_who_has_left_are_anybodys(messages, leave, reader, colleague):
    await leave(None)
    await leave("adviser-gone")
    assert await messages.open_count(reader) == await messages.open_count(colleague) == 2


async def test_of_a_team_that_is_not_mine(messages, leave, reader):
    await leave("adviser-gone", team_id="care")
    assert await messages.read(reader) == []
    assert await messages.open_count(reader) == 0
    member = Reader("adviser-2", own_or_open("adviser-2", "care"))
    (found,) = await messages.read(member)
    with pytest.raises(LeftMessageUnknown):
        await messages.take(found.row.id, reader)
    await messages.take(found.row.id, member)


async def test_two_at_once(messages, leave, reader, colleague):
    await leave(None)
    (found,) = await messages.read(reader)
    takes = (messages.take(found.row.id, one) for one in (reader, colleague))
    results = await asyncio.gather(*takes, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["LeftMessageChanged", "NoneType"]


async def test_out_of_order(messages, leave, reader):
    await leave()
    (found,) = await messages.read(reader)
    with pytest.raises(LeftMessageChanged):
        await messages.reopen(found.row.id, reader)
    await messages.finish(found.row.id, reader)  # done at once is fine
    with pytest.raises(LeftMessageChanged):
        await messages.take(found.row.id, reader)
    await messages.reopen(found.row.id, reader)
    (again,) = await messages.read(reader)
    assert (again.row.state, again.row.done_by, again.row.done_at) == ("open", None, None)


async def test_open_ones_first_then_taken_then_done(messages, leave, reader, clock):
    for text in ("first", "second", "third", "fourth"):
        await leave(text=text)
        clock.forward(minutes=1)
    by_text = {one.text: one.row.id for one in await messages.read(reader)}
    await messages.finish(by_text["first"], reader)
    await messages.take(by_text["second"], reader)
    order = [one.text for one in await messages.read(reader)]
    assert order == ["third", "fourth", "second", "first"]


async def test_each_look_and_step_is_audited(messages, leave, reader, database):
    await leave()
    (found,) = await messages.read(reader)
    await messages.take(found.row.id, reader)
    await messages.finish(found.row.id, reader)
    await messages.reopen(found.row.id, reader)
    lines = await database.read(lambda session: session.exec(select(AuditLine)).all())
    assert {line.subject_id for line in lines} == {found.row.id}
    assert [line.action for line in lines] == [
        "left_message_read",
        "left_message_taken",
        "left_message_done",
        "left_message_reopened",
    ]


async def test_taken_back(messages, leave, reader):
    await leave(text="doch nicht")
    (found,) = await messages.read(reader)
    await messages.take_back(found.row.id)
    await messages.take_back(found.row.id)
    assert await messages.read(reader) == []


async def test_a_visit_leaves_one_and_that_one_stays(messages, leave, reader):
    visit_id = await leave(text="eins")
    with pytest.raises(LeftMessageTwice):
        await messages.leave(visit_id, None, text="zwei", phone="", wants_call=False)
    assert [one.text for one in await messages.read(reader)] == ["eins"]
