"""What should move, as people write it in one field."""

from __future__ import annotations

import pytest

from handlers.rules.hypothesis import moved, read_hypothesis, written


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("review time from 2 days to 4 hours", ("review time", "2 days", "4 hours")),
        ("fewer surprises", ("fewer surprises", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_hypothesis_in_a_sentence(said: str, read: tuple[str, str, str]) -> None:
    """What should move, from where, to where: as far as it was said."""
    assert read_hypothesis(said) == read
    assert written(*read) == said


@pytest.mark.parametrize(
    ("start", "value", "told"),
    [
        ("95 min", "40 min", "review time: 95 → 40 min"),
        ("95", "40 min", "review time: 95 → 40 min"),
        ("95 min", "40", "review time: 95 → 40 min"),
        ("2 days", "5 hours", "review time: 2 days → 5 hours"),
        ("quite long", "5 hours", "review time: quite long → 5 hours"),
        ("", "5 hours", "review time: now 5 hours"),
        ("2 days", "", "review time moved"),
    ],
)
def test_what_moved_is_told_with_both_numbers_and_one_unit(
    start: str, value: str, told: str
) -> None:
    assert moved("review time.", start, value) == told
