"""What should move, as people write it in one field."""

from __future__ import annotations

import pytest

from handlers.rules.hypothesis import read_hypothesis, written


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
