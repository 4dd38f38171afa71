"""What the handbooks name in code font, and whether it is there."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from appliance.cli import main
from appliance.settings import Settings
from appliance.telemetry import EVENTS, METRICS
from tests.rules.sources import ROOT, sources

DOCS = ROOT / "appliance" / "docs"
PAGES = ("handbook", "handbook_staff", "data_protection")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)\)")

# Other people's programs: their words are theirs, ours among them are looked at all the same.
FOREIGN = (
    "--json", "/usr/lib/apt/apt-helper", "apt-get", "cat", "cd", "certutil", "chgrp", "cp",
    "curl", "df", "fallocate", "gpgv", "install", "journalctl", "ls", "man", "nft", "nginx",
    "openssl", "rm", "sha256sum", "sqv", "ss", "systemctl", "systemd-analyze", "systemd-run",
    "tar", "timedatectl", "udp", "update-ca-certificates", "wpctl",
    "aplay", "arecord", "v4l2-ctl",
)  # fmt: skip
# Names of other people's things: units, policies, fields of a request, formats, files of theirs.
OTHERS = {
    "Certificates", "ImportEnterpriseRoots", "Install", "CACertificates", "Idempotency-Key",
    "Retry-After", "code", "id", "on", "adviser", "client_secret_basic", "POST", "turnserver",
    "systemd-timesyncd", "secrets_mail", "oom-kill", "max", "ok", "note", "WRONG", "?",
    '"ok": true', "https", "null", "# ", "var/", "media", "label", "client_id",
}  # fmt: skip
OWN_FILES = {  # that IT or the programs lay into the folders of the box
    "chain.pem", "key.pem", "ca.pem", "ca.key", "config.toml", "settings.toml", "mail.password",
    "logo.png", "logo.jpg", "logo.webp", "database.key", "backups", "backgrounds", "secrets", "tls",
}  # fmt: skip
NAMED_BY_IT = {"mail", "sms", "turn", "oidc", "turn.pem", "turn.key"}  # what IT calls its own files


def text_of(page: str, language: str) -> str:
    return (DOCS / f"{page}_{language}.md").read_text(encoding="utf-8")


def levels(text: str) -> list[int]:
    """The depth of each heading, in order."""
    return [len(mark) for mark in HEADING.findall(BLOCK.sub("", text))]


def blocks(text: str, kind: str) -> list[str]:
    return [body for name, body in BLOCK.findall(text) if name == kind]


def spans(text: str) -> list[str]:
    """What stands in code font, inline."""
    return SPAN.findall(BLOCK.sub("", text))


def commands(text: str) -> list[str]:
    """Lines for a shell: of the blocks, and inline."""
    lines = "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [
        part.strip() for one in [*lines, *spans(text)] for part in re.split(r"&&|\|(?!\|)", one)
    ]


def settings_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Every setting and table, as ``section.name``."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(prefix + name)
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= settings_of(inner, f"{prefix}{name}.")
    return found


SETTINGS = settings_of(Settings)
TABLES = {name.split(".")[0] for name in SETTINGS if "." in name}


def unknown_in_toml(body: str) -> list[str]:
    """Settings of an example that are none."""

    def names(table: dict[str, Any], prefix: str = "") -> list[str]:
        found = []
        for name, value in table.items():
            found += [prefix + name]
            found += names(value, f"{prefix}{name}.") if isinstance(value, dict) else []
        return found

    return [name for name in names(tomllib.loads(body)) if name not in SETTINGS]


def wrong_command(line: str) -> str:
    """What of a line of ours is not there; "" when all is, or when it is no line of ours."""
    words = line.replace("sudo ", "").split()
    if not words:
        return ""
    if words[0] in ("vorzimmer", "restore") and len(words) > 1:
        return _wrong_words(words[1:] if words[0] == "vorzimmer" else words)
    name = Path(words[0]).name
    if words[0].startswith(("scripts/", "/opt/vorzimmer/current/scripts/")) or name == "rollback":
        return _wrong_script(name, words[1:])
    return ""


def _wrong_words(words: list[str]) -> str:
    command = main.commands.get(words[0])
    if command is None:
        return f"no command {words[0]}"
    known = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
    return ", ".join(one for one in words if one.startswith("--") and one not in known)


def _wrong_script(name: str, words: list[str]) -> str:
    script = ROOT / "scripts" / name
    if not script.is_file():
        return f"no script {name}"
    text = script.read_text(encoding="utf-8")
    if name == "upgrade":
        text += (ROOT / "scripts" / "install").read_text(encoding="utf-8")
    return ", ".join(one for one in words if one.startswith("--") and one not in text)


@cache
def said() -> str:
    """All that our programs and pages can say, and the routes they have."""
    files = sources(".py", ".html", ".txt", ".js", "", under=("appliance", "kiosk_ui", "scripts"))
    plain = "".join(one.read_text(encoding="utf-8", errors="replace") for one in files)
    return re.sub(r'"\s*\n\s*f?"', "", plain)  # strings that go on in the next line


def is_unit(name: str) -> bool:
    stem, _, kind = name.removesuffix(" …").partition(".")
    stem = re.sub(r"@\d*$", "@", stem)
    kinds = (kind,) if kind else ("service", "timer", "socket")
    ours = stem.startswith("vorzimmer")
    return ours and any(any((ROOT / "systemd").rglob(f"{stem}.{one}")) for one in kinds)


def is_path(name: str) -> bool:
    """A path on the box, or in the source."""
    inside = re.sub("^/opt/vorzimmer/current/(app/)?", "", name)
    if inside and not inside.startswith("/") and any(ROOT.glob(inside)):
        return True
    for folder in ("/etc/vorzimmer", "/var/lib/vorzimmer", "/opt/vorzimmer"):
        if name.startswith(folder):
            last = Path(name.split("/vorzimmer-2026", maxsplit=1)[0]).name
            return last in OWN_FILES | NAMED_BY_IT | {"vorzimmer", "current", "VERSION"}
    return name in OWN_FILES or (DOCS / name).is_file() or (name[0] == "/" and name in said())


def is_setting(name: str) -> bool:
    plain = re.split(r" *= *", name)[0].strip("[]")
    if name.startswith("VORZIMMER_"):
        plain = name.removeprefix("VORZIMMER_").replace("__", ".").lower()
    if plain.endswith(".*"):
        return plain.removesuffix(".*") in TABLES
    table, _, last = plain.rpartition(".")
    return plain in SETTINGS or (not table and any(one.endswith(f".{last}") for one in SETTINGS))


def is_route(name: str) -> bool:
    """A page; parts in angle brackets are anything."""
    path = re.sub(r"^(GET |POST |https://[^/]+)", "", name).split("?")[0]
    if not path.startswith("/"):
        return False
    last = [part for part in path.split("/") if part and not part.startswith("<")][-1]
    return f'"/{last}"' in said() or f'/{last}"' in said() or f'"/{last}/' in said()


def is_json(name: str) -> bool:
    try:
        json.loads(name)
    except ValueError:
        return False
    return name.startswith(("{", "["))


def is_known(name: str) -> bool:
    """Whether a span is something that is there: ours, said by us, or somebody else's by list."""
    if name in OTHERS or name.split(maxsplit=1)[0] in FOREIGN:
        return True
    if name.split(maxsplit=1)[0] in ("vorzimmer", "restore", "rollback") or "scripts/" in name:
        return not wrong_command(name)
    kinds = (is_unit, is_path, is_setting, is_route, is_json)
    if name in EVENTS or name in METRICS or any(one(name) for one in kinds):
        return True
    if name.startswith("--"):
        return name.split(maxsplit=1)[0] in said()
    return all(part in said() for part in name.split("…"))


@cache
def _shown_in(language: str) -> str:
    if language == "de":
        return said()
    folder = ROOT / "appliance" / "locale" / language / "LC_MESSAGES"
    words = "".join(one.read_text(encoding="utf-8") for one in sorted(folder.glob("*.po")))
    return words.replace('"\n"', "") + said()


def not_shown(text: str, language: str) -> set[str]:
    """What stands between quotation marks and is neither ours to show nor a heading here."""
    plain = SPAN.sub("", BLOCK.sub("", text))
    marks = "„([^“]+)“" if language == "de" else '"([^"\n]+)"'
    own = {line.lstrip("#. 0123456789") for line in plain.splitlines() if line.startswith("#")}
    own |= {bold.strip() for bold in re.findall(r"\*\*([^*]+)\*\*", plain)}
    shown = _shown_in(language)
    return {one for one in re.findall(marks, plain) if one not in shown and one not in own}
