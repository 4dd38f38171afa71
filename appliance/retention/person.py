"""What is kept of one person: found by what the person knows, gathered from every table.

By the columns' retention classes and names, not by a list of tables: what another domain adds is
found, shown and deleted as well. An *owner* is an id that rows belong to: an appointment, a visit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, func, or_, select
from sqlmodel import Session

from appliance.retention.rules import key_of
from appliance.storage.engine import folded
from appliance.storage.fields import Retention, holds_text, retention_of
from appliance.storage.keys import FieldKeyGone, unseal
from appliance.storage.schema import schema_in

TIMES = ("starts_at", "created_at", "changed_at")  # the first that a table has is its rows' time
REFERENCES = (
    "appointment_id",
    "visit_id",
    "request_id",
    "owner_id",
)  # columns that say whose a row is
SHARED = frozenset({"conference"})  # a room of several: nobody's own, gone when it is closed
HERE = ("knocking", "announced", "inside")  # a guest before or in such a room
NOT_SHOWN = frozenset({Retention.ID, Retention.SECRET})
FOUND_MAX = 50

Value = str | int | float | bool | datetime | date | None


@dataclass(frozen=True, slots=True)
class Match:
    """One appointment or visit that somebody's words lead to."""

    owner_id: str
    name: str
    at: datetime
    open: bool  # its client is here now


@dataclass(frozen=True, slots=True)
class Found:
    """What a search led to; ``more``: it was cut, there may be others."""

    matches: list[Match]
    more: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one table that belong to a person, without ids and secrets."""

    table: str
    rows: list[dict[str, Value]]


def owned_tables(session: Session) -> list[Table]:
    """All tables here with rows of persons; what hangs on another comes before it."""
    return [table for table in reversed(schema_in(session).sorted_tables) if _owned(table)]


def _owned(table: Table) -> bool:
    if table.name in SHARED:
        return False
    personal = any(retention_of(column) is Retention.PERSONAL for column in table.columns)
    return personal or any(name in table.columns for name in REFERENCES)


def find(session: Session, words: Iterable[str]) -> Found:
    """Whose personal field, or session number, is one of these words, whole; newest first."""
    wanted = {folded(word.strip()) for word in words} - {""}
    owners: set[str] = set()
    more = False
    for table in owned_tables(session):
        columns = [column for column in table.columns if _searchable(column)]
        if not columns or not wanted:
            continue
        same = [func.folded(column).in_(wanted) for column in columns]
        query = select(table).where(or_(*same)).limit(FOUND_MAX + 1)
        rows = session.execute(query).all()
        more = more or len(rows) > FOUND_MAX
        owners |= _owners_of(session, table, [dict(row._mapping) for row in rows])
    matches = [one for group in _groups(session, owners) if (one := _match(session, group))]
    matches.sort(key=lambda match: match.at, reverse=True)
    return Found(matches[:FOUND_MAX], more or len(matches) > FOUND_MAX)


def _searchable(column: Column[Any]) -> bool:
    if column.name == "session_number":
        return True
    short = holds_text(column) and not isinstance(column.type, Text)
    return short and retention_of(column) is Retention.PERSONAL and column.name != "subject"


def _owners_of(session: Session, table: Table, rows: list[dict[str, Any]]) -> set[str]:
    """Whose the rows are; their own where they name nobody (a room that several share)."""
    named = {row[name] for row in rows for name in REFERENCES if row.get(name)}
    persons = _persons(session, named)
    own = _key_name(table)
    return {
        str(next((row[one] for one in REFERENCES if row.get(one) in persons), row[own]))
        for row in rows
    }


def _persons(session: Session, ids: Collection[str]) -> set[str]:
    """Of these ids, those of rows that belong to one person."""
    return {
        one
        for table in owned_tables(session)
        if holds_text(table.c[_key_name(table)]) and _key_name(table) not in REFERENCES
        for one in session.execute(select(key_of(table)).where(key_of(table).in_(ids))).scalars()
    }


def _key_name(table: Table) -> str:
    (column,) = table.primary_key.columns
    return str(column.name)


def _groups(session: Session, owners: Iterable[str]) -> list[set[str]]:
    """Owners that belong together (an appointment, what it was moved to, its visits)."""
    groups: list[set[str]] = []
    for owner in sorted(owners):
        if not any(owner in group for group in groups):
            groups.append(closure(session, {owner}))
    return groups


def closure(session: Session, owners: Collection[str]) -> set[str]:
    """These owners and all that belongs to them, both ways: visits, requests, moved ones."""
    pairs = list(_pairs(session))
    found = _persons(session, owners)
    new = set(found)
    while new:
        reached = {
            one
            for wanted, known in pairs
            for one in session.execute(select(wanted).where(known.in_(new))).scalars()
            if one
        }
        new = _persons(session, reached - found)
        found |= new
    return found


def _pairs(
    session: Session,
) -> Iterator[tuple[ColumnElement[str], ColumnElement[str]]]:
    """Columns that lead from an owner to another: a row to whose it is, and back."""
    for table in owned_tables(session):
        key = table.c[_key_name(table)]
        for name in (*REFERENCES, "moved_to_id"):
            if name in table.columns and name != key.name and holds_text(key):
                yield key, table.c[name]
                yield table.c[name], key


def open_among(session: Session, owners: Collection[str]) -> bool:
    """True while one of the visits is not over, or a guest is in a conference or before it."""
    visit = schema_in(session).tables["visit"]
    guest = schema_in(session).tables["conference_member"]
    queries = (
        select(visit.c.id).where(visit.c.id.in_(owners), visit.c.closed_at.is_(None)),
        select(guest.c.id).where(guest.c.id.in_(owners), guest.c.state.in_(HERE)),
    )
    return any(session.execute(query.limit(1)).first() is not None for query in queries)


def ids_of(session: Session, table: Table, owners: Collection[str]) -> list[str]:
    """Keys of the table's rows that are an owner themselves or belong to one."""
    key = key_of(table)
    columns = [key, *(table.c[name] for name in REFERENCES if name in table.columns)]
    query = select(key).where(or_(*(column.in_(owners) for column in columns)))
    return list(session.execute(query).scalars())


