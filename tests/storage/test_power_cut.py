"""A power cut: what was acknowledged is there. The short form of ``scripts/power-cut``."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.storage.lossy_disk import Call, LossyDisk, calls
from tests.storage.power_cut import good, run

CUTS = {"FULL": 40, "NORMAL": 8, "OFF": 8}
VISITS = 8  # and one purge


@pytest.mark.timeout(180)  # three recordings under strace, which a busy machine stretches
def test_it_works() -> None:
    """With FULL nothing is lost; what less syncing loses is seen, so the test could fail."""
    found = run(CUTS, VISITS, seed=7)
    assert good(found), found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "a.db").write_bytes(b"old" * 1000)
    return tmp_path / "disk"


def left(disk: LossyDisk, target: Path, seed: int) -> dict[str, bytes]:
    target = target / f"left-{seed}"
    target.mkdir()
    disk.after_power_cut(Random(seed), target)
    return {one.name: one.read_bytes() for one in target.iterdir()}


def test_what_is_synced_stays_and_nothing_else_is_certain(folder: Path, tmp_path: Path) -> None:
    disk, file = LossyDisk(folder), str(folder / "a.db")
    disk.take(Call("write", file, b"safe", 0))
    disk.take(Call("sync", file))
    disk.take(Call("write", file, b"x" * 3000, 0))
    disk.take(Call("make", str(folder / "b.db")))
    seen = [left(disk, tmp_path, seed) for seed in range(40)]
    contents = {one["a.db"] for one in seen}
    assert all(one.startswith((b"safe", b"xxxx")) for one in contents)
    assert len(contents) > 2  # whole, not at all, and torn
    assert {"b.db" in one for one in seen} == {True, False}
    disk.take(Call("sync", str(folder)))
    assert all("b.db" in left(disk, tmp_path, seed) for seed in range(40, 60))


def test_a_call_that_would_be_overlooked_is_said(tmp_path: Path) -> None:
    def hexed(text: str) -> str:
        return "".join(f"\\x{one:02x}" for one in os.fsencode(text))

    trace, file = tmp_path / "trace", hexed(f"{tmp_path}/a.db")
    trace.write_text(
        f'7 pwrite64(3<{file}>, "\\x41\\x42", 2, 9 <unfinished ...>\n'
        f"8 fsync(3<{file}>) = 0\n"
        "7 <... pwrite64 resumed>) = 2\n"
        f'7 write(3<{hexed("/elsewhere")}>, "\\x41", 1) = 1\n'
    )
    assert list(calls(trace, tmp_path)) == [
        Call("sync", f"{tmp_path}/a.db"),
        Call("write", f"{tmp_path}/a.db", b"AB", 9),
    ]
    trace.write_text(f"7 fallocate(3<{file}>, 0, 0, 4096) = 0\n")
    with pytest.raises(ValueError, match="fallocate"):
        list(calls(trace, tmp_path))
