"""Every metric of the health table against numbers worked out by hand, and every n/a."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.facts import (
    Backlog,
    Dependency,
    ItemFacts,
    Iteration,
    Transition,
    ranked,
)
from handlers.digest.flow import (
    aging,
    flow_distribution,
    flow_efficiency,
    flow_load,
    flow_time,
    flow_velocity,
)
from handlers.digest.health import (
    acceptance_rate,
    aligned,
    blocked,
    effect_checked,
    follow_through,
    measure,
    outcome_framed,
    predictability,
    readiness_rate,
    ready_runway,
    rework_ratio,
    stale,
    unowned,
)
from handlers.digest.horizon import horizon, velocity
from handlers.digest.metric import Metric, percent
from handlers.rules.predictability import Objective
from tests.handlers.digest.teams import NOW, TODAY, ago, finished, item, moves


def iteration(starts: float, ends: float, **more: frozenset[int]) -> Iteration:
    """Return a time box; `starts` and `ends` are days ago, negative ones are ahead."""
    return Iteration(starts_at=ago(starts), ends_at=ago(ends), **more)


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


# --- rework, stale, unowned, blocked ---------------------------------------------------------


def test_rework_counts_items_once_and_reasons_each() -> None:
    """Four reached review; 1 came back twice for two reasons, 2 after acceptance: 2 of 4."""
    twice = (
        Transition(ago(9), "in progress", "in review"),
        Transition(ago(8), "in review", "in progress", "unclear criteria"),
        Transition(ago(7), "in progress", "in review"),
        Transition(ago(6), "in review", "refining", "not refined enough"),
    )
    after_acceptance = (
        Transition(ago(9), "in progress", "in review"),
        Transition(ago(8), "in review", "accepted"),
        Transition(ago(7), "accepted", "in review", "the lights went out"),
    )
    items = [
        item(1, "refining", history=twice),
        item(2, "in review", history=after_acceptance),
        item(3, "accepted", history=moves((5, "in review"), (4, "accepted"))),
        item(4, "dropped", history=moves((5, "in review"), (4, "dropped"))),
        item(5, "in progress", history=moves((5, "in progress"))),
    ]
    metric = rework_ratio(items)
    assert (metric.value, metric.counts, metric.items) == (Fraction(1, 2), (2, 4), (1, 2))
    assert metric.parts == (("unclear criteria", 1), ("not refined enough", 1), ("other", 1))


def test_rework_never_exceeds_everything() -> None:
    """Sent back this week, though it reached review before: it has been in review all the same."""
    history = (
        Transition(ago(100), "in progress", "in review"),
        Transition(ago(2), "in review", "in progress", "other"),
    )
    assert rework_ratio([item(1, history=history)], ago(90)).counts == (1, 1)


def test_rework_not_available() -> None:
    metric = rework_ratio([item(1, history=moves((5, "in progress"), (4, "dropped")))])
    assert (metric.value, metric.reason_if_na) == (None, "no item reached review")


def test_stale_means_untouched_for_two_iterations_or_one_pi() -> None:
    items = (
        item(1, age=90, edits=(ago(28),)),
        item(2, age=90, edits=(ago(80), ago(27.9), ago(60))),
        item(3, age=29),
        item(4, age=200, level="train", edits=(ago(69),)),
        item(5, age=200, level="train", edits=(ago(70),)),
        item(6, "accepted", age=90),
        item(7, "dropped", age=90),
    )
    metric = stale(Backlog(now=NOW, items=items))
    assert (metric.value, metric.items) == (3, (5, 3, 1))


def test_stale_follows_the_teams_own_iterations() -> None:
    one_week = (iteration(7, 0),)
    backlog = Backlog(now=NOW, items=(item(1, age=14), item(2, age=13)), iterations=one_week)
    assert stale(backlog).items == (1,)


def test_stale_is_never_missing() -> None:
    assert stale(Backlog(now=NOW)).value == 0


def test_unowned_counts_open_improvements_past_capture() -> None:
    items = [
        item(1, "captured"),
        item(2, "refining"),
        item(3, "in progress", wsjf=5),
        item(4, "ready", owner="U1"),
        item(5, "accepted"),
        item(6, "ready", kind="story"),
    ]
    metric = unowned(items)
    assert (metric.value, metric.items) == (2, (3, 2))


def test_blocked_lists_open_links_with_their_age() -> None:
    links = (
        Dependency(7, "Payments", ago(3.5)),
        Dependency(8, "Search", ago(12)),
        Dependency(8, "Payments", ago(1), resolved_at=ago(0.5)),
    )
    metric = blocked(links, NOW)
    assert (metric.value, metric.items) == (2, (8, 7))
    assert metric.parts == (("#8 waits for Search", 12), ("#7 waits for Payments", 3))


def test_no_links_are_zero_but_unrecorded_links_are_not_available() -> None:
    assert blocked((), NOW).value == 0
    assert blocked(None, NOW).reason_if_na == "dependencies are not recorded"


# --- improvements ----------------------------------------------------------------------------


def test_follow_through() -> None:
    """Six due: 1 done on its day; 2 late, 3 open, 8 dropped without a word. 1 of 4 counted."""
    yesterday = date(2026, 11, 22)
    dropped = moves((4, "dropped"), reason="duplicate of #3")
    items = [
        finished(1, started=9, done=1, due=yesterday),
        finished(2, started=9, done=0.1, due=yesterday),
        item(3, "in progress", due=yesterday),
        item(4, "dropped", due=yesterday, history=dropped),
        item(5, due=TODAY),  # has the day to be done
        item(6),
        item(7, kind="story", due=yesterday),
        item(8, "dropped", due=yesterday, history=moves((4, "dropped"))),
    ]
    metric = follow_through(items, TODAY)
    assert (metric.value, metric.counts) == (Fraction(1, 4), (1, 4))


def test_done_in_time_is_judged_on_the_teams_own_calendar() -> None:
    """Late on Sunday in New York is Monday in UTC; the team is in time."""
    late_on_sunday = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
    done = item(
        1,
        "accepted",
        due=date(2026, 11, 22),
        history=(Transition(late_on_sunday, "in progress", "accepted"),),
    )
    assert follow_through([done], TODAY, "America/New_York").value == 1
    assert follow_through([done], TODAY, "UTC").value == 0


def test_follow_through_looks_back_only_so_far() -> None:
    items = [item(1, due=date(2026, 1, 1)), finished(2, started=9, done=8, due=date(2026, 11, 20))]
    assert follow_through(items, TODAY, since=date(2026, 9, 1)).counts == (1, 1)


def test_follow_through_not_available() -> None:
    metric = follow_through([item(1, due=TODAY)], TODAY)
    assert (metric.value, metric.reason_if_na) == (None, "no improvement was due")


def test_effect_checked() -> None:
    """Looking again counts only after shipping: 1 of 3."""
    items = [
        finished(1, started=9, done=8, hypothesis=True, rechecked_at=ago(1)),
        finished(2, started=9, done=8, hypothesis=True, rechecked_at=ago(8.5)),
        finished(3, started=9, done=8, hypothesis=True),
        finished(4, started=9, done=8, hypothesis=False),
        item(5, "in progress", hypothesis=True),
    ]
    metric = effect_checked(items)
    assert (metric.value, metric.items) == (Fraction(1, 3), (2, 3))


def test_effect_checked_not_available() -> None:
    metric = effect_checked([finished(1, started=9, done=8)])
    assert metric.reason_if_na == "no finished improvement has a hypothesis"


# --- goals -----------------------------------------------------------------------------------


def test_aligned_and_outcome_framed() -> None:
    chosen = [
        item(1, objective=True, hypothesis=False),
        item(2, objective=True, hypothesis=False),
        item(3, objective=False, hypothesis=True),
    ]
    assert aligned(chosen).value == Fraction(2, 3)
    assert aligned(chosen).items == (3,)
    assert outcome_framed(chosen).value == Fraction(1, 3)
    assert outcome_framed(chosen).items == (1, 2)


def test_goals_not_available() -> None:
    """An empty horizon, or a workspace that does not use objectives: never "0 % aligned"."""
    assert aligned([]).reason_if_na == "no item is waiting"
    assert outcome_framed([]).reason_if_na == "no item is waiting"
    assert aligned([item(1)]).reason_if_na == "no objectives are set"
    assert outcome_framed([item(1)]).reason_if_na == "hypotheses are not recorded"


@pytest.mark.parametrize(
    ("objectives", "value", "note"),
    [
        # 8 + 6 of 10 + 8 committed; the uncommitted 3 count on top only: 17/18
        (
            (Objective(10, 8), Objective(8, 6), Objective(5, 3, committed=False)),
            Fraction(17, 18),
            "reliable",
        ),
        ((Objective(10, 8),), Fraction(4, 5), "reliable"),
        ((Objective(10, 10),), Fraction(1), "reliable"),
        ((Objective(10, 7),), Fraction(7, 10), "below the reliable 80 to 100 %"),
        (
            (Objective(10, 10), Objective(5, 2, committed=False)),
            Fraction(6, 5),
            "above plan",
        ),
        # An uncommitted objective that nobody rated simply adds nothing.
        ((Objective(10, 9), Objective(5, committed=False)), Fraction(9, 10), "reliable"),
    ],
)
def test_predictability(objectives: tuple[Objective, ...], value: Fraction, note: str) -> None:
    metric = predictability(objectives)
    assert (metric.value, metric.note) == (value, note)


@pytest.mark.parametrize(
    ("objectives", "reason"),
    [
        (None, "no objectives are set"),
        ((), "no objectives are set"),
        (
            (Objective(5, 5, committed=False),),
            "the committed objectives have no planned value",
        ),
        (
            (Objective(5, 5), Objective(5)),
            "1 of 2 committed objectives has no actual value yet",
        ),
    ],
)
def test_predictability_not_available(
    objectives: tuple[Objective, ...] | None, reason: str
) -> None:
    metric = predictability(objectives)
    assert (metric.value, metric.reason_if_na) == (None, reason)


# --- flow ------------------------------------------------------------------------------------


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


# --- the whole table -------------------------------------------------------------------------


def test_an_empty_team_has_a_reason_for_every_missing_number() -> None:
    """Only counts of what is there may be 0 here: stale and unowned."""
    table = {metric.name: metric for metric in measure(Backlog(now=NOW))}
    assert {name for name, metric in table.items() if metric.value is not None} == {
        "stale",
        "unowned",
    }
    assert len(table) == 19


states = st.sampled_from(("captured", "refining", "ready", "planned", "in progress", "in review"))


@given(st.lists(st.tuples(states, st.booleans(), st.floats(0, 300)), max_size=30))
def test_shares_stay_between_nothing_and_everything(
    rows: list[tuple[str, bool, float]],
) -> None:
    items = tuple(
        item(number, state, age=age, owner="U1" if owned else None)
        for number, (state, owned, age) in enumerate(rows, start=1)
    )
    for metric in measure(Backlog(now=NOW, items=items)):
        if metric.value is not None and metric.unit == "share":
            assert 0 <= metric.value <= 1
        assert str(metric)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(0), "0 %"),
        (Fraction(1, 1000), "1 %"),
        (Fraction(2, 3), "67 %"),
        (Fraction(999, 1000), "99 %"),
        (Fraction(1), "100 %"),
        (Fraction(6, 5), "120 %"),
    ],
)
def test_only_nothing_is_0_percent_and_only_everything_100(value: Fraction, shown: str) -> None:
    assert percent(value) == shown


def test_a_metric_has_a_value_or_a_reason_never_both() -> None:
    with pytest.raises(ValueError, match="reason"):
        Metric(name="x", value=None, unit="items")
    with pytest.raises(ValueError, match="reason"):
        replace(Metric(name="x", value=1, unit="items"), reason_if_na="because")


def test_an_iteration_lasts_as_long_as_the_team_says() -> None:
    assert Backlog(now=NOW).iteration_length == timedelta(weeks=2)
    assert Backlog(now=NOW, iterations=(iteration(21, 0),)).iteration_length == timedelta(weeks=3)
