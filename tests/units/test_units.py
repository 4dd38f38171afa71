"""The units, by systemd's own reckoning: nothing odd in them, and few rights left."""

import re
import subprocess

import pytest

from appliance.box_limits import drop_ins, write
from appliance.settings import Settings
from tests.units.copies import PROGRAMS, SERVICES, UNITS, analyze, copied

MOST_EXPOSURE = 15  # tenths; 9.6 is what most units of Debian have
HARDENING = "vorzimmer-.service.d/10-hardening.conf"
NO_WRITING = ("vorzimmer-media.service", "vorzimmer-media@.service", "vorzimmer-analyser@.service")


def test_it_works(tmp_path):
    """Each unit, also with the drop-ins for a box of two workers, says nothing at all."""
    units = copied(tmp_path)
    write(drop_ins(Settings(media={"workers": 2}, backup={"folder": "/mnt/backup"}), 4000), units)
    files = [str(file) for file in sorted(units.glob("vorzimmer*.*")) if file.is_file()]
    assert len(files) > 12
    done = analyze("verify", "--man=no", *files)
    assert (done.returncode, done.stderr) == (0, "")


def test_few_rights_are_left(tmp_path):
    units = copied(tmp_path)
    exposed = {}
    for name in SERVICES:
        words = ("security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", "--no-pager")
        done = analyze(*words, str(units / name))
        if done.returncode:
            exposed[name] = done.stdout.strip().splitlines()[-1:]
    assert exposed == {}
    assert len(SERVICES) == 7


def test_the_firewall_can_be_loaded():
    """Into a network of its own, of which whoever runs this is root."""
    words = [
        "unshare",
        "--map-root-user",
        "--net",
        "nft",
        "-c",
        "-f",
        str(UNITS / "nftables.conf.example"),
    ]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def lines(name: str) -> list[str]:
    return (UNITS / name).read_text().splitlines()


@pytest.mark.parametrize("name", SERVICES)
def test_none_is_root_and_each_is_ours(name):
    users = [line for line in lines(name) if line.startswith("User=")]
    assert len(users) == 1
    assert users[0].removeprefix("User=") in (UNITS / "sysusers.d/vorzimmer.conf").read_text()
    assert sum(line.startswith(f"ExecStart={PROGRAMS}") for line in lines(name)) == 1


@pytest.mark.parametrize("name", NO_WRITING)
def test_media_and_analysers_reach_no_data(name):
    [hidden] = [line for line in lines(name) if line.startswith("InaccessiblePaths=")]
    assert "-/var/lib/vorzimmer" in hidden
    assert not any(line.startswith(("StateDirectory=", "LoadCredential=")) for line in lines(name))


@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_says_what_the_shared_file_overrules(name):
    """A drop-in is read after its unit: what differs must stand in a later drop-in."""
    shared = {line.partition("=")[0] for line in lines(HARDENING) if "=" in line}
    own = {line.partition("=")[0] for line in lines(name) if "=" in line and line[0] != "#"}
    assert shared & own <= {"Environment"}  # a list, which grows


def test_calls_survive_the_sandbox():
    """This one line would refuse each DTLS handshake while every page still works."""
    calling = ("vorzimmer-media.service", "vorzimmer-selftest.service")
    shared = lines(HARDENING)
    for name in calling:
        assert "MemoryDenyWriteExecute=yes" not in [*lines(name), *shared]


def test_all_media_processes_are_alike():
    one, more = lines("vorzimmer-media.service"), lines("vorzimmer-media@.service")
    assert [line.replace(" --worker %i", "").replace(", process %i", "") for line in more] == one
    own = "vorzimmer-media{}.service.d/20-punctual.conf"
    assert lines(own.format("")) == lines(own.format("@"))


def test_the_target_asks_for_all():
    asked = set(re.findall(r"vorzimmer-[\w.]+", (UNITS / "vorzimmer.target").read_text()))
    started = {path.name for path in UNITS.glob("vorzimmer-*.*") if path.is_file()}
    ends = {"vorzimmer-media@.service", "vorzimmer-analyser@.service", "vorzimmer-analyser.slice"}
    by_timer = {name.replace("timer", "service") for name in asked if name.endswith("timer")}
    assert started - ends - by_timer == asked


def test_the_users_can_be_made(tmp_path):
    (tmp_path / "etc").mkdir()
    file = str(UNITS / "sysusers.d" / "vorzimmer.conf")
    words = ["systemd-sysusers", f"--root={tmp_path}", file]
    subprocess.run(words, capture_output=True, check=True)
    made = (tmp_path / "etc" / "passwd").read_text().splitlines()
    assert [line.split(":")[0] for line in made] == [
        "vorzimmer",
        "vorzimmer-media",
        "vorzimmer-analyser",
    ]
