"""Every direct dependency has its reason and a hashed, address-free place in the lock."""

import re
import tomllib

from tests.rules.sources import ROOT


def requirement_lines() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return [
        line
        for line in text.splitlines()
        if re.match(r'\s+"[a-z0-9-]+(?:[<>=]=?[^"]*)?",', line) and "#" in line
    ]


def direct() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {re.split(r"[<>=]", name)[0] for name in every}


def test_each_direct_dependency_says_why():
    explained = {re.split(r"[<>=\"]", line.strip()[1:])[0] for line in requirement_lines()}
    assert direct() - explained == {"tzdata"} - explained


def test_each_direct_dependency_is_locked_with_a_hash():
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").lower()
    for name in direct():
        assert re.search(rf"^{name}==\S+ \\\n    --hash=sha256:", lock, re.MULTILINE), name


def test_the_locks_name_no_address():
    for name in ("run.txt", "dev.txt", "pip.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text.replace("--no-emit-index-url", "")


def test_the_npm_lock_names_no_address():
    assert '"resolved"' not in (ROOT / "kiosk_ui" / "package-lock.json").read_text(encoding="utf-8")


def test_the_pip_of_a_release_is_locked_too():
    lock = (ROOT / "requirements" / "pip.txt").read_text(encoding="utf-8")
    assert re.search(r"^pip==\S+ \\\n    --hash=sha256:[0-9a-f]{64}$", lock, re.MULTILINE)
