"""``vorzimmer doctor``: each thing that can be wrong is named, with what to do."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import main
from appliance.doctor import box, certificate, kiosk, messages, rights, units
from appliance.doctor.finding import Finding, State, all_well
from appliance.settings import Settings
from tests.outbox.servers import SmtpServer
from tests.reach.servers import certificate as made_certificate

NOW = datetime.now(UTC)


def of(findings: list[Finding]) -> dict[str, Finding]:
    return {one.code: one for one in findings}


def test_it_works_as_json_too(tmp_path, monkeypatch):
    """On a box where nothing runs, a program and a person read the same."""
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "none.toml"))
    for name in ("DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"VORZIMMER_{name}", str(tmp_path))
    monkeypatch.setenv("VORZIMMER_WEB__BIND", '["127.0.0.1:1"]')
    answer = CliRunner().invoke(main, ["doctor", "--json"], catch_exceptions=False)
    said = json.loads(answer.stdout)
    wrong = {one["code"] for one in said["findings"] if one["state"] == "wrong"}
    assert (answer.exit_code, said["ok"]) == (1, False)
    assert wrong >= {"web", "relay_1", "call_1", "analyser"}
    assert all(one["do"] for one in said["findings"] if one["state"] == "wrong")
    lines = CliRunner().invoke(main, ["doctor"]).stdout.splitlines()
    assert len([line for line in lines if line.startswith("WRONG")]) == len(wrong)
    assert lines[-1].startswith("Wrong: Pages, ")


@pytest.mark.parametrize("slip", ["[web\n", '[media]\nport = "geheim"\n'])
def test_settings_that_cannot_be_read_are_json_too(tmp_path, monkeypatch, slip):
    """Monitoring reads the same shape and the same code, whatever IT has typed."""
    file = tmp_path / "config.toml"
    file.write_text(slip)
    monkeypatch.setenv("VORZIMMER_CONFIG", str(file))
    answer = CliRunner().invoke(main, ["doctor", "--json"])
    said = json.loads(answer.stdout)
    assert (answer.exit_code, said["ok"], set(said)) == (
        78,
        False,
        {"ok", "version", "at", "findings"},
    )
    [finding] = said["findings"]
    assert (finding["code"], finding["state"]) == ("config", "wrong")
    assert str(file) in finding["do"]
    assert "geheim" not in answer.stdout
    plain = CliRunner().invoke(main, ["doctor"])
    assert (plain.exit_code, plain.stdout, plain.stderr) == (78, "", answer.stderr)


def test_after_an_upgrade_of_debian_it_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "python3.99").touch()
    (tmp_path / "python3").symlink_to("python3.99")
    monkeypatch.setattr(box, "PYTHON", tmp_path / "python3")
    data = tmp_path / "data"
    data.mkdir()
    settings = Settings(data_dir=data, web={"bind": ["127.0.0.1:1"]})
    found = of(box.examine(settings, installed=True))["versions"]
    assert (found.state, "Debian has python3.99" in found.says) == (State.WRONG, True)
    assert "scripts/install" in found.do
    assert of(box.examine(settings, installed=False))["versions"].state is State.OK


def shown(folder: Path, host: str = "video.agency.example", **settings) -> Finding:
    """What is said of a certificate of 60 days in 0, or so many, days from now."""
    chain, key = made_certificate(folder, "video.agency.example", days=60)
    web = {"base_url": f"https://{host}", "certificate_file": chain, "certificate_key_file": key}
    [found] = certificate.examine(Settings(web=web), NOW + timedelta(days=settings.get("after", 0)))
    return found


@pytest.mark.parametrize(
    ("after", "state"), [(1, State.OK), (40, State.WARNING), (57, State.WRONG), (61, State.WRONG)]
)
def test_days_of_the_certificate(tmp_path, after, state):
    assert shown(tmp_path, after=after).state is state


def test_a_certificate_of_another_name_or_key_is_said(tmp_path):
    found = shown(tmp_path, "other.example", after=1)
    assert (found.state, "other.example" in found.says) == (State.WRONG, True)
    chain, _ = made_certificate(tmp_path, "one.example")
    _, key = made_certificate(tmp_path, "two.example")
    files = {"certificate_file": chain, "certificate_key_file": key}
    [found] = certificate.examine(Settings(web={"base_url": "https://one.example", **files}), NOW)
    assert "is not the key of" in found.says


def test_rights_that_are_too_wide_are_named(tmp_path):
    secret = tmp_path / "mail"
    secret.write_text("x")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    settings = Settings(data_dir=data, mail={"password_file": secret})
    secret.chmod(0o644)
    [found] = rights.examine(settings, tmp_path / "none.toml")
    assert (found.state, found.do) == (State.WRONG, f"chmod 0600 {secret}")
    secret.chmod(0o600)
    assert all_well(rights.examine(settings, tmp_path / "none.toml"))
    data.chmod(0o755)
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "config.toml").chmod(0o644)
    assert len(rights.examine(settings, tmp_path / "config.toml")) == 2


def test_files_that_go_while_it_looks_are_no_fault(tmp_path, monkeypatch):
    """Deletion opens each backup, and its log beside it is gone a moment later."""
    tmp_path.chmod(0o700)
    here = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda folder, _: [*here(folder, "*"), folder / "gone.db"])
    settings = Settings(data_dir=tmp_path, runtime_dir=tmp_path)
    assert all_well(rights.examine(settings, tmp_path / "none.toml"))


def test_a_folder_for_backups_has_to_be_there_and_ours(tmp_path):
    data, folder = tmp_path / "data", tmp_path / "disk"
    data.mkdir(mode=0o700)
    settings = Settings(data_dir=data, backup={"folder": folder})
    [found] = rights.examine(settings, tmp_path / "none.toml")
    assert (found.state, found.says) == (State.WRONG, f"{folder} is not there")
    folder.mkdir()
    assert all_well(rights.examine(settings, tmp_path / "none.toml"))


def test_a_disk_that_fills_up_is_said(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path, web={"bind": ["127.0.0.1:1"]})
    monkeypatch.setattr(box, "FREE_WRONG_MIB", 1 << 40)
    found = of(box.examine(settings, installed=False))
    assert found["disk_data"].state is State.WRONG
    assert str(tmp_path) in found["disk_data"].do


def test_limits_of_another_box_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(box, "UNITS", tmp_path)
    settings = Settings(data_dir=tmp_path, web={"bind": ["127.0.0.1:1"]})
    found = of(box.examine(settings, installed=True))["limits"]
    assert (found.state, "vorzimmer limits" in found.do) == (State.WRONG, True)


def test_a_clock_before_this_release_is_said(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 86_400.0)
    assert box._clock().state is State.WRONG


def test_an_upgrade_that_was_cut_off_is_said(tmp_path):
    note = tmp_path / "upgrading"
    assert box._unfinished(note) == []
    note.write_text("1 2 -\n")
    [found] = box._unfinished(note)
    assert (found.state, "scripts/install" in found.do) == (State.WRONG, True)


def test_units_that_do_not_run_are_named(monkeypatch):
    said = "active\n" * 6 + "inactive\nfailed\n"

    def run(words, **_):
        answers = said if len(words) > 4 else "inactive\nfailed\n"
        return subprocess.CompletedProcess(words, 3, answers, "")

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/systemctl")
    lines = [str(one) for one in units.examine(2)]
    assert [line.split(": ")[1].split(".")[0] for line in lines][:2] == [
        "vorzimmer-selftest",
        "vorzimmer-media@2",
    ]
    assert "vorzimmer-backup.service has failed" in lines[2]


@pytest.mark.parametrize("words", ["", "active\n" * 5])
def test_too_few_words_about_units_are_no_good_news(monkeypatch, words):
    done = subprocess.CompletedProcess([], 1, words, "")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: done)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/systemctl")
    assert [one.state for one in units.examine(1)] == [State.UNKNOWN]


async def test_servers_that_are_not_there_are_named():
    settings = Settings(
        mail={"host": "127.0.0.1", "port": 1}, sms={"url": "http://127.0.0.1:1/send"}
    )
    found = of(await messages.examine(settings))
    assert found["mail"].says == "127.0.0.1 port 1: unreachable"
    assert found["sms"].state is State.WRONG


async def test_a_mail_server_is_greeted_and_gets_no_mail():
    with SmtpServer() as server:
        found = of(await messages.examine(Settings(mail=server.settings)))
        assert found["mail"].state is State.OK, found["mail"]
        assert server.inbox.mails == []


def test_a_kiosks_devices_by_name(tmp_path):
    assert [one.state for one in kiosk.examine(tmp_path)] == [State.WRONG] * 3
    camera = tmp_path / "sys/class/video4linux/video0/name"
    camera.parent.mkdir(parents=True)
    camera.write_text("Logitech BRIO\n")
    pcm = tmp_path / "proc/asound/pcm"
    pcm.parent.mkdir(parents=True)
    pcm.write_text("00-00: USB Audio : USB Audio : playback 1 : capture 1\n")
    found = of(kiosk.examine(tmp_path))
    assert found["kiosk_camera"].says == "Logitech BRIO"
    assert {found["kiosk_microphone"].says, found["kiosk_speaker"].says} == {"USB Audio"}


def test_another_program_on_the_port_is_no_silence(tmp_path, monkeypatch):
    monkeypatch.setattr(box, "asked", lambda *_: (None, "no answer: SSLError"))
    found = of(box.examine(Settings(data_dir=tmp_path), installed=False))
    assert found["web"].says == "another program answers there"
