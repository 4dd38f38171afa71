"""All that ``vorzimmer doctor`` looks at, as lines or as one JSON object."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from appliance import __version__
from appliance.care_command import care
from appliance.config_file import config_file
from appliance.doctor import box, calls, certificate, kiosk, messages, rights, units
from appliance.doctor.finding import Finding, all_well, ok, wrong
from appliance.owner import become_owner
from appliance.reach.coturn import ConfigWrong
from appliance.reach.turn import SecretWrong
from appliance.reach_command import examine as reach
from appliance.read_settings import SettingsUnreadable, read
from appliance.settings import Settings
from appliance.storage.clock import utcnow
from appliance.telemetry import configure
from appliance.web.sound_settings import SettingsWrong, ensure_sound

CONFIG = "config"


def diagnose_box() -> list[Finding]:
    """``diagnose`` with the settings in force. Raises ``SettingsUnreadable``."""
    configure()
    try:
        return diagnose(read(Settings))
    except (ConfigWrong, SecretWrong) as error:
        raise SettingsUnreadable(str(error)) from error


def unreadable(error: SettingsUnreadable) -> Finding:
    """The one finding where nothing else can be looked at."""
    return wrong(CONFIG, "Settings", str(error), error.do)


def diagnose(settings: Settings) -> list[Finding]:
    """Everything of a box. Raises ``ConfigWrong``, ``SecretWrong``.

    Root looks at rights and certificates alone and then becomes the owner of the data, for good:
    what is tried goes to servers that the owner may have named, so it holds the owner's files only.
    """
    installed = units.installed()
    config = config_file()
    closed = rights.examine(settings, config) + certificate.examine(settings, utcnow())
    become_owner(settings)
    found = [_config(settings, config), *box.examine(settings, installed=installed)]
    if installed:
        found += units.examine(settings.media.workers)
    found += closed
    found += care(settings)
    found += reach(settings)
    return found + asyncio.run(_tried(settings))


async def _tried(settings: Settings) -> list[Finding]:
    return [*await calls.examine(settings), *await messages.examine(settings)]


def diagnose_kiosk() -> list[Finding]:
    """A kiosk's devices; it has no settings, no database and no relay."""
    return kiosk.examine()


def _config(settings: Settings, file: Path) -> Finding:
    code, name = CONFIG, "Settings"
    try:
        ensure_sound(settings)
    except SettingsWrong as error:
        return wrong(code, name, str(error), f"Change it in {file}")
    return ok(code, name, str(file) if file.exists() else f"{file} is not there: all defaults")


def as_text(findings: list[Finding]) -> str:
    """A line for each, what is wrong once more at the end."""
    lines = [str(one) for one in findings]
    bad = dict.fromkeys(one.name for one in findings if not all_well([one]))
    return "\n".join([*lines, "", f"Wrong: {', '.join(bad)}" if bad else "Nothing is wrong."])


def as_json(findings: list[Finding]) -> str:
    """One object: ``ok``, ``version``, ``at``, and the findings with their stable codes."""
    body = {
        "ok": all_well(findings),
        "version": __version__,
        "at": utcnow().isoformat(timespec="seconds"),
        "findings": [asdict(one) for one in findings],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)
