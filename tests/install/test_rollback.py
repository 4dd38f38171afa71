"""Back to the release before: with a backup that it can read, or nothing happens."""

import pytest

from tests.install.releases import links, run

# must_be_root is asked in test_scripts; the backup is what the release before says it is.
START = "must_be_root() { :; }; "
RESTORE = '#!/bin/sh\n[ "$1" != restore ] || { %s; }\n'


@pytest.fixture
def backup(box):
    """What the release before puts in the database's place."""
    (box / "backup").write_text("backup of 0")
    put = RESTORE % f'cat "$2" >{box}/data/vorzimmer.db'
    (box / "opt" / "releases" / "0" / "bin" / "vorzimmer").write_text(put)
    return box / "backup"


def test_it_works_to_and_fro(box, backup):
    assert run(box, START + f"main --backup {backup}", script="rollback").returncode == 0
    assert links(box) == ("0", "1")
    assert (box / "data" / "vorzimmer.db").read_text() == "backup of 0"
    (box / "backup2").write_text("x")
    assert run(box, START + "main --backup $1/backup2", script="rollback").returncode == 0
    assert links(box) == ("1", "0")
    assert not (box / "opt" / "upgrading").exists()
    assert not (box / "data" / "before-upgrade").exists()


def test_an_unsuitable_backup_changes_nothing(box, backup):
    broken = RESTORE % f"echo broken >{box}/data/vorzimmer.db; exit 1"
    (box / "opt" / "releases" / "0" / "bin" / "vorzimmer").write_text(broken)
    said = run(box, START + f"main --backup {backup}", script="rollback")
    assert said.returncode == 1
    assert "Vorzimmer 1 runs as before" in said.stderr
    assert "started web" in said.stdout
    assert links(box) == ("1", "0")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 1"


def test_where_the_release_before_does_not_start_this_one_does(box, backup):
    sick = 'healthy() { [ "$(release_in_force)" != 0 ]; }; '
    said = run(box, START + sick + f"main --backup {backup}", script="rollback")
    assert (said.returncode, "runs as before" in said.stderr) == (1, True)
    assert links(box) == ("1", "0")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 1"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("ln -sfn releases/1 $root/previous", "already"),
        ("touch $upgrading", "ended on the way"),
        ("room_for_data() { return 1; }", "too little free disk"),
    ],
)
def test_it_refuses(box, backup, made, says):
    said = run(box, f"{START}{made}; main --backup {backup}", script="rollback")
    assert said.returncode == 1
    assert says in said.stderr
    assert "started web" not in said.stdout


def test_it_names_the_backup_that_the_release_before_can_read(box):
    for number, name in (("0", "of_0"), ("1", "of_1")):
        versions = box / f"opt/releases/{number}/app/appliance/storage/migrations/versions"
        versions.mkdir(parents=True)
        (versions / name).write_text("")
    says = "Backup made and read through: /mnt/b.db (1 of 14)"
    code = f'#!/bin/sh\n[ "$1" != backup ] || echo "{says}"\n'
    (box / "opt/releases/1/bin/vorzimmer").write_text(code)
    said = run(box, "back_up 0", script="install")
    assert "Backup of the data: /mnt/b.db" in said.stdout, said.stderr
    said = run(box, f"{START}main", script="rollback")
    assert said.returncode == 1
    assert "--backup /mnt/b.db" in said.stderr
