"""One velocity and one horizon, over plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from handlers.rules.timeboxes import IterationSpan, iteration_length, stale_after
from handlers.rules.velocity import NO_ITERATIONS, Accepted, Velocity, horizon, velocity

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def weekly(count: int) -> list[IterationSpan]:
    """Return iterations of a week each, the last of which ended just now."""
    return [IterationSpan(NOW - (ago + 1) * WEEK, NOW - ago * WEEK) for ago in range(count)]


def done(days_ago: float, points: int | None) -> Accepted:
    return Accepted(NOW - days_ago * DAY, points)


def test_it_is_the_mean_of_the_last_three_of_the_teams_own_length() -> None:
    accepted = [done(1, 4), done(6, 2), done(8, 6), done(15, 9), done(22, 50)]
    assert velocity(accepted, weekly(5), NOW).value == Fraction(6 + 6 + 9, 3)
    assert velocity(accepted, weekly(1), NOW).value == 6


def test_an_iteration_that_runs_counts_for_nothing_yet() -> None:
    running = IterationSpan(NOW, NOW + WEEK)
    accepted = [done(1, 4), done(0, 8)]
    assert velocity(accepted, [*weekly(1), running], NOW).value == 4


@pytest.mark.parametrize(
    ("accepted", "iterations", "reason"),
    [
        ([done(1, 4)], [], "no iterations are set"),
        ([done(1, 4)], [IterationSpan(NOW - DAY, NOW + DAY)], "no iteration has ended yet"),
        ([done(1, None)], weekly(2), "no accepted item has points"),
    ],
)
def test_without_data_it_says_why(
    accepted: list[Accepted], iterations: list[IterationSpan], reason: str
) -> None:
    found = velocity(accepted, iterations, NOW)
    assert (found.value, found.reason_if_na) == (None, reason)


def test_nothing_accepted_is_a_velocity_of_0_and_unsized_items_are_counted() -> None:
    assert velocity([], weekly(2), NOW) == Velocity(Fraction(0))
    found = velocity([done(1, 5), done(2, None)], weekly(1), NOW)
    assert (found.sizes, found.unsized) == ((5,), 1)


def test_what_comes_next_is_twice_the_velocity_and_at_least_one_item() -> None:
    pace = Velocity(Fraction(6), sizes=(4, 2, 6))
    assert horizon([5, 5, 2, 1], pace) == (3, "twice the velocity")
    assert horizon([None, None, None, None], pace) == (3, "twice the velocity"), "the median is 4"
    assert horizon([40, 1], pace) == (1, "twice the velocity")
    assert horizon([], pace) == (0, "twice the velocity")


@pytest.mark.parametrize("pace", [NO_ITERATIONS, Velocity(Fraction(0))])
def test_without_a_velocity_it_is_the_top_ten(pace: Velocity) -> None:
    assert horizon([1] * 30, pace) == (10, "top items")
    assert horizon([1] * 4, pace) == (4, "top items")


def test_an_item_is_stale_after_two_iterations_and_a_trains_after_one_pi() -> None:
    length = iteration_length(weekly(3))
    assert stale_after("team", length, 10 * WEEK) == 2 * WEEK
    assert stale_after("train", length, 10 * WEEK) == 10 * WEEK
    assert iteration_length([]) == 2 * WEEK
