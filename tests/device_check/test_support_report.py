"""The report of a check: everything found and measured, and nothing of the person."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import get_args

import pytest
from pydantic import BaseModel

from appliance.device_check import records
from appliance.device_check.measurement_words import MEASUREMENT_WORDS
from appliance.device_check.records import (
    AnalyserRecord,
    BrowserRecord,
    CheckKind,
    Finding,
    Record,
    Verdict,
)
from appliance.device_check.report import CheckReport, Waiver
from appliance.device_check.support_report import (
    Measurement,
    SupportReport,
    Surroundings,
    measurements,
    schema,
    support_report,
    unit_of,
)

NOW = datetime(2026, 11, 24, 9, 0, 12, 345, tzinfo=UTC)
SILENT = records.BrowserMicrophone(error=None, duration_s=4.06789, speech_dbfs=-71.25)
HEARD = records.AnalyserMicrophone(duration_s=3.9, speech_dbfs=-70, packets=190)
REPORT = (
    CheckReport()
    .with_finding(
        Finding(kind=CheckKind.MICROPHONE, verdict=Verdict.FAILED, cause="microphone_silent")
    )
    .with_waiver(CheckKind.MICROPHONE, Waiver.ANYWAY)
)
WINDOWS = Surroundings(browser="chromium", browser_version=156, os="windows")


def made(**changes: object) -> SupportReport:
    facts = {
        "report": REPORT,
        "measured": [("browser", SILENT), ("appliance", HEARD)],
        "surroundings": WINDOWS,
        "language": "de",
        "translate": str,
        "at": NOW,
    } | changes
    return support_report(
        facts.pop("report"), facts.pop("measured"), facts.pop("surroundings"), **facts
    )


def test_it_works() -> None:
    report = made()
    assert (report.browser, report.browser_version, report.os) == ("chromium", 156, "windows")
    assert report.made_at == NOW.replace(second=0, microsecond=0)
    assert [step.kind for step in report.steps] == list(CheckKind)
    step = report.steps[1]
    assert (step.verdict, step.cause, step.waiver) == ("waived", "microphone_silent", "anyway")
    assert step.title
    assert step.steps
    found = {(one.name, one.source): one for one in step.measurements}
    level = found["speech_dbfs", "browser"]
    assert (level.value, level.unit) == (-71.25, "dBFS")
    assert found["packets", "appliance"].value == 190
    assert found["duration_s", "browser"].value == 4.068


def test_names_of_devices_never_get_in() -> None:
    """They say who somebody is ("Ayşes Headset"); no record of the check has a place for them."""
    every = [one for one in vars(records).values() if isinstance(one, type)]
    models = [one for one in every if issubclass(one, BaseModel)]
    assert len(models) > 5
    assert [one.__name__ for one in models if "label" in one.model_fields] == []


def test_whatever_texts_records_will_hold() -> None:
    """By type, not by name: a new field with an address cannot slip in."""

    class Tomorrow(Record):
        kind: str = "network"
        address: str = "192.0.2.7"
        all: list[str] = ["192.0.2.7"]
        addresses: tuple[str, ...] = ("192.0.2.7",)
        rtt_ms: float = 41.5

    assert [one.name for one in measurements(Tomorrow(), "browser")] == ["rtt_ms"]


@pytest.mark.parametrize("said", ["Mozilla/5.0 (Ayşe)", "", "<b>", "chromium "])
def test_what_the_page_says_of_itself_is_taken_in_known_words_only(said: str) -> None:
    report = made(surroundings=Surroundings(browser=said, os=said))
    assert (report.browser, report.os) == ("other", "other")


def test_the_phases_of_the_line_test_are_numbered() -> None:
    phase = records.LinePhase(direction="up", wanted_kbps=700, arrived_kbps=612.5)
    line = records.BrowserNetwork(protocol="udp", octets=120_000, phases=[phase, phase])
    found = {one.name: one for one in measurements(line, "browser")}
    assert (found["protocol"].value, found["octets"].unit) == ("udp", "byte")
    assert "skipped" not in found
    assert found["phases_2_direction"].value == "up"
    assert (found["phases_2_arrived_kbps"].value, found["phases_2_arrived_kbps"].unit) == (
        612.5,
        "kbit/s",
    )


def test_a_device_error_is_a_word_of_ours() -> None:
    denied = records.BrowserCamera(error=records.DeviceError.IN_USE)
    found = {one.name: one for one in measurements(denied, "browser")}
    assert found["error"] == Measurement(name="error", value="in_use", unit="", source="browser")
    assert "error" not in {one.name for one in measurements(SILENT, "browser")}


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("frames_per_s", 29.9, "1/s"),
        ("duration_s", 4, "s"),
        ("rtt_ms", 40, "ms"),
        ("ms_per_frame", 12, "ms"),
        ("sample_rate_hz", 48_000, "Hz"),
        ("up_kbps", 900, "kbit/s"),
        ("channel_gap_db", 12, "dB"),
        ("black_ratio", 0.4, "0-1"),
        ("mean_luma", 18, "0-255"),
        ("width", 640, "px"),
        ("faces", 1, ""),
        ("track_muted", True, ""),
    ],
)
def test_every_number_has_its_unit(name: str, value: object, unit: str) -> None:
    assert unit_of(name, value) == unit


def test_a_cause_of_an_older_catalogue_has_no_words() -> None:
    old = Finding(kind=CheckKind.CAMERA, verdict=Verdict.FAILED, cause="camera_of_yesterday")
    step = made(report=CheckReport().with_finding(old)).steps[2]
    assert (step.verdict, step.cause, step.title) == ("failed", "", "")


def test_the_schema_says_what_the_report_holds() -> None:
    whole = json.loads(made().model_dump_json())
    described = schema()
    assert set(whole) == set(described["properties"]) == set(described["required"])
    parts = described["$defs"]
    assert set(whole["steps"][1]) == set(parts["ReportStep"]["properties"])
    assert set(whole["steps"][1]["measurements"][0]) == set(parts["Measurement"]["properties"])


def test_measurements_have_plain_words() -> None:
    kinds = (*get_args(get_args(BrowserRecord)[0]), *get_args(get_args(AnalyserRecord)[0]))
    unsaid = {
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, field in kind.model_fields.items()
        if name not in {"kind", *MEASUREMENT_WORDS} and is_shown(field.annotation)
    }
    assert unsaid == set()


def is_shown(annotation: object) -> bool:
    """Numbers, truth values and own words; neither texts nor lists."""
    inner = {one for one in (annotation, *get_args(annotation)) if one is not type(None)}
    return any(
        one in {int, float, bool} or (isinstance(one, type) and issubclass(one, StrEnum))
        for one in inner
    )
