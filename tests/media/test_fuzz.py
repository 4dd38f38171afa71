"""Every parser of network bytes, with some thousand changed inputs; scripts/fuzz has a million."""

import pytest

from tests.media import fuzz

INPUTS = 3_000


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_it_works(name):
    fuzz.run(name, INPUTS, seed=1)


def test_a_parser_that_fails_is_found(monkeypatch):
    def fails(data):
        if data[:1] != b"\x90":
            raise IndexError

    monkeypatch.setitem(fuzz.TARGETS, "rtp", fuzz.Target([b"\x90" * 20], fails))
    with pytest.raises(fuzz.Finding, match="rtp: IndexError"):
        fuzz.run("rtp", INPUTS, seed=1)


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_what_it_is_fed_at_first_is_taken(name):
    """Else the changed inputs would all be refused at the door."""
    target = fuzz.TARGETS[name]
    for seed in target.seeds:
        target.parse(seed)
