"""Which scores may stand in one ranking, and how lists of several votes join."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.scale import COLUMNS
from handlers.wsjf.scales import Steps, is_old, on_one_scale


def at(step: float) -> Steps:
    """The same step in all columns."""
    return dict.fromkeys(COLUMNS, step)


def votes(**told: Mapping[int, float]) -> dict[int, dict[int, Steps]]:
    """Vote → item → its steps: `votes(v1={7: 3})`."""
    return {
        int(vote[1:]): {item: at(step) for item, step in items.items()}
        for vote, items in told.items()
    }


def test_one_vote_is_one_scale() -> None:
    assert on_one_scale({1: 7, 2: 7}, votes(v7={1: 0, 2: 5})).groups == ((1, 2),)


def test_one_shared_item_is_no_scale_two_are() -> None:
    """A single anchor fixes a point, not a unit."""
    first = {1: 0, 2: 2, 3: 4}
    present = {1: 1, 2: 1, 3: 2, 4: 2}
    assert on_one_scale(present, votes(v1=first, v2={3: 4, 4: 5})).groups == ((1, 2), (3, 4))
    second = {2: 2, 3: 4, 4: 5}
    assert on_one_scale(present, votes(v1=first, v2=second)).groups == ((1, 2, 3, 4),)


def test_the_newer_vote_moves_by_what_its_anchors_lie_apart() -> None:
    """Its voters play a card and a half higher for the same items."""
    joined = on_one_scale({1: 1, 2: 2, 3: 2, 4: 2}, votes(v1={1: 0, 2: 1, 3: 3}, v2={2: 3, 3: 4}))
    assert joined.shifts[1] == at(0)
    assert joined.shifts[2] == at(-1.5)


def test_columns_move_each_on_its_own() -> None:
    scored = votes(v1={1: 0, 2: 3}, v2={1: 0, 2: 3, 3: 1})
    scored[2] = {item: {**steps, "size": steps["size"] + 1} for item, steps in scored[2].items()}
    shift = on_one_scale({1: 1, 2: 1, 3: 2}, scored).shifts[2]
    assert (shift["size"], shift["ubv"]) == (-1, 0)


@pytest.mark.parametrize(("apart", "joins"), [(1.0, True), (1.1, False)])
def test_anchors_that_moved_apart_by_more_than_a_card_do_not_join(
    apart: float, joins: bool
) -> None:
    """They tell of another view. Joined all the same, they reversed an order both had agreed on."""
    scored = votes(v1={1: 3, 2: 3, 3: 5}, v2={1: 3, 2: 3 + apart, 4: 5})
    joined = on_one_scale({1: 1, 2: 1, 3: 1, 4: 2}, scored)
    assert (len(joined.groups) == 1) is joins
    refused = [(each.one, each.other, each.anchors, each.column) for each in joined.refused]
    assert refused == ([] if joins else [(1, 2, (1, 2), "ubv")])


def test_scales_join_through_a_third_vote_and_move_together() -> None:
    """Vote 3 plays two cards above vote 1, and one above vote 2."""
    scored = votes(v1={1: 0, 2: 1}, v2={3: 1, 4: 2}, v3={1: 2, 2: 3, 3: 2, 4: 3})
    joined = on_one_scale({1: 3, 2: 3, 3: 3, 4: 2}, scored)
    assert joined.groups == ((1, 2, 3, 4),)
    assert (joined.shifts[2], joined.shifts[3]) == (at(-1), at(-2))


def test_a_refusal_is_not_told_of_votes_that_joined_another_way() -> None:
    scored = votes(v1={1: 0, 2: 1, 5: 3}, v2={1: 0, 3: 3, 4: 3, 5: 3}, v3={1: 0, 2: 5, 3: 3, 4: 3})
    joined = on_one_scale({1: 3, 2: 3, 3: 3, 4: 3, 5: 2}, scored)
    assert joined.groups == ((1, 2, 3, 4, 5),)
    assert joined.refused == ()


def test_an_item_voted_alone_stands_alone() -> None:
    scored = votes(v1={1: 0, 2: 1}, v5={9: 3})
    assert on_one_scale({1: 1, 2: 1, 9: 5}, scored).groups == ((1, 2), (9,))


@given(
    st.dictionaries(st.integers(1, 12), st.integers(1, 5), max_size=12),
    st.dictionaries(
        st.integers(1, 5),
        st.dictionaries(st.integers(1, 12), st.integers(0, 6).map(at), max_size=8),
    ),
)
def test_every_item_stands_on_exactly_one_scale(
    present: dict[int, int], scored: dict[int, dict[int, Steps]]
) -> None:
    for item, vote in present.items():
        scored.setdefault(vote, {}).setdefault(item, at(2))
    joined = on_one_scale(present, scored)
    assert sorted(item for group in joined.groups for item in group) == sorted(present)
    home = {item: group for group in joined.groups for item in group}
    assert all(home[a] is home[b] for a in present for b in present if present[a] == present[b])
    assert {*present.values()} <= joined.shifts.keys()


def test_a_score_is_old_once_a_planning_interval_has_passed() -> None:
    scored = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    assert not is_old(scored, scored + timedelta(weeks=10))
    assert is_old(scored, scored + timedelta(weeks=10, seconds=1))
