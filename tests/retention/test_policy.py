from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.retention.policy import cut_off, months_back

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-24 09:00", "2026-08-26 09:00"),  # 90 days; three months would be 24 August
        ("2026-05-01 09:00", "2026-02-01 09:00"),  # three months: 89 days
        ("2028-05-31 09:00", "2028-03-02 09:00"),  # 29 February is longer ago than 90 days
        ("2026-01-15 00:00", "2025-10-17 00:00"),
    ],
)
def test_it_works(now: str, until: str) -> None:
    assert cut_off(at(now)) == at(until)


@given(MOMENTS)
def test_nothing_is_kept_longer_than_90_days(now: datetime) -> None:
    assert now - cut_off(now) <= timedelta(days=90)
    assert now - cut_off(now) >= timedelta(days=89)


@given(MOMENTS)
def test_nothing_is_kept_longer_than_three_months(now: datetime) -> None:
    assert cut_off(now) >= months_back(now, 3)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_has_gone_never_comes_back(now: datetime, later: timedelta) -> None:
    assert cut_off(now + later) >= cut_off(now)
