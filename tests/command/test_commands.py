"""The command: what it does, and its exit codes 0, 1, 2 and 78."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pyotp
import pytest
from click.testing import CliRunner

from appliance import __version__
from appliance.cli import SETTINGS_WRONG, main
from appliance.settings import Settings
from tests.builders.bookings import quick_passwords


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs ``vorzimmer …`` with a box of its own."""
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("VORZIMMER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VORZIMMER_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr("appliance.advisers.service.Passwords", quick_passwords)
    (tmp_path / "data").mkdir(mode=0o700)
    umask = os.umask(0o022)

    def command(*words: str, **more):
        return CliRunner().invoke(main, list(words), catch_exceptions=False, **more)

    yield command
    os.umask(umask)


def test_it_works(run):
    assert run("version").output.strip() == __version__
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0  # safe to repeat


def test_unknown_words_are_wrong_usage(run):
    assert run("dance").exit_code == 2
    assert run("add-adviser").exit_code == 2


@pytest.mark.parametrize("command", ["serve", "purge", "demo"])
def test_without_a_database_nothing_starts(run, command):
    answer = run(command)
    assert answer.exit_code == SETTINGS_WRONG
    assert answer.stderr.strip()


def test_wrong_settings_are_named_without_their_values(run, tmp_path):
    (tmp_path / "config.toml").write_text('[media]\nport = "geheim"\n[wbe]\nx = 1\n')
    answer = run("config")
    assert answer.exit_code == SETTINGS_WRONG
    assert "media.port" in answer.stderr
    assert "wbe" in answer.stderr
    assert "geheim" not in answer.stderr


@pytest.mark.parametrize("address", ["relay.example", "0.0.0.0", "fe80::1", "192.0.2.1:40000"])
def test_browsers_are_told_addresses_only(run, tmp_path, address):
    (tmp_path / "config.toml").write_text(f'[media]\npublic_addresses = ["{address}"]\n')
    answer = run("config")
    assert answer.exit_code == SETTINGS_WRONG
    assert "media.public_addresses.0" in answer.stderr


def test_a_broken_configuration_file_is_said(run, tmp_path):
    (tmp_path / "config.toml").write_text("[web\n")
    assert run("config").exit_code == SETTINGS_WRONG


def test_a_base_url_that_cannot_work_is_refused(run, monkeypatch):
    run("migrate")
    monkeypatch.setenv("VORZIMMER_WEB__BASE_URL", "http://termine.example")
    answer = run("serve")
    assert answer.exit_code == SETTINGS_WRONG
    assert "base_url" in answer.stderr


def test_a_section_that_stands_twice_is_explained(run, tmp_path):
    (tmp_path / "config.toml").write_text('[mail]\n[web]\n[mail]\nhost = "mail.example"\n')
    answer = run("config")
    assert answer.exit_code == SETTINGS_WRONG
    assert "The file has each section already" in answer.stderr


def test_the_printed_configuration_means_the_same(run, tmp_path):
    printed = run("config").stdout
    assert "# The agency's name, as clients know it." in printed
    values = tomllib.loads(printed)
    assert values["web"]["bind"] == ["127.0.0.1:8080"]
    (tmp_path / "config.toml").write_text(printed)
    assert run("config").stdout == printed
    assert tomllib.loads(run("config", "--origins").stdout) == values
    documented = printed.count("\n# ") + printed.count("# vorzimmer")
    assert documented > len(Settings.model_fields)


def test_the_configuration_says_where_a_value_is_from(run, tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text("[media]\nport = 41000\nworkers = 2\n")
    monkeypatch.setenv("VORZIMMER_MEDIA__WORKERS", "3")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "settings.toml").write_text('[agency]\nname = "Amt"\n')
    lines = run("config", "--origins").stdout.splitlines()
    assert 'name = "Amt"  # set-up page' in lines
    assert "port = 41000  # file" in lines
    assert "workers = 3  # VORZIMMER_MEDIA__WORKERS" in lines
    assert "max_sessions = 0  # default" in lines


def test_only_what_is_stated_is_live_in_a_commented_configuration(run, tmp_path, monkeypatch):
    monkeypatch.setenv("VORZIMMER_WEB__BASE_URL", "https://video.amt.example")
    monkeypatch.delenv("VORZIMMER_RUNTIME_DIR")
    printed = run("config", "--commented").stdout
    monkeypatch.delenv("VORZIMMER_WEB__BASE_URL")
    live = tomllib.loads(printed)
    assert live.pop("web") == {"base_url": "https://video.amt.example"}
    assert live.pop("data_dir") == str(tmp_path / "data")
    assert not any(live.values())
    assert '# name = "Musteramt"' in printed.splitlines()
    (tmp_path / "config.toml").write_text(printed)
    (tmp_path / "data" / "settings.toml").write_text('[agency]\nname = "Amt Sonnenberg"\n')
    assert Settings().agency.name == "Amt Sonnenberg"  # the set-up page has an effect
    assert Settings().web.base_url == "https://video.amt.example"


def test_no_secret_is_printed(run, tmp_path):
    urls = 'database_url = "postgresql://web:geheim@db/x"\n[sms]\n'
    (tmp_path / "config.toml").write_text(urls + 'url = "https://sms.example/send?key=geheim"\n')
    printed = run("config").stdout
    assert "geheim" not in printed
    assert 'database_url = "postgresql://web:***@db/x"' in printed
    assert 'url = "https://sms.example/send?***"' in printed


def test_an_adviser_is_added_once(run, tmp_path):
    run("migrate")
    (tmp_path / "password").write_text("ein-Vogel-im-Garten\n")
    words = ("add-adviser", "yilmaz", "--name", "Ayşe Yılmaz", "--password-file")
    answer = run(*words, str(tmp_path / "password"))
    assert answer.exit_code == 0
    assert "otpauth://totp/" in answer.stdout
    assert len(re.findall(r"^  [0-9A-Z-]{6,}$", answer.stdout, re.MULTILINE)) == 10
    again = run(*words, str(tmp_path / "password"))
    assert again.exit_code == 1
    assert again.stderr.strip()


def test_an_installation_prints_a_code_until_somebody_can_log_in(run, tmp_path):
    """Data that an uninstall left have their logins: nothing opens by itself."""
    run("migrate")
    code_file = tmp_path / "data" / "first-start.json"
    first = run("setup-code", "--first")
    assert re.search(r"/setup\nCode, .*:\n  (\w{4}-){3}\w{4}\n.*add-adviser", first.stdout)
    code_file.unlink()
    (tmp_path / "password").write_text("ein-Vogel-im-Garten\n")
    words = ("add-adviser", "yilmaz", "--name", "Y", "--password-file")
    assert run(*words, str(tmp_path / "password")).exit_code == 0
    again = run("setup-code", "--first")
    assert again.stdout.startswith("The data from before are there")
    assert (again.exit_code, again.stdout.count("\n"), code_file.exists()) == (0, 1, False)
    assert "/setup" in run("setup-code").stdout
    assert code_file.exists()


def test_a_weak_password_is_refused(run):
    run("migrate")
    answer = run("add-adviser", "yilmaz", "--name", "Y", input="kurz\nkurz\n")
    assert answer.exit_code == 1
    assert "12" in answer.stderr


def printed(answer, label: str) -> str:
    return re.search(rf"{label}:\s+(\S.*)", answer.stdout).group(1).strip()


def test_the_demo_prints_how_to_get_in_and_keeps_it(run, tmp_path):
    run("migrate")
    first, second = run("demo"), run("demo")
    assert first.exit_code == second.exit_code == 0
    assert printed(first, "Adviser's address") == "http://localhost:8080/console"
    assert printed(first, "Password") == printed(second, "Password")
    assert printed(first, "Session password") == printed(second, "Session password")
    assert printed(first, "Code") != printed(second, "Code")
    assert "/v#" in printed(first, "Client's link")
    assert "/console/mail" in printed(first, "Sent mail")
    key = printed(second, "Key for the app")
    assert pyotp.TOTP(key).verify(run("demo", "--code").stdout.strip(), valid_window=1)
    assert (tmp_path / "data" / "demo.json").stat().st_mode & 0o077 == 0


def test_the_demo_never_runs_out_of_codes(run):
    run("migrate")
    codes = {printed(run("demo"), "Code") for _ in range(12)}
    assert len(codes) == 12


def test_purge_says_what_it_did(run):
    run("migrate")
    assert run("purge", "--dry-run").exit_code == 0
    answer = run("purge")
    assert answer.exit_code == 0
    assert answer.stdout.strip()


def test_health_of_a_box_that_is_not_running(run, monkeypatch):
    monkeypatch.setenv("VORZIMMER_WEB__BIND", '["127.0.0.1:1"]')
    answer = run("health")
    assert answer.exit_code == 1
    assert "no answer" in answer.stdout


def test_the_module_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "appliance", "version"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, __version__)