def gather(session: Session, owners: Collection[str]) -> list[Kept]:
    """Everything of these owners, table by table, what matters most first."""
    kept: list[Kept] = []
    for table in reversed(owned_tables(session)):
        rows = _rows(session, table, ids_of(session, table, owners))
        if rows and not all(not row for row in rows):
            kept.append(Kept(table.name, rows))
    lines = schema_in(session).tables["audit"]
    query = select(lines.c.at, lines.c.action).where(lines.c.subject_id.in_(owners))
    looked = [{"at": at, "action": action} for at, action in session.execute(query)]
    return [*kept, Kept("audit", looked)] if looked else kept


def _rows(session: Session, table: Table, ids: Collection[str]) -> list[dict[str, Value]]:
    shown = [column for column in table.columns if retention_of(column) not in NOT_SHOWN]
    if not ids or not shown:
        return []
    query = select(table).where(key_of(table).in_(ids)).order_by(key_of(table))
    rows = [dict(row._mapping) for row in session.execute(query)]
    return [
        {column.name: _plain(_opened(session, row, row[column.name])) for column in shown}
        | _topic(session, table, row)
        for row in rows
    ]


def _topic(session: Session, table: Table, row: dict[str, Any]) -> dict[str, Value]:
    """The name of the topic that somebody has chosen, where the row has no words of its own."""
    if row.get("topic") or not row.get("topic_id") or table.name == "topic":
        return {}
    topic = schema_in(session).tables["topic"]
    name = session.execute(select(topic.c.name_de).where(topic.c.id == row["topic_id"])).scalar()
    return {"topic": name} if name else {}


def _opened(session: Session, row: dict[str, Any], value: object) -> object:
    """What is kept under the owner's own key, in the clear; nothing once the key is gone."""
    if not isinstance(value, bytes):
        return value
    for name in REFERENCES:
        if row.get(name):
            with suppress(FieldKeyGone):
                return unseal(session, row[name], value)
    return None


def _plain(value: object) -> Value:
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, str | bool | int | float | datetime | date):
        return value
    return str(value)


def _match(session: Session, owners: set[str]) -> Match | None:
    """A line to recognise them by: the newest appointment, else the newest row, and the name.

    None when no row of theirs has a time: there is nothing to recognise.
    """
    rows = [
        seen
        for table in sorted(owned_tables(session), key=lambda table: table.name != "appointment")
        for seen in sorted(_seen(session, table, owners), key=lambda seen: seen[1], reverse=True)
    ]
    if not rows:
        return None
    name = next((one[2] for one in rows if one[2]), "")
    return Match(rows[0][0], name, rows[0][1], open_among(session, owners))


def _seen(
    session: Session, table: Table, owners: Collection[str]
) -> Iterator[tuple[str, datetime, str]]:
    """Id, time and name of the table's rows that are owners themselves."""
    times = [table.c[one] for one in TIMES if one in table.columns]
    if not times or not holds_text(table.c[_key_name(table)]):
        return
    names = [one for one in table.columns if one.name == "name" or one.name.endswith("_name")]
    query = select(key_of(table), times[0], *names).where(key_of(table).in_(owners))
    for row in session.execute(query):
        yield row[0], row[1], next((one for one in row[2:] if one), "")
