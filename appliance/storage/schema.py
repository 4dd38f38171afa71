"""All tables, whoever makes them, and those of them that an older database has."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlmodel import Session, SQLModel

import appliance
from appliance.storage import audit, keys  # noqa: F401 - their tables


def whole_schema() -> MetaData:
    """The metadata after every domain package's ``models`` module has been imported.

    By name and not by import, because storage stands below the domain packages.
    """
    for package in pkgutil.iter_modules(appliance.__path__):
        name = f"appliance.{package.name}.models"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    return SQLModel.metadata


def schema_in(session: Session) -> MetaData:
    """The tables and columns that this database has: a kept backup may be of an older version."""
    found = session.info.get("schema")
    if not isinstance(found, MetaData):
        found = session.info["schema"] = _schema_of(_columns_in(session))
    return found


def _columns_in(session: Session) -> dict[str, set[str]]:
    query = (
        "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c "
        "WHERE t.type = 'table'"
    )
    there: dict[str, set[str]] = {}
    for table, column in session.connection().exec_driver_sql(query):
        there.setdefault(table, set()).add(column)
    return there


def _schema_of(there: dict[str, set[str]]) -> MetaData:
    whole = whole_schema()
    if all(
        set(table.columns.keys()) <= there.get(name, set()) for name, table in whole.tables.items()
    ):
        return whole
    schema = MetaData()
    for table in whole.sorted_tables:
        if table.name in there:
            names = there[table.name]
            Table(table.name, schema, *(_like(one) for one in table.columns if one.name in names))
    return schema


def _like(column: Column[Any]) -> Column[Any]:
    """The same column for another schema: type, key, retention class, what it hangs on."""
    hangs_on = (
        ForeignKey(one.target_fullname, ondelete=one.ondelete) for one in column.foreign_keys
    )
    return Column(
        column.name, column.type, *hangs_on, primary_key=column.primary_key, info=column.info
    )
