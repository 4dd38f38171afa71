"""Limits that the pages' scripts hold are those of the one table."""

import re

import pytest

from appliance.device_check.thresholds import THRESHOLDS
from tests.rules.sources import ROOT, sources

SHARED = re.compile(r"const (\w+) = (-?[\d_.]+); // as in thresholds\.py: (\w+)$", re.MULTILINE)
MENTIONED = re.compile(r"as in thresholds\.py")

FOUND = [
    pytest.param(*match.groups(), id=f"{file.relative_to(ROOT)}:{match[1]}")
    for file in sources(".js", under=("kiosk_ui/client",))
    for match in SHARED.finditer(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "value", "threshold"), FOUND)
def test_it_works(name: str, value: str, threshold: str):
    limit = THRESHOLDS[threshold]
    in_ms = name.endswith("_MS") and limit.unit == "s"
    assert float(value.replace("_", "")) == limit.value * (1000 if in_ms else 1)


def test_each_mention_names_its_limit():
    texts = [
        file.read_text(encoding="utf-8") for file in sources(".js", under=("kiosk_ui/client",))
    ]
    assert sum(len(MENTIONED.findall(text)) for text in texts) == len(FOUND) > 0
