"""The report of one check for the client and for support: what was found, and what was measured.

Made on the fly from memory, stored nowhere. Only numbers, truth values and words of our own get
into it (enums, literals): texts of the page, as names of devices or addresses, cannot, whatever
records will hold.
``appliance/docs/check_report.schema.json`` is its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, get_origin

from pydantic import Field

from appliance.device_check.records import CheckKind, Record, Verdict
from appliance.device_check.remedies import CAUSES, explain
from appliance.device_check.report import CheckReport, Waiver

SCHEMA_VERSION = 1
SCHEMA_ID = "vorzimmer/check_report/1"

Unit = Literal["", "s", "ms", "Hz", "1/s", "dBFS", "dB", "kbit/s", "byte", "px", "0-1", "0-255"]
Source = Literal["browser", "appliance"]
# What the page says of itself is taken only where it is one of these words.
BROWSERS = frozenset({"chromium", "edge", "firefox", "safari", "samsung", "opera"})
SYSTEMS = frozenset({"windows", "macos", "linux", "android", "ios", "chromeos"})

# The longest ending that fits; a value without one is a count or a truth value.
_UNITS: tuple[tuple[str, Unit], ...] = (
    ("_per_s", "1/s"), ("_ms", "ms"), ("ms_per_frame", "ms"), ("_s", "s"), ("_hz", "Hz"),
    ("_dbfs", "dBFS"), ("_db", "dB"), ("_kbps", "kbit/s"), ("_bytes", "byte"), ("octets", "byte"),
    ("_ratio", "0-1"), ("_luma", "0-255"), ("luma_deviation", "0-255"), ("width", "px"),
    ("height", "px"),
)  # fmt: skip


class Measurement(Record):
    """One number, and who measured it: the browser, or the appliance at the end of the path."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    value: bool | int | float | str
    unit: Unit
    source: Source


class ReportStep(Record):
    """One kind of check. ``title`` and ``steps`` are what the client read, in their language."""

    kind: CheckKind
    verdict: Verdict
    cause: str
    waiver: Waiver | None
    title: str
    steps: list[str]
    measurements: list[Measurement]


class SupportReport(Record):
    """Holds no address, no name, no label of a device and no id."""

    schema_version: Literal[1]
    made_at: datetime
    language: str
    browser: str
    browser_version: int | None
    os: str
    steps: list[ReportStep]


class Surroundings(Record):
    """The families of browser and system as the page said them."""

    browser: str = ""
    browser_version: int | None = None
    os: str = ""
    kiosk: bool = False


def support_report(
    report: CheckReport,
    measured: Iterable[tuple[Source, Record]],
    surroundings: Surroundings,
    *,
    language: str,
    translate: Callable[[str], str],
    at: datetime,
) -> SupportReport:
    """``measured``: the newest records of each kind; ``at`` is shortened to the minute."""
    records = list(measured)
    return SupportReport(
        schema_version=SCHEMA_VERSION,
        made_at=at.replace(second=0, microsecond=0),
        language=language,
        browser=surroundings.browser if surroundings.browser in BROWSERS else "other",
        browser_version=surroundings.browser_version,
        os=surroundings.os if surroundings.os in SYSTEMS else "other",
        steps=[_step(report, kind, records, surroundings, translate) for kind in CheckKind],
    )


def _step(
    report: CheckReport,
    kind: CheckKind,
    records: list[tuple[Source, Record]],
    surroundings: Surroundings,
    translate: Callable[[str], str],
) -> ReportStep:
    cause, title, steps = report.finding(kind).cause, "", []
    if cause in CAUSES:
        where = surroundings
        found = explain(cause, where.browser, where.os, translate, kiosk=where.kiosk)
        title, steps = found.title, found.steps
    return ReportStep(
        kind=kind,
        verdict=report.verdict(kind),
        cause=cause if cause in CAUSES else "",
        waiver=report.waivers.get(kind),
        title=title,
        steps=steps,
        measurements=[
            one
            for source, record in records
            if getattr(record, "kind", "") == kind
            for one in measurements(record, source)
        ],
    )


def measurements(record: Record, source: Source, part: str = "") -> list[Measurement]:
    """A record's numbers, truth values and own words; texts are left out. Parts are numbered."""
    found = []
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if isinstance(value, list):
            for number, inner in enumerate(value, start=1):
                if isinstance(inner, Record):
                    found += measurements(inner, source, f"{part}{name}_{number}_")
            continue
        plain = _plain(value, own_word=get_origin(field.annotation) is Literal)
        if plain is not None and name != "kind":
            unit = unit_of(name, plain)
            found.append(Measurement(name=part + name, value=plain, unit=unit, source=source))
    return found


def _plain(value: object, *, own_word: bool) -> bool | int | float | str | None:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, StrEnum) or (own_word and isinstance(value, str) and value):
        return str(value)
    return None


def unit_of(name: str, value: object) -> Unit:
    """By the ending of the name, as everywhere in the code."""
    if isinstance(value, bool | str):
        return ""
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def schema() -> dict[str, object]:
    """The JSON schema, as it is kept in ``appliance/docs``."""
    made = SupportReport.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **made}
