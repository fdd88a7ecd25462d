"""The flow metrics against numbers worked out by hand, and every n/a."""

from __future__ import annotations

from fractions import Fraction

from handlers.digest.facts import ItemFacts, Transition
from handlers.digest.flow import (
    aging,
    flow_distribution,
    flow_efficiency,
    flow_load,
    flow_time,
    flow_velocity,
)
from tests.handlers.digest.teams import NOW, ago, finished, item, moves


def test_aging_compares_with_the_time_85_in_100_items_took() -> None:
    """Flow times 1 to 10 days: the 9th of 10 is the P85. Ten days under way is old, nine is not."""
    done = [finished(n, started=20 + n, done=20) for n in range(1, 11)]
    working = [
        item(21, "in progress", age=30, history=moves((10, "in progress"))),
        item(22, "in review", age=30, history=moves((9, "in progress"), (1, "in review"))),
        item(23, "in review", age=30, history=moves((25, "in progress"), (1, "in review"))),
        item(24, "ready", age=30, history=moves((25, "in progress"), (1, "ready"))),
    ]
    metric = aging([*done, *working], NOW)
    assert (metric.value, metric.items) == (2, (23, 21))
    assert metric.note == "85 % of finished items took at most 9 days"


def test_aging_not_available_below_ten_finished_items() -> None:
    recent = [finished(n, started=20, done=10) for n in range(9)]
    long_ago = [finished(100, started=120, done=90)]
    metric = aging([*recent, *long_ago], NOW)
    assert metric.reason_if_na == "fewer than 10 items were finished in 90 days"


def test_the_five_flow_metrics() -> None:
    """Two stories and a feature accepted; 2, 4 and 9 days from start to acceptance."""
    items = [
        finished(1, started=12, done=10, kind="story"),
        finished(2, started=24, done=20, kind="story"),
        item(
            3,
            "accepted",
            age=60,
            kind="feature",
            # 3 days of work, 2 in review, back to ready for 3, 1 more day of work
            history=moves(
                (49, "in progress"),
                (46, "in review"),
                (44, "ready"),
                (41, "in progress"),
                (40, "accepted"),
            ),
        ),
        item(4, "in progress", age=60, history=moves((3, "in progress"))),
        item(5, "in review", age=60, history=moves((8, "in progress"), (1, "in review"))),
    ]
    mix = flow_distribution(items, NOW)
    assert (mix.value, mix.parts) == (3, (("story", Fraction(2, 3)), ("feature", Fraction(1, 3))))
    assert flow_velocity(items, NOW).value == Fraction(2, 4)
    assert flow_time(items, NOW).value == 4
    load = flow_load(items, NOW)
    assert (load.value, load.items) == (2, (5, 4))
    # 2 + 4 + (3 + 1) active of 2 + 4 + 9 days
    assert flow_efficiency(items, NOW).value == Fraction(10, 15)


def test_a_team_that_works_but_finished_nothing_this_month_has_a_velocity_of_zero() -> None:
    assert flow_velocity([finished(1, started=60, done=50)], NOW).value == 0


def test_a_team_that_put_its_work_back_has_a_load_of_zero_for_a_quarter() -> None:
    def put_back(days: int) -> ItemFacts:
        return item(1, "ready", age=200, history=moves((days, "in progress"), (days - 1, "ready")))

    assert flow_load([put_back(89)], NOW).value == 0
    assert flow_load([put_back(91)], NOW).value is None, "a digest does not look back for ever"


def test_flow_not_available() -> None:
    items = [item(1, "ready")]
    skipped = [item(2, "accepted", history=(Transition(ago(1), "ready", "accepted"),))]
    assert flow_distribution(items, NOW).reason_if_na == "nothing was accepted in 90 days"
    assert flow_velocity(items, NOW).reason_if_na == "nothing was accepted in 90 days"
    assert flow_time(skipped, NOW).reason_if_na == "no item was started and accepted in 90 days"
    assert flow_load(items, NOW).reason_if_na == "no item was started in 90 days"
    assert (
        flow_efficiency(skipped, NOW).reason_if_na == "no item was started and accepted in 90 days"
    )
