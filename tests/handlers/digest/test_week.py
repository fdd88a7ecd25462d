"""Numbers to compare weeks by, the trend they make, and the one line that is no number."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest

from handlers.digest.facts import Backlog, ItemFacts, Iteration
from handlers.digest.highlight import Pattern, SharedTheme, Win, highlight
from handlers.digest.trend import Line, trend
from handlers.digest.week import Week, count_week, previous
from tests.handlers.digest.teams import NOW, TODAY, WEEK, ago, finished, item, weeks, working

# --- one week's numbers ----------------------------------------------------------------------


def test_a_week_counted_by_hand() -> None:
    yesterday = TODAY - timedelta(days=1)
    items = (
        item(1, "ready", age=6, wsjf=5.0, owner="Ana"),
        item(2, "captured", age=40),  # untouched
        item(3, "refining", age=10),  # unowned
        working(4, started=9, owner="Ben", due=yesterday),  # late
        finished(5, started=9, done=6.9, due=TODAY),
        finished(6, started=30, done=8, due=yesterday),
        finished(7, started=60, done=40, due=date(2026, 10, 1)),  # late, too
        item(8, "dropped", age=5),
    )
    assert count_week(Backlog(now=NOW, items=items), WEEK, ago(7)) == Week(
        until=NOW,
        week=WEEK,
        open=4,
        horizon=3,
        ready=1,
        working=1,
        stale=2,  # 2, and 4, which nobody edited since its capture 29 days ago
        unowned=1,
        late=1,
        added=2,
        done=1,
        done_lately=2,
        due=3,
        kept=1,
        scored=1,
        days_known=100,
        runway=None,
    )


def test_the_runway_is_counted_once_there_is_a_velocity() -> None:
    items = (item(1, "ready", points=8), finished(2, started=9, done=5, points=3))
    iterations = (Iteration(starts_at=ago(17), ends_at=ago(3)),)
    assert (
        count_week(Backlog(now=NOW, items=items, iterations=iterations), WEEK, ago(7)).runway == 2.7
    )


def test_a_week_survives_storage_as_plain_values() -> None:
    week = count_week(Backlog(now=NOW, items=(item(1),)), WEEK, ago(7))
    assert Week(**asdict(week)) == week
    assert Week(week="2026-W40").open == 0  # a row of a version that counted less


@pytest.mark.parametrize(
    ("week", "before"),
    [("2026-W48", "2026-W47"), ("2026-W01", "2025-W52"), ("2027-W01", "2026-W53")],
)
def test_the_week_before(week: str, before: str) -> None:
    assert previous(week) == before


# --- the trend -------------------------------------------------------------------------------


def test_the_trend_shows_eight_weeks_and_says_what_it_shows() -> None:
    found = trend(weeks(ready=[1, 9, 9, 8, 8, 7, 6, 5, 3], done=[9, 3, 4, 4, 5, 4, 5, 5, 6]))
    assert found is not None
    assert found.labels == ("W40", "W41", "W42", "W43", "W44", "W45", "W46", "W47")
    assert found.lines == (
        Line("Ready", (9, 9, 8, 8, 7, 6, 5, 3)),
        Line("Done", (3, 4, 4, 5, 4, 5, 5, 6)),
    )
    assert found.sentence == ("Over 8 weeks, ready fell from 9 to 3; about 4 finished weekly.")


@pytest.mark.parametrize(
    ("ready", "done", "sentence"),
    [
        ([3, 5], [1, 1], "Over 2 weeks, ready rose from 3 to 5; about 1 finished weekly."),
        ([4, 4, 4], [0, 0, 0], "Over 3 weeks, ready stayed at 4; nothing was finished."),
        ([4, 9, 4], [0, 0, 1], "Over 3 weeks, ready moved between 4 and 9; 1 finished in all."),
        ([2, 9, 7], [9, 6, 8], "Over 3 weeks, ready rose from 2 to 7; about 8 finished weekly."),
    ],
)
def test_the_text_twin_describes_the_lines(
    ready: list[int], done: list[int], sentence: str
) -> None:
    found = trend(weeks(ready=ready, done=done))
    assert found is not None
    assert found.sentence == sentence


def test_one_week_is_no_trend() -> None:
    assert trend(weeks(ready=[3])) is None
    assert trend(()) is None


def test_a_week_without_a_digest_is_left_out_not_drawn_as_nothing() -> None:
    found = trend((Week(week="2026-W41", ready=5), Week(week="2026-W44", ready=6)))
    assert found is not None
    assert found.labels == ("W41", "W44")


# --- one pattern or one win ------------------------------------------------------------------


def tagged(number: int, theme: str, age: float) -> ItemFacts:
    return item(number, age=age, themes=(theme,))


OLD_THEME = (tagged(1, "testing", 20), tagged(2, "testing", 15), tagged(3, "testing", 9))
NEW_THEME = (*OLD_THEME, tagged(4, "testing", 2))
DONE = finished(9, started=9, done=2, title="Faster builds", owner="Ana")


def of(*items: ItemFacts, shared: SharedTheme | None = None) -> Pattern | Win | None:
    return highlight(Backlog(now=NOW, items=items), ago(7), shared)


def test_what_several_teams_share_comes_first() -> None:
    found = of(*NEW_THEME, DONE, shared=SharedTheme("dependencies", 4, 6))
    assert found == Pattern(
        "dependencies", "4 of 6 teams met #dependencies this PI: worth solving together."
    )


def test_a_growing_theme_comes_before_a_win() -> None:
    found = of(*NEW_THEME, DONE)
    assert found == Pattern("testing", "#testing came up in 4 items in four weeks.", (4, 3, 2, 1))


def test_a_number_that_moved_comes_before_a_growing_theme_and_is_told_once() -> None:
    """What was measured is the best news there is, and last week's is no news."""
    moved = replace(DONE, moved="review time: 2 days → 5 hours", rechecked_at=ago(1))
    assert of(*NEW_THEME, moved) == Win("Ana", "#9 worked. Review time: 2 days → 5 hours.")
    assert of(*OLD_THEME, replace(moved, rechecked_at=ago(8))) == of(*OLD_THEME, DONE)


def test_a_theme_known_from_last_week_gives_way_to_a_win() -> None:
    assert of(*OLD_THEME, DONE) == Win("Ana", "#9 Faster builds is done.")
    assert isinstance(of(*OLD_THEME), Pattern)


def test_two_items_make_no_pattern_nor_do_old_ones() -> None:
    assert of(*OLD_THEME[:2]) is None
    assert of(*(tagged(number, "testing", 30) for number in range(5))) is None


def test_an_item_tagged_twice_counts_once() -> None:
    twice = tuple(item(number, age=3, themes=("testing", "testing")) for number in (1, 2))
    assert of(*twice) is None


def test_of_equal_themes_the_first_in_the_alphabet_is_told() -> None:
    both = tuple(item(n, age=3, themes=("testing", "builds")) for n in (1, 2, 3))
    found = of(*both)
    assert isinstance(found, Pattern)
    assert found.theme == "builds"


def test_the_best_win_is_an_improvement_done_on_time() -> None:
    story = finished(1, started=9, done=2, kind="story")
    late = finished(2, started=9, done=2, due=TODAY - timedelta(days=5))
    on_time = finished(3, started=9, done=2, due=TODAY, title="Quiet nights", owner=None)
    assert of(story, late, on_time) == Win(None, "#3 Quiet nights is done, on time.")
    assert of(story) == Win(None, "#1 is done.")


def test_a_quiet_week_has_neither() -> None:
    assert of(finished(1, started=30, done=8)) is None
