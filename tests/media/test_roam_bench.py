"""How ``scripts/bench roam`` and ``scripts/bench admit`` reckon, on made-up pictures."""

import pytest

from tests.e2e import admit_bench
from tests.media import roam_bench


def test_it_works():
    """Pictures every 40 ms, a second of nothing from the change on, then pictures again."""
    before, after = range(9_000, 10_001, 40), range(11_000, 12_000, 40)
    assert roam_bench.back_ms([*before, *after], 10_000.0) == 1_000


def test_a_change_that_nobody_notices_is_back_with_the_next_picture():
    assert roam_bench.back_ms([float(at) for at in range(9_000, 12_000, 40)], 10_000.0) <= 80


def test_pictures_that_were_under_way_are_not_the_return():
    assert roam_bench.back_ms([9_980, 10_020, 10_060, 12_500, 12_540], 10_000.0) == 2_500


def test_what_never_came_back_counts_whole():
    assert roam_bench.back_ms([9_960, 10_000], 10_000.0) == roam_bench.WATCHED_MS


@pytest.mark.parametrize(("count", "rank"), [(20, 19), (10, 10), (1, 1)])
def test_the_nineteenth_of_twenty(count, rank):
    assert roam_bench.p95([float(n) for n in range(count, 0, -1)]) == rank


def test_the_slower_page_counts():
    rows = [{"client": 200, "adviser": 300}, {"client": 210, "adviser": 900}]
    told = admit_bench.summary({"waiting": rows, "reloaded": [{"client": 100, "adviser": 100}]})
    assert told["worst_median"] == told["waiting_adviser"]["median"] == 600
