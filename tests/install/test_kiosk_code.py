"""The command that makes a kiosk, typed once more: its code is used, the machine stays a kiosk."""

import subprocess

import pytest

from tests.rules.sources import ROOT

# The appliance is played: it knows no code, and one secret.
PLAYED = """
curl() {
  case "${*: -1} $(cat)" in
    */register*) echo '{"code": "kiosk_code_unknown"}' ;;
    */watch*'"good"'*) echo '{"browser": "keep"}' ;;
    *) return 22 ;;
  esac
}
keep=$1 origin=https://video.amt.example code=ABCDE
register; echo "goes on"
"""


@pytest.mark.parametrize(("secret", "goes_on"), [("good", True), ("of before", False), ("", False)])
def test_it_works(tmp_path, secret, goes_on):
    (tmp_path / "secret").write_text(secret)
    script, _, _ = (ROOT / "scripts/install-kiosk").read_text().partition("\ncase ${1:-} in\n")
    done = subprocess.run(
        ["bash", "-c", script + PLAYED, str(ROOT / "scripts/install-kiosk"), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert ("goes on" in done.stdout) is goes_on, done.stderr
    assert ("does not take this code" in done.stderr) is not goes_on
    assert (tmp_path / "secret").read_text() == secret
