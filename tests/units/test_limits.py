"""``vorzimmer limits``: drop-ins for these settings and this box."""

import pytest
from click.testing import CliRunner

from appliance.box_limits import BoxTooSmall, drop_ins, memory_mib, stale, write
from appliance.cli import main
from appliance.settings import Settings

MEMORY = {"vorzimmer-web.service", "vorzimmer-media.service", "vorzimmer-analyser.slice"}


def memory(files: dict[str, str]) -> int:
    """MiB that the programs may take together."""
    texts = [text for name, text in files.items() if name.split(".d/")[0] in MEMORY]
    return sum(int(text.split("MemoryMax=")[1].split("M")[0]) for text in texts)


def of(unit: str, **settings) -> str:
    return drop_ins(Settings(**settings), 8000)[f"{unit}.d/50-box.conf"]


def test_it_works(tmp_path, monkeypatch):
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text('[web]\nbind = ["0.0.0.0:443", "[::]:443"]\n')
    printed = CliRunner().invoke(main, ["limits"]).stdout
    assert "\nListenStream=\nListenStream=0.0.0.0:443\nListenStream=[::]:443\n" in printed
    words = ["limits", "--into", str(tmp_path / "units")]
    assert "BindIPv6Only=ipv6-only\n" in printed  # else the second could not be opened
    written = CliRunner().invoke(main, words).stdout.split()
    assert "vorzimmer-web.socket.d/50-box.conf" in written
    assert (tmp_path / "units" / written[0]).stat().st_mode & 0o777 == 0o644
    assert CliRunner().invoke(main, words).stdout.strip() == ""  # nothing has changed


@pytest.mark.parametrize("box_mib", [1900, 4000, 8000, 64_000])
def test_the_system_keeps_some_memory(box_mib):
    assert memory(drop_ins(Settings(), box_mib)) < box_mib * 0.85


def test_a_box_that_is_too_small_is_told():
    with pytest.raises(BoxTooSmall, match="900 MiB"):
        drop_ins(Settings(), 900)
    assert memory_mib() > 900


def test_processes_follow_the_settings():
    assert "MaxConnections=5\n" in of("vorzimmer-analyser.socket", check={"analysers": 5})
    wanted = of("vorzimmer.target", media={"workers": 3})
    assert "Wants=vorzimmer-media@2.service\nWants=vorzimmer-media@3.service\n" in wanted


def test_backups_on_another_disk_may_be_written():
    other = {"backup": {"folder": "/mnt/disk"}}
    for unit in ("web", "purge", "backup"):
        assert "ReadWritePaths=-/mnt/disk\n" in of(f"vorzimmer-{unit}.service", **other)
    assert "ReadWritePaths" not in of("vorzimmer-web.service")


def test_one_address_is_taken_as_it_is():
    one = of("vorzimmer-web.socket", web={"bind": ["[::]:443"]})
    assert one.endswith("[Socket]\nListenStream=\nListenStream=[::]:443\n")
    assert of("vorzimmer-web.socket", web={"bind": []}) == ""


def test_what_is_out_of_date_is_seen(tmp_path):
    files = drop_ins(Settings(), 8000)
    assert stale(files, tmp_path) == [name for name, text in files.items() if text]
    write(files, tmp_path)
    assert stale(files, tmp_path) == []
    more = drop_ins(Settings(check={"analysers": 9}), 8000)
    assert "vorzimmer-analyser.socket.d/50-box.conf" in stale(more, tmp_path)


def test_what_is_needed_no_longer_goes(tmp_path):
    write(drop_ins(Settings(media={"workers": 3}), 8000), tmp_path)
    changed = write(drop_ins(Settings(), 8000), tmp_path)
    assert changed == ["vorzimmer.target.d/50-box.conf"]
    assert not (tmp_path / changed[0]).exists()
