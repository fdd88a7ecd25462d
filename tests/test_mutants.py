"""The faults that would break a promise: each can still be made, and was noticed."""

from __future__ import annotations

from docs.promises import PROMISES, table
from tests.mutants import ROOT, mutations, verdicts


def test_every_fault_can_still_be_made() -> None:
    """A line that moved on would leave its promise without a proof, and nobody would know."""
    texts = {name: (ROOT / name).read_text() for name in {m.file for m in mutations()}}
    assert not [m.name for m in mutations() if texts[m.file].count(m.there) != 1]
    assert not [m.name for m in mutations() if m.there == m.instead]


def test_every_fault_was_noticed_when_it_was_made_last() -> None:
    known = verdicts()
    unnoticed = [
        m.name for m in mutations() if m.name not in known or known[m.name].word != "caught"
    ]
    assert not unnoticed, "run `make mutants`"


def test_the_promises_are_listed_as_they_are() -> None:
    assert PROMISES.read_text() == table(), "the list of mutations changed: run `make promises`"
