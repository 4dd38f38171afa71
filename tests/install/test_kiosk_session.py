"""The kiosk's watchman: how often it asks an appliance that knows its secret, or does not."""

import os
import subprocess

import pytest

from tests.rules.sources import ROOT

# The appliance is played, and so is time: a sleep is a line in a file, and the browser ends (or the
# test does) after 90 of them, which are three minutes.
PLAYED = {
    "dbus-run-session": "exec /bin/sleep 20",
    "sleep": 'echo >>"$PLAYED/slept"\n[ "$(wc -l <"$PLAYED/slept")" -lt 90 ] || kill "$PPID"',
    "curl": """cat >/dev/null
echo >>"$PLAYED/asked"
sed -n "$(wc -l <"$PLAYED/asked")p" "$PLAYED/answers" | grep . || tail -n 1 "$PLAYED/answers"
""",
}
KEEP, END = '{"browser": "keep"}', '{"browser": "end"}'
UNKNOWN, OFTEN = '{"code": "kiosk_code_unknown"}', '{"code": "too_many_attempts"}'
NOTHING = "Bad Gateway"


@pytest.fixture
def session(tmp_path):
    """Runs it with these answers, of which the last one stays: asked, slept, and what it said."""
    for name, text in PLAYED.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "address").write_text("https://video.amt.example\n")
    (tmp_path / "secret").write_text("secret\n")
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "KIOSK_KEEP": str(tmp_path),
        "PLAYED": str(tmp_path),
        "RUNTIME_DIRECTORY": str(tmp_path),
    }

    def run(*answers):
        (tmp_path / "answers").write_text("\n".join(answers) + "\n")
        # It ends whoever has begun it, as cage has: here, a shell of its own.
        words = ["sh", "-c", f"sh {ROOT / 'systemd/kiosk/session'}; :"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=20)
        counted = [len((tmp_path / name).read_text()) for name in ("asked", "slept")]
        return *counted, done.stderr

    return run


def test_it_works(session):
    assert session(KEEP, KEEP, END) == (3, 3, "")


@pytest.mark.parametrize("answer", [UNKNOWN, OFTEN])
def test_one_that_nobody_knows_asks_once_a_minute_and_says_so_once(session, answer):
    asked, slept, said = session(answer)
    assert (asked, slept) == (3, 90)
    assert said.count("does not know this kiosk") == 1


def test_removed_its_page_goes_and_the_next_one_asks_for_a_code(session):
    assert session(KEEP, KEEP, UNKNOWN) == (3, 3, "")


def test_known_again_it_asks_as_before(session):
    asked, slept, _ = session(UNKNOWN, KEEP, KEEP, END)
    assert (asked, slept) == (4, 33)


def test_an_appliance_that_is_not_there_is_asked_again_at_once(session):
    assert session(KEEP, NOTHING, NOTHING, NOTHING, END) == (5, 5, "")
