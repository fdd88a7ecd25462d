"""What narrows a list of items is read from either end of a search."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.reader.asked import Asked
from handlers.reader.narrowing import Narrowed, read_narrowing

MONDAY = Asked(datetime(2026, 11, 30, 9, tzinfo=UTC), sprint_ends=(date(2026, 12, 11),))
LONG_AGO, FAR = date.min, date.max


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("overdue", LONG_AGO, date(2026, 11, 29)),
        ("Late", LONG_AGO, date(2026, 11, 29)),
        ("due", LONG_AGO, FAR),
        ("due soon", LONG_AGO, FAR),
        ("due today", date(2026, 11, 30), date(2026, 11, 30)),
        ("due tmrw", date(2026, 12, 1), date(2026, 12, 1)),
        ("due Friday", date(2026, 12, 4), date(2026, 12, 4)),
        ("due by Friday", LONG_AGO, date(2026, 12, 4)),
        ("due this week", date(2026, 11, 30), date(2026, 12, 6)),
        ("due nxt wk", date(2026, 12, 7), date(2026, 12, 13)),
        ("due next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("due in 3 days", date(2026, 11, 30), date(2026, 12, 3)),
        ("due this sprint", date(2026, 11, 30), date(2026, 12, 11)),
    ],
)
def test_due_days(line: str, first: date, last: date) -> None:
    assert read_narrowing(line, MONDAY) == Narrowed(due=(first, last))


def test_without_iterations_no_sprint_has_an_end() -> None:
    alone = Asked(MONDAY.now)
    assert read_narrowing("due this sprint", alone) is None
    assert read_narrowing("due next iteration", alone) is None
    two = Asked(MONDAY.now, sprint_ends=(date(2026, 12, 11), date(2026, 12, 25)))
    days = (date(2026, 12, 12), date(2026, 12, 25))
    assert read_narrowing("due next sprint", two) == Narrowed(due=days)


@pytest.mark.parametrize(
    ("line", "fitting"),
    [
        (">8 points", [13.0]),
        ("> 8pts", [13.0]),
        (">=8 sp", [8.0, 13.0]),
        ("points>8", [13.0]),
        ("over 8 points", [13.0]),
        ("at most 8 points", [0.5, 8.0]),
        ("< 8,0 points", [0.5]),
        ("8 points", [8.0]),
        ("points: 8", [8.0]),
        (">8", [13.0]),
        ("8+ points", [8.0, 13.0]),
        ("1-8 sp", [8.0]),
        ("without points", [None]),
        ("unestimated", [None]),
    ],
)
def test_points(line: str, fitting: list[float | None]) -> None:
    wanted = read_narrowing(line, MONDAY)
    assert wanted is not None
    assert [each for each in (None, 0.5, 8.0, 13.0) if wanted.fits(None, each)] == fitting


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("in progress", Narrowed(states=("in progress",))),
        ("in review @grace", Narrowed(("@grace",), states=("in review",))),
        ("not ready", Narrowed(states=("captured", "refining"))),
        ("dropped", Narrowed(states=("dropped",))),
        ("no due date", Narrowed(due=())),
        ("without a due date #ci", Narrowed(("#ci",), due=())),
        ("features", Narrowed(kind="feature")),
    ],
)
def test_states_kinds_and_missing_days(line: str, meant: Narrowed) -> None:
    assert read_narrowing(line, MONDAY) == meant


def test_a_state_among_other_words_is_a_word() -> None:
    """Planned downtime is looked for by its title."""
    assert read_narrowing("planned downtime", MONDAY) is None


def test_words_may_stand_beside_it() -> None:
    late = (LONG_AGO, date(2026, 11, 29))
    assert read_narrowing("mine overdue", MONDAY) == Narrowed(due=late, mine=True)
    assert read_narrowing("overdue #ci @grace", MONDAY) == Narrowed(("#ci", "@grace"), late)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "due diligence",
        "late night deploys",
        "8",
        "points of sale",
        "due next sprint",
        "due 31/31",
    ],
)
def test_other_words_are_searched_for(line: str) -> None:
    assert read_narrowing(line, MONDAY) is None
