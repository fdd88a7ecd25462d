"""Whether high ranks moved their metric more often, as far as so few items can show."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.payoff import (
    COLUMNS,
    Halves,
    Outcome,
    Payoff,
    advice,
    counted,
    lines,
    sign,
    verdict,
)


def shipped(moved: bool | None, high: bool, size: int = 3, days: float | None = None) -> Outcome:
    """An item that was high, or low, in all columns of its vote."""
    return Outcome(moved, dict.fromkeys(COLUMNS, high), size, days)


def told(*outcomes: Outcome) -> Payoff:
    return counted(outcomes)


def test_high_ranks_that_moved_more_often_than_chance_say_so() -> None:
    """Ten of ten against none of ten is no accident."""
    result = told(*[shipped(True, True)] * 5, *[shipped(False, False)] * 5)
    assert verdict(result) == (
        "Of the upper half by WSJF 5 of 5 moved their metric, of the lower 0 of 5: "
        "high moved more often."
    )


def test_a_small_lead_may_be_chance() -> None:
    result = told(
        *[shipped(True, True)] * 2,
        shipped(False, True),
        shipped(True, False),
        *[shipped(False, False)] * 2,
    )
    assert verdict(result).endswith("high moved more often, but so few may be chance.")


def test_no_lead_is_no_sign() -> None:
    assert sign(Halves((1, 3), (2, 3))) == "no sign that high meant more"
    assert sign(Halves((1, 3), (0, 0))) == "n/a, as all lie in one half"


def test_of_too_few_checked_effects_nothing_is_concluded() -> None:
    """Four would make any pattern."""
    result = told(*[shipped(True, True)] * 2, *[shipped(False, False)] * 2, shipped(None, True))
    assert verdict(result) == (
        "4 of 5 shipped items had their effect checked: too few to say whether the order paid "
        "off; 5 would be a start."
    )
    assert advice(result) == []


def test_large_jobs_that_took_no_longer_are_told() -> None:
    result = told(
        *(shipped(None, True, size=3, days=days) for days in (9, 10, 30)),
        *(shipped(None, True, size=8, days=days) for days in (8, 10, 11)),
        shipped(None, True, size=20, days=1),
    )
    assert result.days == {3: (3, 10), 8: (3, 10), 20: (1, 1)}
    assert advice(result) == [
        "Your 8s in Job size took as long as your 3s (10 and 10 days): compare them closer."
    ]
    assert "3: 10 d (3), 8: 10 d (3), 20: 1 d (1)" in lines(result)[1]


def test_jobs_that_took_as_long_as_they_should_need_no_advice() -> None:
    sizes = ((3, 10.0), (8, 24.0))
    result = told(*(shipped(None, True, size=s, days=d) for s, d in sizes for _ in range(3)))
    assert advice(result) == []


@given(st.integers(0, 4), st.integers(1, 4), st.integers(0, 4), st.integers(1, 4))
def test_chance_is_what_dealing_out_all_ways_would_say(
    hits: int, above: int, rest: int, below: int
) -> None:
    hits, rest = min(hits, above), min(rest, below)
    halves = Halves((hits, above), (rest, below))
    deals = [
        sum(place < above for place in places)
        for places in combinations(range(above + below), hits + rest)
    ]
    expected = sum(found >= hits for found in deals) / len(deals)
    assert halves.chance == pytest.approx(expected)


@given(
    st.lists(st.builds(shipped, st.sampled_from([True, False, None]), st.booleans()), max_size=30)
)
def test_three_lines_at_most_whatever_was_shipped(outcomes: list[Outcome]) -> None:
    found = lines(counted(outcomes))
    assert 1 <= len(found) <= 3
    assert all(line.endswith(".") for line in found)


def test_cards_that_told_nothing_of_effect_are_named_from_five_checks_on() -> None:
    """Whoever plays high business value for what then moves nothing can ask why."""
    low_moved = [*[shipped(True, False)] * 2, *[shipped(False, True)] * 3]
    assert advice(told(*low_moved)) == [
        f"High cards in {COLUMNS['ubv']} moved no more than low ones: ask what they stood for."
    ]
    high_moved = [*[shipped(False, False)] * 2, *[shipped(True, True)] * 3]
    assert advice(told(*high_moved)) == []


def test_verdict_days_and_one_advice_are_the_three_lines() -> None:
    timed = [shipped(True, False, days=3.0)] * 2, [shipped(False, True, days=5.0)] * 3
    result = told(*timed[0], *timed[1])
    assert lines(result) == [
        verdict(result),
        "Days from start to accepted by job size, median (items): 3: 5 d (5).",
        *advice(result),
    ]
