"""Fields of models: each says how long its content may be kept, and enums keep their own words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlmodel import Field as SqlmodelField
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

# Constraints need names, or a migration on SQLite could never change them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Retention(StrEnum):
    """How long a field's content lives."""

    ID = "id"  # a random name of a row, or a reference to one; goes with its row
    OPERATIONAL = "operational"  # states, times, choices; no person can be read from it
    PERSONAL = "personal"  # of a client: gone with the visit, at the latest at the cut-off
    SECRET = "secret"  # noqa: S105 - a hash, key or password; gone when used up or at the cut-off
    STAFF = "staff"  # of an adviser: gone when the adviser's account is removed
    AUDIT = "audit"  # kept, but its ids become pseudonyms at the cut-off


def Field(*args: Any, retention: Retention, **kwargs: Any) -> Any:  # noqa: N802 - SQLModel's word
    """SQLModel's ``Field`` with a retention class, found as ``column.info["retention"]``."""
    column_kwargs = dict(kwargs.pop("sa_column_kwargs", {}))
    column_kwargs["info"] = {**column_kwargs.get("info", {}), "retention": retention}
    return SqlmodelField(*args, sa_column_kwargs=column_kwargs, **kwargs)


def personal(*args: Any, **kwargs: Any) -> Any:
    """A field with personal data of a client."""
    return Field(*args, retention=Retention.PERSONAL, **kwargs)


def words(enum: type[StrEnum], name: str) -> sqlalchemy.Enum:
    """Column type of a ``StrEnum``: stores its values, with a CHECK constraint ``name``."""
    return sqlalchemy.Enum(
        enum, values_callable=lambda kind: [member.value for member in kind], **_plain(name)
    )


def fixed_words(name: str, *values: str) -> sqlalchemy.Enum:
    """The same for a migration, which must not follow later changes of the ``StrEnum``."""
    return sqlalchemy.Enum(*values, **_plain(name))


def _plain(name: str) -> dict[str, Any]:
    return {"name": name, "native_enum": False, "create_constraint": True, "length": 32}


def retention_of(column: sqlalchemy.Column[Any]) -> Retention | None:
    """The retention class of a table's column; None when the model forgot it."""
    found = column.info.get("retention")
    return found if isinstance(found, Retention) else None


def holds_text(column: sqlalchemy.Column[Any]) -> bool:
    """A column of free words or ids: SQLModel's strings are none of SQLAlchemy's."""
    kind = column.type
    return isinstance(kind, sqlalchemy.String | AutoString) and not isinstance(
        kind, sqlalchemy.Enum
    )
