"""The settings for a command, or in words why there are none."""

from __future__ import annotations

import tomllib

from pydantic import ValidationError

from appliance.config_file import SECTION_ONCE, config_file
from appliance.settings import Settings


class SettingsUnreadable(Exception):
    """Its text says what is wrong, for people, without values; ``do`` what to do."""

    def __init__(self, sentence: str, do: str = "") -> None:
        super().__init__(sentence)
        self.do = do or f"Change it in {config_file()}"


def read(kind: type[Settings]) -> Settings:
    """The settings. Raises ``SettingsUnreadable``, with a line for each wrong one."""
    try:
        return kind()
    except ValidationError as error:
        lines = (
            ": ".join(filter(None, (".".join(map(str, wrong["loc"])), wrong["msg"])))
            for wrong in error.errors()
        )
        raise SettingsUnreadable("Settings are wrong:\n" + "\n".join(lines)) from None
    except PermissionError as error:
        said = f"Please start this as root: {error.filename} is not yours to read."
        raise SettingsUnreadable(said, "Start it as root") from None
    except (tomllib.TOMLDecodeError, OSError) as error:
        do = SECTION_ONCE if "twice" in str(error) else ""
        said = f"The configuration file cannot be read: {error}{do}"
        raise SettingsUnreadable(said) from None
