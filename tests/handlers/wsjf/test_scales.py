"""Which scores may stand in one ranking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.scales import is_old, on_one_scale


def test_one_batch_is_one_scale() -> None:
    assert on_one_scale({1: 7, 2: 7}, [(7, 1), (7, 2)]) == ((1, 2),)


def test_one_shared_item_is_no_scale_two_are() -> None:
    """A single anchor fixes a point, not a unit."""
    first = [(1, 1), (1, 2), (1, 3)]
    assert on_one_scale({1: 1, 2: 1, 3: 2, 4: 2}, [*first, (2, 3), (2, 4)]) == ((1, 2), (3, 4))
    second = [(2, 2), (2, 3), (2, 4)]
    assert on_one_scale({1: 1, 2: 2, 3: 2, 4: 2}, [*first, *second]) == ((1, 2, 3, 4),)


def test_scales_join_through_a_third_vote() -> None:
    votes = [(1, 1), (1, 2), (2, 3), (2, 4), (3, 1), (3, 2), (3, 3), (3, 4)]
    assert on_one_scale({1: 3, 2: 3, 3: 3, 4: 2}, votes) == ((1, 2, 3, 4),)


def test_an_item_voted_alone_stands_alone() -> None:
    assert on_one_scale({1: 1, 2: 1, 9: 5}, [(1, 1), (1, 2), (5, 9)]) == ((1, 2), (9,))


@given(
    st.dictionaries(st.integers(1, 12), st.integers(1, 5), max_size=12),
    st.sets(st.tuples(st.integers(1, 5), st.integers(1, 12)), max_size=30),
)
def test_every_item_stands_on_exactly_one_scale(
    present: dict[int, int], more: set[tuple[int, int]]
) -> None:
    scored = more | {(vote, item) for item, vote in present.items()}
    groups = on_one_scale(present, scored)
    assert sorted(item for group in groups for item in group) == sorted(present)
    assert groups == on_one_scale(present, sorted(scored, reverse=True))
    home = {item: group for group in groups for item in group}
    assert all(home[a] is home[b] for a in present for b in present if present[a] == present[b])


def test_a_score_is_old_once_a_planning_interval_has_passed() -> None:
    scored = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    assert not is_old(scored, scored + timedelta(weeks=10))
    assert is_old(scored, scored + timedelta(weeks=10, seconds=1))
