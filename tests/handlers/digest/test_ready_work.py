"""What lies ahead and how much of it is ready, against numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from handlers.digest.facts import Backlog, ItemFacts, Iteration, ranked
from handlers.digest.health import acceptance_rate, readiness_rate, ready_runway
from handlers.digest.horizon import horizon, velocity
from handlers.digest.metric import Metric
from tests.handlers.digest.teams import NOW, finished, item, iteration, moves

THREE = (iteration(45, 31), iteration(31, 17), iteration(17, 3))
AHEAD = (iteration(-11, -25), iteration(-25, -39))


def numbers(items: tuple[ItemFacts, ...]) -> list[int]:
    return [one.number for one in items]


# --- horizon ---------------------------------------------------------------------------------


def test_the_horizon_is_twice_the_velocity() -> None:
    """Velocity 5, so 10 points: 5 + 3, and the third would be 13."""
    done = tuple(finished(90 + n, started=40, done=d, points=5) for n, d in enumerate((35, 20, 5)))
    items = (
        item(1, wsjf=9, points=5),
        item(2, wsjf=8, points=3),
        item(3, wsjf=7, points=5),
        item(4, wsjf=6, points=1),
    )
    chosen = horizon(Backlog(now=NOW, items=items + done, iterations=THREE))
    assert chosen.rule == "twice the velocity"
    assert numbers(chosen.items) == [1, 2]


def test_an_item_without_points_weighs_what_the_team_usually_finishes() -> None:
    """Weighing nothing, a backlog nobody estimated would all lie in the horizon."""
    done = tuple(finished(90 + n, started=9, done=5, points=5) for n in range(3))  # velocity 5
    items = (item(1, wsjf=9), item(2, wsjf=8, points=5), item(3, wsjf=7))
    chosen = horizon(Backlog(now=NOW, items=items + done, iterations=THREE))
    assert numbers(chosen.items) == [1, 2]


def test_one_item_larger_than_two_iterations_is_still_the_horizon() -> None:
    done = (finished(90, started=9, done=5, points=3),)
    items = (item(1, wsjf=9, points=20), item(2, wsjf=8, points=1))
    chosen = horizon(Backlog(now=NOW, items=items + done, iterations=THREE))
    assert numbers(chosen.items) == [1]


def test_else_the_top_ten_that_nobody_has_started() -> None:
    started = (item(50, "in progress", wsjf=20), item(51, "accepted", wsjf=20))
    items = tuple(item(n, wsjf=n) for n in range(1, 13))
    chosen = horizon(Backlog(now=NOW, items=items + started))
    assert chosen.rule == "top items"
    assert numbers(chosen.items) == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]


def test_the_backlog_is_ordered_by_score_then_urgency_then_size_then_age() -> None:
    items = (
        item(1),
        item(2),
        item(3, wsjf=4.0, time_criticality=3, job_size=5),
        item(4, wsjf=4.0, time_criticality=8, job_size=8),
        item(5, wsjf=4.0, time_criticality=8, job_size=5),
        item(6, wsjf=Fraction(9, 2)),
    )
    assert [one.number for one in ranked(items)] == [6, 5, 4, 3, 1, 2]


# --- ready -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["ready", "planned", "captured", "refining"], Fraction(1, 2)),
        (["ready"], Fraction(1)),
        (["captured", "captured", "captured"], Fraction(0)),  # measured: a true 0
        (["in progress", "refining"], Fraction(1, 2)),
    ],
)
def test_readiness_rate(states: list[str], expected: Fraction) -> None:
    items = [item(n, state) for n, state in enumerate(states)]
    assert readiness_rate(items).value == expected


def test_readiness_of_an_empty_horizon_is_not_available() -> None:
    metric = readiness_rate([])
    assert metric.value is None
    assert str(metric) == "n/a, because no item is waiting"


def test_velocity_is_the_mean_of_the_last_three_iterations() -> None:
    """8 + 5 + 0 points in three: 13/3. What came before, between or unfinished does not count."""
    items = [
        finished(1, started=60, done=50, points=100),  # before the last three
        finished(2, started=40, done=40, points=8),  # I1
        finished(3, started=40, done=31, points=5),  # the instant I1 ends belongs to I2
        finished(4, started=5, done=1, points=13),  # after I3
        item(5, "in review", points=20),
    ]
    older = iteration(59, 45)
    assert velocity(items, (older, *THREE), NOW).value == Fraction(13, 3)


def test_an_item_accepted_twice_counts_once() -> None:
    sent_back = item(
        1,
        "accepted",
        age=60,
        points=6,
        history=moves((40, "in review"), (35, "accepted"), (30, "in progress"), (5, "accepted")),
    )
    assert velocity([sent_back], THREE, NOW).value == Fraction(6, 3)


def test_a_team_that_accepted_nothing_has_a_velocity_of_zero() -> None:
    assert velocity([item(1, "ready", points=3)], THREE, NOW).value == 0


@pytest.mark.parametrize(
    ("items", "iterations", "reason"),
    [
        ([], (), "no iterations are set"),
        ([], AHEAD, "no iteration has ended yet"),
        ([finished(1, started=9, done=5)], THREE, "no accepted item has points"),
    ],
)
def test_velocity_not_available(
    items: list[ItemFacts], iterations: tuple[Iteration, ...], reason: str
) -> None:
    metric = velocity(items, iterations, NOW)
    assert (metric.value, metric.reason_if_na) == (None, reason)


def test_velocity_names_the_accepted_items_it_cannot_count() -> None:
    items = [finished(1, started=9, done=5, points=3), finished(2, started=9, done=5)]
    metric = velocity(items, THREE, NOW)
    assert metric.value == 1
    assert metric.note == "1 accepted item has no points"


def points_a_week(value: int) -> Metric:
    return Metric(name="velocity", value=value, unit="points")


def test_ready_runway() -> None:
    """5 + 8 ready points at a velocity of 5 last 2.6 iterations."""
    items = [
        item(1, "ready", points=5),
        item(2, "planned", points=8),
        item(3, "ready"),
        item(4, "refining", points=20),
        item(5, "in progress", points=20),
    ]
    metric = ready_runway(items, points_a_week(5))
    assert metric.value == Fraction(13, 5)
    assert str(metric) == "2.6 iterations"
    assert metric.note == "1 ready item has no points"


def test_nothing_ready_is_a_runway_of_zero() -> None:
    assert ready_runway([item(1, points=3)], points_a_week(5)).value == 0


def test_ready_runway_not_available() -> None:
    ready = [item(1, "ready")]
    no_velocity = velocity([], (), NOW)
    assert ready_runway(ready, no_velocity).reason_if_na == "no iterations are set"
    assert ready_runway(ready, points_a_week(0)).reason_if_na == "no points were accepted lately"
    assert ready_runway(ready, points_a_week(5)).reason_if_na == "no ready item has points"


def test_acceptance_rate_keeps_removed_items_in_the_denominator() -> None:
    """Planned 1 to 4; 1 and 2 accepted, 3 late, 4 taken out; 5 and 6 added, 5 accepted: 2 of 4."""
    box = iteration(
        17,
        3,
        planned=frozenset({1, 2, 3, 4}),
        removed=frozenset({4}),
        added=frozenset({5, 6}),
    )
    items = [
        finished(1, started=16, done=10),
        finished(2, started=16, done=4),
        finished(3, started=16, done=2),
        item(4, "dropped"),
        finished(5, started=9, done=4),
        item(6, "in progress"),
    ]
    metric = acceptance_rate(items, (THREE[0], box, *AHEAD), NOW)
    assert (metric.value, metric.counts, metric.items) == (Fraction(1, 2), (2, 4), (3, 4))
    assert metric.parts == (("removed", 1), ("added", 2), ("added and accepted", 1))


def test_acceptance_rate_not_available() -> None:
    assert acceptance_rate([], (), NOW).reason_if_na == "no iterations are set"
    assert acceptance_rate([], AHEAD, NOW).reason_if_na == "no iteration has ended yet"
    assert acceptance_rate([], THREE, NOW).reason_if_na == "nothing was planned"
