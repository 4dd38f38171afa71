"""Commands of root work as the user of the data, with the secrets that only root can read."""

import codecs
import json
import os
import traceback
import zipfile
from pathlib import Path

import pytest

from appliance import secret_files
from appliance.owner import become_owner, brought_in
from appliance.secret_files import read_secret
from appliance.settings import Settings
from appliance.support_bundle import make
from tests.builders.storage import make_settings
from tests.outbox.servers import SmtpServer

USER = 12_345
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="NOT SHOWN: only root can become somebody else"
)


def as_child(work) -> None:
    """In a process of its own: nobody comes back from giving root up."""
    codecs.lookup("ascii")  # Python's own files may be root's alone; it reads this one late
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent hears of it
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture
def box(tmp_path, monkeypatch):
    """Data of somebody's, in a place that they can reach; a secret of root's."""
    folder = Path("/tmp") / f"vorzimmer-owner-{os.getpid()}"
    (folder / "data").mkdir(parents=True)
    folder.chmod(0o755)
    os.chown(folder / "data", USER, USER)
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "mail").write_text("geheim\n")
    monkeypatch.setattr(secret_files, "FOLDER", secrets)
    monkeypatch.setattr(secret_files, "_kept", {})
    yield folder
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    folder.rmdir()


@needs_root
def test_it_works(box):
    def work() -> None:
        become_owner(make_settings(box / "data"))
        assert (os.getuid(), os.getgid(), os.getgroups()) == (USER, USER, [USER])
        assert read_secret(box / "secrets" / "mail") == "geheim"
        (box / "data" / "new").write_text("x")

    as_child(work)
    assert (box / "data" / "new").stat().st_uid == USER


@needs_root
def test_a_file_of_roots_is_brought_in_and_goes_again(box):
    file = box / "secrets" / "mail"

    def work() -> None:
        with brought_in(make_settings(box / "data"), file) as copy:
            assert os.getuid() == USER
            assert copy.read_text() == "geheim\n"
            assert copy.stat().st_mode & 0o777 == 0o600
        assert not copy.exists()

    as_child(work)
    assert list((box / "data").iterdir()) == []


@needs_root
def test_a_file_of_the_users_is_brought_in_where_they_cannot_go(box):
    there, behind = box / "data" / "backup.db", box / "secrets" / "backup.db"
    for file in (there, behind):
        file.write_text("Inhalt\n")
        os.chown(file, USER, USER)

    def work(file: Path, as_it_is: bool) -> None:
        with brought_in(make_settings(box / "data"), file) as readable:
            assert readable.read_text() == "Inhalt\n"
            assert (readable == file) is as_it_is

    as_child(lambda: work(there, as_it_is=True))
    as_child(lambda: work(behind, as_it_is=False))


@needs_root
def test_doctor_shows_no_server_a_file_of_roots(box):
    """The bundle is root's file all the same."""
    password, bundle = box / "secrets" / "mail", box / "bundle.zip"
    password.chmod(0o600)
    with SmtpServer() as smtp:
        mail = smtp.settings.model_copy(update={"username": "amt", "password_file": password})
        settings = Settings(
            data_dir=box / "data", runtime_dir=box, mail=mail, web={"bind": ["127.0.0.1:1"]}
        )

        def work() -> None:
            secret_files.FOLDER = box / "none"  # the file is no secret of ours
            make(settings, bundle, lambda: "")
            assert os.getuid() == USER

        as_child(work)
    with zipfile.ZipFile(bundle) as made:
        found = {one["code"]: one for one in json.loads(made.read("doctor.json"))["findings"]}
    assert found["mail"]["says"] == f"{password} cannot be read"
    assert bundle.stat().st_uid == 0


def test_whoever_owns_the_data_stays(tmp_path):
    before = (os.getuid(), os.getgid(), os.getgroups())
    become_owner(make_settings(tmp_path))
    become_owner(make_settings(tmp_path / "none"))
    assert (os.getuid(), os.getgid(), os.getgroups()) == before


def test_a_service_is_handed_its_secrets(tmp_path, monkeypatch):
    monkeypatch.setattr(secret_files, "FOLDER", tmp_path / "etc")
    (tmp_path / "secrets_mail").write_text("geheim\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_secret(tmp_path / "etc" / "mail") == "geheim"
    with pytest.raises(FileNotFoundError):
        read_secret(tmp_path / "etc" / "sms")
