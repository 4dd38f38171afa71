"""Alembic's entry: the connection comes from ``storage.migrate``; every model is imported."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum
from sqlmodel.sql.sqltypes import AutoString

from appliance.storage.clock import UtcDateTime
from appliance.storage.schema import whole_schema


def render_type(kind: str, value: object, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types by short names; False leaves the rest to Alembic."""
    if kind == "type" and isinstance(value, UtcDateTime):
        autogen.imports.add("from appliance.storage.clock import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(value, AutoString):
        return f"sa.String({value.length})"
    if kind == "type" and isinstance(value, Enum):
        autogen.imports.add("from appliance.storage.fields import fixed_words")
        return f"fixed_words({', '.join(repr(word) for word in (value.name, *value.enums))})"
    return False


def run() -> None:
    """Runs the wanted revisions on the connection that was handed in, in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=whole_schema(),
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
