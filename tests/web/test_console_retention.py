"""What is kept until when, from the rules that delete; and the audit, for administrators."""

from __future__ import annotations

import re

import pytest

from appliance.advisers.models import Role
from appliance.retention import periods
from appliance.retention.policy import KEEP_DAYS
from appliance.retention.rules import KEPT, RULES
from appliance.retention.words import ACTIONS
from appliance.storage.backup import keep_backup
from tests.rules.sources import ROOT
from tests.web.conftest import text_of

RETENTION = "/console/privacy/retention"
AUDIT = "/console/privacy/audit"


async def test_it_works(web):
    adviser = await web.adviser()
    await web.parts.deletion.run()
    keep_backup(web.parts.settings, web.clock())
    words = await text_of(await adviser.get(RETENTION))
    assert f"{KEEP_DAYS} Tage nach dem Ende" in words
    assert "Nichts mehr zu finden" in words
    assert "Sicherungen: 1" in words


async def test_it_is_red_when_nothing_was_deleted(web, monkeypatch):
    adviser = await web.adviser()
    assert "26 Stunden" not in await text_of(await adviser.get(RETENTION))
    monkeypatch.setattr(web.parts.deletion, "word", lambda: "late")
    assert "26 Stunden" in await text_of(await adviser.get(RETENTION))


def test_each_rule_has_words_and_no_words_are_left_over():
    assert set(periods.WHAT) == {rule.table for rule in RULES} | KEPT
    for line in periods.periods(14):
        assert line.what.format(**line.numbers)
        assert "{" not in line.how_long.format(**line.numbers)


def test_the_words_follow_the_rules(monkeypatch):
    monkeypatch.setattr(periods, "KEEP_DAYS", 30)
    said = [one.how_long.format(**one.numbers) for one in periods.periods(14)]
    assert sum("30 Tage" in one for one in said) >= 3
    assert not any("90" in one for one in said)


@pytest.mark.parametrize("language", ["de", "de-simple", "en"])
async def test_clients_read_it_too(web, language):
    words = await text_of(await web.browser().get(f"/datenschutz?sprache={language}"))
    assert str(KEEP_DAYS) in words
    assert "Konten der Beratung" not in words


async def test_the_audit_says_who_did_what(web):
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    appointment = await web.booked(administrator.adviser_id)
    await administrator.get(f"/console/appointments/{appointment.id}")
    words = await text_of(await administrator.get(AUDIT))
    assert "Termin angesehen" in words
    assert "Ayşe Yılmaz" in words
    assert appointment.id in words
    assert "Erika Mustermann" not in words
    assert "Protokoll gelesen" in await text_of(await administrator.get(AUDIT))


async def test_the_audit_can_be_searched_and_leafed_through(web):
    administrator = await web.adviser("chef", Role.ADMINISTRATOR)
    looks = web.parts.looks
    for number in range(105):
        await looks.note(administrator.adviser_id, "appointment_shown", f"row-{number:03d}")
    answer = await administrator.get(f"{AUDIT}?action=appointment_shown")
    html = await answer.get_data(as_text=True)
    assert "row-104" in html
    assert "row-004" not in html
    before = html.split("before=")[1].split('"')[0]
    older = await administrator.get(f"{AUDIT}?action=appointment_shown&before={before}")
    assert "row-004" in await older.get_data(as_text=True)
    nobody = await administrator.get(f"{AUDIT}?actor=nobody&before=x")
    assert "Dazu gibt es keine Zeile." in await text_of(nobody)


async def test_an_adviser_reads_no_audit(web):
    adviser = await web.adviser()
    assert (await adviser.get(AUDIT)).status_code == 403


def test_each_action_has_words():
    written = set()
    for file in (ROOT / "appliance").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        written |= set(re.findall(r'\baudit\(\s*session, [\w.() or]+, "(\w+)"', text))
        written |= set(re.findall(r'note\(\s*[\w.()]+, "(\w+)"', text))
        changed = re.findall(r'\bchanged\(\s*session, \w+, "(\w+)"', text)
        written |= {f"appointment_{one}" for one in changed}
    assert len(written) > 15
    assert written - set(ACTIONS) == set()
