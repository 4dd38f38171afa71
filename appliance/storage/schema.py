"""All tables, whoever makes them."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from sqlalchemy import MetaData
from sqlmodel import SQLModel

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
