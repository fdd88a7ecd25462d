"""Every metric of the health table against numbers worked out by hand, and every n/a."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.facts import Backlog, Dependency, Transition
from handlers.digest.health import (
    aligned,
    blocked,
    effect_checked,
    follow_through,
    measure,
    outcome_framed,
    predictability,
    rework_ratio,
    stale,
    unowned,
)
from handlers.digest.metric import Metric, percent
from handlers.rules.predictability import Objective
from tests.handlers.digest.teams import NOW, TODAY, ago, finished, item, iteration, moves

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
