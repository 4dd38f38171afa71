"""An installation that was ended on the way: nothing of the release before is lost."""

import pytest

from tests.install.releases import INSTALL, links, run

# As if killed: the trap that lets web start has no turn.
ASIDE = "upgrade_begins 1 2; stop_web; trap - EXIT; put_database_aside; "
BEGUN = ASIDE + "switch_to 2; echo of 2 >$data/vorzimmer.db; "
RESTART = "rm $waiting; "  # of the machine
WORKED = RESTART + "rm -r $put_aside; echo since >$data/vorzimmer.db; "  # web, as its unit does


def test_ended_before_web_was_started_it_goes_back(box):
    assert run(box, BEGUN).returncode == 0
    assert links(box) == ("2", "1")
    said = run(box, "first=''; recover; echo first=$first")
    assert said.returncode == 0, said.stderr
    assert links(box) == ("1", "0")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 1"
    assert not (box / "opt" / "upgrading").exists()
    assert "started web" in said.stdout
    assert "first=\n" in said.stdout


def test_ended_after_web_was_started_its_data_stay(box):
    assert run(box, BEGUN + "web_may_write").returncode == 0
    assert run(box, "recover").returncode == 0
    assert links(box) == ("2", "1")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 2\n"
    assert not (box / "data" / "before-upgrade").exists()


@pytest.mark.parametrize(("begun", "stays"), [(ASIDE, ("1", "0")), (BEGUN, ("2", "1"))])
def test_what_was_entered_after_a_power_cut_stays(box, begun, stays):
    """The box started again by itself and worked, until somebody finishes the upgrade."""
    assert run(box, begun + WORKED).returncode == 0
    said = run(box, "recover")
    assert said.returncode == 0, said.stderr
    assert links(box) == stays
    assert (box / "data" / "vorzimmer.db").read_text() == "since\n"
    assert not (box / "data" / "before-upgrade").exists()
    assert not (box / "opt" / "upgrading").exists()


def test_a_release_that_did_not_start_after_a_power_cut_goes(box):
    assert run(box, BEGUN + RESTART).returncode == 0
    assert run(box, "recover").returncode == 0
    assert links(box) == ("1", "0")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 1"


def test_the_release_before_is_kept_by_the_second_run(box):
    """The same release once more after an interruption: 1 stays, 0 goes."""
    run(box, BEGUN + "web_may_write")
    assert run(box, "recover; version=2; keep_two", script="install").returncode == 0
    assert sorted(one.name for one in (box / "opt" / "releases").iterdir()) == ["1", "2"]


def test_one_that_never_works_leaves_the_way_back(box):
    """Ended after web was started, and sick: the second run fails, and rollback is not refused."""
    run(box, BEGUN + "web_may_write")
    words = """
    gate() { return 1; }; bring_in() { :; }
    healthy() { [ "$(release_in_force)" = 1 ]; }
    main
    """
    said = run(box, INSTALL + words, script="install")
    assert (said.returncode, "scripts/rollback" in said.stderr) == (1, True)
    words = "must_be_root() { :; }; healthy() { :; }; main --backup $1/data/vorzimmer.db"
    assert run(box, words, script="rollback").returncode == 0
    assert links(box) == ("1", "2")


def test_two_at_once_are_refused(box):
    words = "alone; exec 8>&9 9>&-; alone"
    said = run(box, words)
    assert said.returncode == 1
    assert "Nothing was changed." in said.stderr


def test_a_first_installation_stays_a_first_one(box):
    (box / "opt" / "current").unlink()
    (box / "opt" / "previous").unlink()
    assert run(box, "upgrade_begins - 2; switch_to 2").returncode == 0
    said = run(box, "first=''; recover; echo first=$first in force=$(release_in_force)")
    assert "first=yes in force=\n" in said.stdout


def test_units_are_replaced_and_the_surplus_goes(box):
    run(box, "replace_units $releases/1")
    assert run(box, "replace_units $releases/2").returncode == 0
    left = {str(one.relative_to(box / "units")) for one in (box / "units").rglob("*.*")}
    kept = {"vorzimmer-web.service", "vorzimmer-only-2.service"}
    assert left == kept | {"vorzimmer-web.service.d", "vorzimmer-web.service.d/2.conf"}
    assert (box / "units" / "vorzimmer-web.service").read_text() == "2"


@pytest.mark.parametrize("end", ["kill -TERM $$", "kill -INT $BASHPID", "kill -TERM $BASHPID"])
def test_whoever_ends_it_gets_the_release_before(box, end):
    words = f"""
    bring_in() {{ put_database_aside; switch_to 2; echo of 2 >$data/vorzimmer.db; {end}; }}
    main
    """
    said = run(box, INSTALL + words, script="install")
    assert said.returncode == 1, said.stderr
    assert "Vorzimmer 1 is back, with its data" in said.stdout
    assert links(box) == ("1", "0")
    assert (box / "data" / "vorzimmer.db").read_text() == "of 1"
    assert not (box / "opt" / "upgrading").exists()
    assert not (box / "opt" / "releases" / "2").exists()
