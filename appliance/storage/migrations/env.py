"""Alembic's entry: the connection comes from ``storage.migrate``; every model is imported."""

from __future__ import annotations

import importlib
import pkgutil

from alembic import context
from sqlmodel import SQLModel

import appliance
from appliance.storage import audit, keys  # noqa: F401 - their tables


def import_models() -> None:
    """Imports each ``models`` module of the domain packages, so that the metadata is whole."""
    for package in pkgutil.iter_modules(appliance.__path__):
        if package.ispkg:
            spec = importlib.util.find_spec(f"appliance.{package.name}.models")
            if spec is not None:
                importlib.import_module(spec.name)


def run() -> None:
    """Runs the wanted revisions on the connection that was handed in, in one transaction."""
    import_models()
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        user_module_prefix="appliance.storage.clock.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
