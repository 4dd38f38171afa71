"""The halves do not touch, and nobody moved a source from one to the other."""

from __future__ import annotations

from tests.bench_check.split import SOURCES, TUNING_ONLY, made, split


def test_no_source_is_in_both_halves():
    for kind, names in SOURCES.items():
        tuning, unseen = split()["tuning"][kind], split()["unseen"][kind]
        assert not set(tuning) & set(unseen)
        assert sorted(tuning + unseen) == sorted((*names, *TUNING_ONLY.get(kind, ())))
        assert len(unseen) >= len(names) // 2


def test_the_split_is_the_rules():
    assert split() == made()
