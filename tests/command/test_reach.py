"""``coturn-config``, ``nginx-config`` and ``doctor``: what IT is given, and what it is told."""

import pytest
from click.testing import CliRunner

from appliance.cli import SETTINGS_WRONG, main
from appliance.reach.turn import HTTPS_PORT

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
    without = run("doctor", turn=None)
    assert without.exit_code == 0
    assert "Lost: networks that block UDP" in without.stdout
    silent = run("doctor", host="192.0.2.77")  # nobody is there
    assert silent.exit_code == 1
    assert silent.stdout.count("no answer") == 3
    assert f"nothing but port {HTTPS_PORT}" in silent.stdout
