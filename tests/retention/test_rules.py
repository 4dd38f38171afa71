from __future__ import annotations

from sqlmodel import SQLModel

from appliance.retention.rules import KEPT, RULES, going_along, uncovered
from appliance.storage.fields import Retention, retention_of
from appliance.storage.schema import whole_schema


def test_every_field_has_a_retention_class() -> None:
    without = [
        f"{table.name}.{column.name}"
        for table in whole_schema().sorted_tables
        for column in table.columns
        if retention_of(column) is None
    ]
    assert without == []


def test_no_sensitive_table_is_forgotten() -> None:
    assert uncovered(whole_schema()) == set()


def test_a_forgotten_table_would_be_found() -> None:
    metadata = whole_schema()
    reached = {rule.table for rule in RULES}
    assert "visit_access" not in reached
    assert metadata.tables["visit_access"] in going_along(metadata.tables["visit"])
    table = SQLModel.metadata.tables["audit"]
    column = table.columns["action"]
    column.info["retention"] = Retention.PERSONAL
    try:
        assert uncovered(metadata) == {"audit"}
    finally:
        column.info["retention"] = Retention.OPERATIONAL


def test_the_rules_name_what_exists() -> None:
    tables = whole_schema().tables
    assert {rule.table for rule in RULES} | KEPT <= set(tables)
    for rule in RULES:
        named = {*rule.ended, *([rule.goes_with[0]] if rule.goes_with else [])}
        assert named <= set(tables[rule.table].columns.keys())
        for name, column in rule.kept_by:
            assert column in tables[name].columns
