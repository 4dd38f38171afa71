"""``vorzimmer support-bundle``: how the box is, and nothing of its clients."""

import asyncio
import json
import zipfile

import pytest
from click.testing import CliRunner

from appliance.cli import main
from appliance.support_bundle import LEFT_OUT, clean, make
from tests.builders.bookings import make_booking, make_house

HEAD = "2026-11-26T09:00:00+0100 vorzimmer[12]: timestamp='2026-11-26T08:00:00Z' level='error' "
MARKER = "CANARY7Q"
JOURNAL = f"""\
{HEAD}event='request_failed' exception='ValueError' at='web/serve.py:12 web/body.py:3'
{HEAD}event='request_failed' client_name='Erika {MARKER}' endpoint='links.look'
{HEAD}event='visit_opened' kind='Erika {MARKER}'
{HEAD}event='something_else' kind='{MARKER}'
2026-11-26T09:00:00+0100 vorzimmer[12]: ValueError: {MARKER}@example.org is no address
2026-11-26T09:00:00+0100 systemd[1]: vorzimmer-web.service: Main process exited, code=killed
2026-11-26T09:00:00+0100 systemd[1]: Started something of {MARKER} with "words".
"""


@pytest.fixture
def settings(tmp_path):
    """Of a box whose every corner knows the marker; its programs do not run."""
    secret = tmp_path / "sms"
    secret.write_text(MARKER)
    house = make_house(tmp_path)
    facts = {"client_name": f"Erika {MARKER}", "client_email": f"{MARKER}@example.org"}
    booking = make_booking(**facts, client_phone="030 5550123", topic=MARKER)

    async def fill() -> None:
        staff = await house.add_adviser()
        await house.appointments.book(booking, staff.adviser.id)
        await house.database.published()

    asyncio.run(fill())
    house.database.close()
    sms = {"url": f"http://127.0.0.1:1/send?key={MARKER}", "token_file": secret}
    web = {"bind": ["127.0.0.1:1"]}
    return type(house.settings)(data_dir=tmp_path, runtime_dir=tmp_path, sms=sms, web=web)


def test_it_works(settings, tmp_path):
    """Each file is there and says something; the marker, the number, the key are nowhere."""
    file = tmp_path / "bundle.zip"
    names = make(settings, file, lambda: JOURNAL)
    key = (tmp_path / "database.key").read_text().strip()
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as made:
        texts = {name: made.read(name).decode() for name in made.namelist()}
    assert list(texts) == names
    for name, text in texts.items():
        assert not [word for word in (MARKER, "5550123", "555 0123", key) if word in text], name
        assert text.strip(), name
    assert json.loads(texts["rows.json"])["appointment"] == 1
    assert json.loads(texts["doctor.json"])["ok"] is False
    lines = texts["log.txt"].splitlines()
    assert "event='request_failed'" in lines[0]
    assert "web/serve.py:12 web/body.py:3" in lines[0]
    assert lines[1].endswith("event='request_failed' endpoint='links.look'")
    assert lines[2].endswith("kind=withheld")
    assert lines[3:5] == [LEFT_OUT, LEFT_OUT]
    assert "code=killed" in lines[5]
    assert lines[6] == LEFT_OUT


def test_nothing_is_overwritten(settings, tmp_path):
    (tmp_path / "there.zip").write_text("mine")
    with pytest.raises(FileExistsError):
        make(settings, tmp_path / "there.zip", lambda: "")


def test_a_box_without_a_database_can_ask_for_help(tmp_path, monkeypatch):
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("VORZIMMER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VORZIMMER_RUNTIME_DIR", str(tmp_path))
    file = tmp_path / "x.zip"
    answer = CliRunner().invoke(main, ["support-bundle", str(file)], catch_exceptions=False)
    assert (answer.exit_code, file.exists()) == (0, True), answer.stderr
    assert "Look through it before you send it" in answer.stdout


@pytest.mark.parametrize("line", ["", "Traceback (most recent call last):", f"x{HEAD}event='x"])
def test_other_lines_are_left_out(line):
    assert clean(line) == LEFT_OUT
