"""The copy of the database that an upgrade goes back to: whole, or the data stay as they are."""

import pytest

from tests.install.steps import step

FILES = ("vorzimmer.db", "vorzimmer.db-wal")


@pytest.fixture
def data(tmp_path):
    """A database and its journal."""
    (tmp_path / "data").mkdir()
    for name in FILES:
        (tmp_path / "data" / name).write_text(f"good {name}")
    return tmp_path / "data"


def good(data) -> bool:
    return all((data / name).read_text() == f"good {name}" for name in FILES)


def test_it_works(tmp_path, data):
    assert step(tmp_path, "put_database_aside").returncode == 0
    (data / "vorzimmer.db").write_text("of the new release")
    (data / "vorzimmer.db-shm").write_text("of the new release")
    assert step(tmp_path, "put_database_back").returncode == 0
    assert good(data)
    assert sorted(one.name for one in data.iterdir()) == sorted(FILES)


def test_a_full_disk_leaves_the_data(tmp_path, data):
    full = 'cp() { echo part >"${@: -1}/vorzimmer.db"; return 1; }; '
    assert step(tmp_path, full + "put_database_aside").returncode == 1
    assert not (data / "before-upgrade").exists()
    assert step(tmp_path, "put_database_back").returncode == 0
    assert good(data)
    assert not (data / "before-upgrade.part").exists()


def test_nothing_is_lost_when_putting_back_ends_on_the_way(tmp_path, data):
    step(tmp_path, "put_database_aside")
    (data / "vorzimmer.db").write_text("of the new release")
    ended = 'mv() { case "${@: -1}" in *.db) return 1 ;; esac; command mv "$@"; }; '
    assert step(tmp_path, ended + "put_database_back").returncode == 1
    assert (data / "vorzimmer.db").exists()
    assert step(tmp_path, "put_database_back").returncode == 0
    assert good(data)


def test_putting_back_needs_no_room(tmp_path, data):
    step(tmp_path, "put_database_aside")
    (data / "vorzimmer.db").write_text("of the new release")
    full = 'cp() { echo part >"${@: -1}"; return 1; }; '
    assert step(tmp_path, full + "put_database_back").returncode == 0
    assert good(data)


def test_a_missing_database_comes_from_the_copy(tmp_path, data):
    step(tmp_path, "put_database_aside")
    for name in FILES:
        (data / name).unlink()
    assert step(tmp_path, "put_database_aside").returncode == 0
    assert good(data)
    assert good(data / "before-upgrade")
