"""Numbers for monitoring: on a socket of their own, nobody's data, and alerts that fit them."""

import re

import yaml

from appliance.relay.client import RelayError
from appliance.storage.errors import DatabaseBusy
from appliance.telemetry import EVENTS, METRICS
from appliance.web.metrics import metrics_app
from tests.rules.sources import ROOT

ALERTS = ROOT / "systemd" / "monitoring" / "vorzimmer-alerts.yml"
LINE = re.compile(r"^(\w+)(\{[^}]*\})? (\S+)$")


async def numbers(parts) -> dict[str, float]:
    answer = await metrics_app(parts).test_client().get("/metrics")
    assert answer.status_code == 200
    lines = (await answer.get_data(as_text=True)).splitlines()
    found = [LINE.match(line) for line in lines if not line.startswith("#")]
    return {one[1] + (one[2] or ""): float(one[3]) for one in found}


async def test_it_works(web):
    adviser = await web.parts.advisers.add("yilmaz", "Ayşe Yılmaz", "ein-Vogel-im-Garten")
    await web.booked(adviser.adviser.id, client_email="erika@example.org")
    await web.parts.database.published()
    found = await numbers(web.parts)
    assert found['vorzimmer_ready{part="database"}'] == 1
    assert found['vorzimmer_ready{part="media"}'] == found['vorzimmer_media_up{worker="1"}'] == 0
    assert found['vorzimmer_messages{state="kept"}'] == 1
    assert found['vorzimmer_visits{state="waiting"}'] == 0
    assert found['vorzimmer_disk_free_bytes{of="data"}'] > 1e6
    assert found["vorzimmer_last_backup_timestamp_seconds"] == 0  # none: the alert fires, too
    assert found['vorzimmer_events_total{event="database_damaged"}'] == 0
    assert {name.partition("{")[0] for name in found} <= set(METRICS)
    assert not re.search("erika|yilmaz", str(found), re.IGNORECASE)


async def test_media_is_asked(web, monkeypatch):
    said = {"load": {"sessions": 3, "limit": 90}, "cpu_s": 1.5, "counters": {"forwarded": 7}}

    async def stats() -> dict:
        return said

    relay = web.parts.relay
    relay._greeted.add(0)
    monkeypatch.setattr(relay._workers[0], "stats", stats)
    found = await numbers(web.parts)
    assert found['vorzimmer_media_conversations{worker="1"}'] == 3
    assert found['vorzimmer_media_forwarded_packets_total{worker="1"}'] == 7

    async def gone() -> dict:
        raise RelayError("timeout")

    monkeypatch.setattr(relay._workers[0], "stats", gone)
    assert (await numbers(web.parts))['vorzimmer_media_up{worker="1"}'] == 0


async def test_a_busy_database_leaves_the_other_numbers(web, monkeypatch):
    async def busy(_work):
        raise DatabaseBusy

    monkeypatch.setattr(web.parts.database, "read", busy)
    monkeypatch.setattr(web.parts.database, "write", busy)
    found = await numbers(web.parts)
    assert found['vorzimmer_ready{part="database"}'] == 0
    assert 'vorzimmer_visits{state="waiting"}' not in found


async def test_they_are_not_among_the_pages(web):
    assert (await web.browser().get("/metrics")).status_code == 404


def test_alerts_name_numbers_and_events_that_exist():
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    asked = " ".join(rule["expr"] for rule in rules)
    assert set(re.findall(r"\bvorzimmer_\w+", asked)) <= set(METRICS)
    events = re.findall(r'event=~?"([^"]+)"', asked)
    assert {one for some in events for one in some.split("|")} <= set(EVENTS)
    assert all(rule["annotations"]["summary"] for rule in rules)
    assert len(rules) > 10
