"""A backup and the key make another box the same: what was set up in the browser is there too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appliance.backup_command import make, put_back
from appliance.kept_settings import KEPT_FILE, MAIL_PASSWORD, keep, read_kept, write_private
from appliance.settings import CONFIG_FILE_VARIABLE, Settings
from appliance.storage import beside
from appliance.storage.backup import backup_folder, kept_backups
from appliance.storage.database import Database, database_path
from appliance.storage.engine import Source, connect
from appliance.storage.keys import KEY_FILE, read_key
from appliance.web import own_backgrounds, own_logo
from tests.builders.clock import HandClock
from tests.builders.storage import make_migrated, make_settings
from tests.retention.test_purge import book

LOGO = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (20).to_bytes(4, "big") * 2 + bytes(40)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def first(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A box that was set up in the browser, with an appointment."""
    config = tmp_path / "config.toml"
    config.write_text('[web]\nbase_url = "https://video.amt.example"\n')
    monkeypatch.setenv(CONFIG_FILE_VARIABLE, str(config))
    settings = make_migrated(tmp_path / "first")
    data = settings.data_dir
    keep(data, "agency", {"name": "Amt Sonnenberg"})
    write_private(data / MAIL_PASSWORD, "CANARY7Q\n")
    own_logo.put_logo(data, LOGO)
    (data / own_backgrounds.FOLDER).mkdir()
    (data / own_backgrounds.FOLDER / "Rathaus.png").write_bytes(LOGO * 2)
    database = Database.open(settings)
    database.write_sync(lambda session: book(session, "appointment-1", clock.now))
    database.close()
    return settings


def set_up_of(settings: Settings) -> dict[str, bytes]:
    names = [KEPT_FILE, MAIL_PASSWORD, "logo.png", "backgrounds/Rathaus.png"]
    return {name: (settings.data_dir / name).read_bytes() for name in names}


def with_key_of(settings: Settings, folder: Path) -> Settings:
    """Another box, on which IT has put the key."""
    folder.mkdir(mode=0o700)
    shutil.copy2(settings.data_dir / KEY_FILE, folder / KEY_FILE)
    return make_settings(folder)


def tables_of(settings: Settings) -> list[str]:
    connection = connect(Source(database_path(settings), read_key(settings)))
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    return names


def test_it_works_there_and_back(first: Settings, clock: HandClock, tmp_path: Path) -> None:
    make(first, tmp_path / "stick.db", clock=clock)
    second = with_key_of(first, tmp_path / "second")
    said = put_back(second, tmp_path / "stick.db", clock=clock)
    assert "backgrounds/Rathaus.png" in said
    assert "compare" not in said  # the configuration is the same
    assert set_up_of(second) == set_up_of(first)
    assert all(
        (second.data_dir / name).stat().st_mode & 0o777 == 0o600 for name in set_up_of(second)
    )
    assert own_logo.own_logo(second.data_dir) == second.data_dir / "logo.png"
    assert "kept_file" not in tables_of(second)
    assert not list(second.data_dir.glob(f"**/*{beside.STAGED}*"))

    keep(second.data_dir, "agency", {"name": "Amt Mondberg"})  # and the other way round
    make(second, clock=clock)
    [made] = kept_backups(backup_folder(second))
    put_back(first, made, clock=clock)
    assert read_kept(first.data_dir)["agency"]["name"] == "Amt Mondberg"
    [before] = kept_backups(backup_folder(first))
    put_back(first, before, clock=clock)
    assert read_kept(first.data_dir)["agency"]["name"] == "Amt Sonnenberg"


def test_nothing_of_it_can_be_read_without_the_key(first: Settings, tmp_path: Path) -> None:
    make(first, tmp_path / "stick.db")
    content = (tmp_path / "stick.db").read_bytes()
    assert b"CANARY7Q" not in content
    assert b"Amt Sonnenberg" not in content


def test_a_logo_of_another_kind_gives_way_and_other_files_stay(
    first: Settings, clock: HandClock, tmp_path: Path
) -> None:
    make(first, tmp_path / "stick.db", clock=clock)
    (first.data_dir / "logo.png").rename(first.data_dir / "logo.jpg")
    (first.data_dir / "backgrounds" / "Neu.png").write_bytes(LOGO)
    put_back(first, tmp_path / "stick.db", clock=clock)
    assert not (first.data_dir / "logo.jpg").exists()
    assert (first.data_dir / "backgrounds" / "Neu.png").exists()


def test_another_configuration_is_laid_beside_to_compare(
    first: Settings, clock: HandClock, tmp_path: Path
) -> None:
    make(first, tmp_path / "stick.db", clock=clock)
    (tmp_path / "config.toml").write_text("")
    said = put_back(first, tmp_path / "stick.db", clock=clock)
    laid = first.data_dir / beside.CONFIG_OF_THEN
    assert str(laid) in said
    assert "video.amt.example" in laid.read_text()
    assert (tmp_path / "config.toml").read_text() == ""  # IT's alone


def changed(file: Path, settings: Settings, *words: str) -> None:
    connection = connect(Source(file, read_key(settings)))
    for one in words:
        connection.execute(one)
    connection.close()


def test_a_backup_without_files_leaves_those_that_are_here(
    first: Settings, clock: HandClock, tmp_path: Path
) -> None:
    """It was made by a version that did not keep them."""
    make(first, tmp_path / "stick.db", clock=clock)
    changed(tmp_path / "stick.db", first, "DROP TABLE kept_file")
    there = set_up_of(first)
    said = put_back(first, tmp_path / "stick.db", clock=clock)
    assert "without the files" in said
    assert set_up_of(first) == there
    second = with_key_of(first, tmp_path / "second")
    assert f"No {KEPT_FILE}" in put_back(second, tmp_path / "stick.db", clock=clock)


def test_no_other_file_is_ever_written(first: Settings, clock: HandClock, tmp_path: Path) -> None:
    make(first, tmp_path / "stick.db", clock=clock)
    names = ("../evil", "database.key", "backgrounds/../../evil", "backgrounds/.evil", "/evil")
    words = [f"INSERT INTO kept_file VALUES ('{name}', x'00')" for name in names]
    changed(tmp_path / "stick.db", first, *words)
    key = (first.data_dir / KEY_FILE).read_bytes()
    put_back(first, tmp_path / "stick.db", clock=clock)
    assert (first.data_dir / KEY_FILE).read_bytes() == key
    assert not list(tmp_path.glob("**/*evil*"))


def test_all_that_set_up_keeps_is_known() -> None:
    logos = {f"{own_logo.NAME}{ending}" for ending in own_logo.ENDINGS}
    assert set(beside.FILES) == {KEPT_FILE, MAIL_PASSWORD, *logos}
    assert (beside.PICTURES, beside.BYTES_MAX) == (
        own_backgrounds.FOLDER,
        own_backgrounds.LARGEST_BYTES,
    )
    assert own_backgrounds.MOST <= beside.PICTURES_MAX
