"""The verdict is a rule anybody can check: the same numbers always give the same sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.verdict import Condition, judge
from handlers.digest.week import Week
from tests.handlers.digest.teams import WEEK

GOOD = Week(
    week=WEEK,
    open=12,
    horizon=10,
    ready=8,
    working=2,
    done=4,
    done_lately=16,
    due=4,
    kept=4,
    days_known=100,
)
"""A team about whom there is nothing to say but good."""


def verdict(last: Week | None = None, digests: int = 8, **numbers: Any) -> tuple[Condition, str]:
    found = judge(replace(GOOD, **numbers), last, digests, "4 weeks")
    return found.condition, found.sentence


@pytest.mark.parametrize(
    ("numbers", "condition", "sentence"),
    [
        ({}, "healthy", "The backlog is in good shape: 8 of the next 10 items are ready."),
        ({"ready": 10}, "healthy", "The backlog is in good shape: all 10 next items are ready."),
        (
            {"horizon": 2, "ready": 2},
            "healthy",
            "The backlog is in good shape: both next items are ready.",
        ),
        (
            {"horizon": 1, "ready": 1},
            "healthy",
            "The backlog is in good shape: the next item is ready.",
        ),
        (
            {"horizon": 0, "ready": 0},
            "healthy",
            "The backlog is in good shape: everything open is under way.",
        ),
        ({"ready": 6}, "steady", "The backlog is steady: 6 of the next 10 items are ready."),
        (
            {"horizon": 2, "ready": 0},
            "steady",
            "The backlog is steady, but none of the next 2 items is ready.",
        ),
        (
            {"horizon": 1, "ready": 0},
            "steady",
            "The backlog is steady, but the next item is not ready.",
        ),
        # a third is enough, less is not; a horizon of two is too small to tell
        (
            {"horizon": 9, "ready": 3},
            "steady",
            "The backlog is steady: 3 of the next 9 items are ready.",
        ),
        (
            {"horizon": 10, "ready": 3},
            "starving",
            "Ready work is running out: 3 of the next 10 items are ready.",
        ),
        (
            {"horizon": 4, "ready": 1},
            "starving",
            "Ready work is running out: 1 of the next 4 items is ready.",
        ),
        (
            {"horizon": 3, "ready": 0},
            "starving",
            "Ready work ran out: none of the next 3 items is ready.",
        ),
        # with a velocity the runway decides, not the share
        (
            {"runway": 0.9},
            "starving",
            "Ready work is running out: it lasts 0.9 iterations.",
        ),
        (
            {"runway": 1.0, "ready": 3},
            "steady",
            "The backlog is steady: 3 of the next 10 items are ready.",
        ),
        (
            {"runway": 0.0, "ready": 0},
            "starving",
            "Ready work ran out: none of the next 10 items is ready.",
        ),
        (
            {"runway": 0.0, "ready": 0, "horizon": 0},
            "starving",
            "Ready work ran out: nothing is waiting.",
        ),
        # at least half, and at least three
        (
            {"stale": 6},
            "quiet",
            "The backlog went quiet: 6 of 12 items untouched for 4 weeks.",
        ),
        (
            {"stale": 5},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"open": 3, "stale": 2, "horizon": 1, "ready": 1},
            "healthy",
            "The backlog is in good shape: the next item is ready.",
        ),
        # more under way than was finished in four weeks
        (
            {"working": 5, "done_lately": 4},
            "overloaded",
            "Too much at once: 4 items finished in four weeks, 5 under way.",
        ),
        (
            {"working": 4, "done_lately": 1},
            "overloaded",
            "Too much at once: 1 item finished in four weeks, 4 under way.",
        ),
        (
            {"working": 4, "done_lately": 0},
            "overloaded",
            "Too much at once: no items finished in four weeks, 4 under way.",
        ),
        (
            {"working": 4, "done_lately": 4},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"working": 3, "done_lately": 0},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"working": 9, "done_lately": 0, "days_known": 27},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        # under half of at least three
        ({"due": 5, "kept": 2}, "slipping", "Improvements are slipping: 2 of 5 were done on time."),
        ({"due": 3, "kept": 1}, "slipping", "Improvements are slipping: 1 of 3 was done on time."),
        (
            {"due": 3, "kept": 0},
            "slipping",
            "Improvements are slipping: none of 3 were done on time.",
        ),
        (
            {"due": 4, "kept": 2},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"due": 2, "kept": 0},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"waiting": 2},
            "blocked",
            "Others hold us up: 2 items wait for other teams longer than an iteration.",
        ),
        (
            {"waiting": 1},
            "healthy",
            "The backlog is in good shape: 8 of the next 10 items are ready.",
        ),
        (
            {"waiting": 2, "horizon": 20, "ready": 16},
            "healthy",
            "The backlog is in good shape: 16 of the next 20 items are ready.",
        ),
        ({"unowned": 3}, "ownerless", "Improvements need people: 3 have no owner."),
        (
            {"open": 0, "horizon": 0, "ready": 0, "done": 0},
            "empty",
            "The backlog is empty: a good week to ask what slows you down.",
        ),
        (
            {"open": 0, "horizon": 0, "ready": 0, "done": 1},
            "empty",
            "All done: 1 item finished, none left open.",
        ),
    ],
)
def test_the_first_condition_that_holds_is_the_verdict(
    numbers: dict[str, Any], condition: Condition, sentence: str
) -> None:
    assert verdict(**numbers) == (condition, sentence)


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (
            {"open": 2, "horizon": 2, "ready": 0},
            "A good start: 2 open items; make one ready and you can begin.",
        ),
        ({"open": 1, "horizon": 1, "ready": 1}, "A good start: 1 open item, 1 ready to begin."),
        (
            {"open": 3, "horizon": 0, "ready": 0, "working": 3},
            "A good start: 3 open items, 3 under way.",
        ),
    ],
)
def test_a_new_team_is_welcomed_not_judged(numbers: dict[str, Any], sentence: str) -> None:
    """Nothing is ready, nothing done, nobody assigned: of course not, they began on Thursday."""
    bare = {"working": 0, "done": 0, "done_lately": 0, "due": 0, "kept": 0} | numbers
    assert verdict(digests=0, **bare) == ("new", sentence)
    assert verdict(digests=2, **bare)[0] == "new"
    assert verdict(digests=3, **bare)[0] != "new"


def test_a_large_backlog_is_not_new_at_its_first_digest() -> None:
    assert verdict(digests=0)[0] == "healthy"


def test_the_graver_condition_is_told_when_several_hold() -> None:
    trouble: dict[str, Any] = {
        "stale": 8,
        "ready": 1,
        "working": 6,
        "done_lately": 0,
        "due": 5,
        "kept": 0,
        "unowned": 4,
    }
    told = []
    for cure in (
        {},
        {"stale": 0},
        {"ready": 8},
        {"done_lately": 9},
        {"kept": 5},
        {"unowned": 0},
    ):
        trouble |= cure
        told.append(verdict(**trouble)[0])
    assert told == ["quiet", "starving", "overloaded", "slipping", "ownerless", "healthy"]


@pytest.mark.parametrize(
    ("last", "now", "ending"),
    [
        ({"ready": 5}, {}, "8 of the next 10 items are ready, up from 5."),
        ({"ready": 9}, {}, "8 of the next 10 items are ready, down from 9."),
        ({}, {}, "8 of the next 10 items are ready."),  # nothing moved: nothing to add
        ({}, {"done": 1}, "are ready; finished items fell from 4 to 1."),
        ({}, {"working": 3, "done": 5}, "are ready; items under way rose from 2 to 3."),
        ({"ready": 9}, {"stale": 1}, "are ready, down from 9."),  # of equals the first
        ({"ready": 7}, {"open": 30}, "are ready; open items rose from 12 to 30."),
        ({}, {"unowned": 2}, "are ready; ownerless improvements rose from 0 to 2."),
        ({}, {"late": 2}, "are ready; late improvements rose from 0 to 2."),
        ({}, {"runway": 0.5}, "it lasts 0.5 iterations."),
        ({"stale": 7}, {"stale": 9}, "9 of 12 items untouched for 4 weeks, up from 7."),
    ],
)
def test_it_tells_what_changed_most(last: dict[str, Any], now: dict[str, Any], ending: str) -> None:
    _, sentence = verdict(last=replace(GOOD, **last), **now)
    assert sentence.endswith(ending)


counts = st.integers(0, 5_000)


@st.composite
def any_weeks(draw: st.DrawFn) -> Week:
    horizon, due, is_open = draw(counts), draw(counts), draw(counts)
    return Week(
        week=WEEK,
        open=is_open,
        horizon=horizon,
        ready=draw(st.integers(0, horizon)),
        working=draw(counts),
        stale=draw(st.integers(0, is_open)),
        unowned=draw(counts),
        late=draw(counts),
        done=draw(counts),
        done_lately=draw(counts),
        due=due,
        kept=draw(st.integers(0, due)),
        days_known=draw(counts),
        runway=draw(st.none() | st.floats(0, 99).map(lambda runway: round(runway, 1))),
    )


@given(any_weeks(), st.none() | any_weeks(), st.integers(0, 9))
def test_the_verdict_is_one_short_sentence(this: Week, last: Week | None, digests: int) -> None:
    sentence = judge(this, last, digests, "4 weeks").sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert len(sentence.split()) <= 24
