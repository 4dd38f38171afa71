"""The settings as a configuration file, each with its meaning above it."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from appliance.settings import Settings


def as_toml(settings: Settings) -> str:
    """TOML that, put into the configuration file, means the same settings."""
    lines = ["# vorzimmer: every setting, its meaning, its present value"]
    lines += _table(settings, "")
    return "\n".join(lines) + "\n"


def _table(model: BaseModel, prefix: str) -> list[str]:
    lines: list[str] = []
    tables: list[str] = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        comment = f"# {' '.join((field.description or '').split())}"
        if isinstance(value, BaseModel):
            tables += ["", comment, f"[{prefix}{name}]", *_table(value, f"{prefix}{name}.")]
        elif value is None:
            lines += [comment, f'# {name} = ""']
        else:
            lines += [comment, f"{name} = {_value(value)}"]
    return [line for line in lines + tables if line != "# "]


def _value(value: Any) -> str:
    """A TOML value; its strings are written like JSON's."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path):
        value = str(value)
    return json.dumps(value, ensure_ascii=False)
