"""From how many people on nobody can tell who it was."""

from __future__ import annotations

import pytest

from handlers.rules.crowd import CROWD, is_crowd, may_count_unnamed, may_name_team


def test_a_crowd_is_five() -> None:
    assert [is_crowd(people) for people in (0, CROWD - 1, CROWD)] == [False, False, True]
    assert CROWD == 5


@pytest.mark.parametrize(
    ("people", "notes", "named"),
    [(4, None, False), (5, None, True), (9, 4, False), (9, 5, True), (4, 9, False)],
)
def test_who_wrote_is_one_of_the_people_and_one_of_the_notes(
    people: int, notes: int | None, named: bool
) -> None:
    assert may_name_team(True, people, notes) is named
    assert may_name_team(False, people, notes), "whoever signed hides from nobody"


def test_what_is_left_over_is_one_of_five_or_is_not_counted() -> None:
    """Two of six small teams reported: the four that did not hide them. Three could not."""
    assert may_count_unnamed(unnamed=2, candidates=6)
    assert not may_count_unnamed(unnamed=2, candidates=5)
    assert not may_count_unnamed(unnamed=3, candidates=6)
