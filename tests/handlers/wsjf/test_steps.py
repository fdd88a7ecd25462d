"""The value that orders: where the cards of a column meet on the scale."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wsjf.scale import SCALE
from handlers.wsjf.scoring import wsjf
from handlers.wsjf.steps import FEWEST_TRIMMED, LAST_STEP, mean_step, nearest_card, value_at

INDEX = st.integers(0, LAST_STEP)
CROWD = st.lists(INDEX, min_size=FEWEST_TRIMMED, max_size=40)


def by_lanes(indexes: list[int]) -> Fraction:
    """The formula of the docs: how many cards lie above each card, the two ends left out."""
    count = len(indexes)
    above = [sum(index > card for index in indexes) for card in range(LAST_STEP)]
    if count < FEWEST_TRIMMED:
        return Fraction(sum(above), count)
    return Fraction(sum(min(max(each - 1, 0), count - 2) for each in above), count - 2)


@given(st.lists(INDEX, min_size=1, max_size=40))
def test_the_mean_step_is_the_one_the_docs_give(indexes: list[int]) -> None:
    assert mean_step(indexes) == by_lanes(indexes)


def test_from_five_cards_on_the_lowest_and_the_highest_are_left_out() -> None:
    """Cards 1, 5, 8, 8, 20 have steps 0, 3, 4, 4, 6: the middle three meet at 11/3."""
    assert mean_step([0, 3, 4, 4, 6]) == Fraction(11, 3)
    assert mean_step([0, 3, 4, 6]) == Fraction(13, 4)


@given(CROWD, st.data())
def test_a_higher_card_never_lowers_the_step(indexes: list[int], data: st.DataObject) -> None:
    """Otherwise people would learn to play against their own view."""
    voter = data.draw(st.integers(0, len(indexes) - 1))
    raised = [*indexes]
    raised[voter] = data.draw(st.integers(indexes[voter], LAST_STEP))
    assert mean_step(raised) >= mean_step(indexes)


@given(INDEX, INDEX, st.integers(FEWEST_TRIMMED, 60))
def test_one_voter_against_all_others_who_agree_moves_nothing(
    card: int, other: int, voters: int
) -> None:
    assert mean_step([card] * (voters - 1) + [other]) == card


@given(CROWD, INDEX, st.data())
def test_one_voter_moves_a_divided_crowd_by_little(
    indexes: list[int], card: int, data: st.DataObject
) -> None:
    """At most six cards shared by all who count: 2 cards of five voters, 0.1 of sixty."""
    voter = data.draw(st.integers(0, len(indexes) - 1))
    changed = [*indexes[:voter], card, *indexes[voter + 1 :]]
    moved = abs(mean_step(changed) - mean_step(indexes))
    assert moved <= Fraction(LAST_STEP, len(indexes) - 2)


@given(st.lists(INDEX, min_size=1, max_size=40))
def test_the_step_lies_between_the_lowest_and_the_highest(indexes: list[int]) -> None:
    assert min(indexes) <= mean_step(indexes) <= max(indexes)


def test_a_card_is_its_own_value() -> None:
    assert [value_at(step) for step in range(len(SCALE))] == [*map(float, SCALE)]


def test_between_two_cards_the_value_grows_by_the_same_ratio() -> None:
    """Half-way from 5 to 8 is √40: as much more than 5 as 8 is more than it."""
    assert value_at(3.5) == pytest.approx(40**0.5)
    assert value_at(Fraction(7, 2)) == value_at(3.5)


def test_beyond_its_ends_the_scale_goes_on() -> None:
    """Clamped, an item of a joined list would tie with what it stands far above."""
    assert value_at(-1) == pytest.approx(0.5)
    assert value_at(7) == pytest.approx(20 * 20 / 13)


@given(st.floats(-6, 12), st.floats(-6, 12))
def test_the_value_grows_with_the_step(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 < value_at(low) <= value_at(high)


@pytest.mark.parametrize(("step", "card"), [(0.0, 0), (2.4, 2), (2.5, 3), (6.0, 6), (7.2, 6)])
def test_a_step_is_next_to_a_card(step: float, card: int) -> None:
    assert nearest_card(step) == card


def test_the_smallest_and_the_largest_score_stand_at_the_ends_of_the_scale() -> None:
    """Whatever people play, a score can be shown: no 0, no endless number."""
    assert wsjf(1, 1, 1, 20) == 0.15
    assert wsjf(20, 20, 20, 1) == 60
