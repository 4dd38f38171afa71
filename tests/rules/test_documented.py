"""Every setting and command says what it is."""

import click
from pydantic import BaseModel

from appliance.cli import main
from appliance.settings import Settings


def undocumented(model: type[BaseModel], prefix: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and name != "policy":
            found += undocumented(inner, f"{prefix}{name}.")
        elif not field.description:
            found.append(prefix + name)
    return found


def test_each_setting_is_documented():
    assert undocumented(Settings) == []


def test_each_command_is_documented():
    assert isinstance(main, click.Group)
    assert [name for name, command in main.commands.items() if not command.help] == []
