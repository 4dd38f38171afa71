"""Which rows go when, by the names of tables: domain packages need not know each other.

Rows that hang on another by a foreign key with ON DELETE CASCADE go with it and need no rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, MetaData, Table, and_, func, or_, select

from appliance.storage.fields import Retention, retention_of


@dataclass(frozen=True, slots=True)
class Rule:
    """When a row of ``table`` goes: all of these hold (an empty one always does).

    The first filled column of ``ended`` is at or before the cut-off, or ``decided`` is: what was
    called off long before its time has ended then. No row of ``kept_by`` (table, column) names it
    any more. What its own column in ``goes_with`` names is in none of the tables.
    """

    table: str
    ended: tuple[str, ...] = ()
    decided: str = ""
    kept_by: tuple[tuple[str, str], ...] = ()
    goes_with: tuple[str, tuple[str, ...]] | None = None


# In this order: what keeps another row goes first.
RULES: tuple[Rule, ...] = (
    Rule("visit", ended=("closed_at", "created_at")),
    # A booked slot goes with its visits; never held, by the slot; cancelled, by that day.
    Rule(
        "appointment",
        ended=("ends_at",),
        decided="decided_at",
        kept_by=(("visit", "appointment_id"),),
    ),
    # Deleted when it is closed; this is for one that nothing has closed. Its guests go with it.
    Rule("conference", ended=("ends_at",)),
    Rule("appointment_request", ended=("ended_at", "created_at")),
    Rule(
        "outbox_message",
        goes_with=("appointment_id", ("appointment", "appointment_request", "conference", "kiosk")),
    ),
    Rule("field_key", goes_with=("owner_id", ("appointment", "visit", "conference"))),
    Rule("api_booking", ended=("created_at",)),
    Rule("adviser_login", ended=("ended_at", "seen_at")),
)

# Staff's accounts live until an administrator removes them; proofs and audit have their own rules.
# Kiosks are the agency's own devices: an administrator removes them.
KEPT = frozenset(
    {
        "adviser",
        "recovery_code",
        "team",
        "team_member",
        "api_key",
        "calendar_feed",
        "text_block",
        "kiosk",
    }
)


def due(rule: Rule, metadata: MetaData, cut_off: object) -> ColumnElement[bool]:
    """The condition on the rule's table.

    In a backup of an older version some columns and other tables may be missing: it has then no
    times and no rows there. Raises ``KeyError`` when no column is left that says when a row ended.
    """
    table = metadata.tables[rule.table]
    conditions: list[ColumnElement[bool]] = []
    if rule.ended:
        conditions.append(_over(rule, table, cut_off))
    for name, column in rule.kept_by:
        keeper = metadata.tables.get(name)
        if keeper is not None and column in keeper.c:
            conditions.append(~select(keeper).where(keeper.c[column] == key_of(table)).exists())
    if rule.goes_with is not None:
        column, owners = rule.goes_with
        conditions.extend(
            ~select(owner).where(key_of(owner) == table.c[column]).exists()
            for owner in (metadata.tables[name] for name in owners if name in metadata.tables)
        )
    return and_(*conditions)


def _over(rule: Rule, table: Table, cut_off: object) -> ColumnElement[bool]:
    ends = [table.c[name] for name in rule.ended if name in table.c]
    if not ends:
        raise KeyError(rule.table)
    ended = func.coalesce(*ends, type_=ends[0].type) if len(ends) > 1 else ends[0]
    decided = rule.decided in table.c
    return or_(ended <= cut_off, table.c[rule.decided] <= cut_off) if decided else ended <= cut_off


def key_of(table: Table) -> ColumnElement[str]:
    """The one column that names a row."""
    (column,) = table.primary_key.columns
    return column


def going_along(table: Table) -> list[Table]:
    """Tables whose rows are deleted with this one's, by their foreign keys."""
    return [
        other
        for other in table.metadata.sorted_tables
        for foreign in other.foreign_keys
        if foreign.column.table is table and foreign.ondelete == "CASCADE"
    ]


def uncovered(metadata: MetaData) -> set[str]:
    """Tables with personal or secret fields that no rule reaches. Must be empty."""
    reached = {rule.table for rule in RULES} | KEPT
    for name in list(reached):
        if name in metadata.tables:
            reached |= {table.name for table in going_along(metadata.tables[name])}
    sensitive = {Retention.PERSONAL, Retention.SECRET, Retention.STAFF, None}
    return {
        table.name
        for table in metadata.sorted_tables
        if any(retention_of(column) in sensitive for column in table.columns)
        and table.name not in reached
    }
