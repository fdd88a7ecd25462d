"""What people type as points and criteria: half of it comes out of another tool, or in a hurry."""

from __future__ import annotations

import pytest

from handlers.rules.refinement import POINTS_MAX, POINTS_WANTED, read_criteria, read_points


@pytest.mark.parametrize(
    ("typed", "points"),
    [("5", 5), ("0", 0), ("2.5", 2.5), ("2,5", 2.5), ("½", 0.5), ("9999", 9_999)],
)
def test_points_are_read_as_people_write_them(typed: str, points: float) -> None:
    assert read_points(typed) == (points, "")


@pytest.mark.parametrize(
    "typed", ["1,000", "1.000", "10,000", str(POINTS_MAX + 1), "-1", "x", "1e3"]
)
def test_what_may_be_a_thousand_is_asked_about(typed: str) -> None:
    """A wrong size is worse than none: it goes into every forecast."""
    assert read_points(typed) == (None, POINTS_WANTED)


def test_a_criterion_that_stands_twice_is_one_and_stays_done() -> None:
    """Pasted again from the tracker, where its tick is another column."""
    for typed in ("[x] Refund in a day\nRefund in a day", "Refund in a day\n[x] Refund in a day"):
        assert read_criteria(typed) == ([{"text": "Refund in a day", "done": True}], "")
