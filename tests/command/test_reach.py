"""``coturn-config``, ``nginx-config`` and ``doctor``: what IT is given, and what it is told."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import SETTINGS_WRONG, main
from appliance.reach.turn import HTTPS_PORT
from appliance.relay.addresses import own_addresses
from appliance.settings import Settings

HOST = own_addresses()[0]

CONFIG = """
[web]
base_url = "https://video.agency.example"
bind = ["127.0.0.1:8080"]
certificate_file = "/etc/vorzimmer/tls/chain.pem"
certificate_key_file = "/etc/vorzimmer/tls/key.pem"
trusted_proxies = ["127.0.0.1"]
[media]
addresses = ["192.0.2.77", "2001:db8::7"]
public_addresses = ["203.0.113.5"]
[turn]
"""
TURN = 'host = "{}"\nsecret_file = "{}"\n'


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command on a configuration file."""
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    secret = tmp_path / "secret"
    secret.write_text("a1" * 32)

    def command(*words: str, turn: str | None = "", host: str = "turn.agency.example"):
        settings = CONFIG + ("" if turn is None else TURN.format(host, secret) + turn)
        (tmp_path / "config.toml").write_text(settings)
        return CliRunner().invoke(main, list(words), catch_exceptions=False)

    return command


def test_coturn_gets_all_and_nobody_but_the_relay_is_a_peer(run):
    lines = run("coturn-config").stdout.splitlines()
    allowed = {line for line in lines if line.startswith("allowed-peer-ip")}
    hosts = {"192.0.2.77", "2001:db8::7", "203.0.113.5"}
    assert allowed == {f"allowed-peer-ip={host}" for host in hosts}
    assert {"use-auth-secret", "no-cli", "no-tcp-relay", "no-multicast-peers"} <= set(lines)
    assert "denied-peer-ip=0.0.0.0-255.255.255.255" in lines
    assert "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" in lines
    assert {"cert=/etc/vorzimmer/tls/chain.pem", "tls-listening-port=5349"} <= set(lines)
    active = [line for line in lines if not line.startswith("#")]
    assert not [line for line in active if "loopback" in line or "web-admin" in line]


def test_nginx_gets_both_names(run):
    printed = run("nginx-config", turn="share_443 = true").stdout
    assert "turn.agency.example turn;" in printed
    assert "listen 192.0.2.77:443;" in printed
    assert "listen [2001:db8::7]:443;" in printed
    assert "@" not in printed


@pytest.mark.parametrize("command", ["coturn-config", "nginx-config", "doctor"])
def test_what_is_missing_is_wrong_settings(run, command):
    answer = run(command, turn='tls_port = "x"')
    assert answer.exit_code == SETTINGS_WRONG
    assert "turn.tls_port" in answer.stderr


@pytest.mark.parametrize("command", ["coturn-config", "nginx-config"])
def test_without_turn_there_is_nothing_to_print(run, command):
    answer = run(command, turn=None)
    assert answer.exit_code == SETTINGS_WRONG
    assert "turn." in answer.stderr


def test_doctor_says_who_is_lost_and_whether_turn_answers(run, monkeypatch):
    monkeypatch.setattr("appliance.reach.probe.LIMIT_S", 0.5)
    monkeypatch.setattr("appliance.reach.knock.LIMIT_S", 0.5)
    without = run("doctor", turn=None)
    assert "Lost: networks that block UDP" in without.stdout
    silent = run("doctor", host="192.0.2.77", turn="last_relay_port = 50999")  # nobody is there
    assert silent.exit_code == 1
    assert silent.stdout.count("no answer") == 3
    assert "1000 ports" in silent.stdout
    assert f"nothing but port {HTTPS_PORT}" in silent.stdout


@contextlib.contextmanager
def media(*words: str):
    """A real media process on the command's own settings."""
    process = subprocess.Popen(
        [sys.executable, "-m", "appliance", "media", *words], stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_doctor_knocks_at_each_media_process(run, tmp_path, monkeypatch):
    """Both run, then the second has ended and left its socket, then it was never started."""
    monkeypatch.setenv("VORZIMMER_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("VORZIMMER_MEDIA__ADDRESSES", f'["{HOST}"]')
    monkeypatch.setenv("VORZIMMER_MEDIA__PUBLIC_ADDRESSES", "[]")
    monkeypatch.setenv("VORZIMMER_MEDIA__WORKERS", "2")
    monkeypatch.setenv("VORZIMMER_MEDIA__PORT", str(free_pair()))
    (tmp_path / "run").mkdir()
    second = tmp_path / "run" / "media-2.sock"
    with media():
        with media("--worker", "2"):
            until_there(second, tmp_path / "run" / "media.sock")
            both = json.loads(run("doctor", "--json", turn=None).stdout)["findings"]
            of = {one["code"]: one["state"] for one in both}
            assert [of[f"{what}_{n}"] for what in ("relay", "call") for n in (1, 2)] == ["ok"] * 4
        monkeypatch.setattr("appliance.reach.knock.LIMIT_S", 2.0)
        stale = run("doctor", turn=None)
        assert stale.exit_code == 1
        assert "Conversation with itself, media 1: sound came through" in stale.stdout
        assert f"no answer at {HOST}. Start: vorzimmer media --worker 2" in stale.stdout
        second.unlink(missing_ok=True)
        gone = run("doctor", turn=None)
        assert gone.exit_code == 1
        assert "media-2.sock is missing). Start: vorzimmer media --worker 2" in gone.stdout
        assert "Wrong: " in gone.stdout


def free_pair() -> int:
    """A UDP port that is free, as is the next."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as one:
            one.bind((HOST, 0))
            port = int(one.getsockname()[1])
        with socket.socket(type=socket.SOCK_DGRAM) as two, contextlib.suppress(OSError):
            two.bind((HOST, port + 1))
            return port


def until_there(*sockets: Path) -> None:
    until = time.monotonic() + 20
    while not all(one.is_socket() for one in sockets):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("media", "turn", "named"),
    [
        ("port = 65530\nworkers = 8", "", r"media.port: .* 65537"),
        ("port = 50100", "", r"turn.first_relay_port: .* overlap media.port"),
        ("port = 49993\nworkers = 8", "", r"overlap media.port 49993-50000"),
        ("", "first_relay_port = 50001\nlast_relay_port = 50000", "must not be greater"),
        ("", "first_relay_port = 65000", "1520 ports from there on go beyond"),
        ("workers = 2", "port = 40001", r"turn.port: 40001 is a port of the relay"),
    ],
)
def test_ports_that_cannot_go_together_are_named(tmp_path, monkeypatch, media, turn, named):
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "config.toml"))
    head = f'[media]\n{media}\n[turn]\nhost = "turn.agency.example"\n{turn}\n'
    (tmp_path / "config.toml").write_text(head)
    answer = CliRunner().invoke(main, ["doctor"], catch_exceptions=False)
    assert answer.exit_code == SETTINGS_WRONG
    assert re.search(named, answer.stderr), answer.stderr
    assert "\n:" not in answer.stderr


def test_without_turn_its_ports_are_nobodys(tmp_path, monkeypatch):
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "none.toml"))
    assert list(Settings(media={"port": 50100, "workers": 2}).media_ports) == [50100, 50101]
