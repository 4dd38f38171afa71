"""The settings as a configuration file, each with its meaning above it."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from appliance.kept_settings import read_kept
from appliance.settings import CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE, Settings

# A password before the @ of an address, and whatever stands behind its question mark.
SECRET_IN_URL: Final = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*(?=@)|(?<=\?)\S+")
MASK: Final = "***"
DEFAULT: Final = "default"
SET_UP: Final = "set-up page"
HEAD: Final = "# vorzimmer: every setting, its meaning, its present value"
SECTION_ONCE: Final = (
    "\nThe file has each section already: put the lines below that one, without [its name]."
)
HEAD_COMMENTED: Final = "\n# What is commented out holds unless the set-up page says otherwise."


def as_toml(settings: Settings, *, origins: bool = False, commented: bool = False) -> str:
    """TOML that, put into the configuration file, means the same settings; secrets masked.

    ``origins``: where each value is from stands behind it. ``commented``: only what environment or
    file state is live; the rest leaves room for what the set-up page keeps.
    """
    stated = _Origins(settings.data_dir)
    said = stated.said if origins else _nothing
    mark = stated.mark if commented else _nothing
    head = HEAD + (HEAD_COMMENTED if commented else "")
    return "\n".join([head, *_table(settings, "", said, mark)]) + "\n"


def config_file() -> Path:
    """Where the settings are read from."""
    return Path(os.environ.get(CONFIG_FILE_VARIABLE, DEFAULT_CONFIG_FILE))


class _Origins:
    """Environment over file over set-up page over default, as ``Settings`` reads them."""

    def __init__(self, data_dir: Path) -> None:
        self._environment = {name.upper() for name in os.environ}
        self._file: Mapping[str, Any] = {}
        self._kept: Mapping[str, Any] = {}
        with suppress(OSError, tomllib.TOMLDecodeError):
            self._file = tomllib.loads(config_file().read_text(encoding="utf-8"))
        with suppress(OSError, tomllib.TOMLDecodeError):
            self._kept = read_kept(data_dir)

    def said(self, name: str) -> str:
        """A remark for behind the value."""
        return f"  # {self._of(name)}"

    def mark(self, name: str) -> str:
        """What makes a comment of a value that nobody states."""
        return "# " if self._of(name) in (DEFAULT, SET_UP) else ""

    def _of(self, name: str) -> str:
        """For a setting like ``web.bind``."""
        parts = name.split(".")
        for depth in range(len(parts), 0, -1):
            variable = "VORZIMMER_" + "__".join(parts[:depth]).upper()
            if variable in self._environment:
                return variable
        if _states(self._file, parts):
            return "file"
        return SET_UP if _states(self._kept, parts) else DEFAULT


def _states(table: Mapping[str, Any], parts: list[str]) -> bool:
    found: Any = table
    for part in parts:
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True


def _nothing(_: str) -> str:
    return ""


def _table(
    model: BaseModel, prefix: str, said: Callable[[str], str], mark: Callable[[str], str]
) -> list[str]:
    lines: list[str] = []
    tables: list[str] = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        comment = f"# {' '.join((field.description or '').split())}"
        path = prefix + name
        if isinstance(value, BaseModel):
            # An empty table within another would count as stated; an outer one does not.
            header = f"{mark(path) if prefix else ''}[{path}]"
            tables += ["", comment, header, *_table(value, f"{path}.", said, mark)]
        elif value is None:
            lines += [comment, f'# {name} = ""{said(path)}']
        else:
            lines += [comment, f"{mark(path)}{name} = {_value(value)}{said(path)}"]
    return [line for line in lines + tables if line != "# "]


def _value(value: Any) -> str:
    """A TOML value; its strings are written like JSON's."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path):
        value = str(value)
    if isinstance(value, str):
        value = SECRET_IN_URL.sub(lambda one: f"{one[1]}:{MASK}" if one[1] else MASK, value)
    return json.dumps(value, ensure_ascii=False)
