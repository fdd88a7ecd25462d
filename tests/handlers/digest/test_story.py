"""The whole digest: what six teams read, that it takes 20 seconds, and when there is none."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.facts import Backlog, ItemFacts, Transition
from handlers.digest.highlight import SharedTheme
from handlers.digest.story import (
    READING_WORDS_MAX,
    HintName,
    Number,
    Story,
    Unchanged,
    lines,
    tell,
    word_count,
)
from handlers.digest.week import Week, count_week
from tests.handlers.digest.teams import (
    LEAD,
    NOW,
    TEAMS,
    TODAY,
    WEEK,
    Team,
    ago,
    all_stale,
    brand_new,
    finished,
    healthy,
    item,
    moves,
    no_cadence,
    starving,
    working,
)

GOLDEN = Path(__file__).parent / "golden"

ALL_HINTS: frozenset[HintName] = frozenset({"capture", "vote", "iterations", "objectives"})


def story_of(team: Team) -> Story:
    told = tell(team.backlog, WEEK, LEAD, before=team.before, hints=team.hints)
    assert isinstance(told, Story)
    return told


# --- what six teams read ---------------------------------------------------------------------


@pytest.mark.parametrize("name", TEAMS)
def test_what_a_team_reads(name: str) -> None:
    """Read the golden files aloud before changing a sentence; UPDATE_GOLDEN=1 rewrites them."""
    team = TEAMS[name]()
    written = as_text(team, story_of(team))
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(written, encoding="utf-8")
    assert written == file.read_text(encoding="utf-8")


def test_the_page_for_product_owners_shows_a_digest_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "digest.md").read_text(encoding="utf-8")
    assert indent("\n".join(lines(story_of(starving()))), "    ") in page


def as_text(team: Team, story: Story) -> str:
    parts = [f"({team.about}: {word_count(story)} words)", "", *lines(story)]
    if story.trend is not None:
        parts += ["", "The chart:", f"         {'  '.join(story.trend.labels)}"]
        parts += [
            f"  {line.name:<6} {'  '.join(f'{value:>3}' for value in line.values)}"
            for line in story.trend.lines
        ]
    parts += ["", "In the thread:"]
    for detail in story.details:
        parts += [f"  {detail.heading}", indent("\n".join(detail.lines), "    ")]
    return "\n".join(parts) + "\n"


# --- 20 seconds ------------------------------------------------------------------------------


words = st.text("abcdefghijklmnopqrstuvwxyzäöü-' ", max_size=60)
people = st.none() | st.sampled_from(("Ana", "Ben", "Cleo"))
states = st.sampled_from(
    ("captured", "refining", "ready", "planned", "in progress", "in review", "accepted", "dropped")
)


@st.composite
def items(draw: st.DrawFn) -> ItemFacts:
    age = draw(st.floats(0.1, 150))
    state = draw(states)
    when = draw(st.floats(0, age))
    return ItemFacts(
        number=draw(st.integers(1, 9_999)),
        created_at=ago(age),
        title=draw(words),
        kind=draw(st.sampled_from(("improvement", "story"))),
        state=state,
        history=() if state == "captured" else (Transition(ago(when), "captured", state, "why"),),
        edits=tuple(ago(days) for days in draw(st.lists(st.floats(0, age), max_size=2))),
        owner=draw(people),
        created_by=draw(people),
        due=draw(st.none() | st.dates(date(2026, 6, 1), date(2027, 1, 31))),
        snoozed_until=draw(st.none() | st.dates(date(2026, 10, 1), date(2027, 1, 31))),
        themes=tuple(draw(st.lists(st.sampled_from(("testing", "dependencies")), max_size=2))),
        wsjf=draw(st.none() | st.floats(0.2, 60)),
        points=draw(st.none() | st.integers(1, 20)),
    )


backlogs = st.builds(
    Backlog,
    now=st.just(NOW),
    items=st.lists(items(), max_size=25, unique_by=lambda one: one.number).map(tuple),
)
small = st.integers(0, 30)
earlier = st.lists(
    st.builds(
        Week,
        week=st.integers(30, 47).map(lambda number: f"2026-W{number}"),
        open=small,
        horizon=small,
        ready=small,
        working=small,
        stale=small,
        unowned=small,
        late=small,
        done=small,
    ),
    max_size=9,
    unique_by=lambda one: one.week,
).map(lambda found: sorted(found, key=lambda one: one.week))


@given(backlogs, earlier, st.sets(st.integers(1, 9_999)), st.booleans())
def test_any_digest_can_be_read_in_20_seconds(
    backlog: Backlog, before: list[Week], asked: set[int], shares_a_theme: bool
) -> None:
    shared = SharedTheme("dependencies", 4, 6) if shares_a_theme else None
    told = tell(backlog, WEEK, LEAD, before=before, asked=asked, hints=ALL_HINTS, shared=shared)
    if isinstance(told, Unchanged):
        assert len(told.sentence.split()) <= 20
        return
    assert word_count(told) <= READING_WORDS_MAX
    assert len(told.asks) <= 3
    assert all(line.strip() and "None" not in line for line in lines(told))
    assert told.counted == count_week(backlog, WEEK, ago(7))
    assert (
        tell(backlog, WEEK, LEAD, before=before, asked=asked, hints=ALL_HINTS, shared=shared)
        == told
    )


def test_a_long_digest_loses_its_least_important_line() -> None:
    """The verdict and the asks stay; a pattern can wait for next week."""
    team = starving()
    shared = SharedTheme("a-theme-with-a-name", 5, 6)
    told = tell(team.backlog, WEEK, LEAD, before=team.before, shared=shared)
    assert isinstance(told, Story)
    assert (len(told.asks), told.highlight) == (3, None)
    assert word_count(told) <= READING_WORDS_MAX


# --- nothing new -----------------------------------------------------------------------------


def quiet_team() -> Backlog:
    return Backlog(
        now=NOW,
        items=(
            item(1, "ready", age=20, owner="Ana", due=TODAY + timedelta(days=30)),
            item(2, age=20, owner="Ana"),
            working(3, started=9, owner="Ben", edits=(ago(9),)),
        ),
    )


def a_week_ago(backlog: Backlog, **numbers: Any) -> Week:
    return replace(count_week(backlog, "2026-W47", ago(14)), until=ago(7), **numbers)


def test_when_nothing_happened_one_line_says_so() -> None:
    """No new post, no notification: last week's digest gets this line."""
    backlog = quiet_team()
    told = tell(backlog, WEEK, LEAD, before=[a_week_ago(backlog)])
    assert isinstance(told, Unchanged)
    assert told.sentence == (
        "Nothing has changed since last week: 1 of 2 ready, 1 under way, 0 untouched."
    )
    assert told.counted == count_week(backlog, WEEK, ago(7))


def test_a_long_silence_is_counted() -> None:
    backlog = quiet_team()
    before = [
        replace(a_week_ago(backlog), week=f"2026-W{week}", done=1 if week == 44 else 0)
        for week in range(43, 48)
    ]
    told = tell(backlog, WEEK, LEAD, before=before)
    assert isinstance(told, Unchanged)
    assert told.sentence.startswith("Nothing has changed for 3 weeks: ")


def test_nothing_new_in_an_empty_backlog() -> None:
    told = tell(Backlog(now=NOW), WEEK, LEAD, before=[Week(week="2026-W47")])
    assert isinstance(told, Unchanged)
    assert told.sentence == "Nothing has changed since last week: nothing is open."


def test_a_missed_week_is_not_called_last_week() -> None:
    backlog = quiet_team()
    told = tell(backlog, WEEK, LEAD, before=[replace(a_week_ago(backlog), week="2026-W45")])
    assert isinstance(told, Unchanged)
    assert told.sentence.startswith("Nothing has changed since W45: ")


def test_fewer_finished_than_last_week_is_no_news_by_itself() -> None:
    """Last week's two finished items are gone from this week's count; nobody did anything."""
    backlog = quiet_team()
    told = tell(backlog, WEEK, LEAD, before=[a_week_ago(backlog, done=2, added=1)])
    assert isinstance(told, Unchanged)


def test_who_asks_to_see_the_digest_gets_it_in_full() -> None:
    """Nothing moved, so the verdict tells no change; everything else is there."""
    backlog = quiet_team()
    before = [a_week_ago(backlog, week=f"2026-W{week}") for week in (45, 46, 47)]
    told = tell(backlog, WEEK, LEAD, before=before, in_full=True)
    assert isinstance(told, Story)
    assert [number.change for number in told.numbers] == ["same", "same", "same"]
    assert told.verdict.sentence == "The backlog is steady: 1 of the next 2 items is ready."


def test_the_first_digest_is_always_told() -> None:
    assert isinstance(tell(quiet_team(), WEEK, LEAD), Story)


@pytest.mark.parametrize(
    "happening",
    [
        item(4, age=3),
        item(2, age=20, owner="Ana", edits=(ago(2),)),
        item(2, "refining", age=20, owner="Ana", history=moves((2, "refining"))),
        finished(9, started=20, done=3),
    ],
)
def test_a_capture_an_edit_a_move_or_an_acceptance_is_news(happening: ItemFacts) -> None:
    others = tuple(one for one in quiet_team().items if one.number != happening.number)
    backlog = Backlog(now=NOW, items=(*others, happening))
    assert isinstance(tell(backlog, WEEK, LEAD, before=[a_week_ago(backlog)]), Story)


def test_time_passing_is_news_when_it_makes_an_item_late_or_untouched() -> None:
    backlog = quiet_team()
    for moved in ({"late": 1}, {"stale": 1}):
        told = tell(backlog, WEEK, LEAD, before=[a_week_ago(backlog, **moved)])
        assert isinstance(told, Story)


# --- numbers ---------------------------------------------------------------------------------


def test_three_numbers_with_their_change() -> None:
    assert story_of(healthy()).numbers == (
        Number("Ready", "7 of 8", "+2"),
        Number("Done", "5", "+1"),
        Number("Untouched", "0", "same"),
    )


def test_the_first_digest_has_numbers_without_a_change() -> None:
    assert [str(number) for number in story_of(brand_new()).numbers] == [
        "Ready 0 of 2",
        "Done 0",
        "Open 2",
    ]


def test_a_number_that_is_not_available_says_why() -> None:
    told = tell(Backlog(now=NOW), WEEK, LEAD)
    assert isinstance(told, Story)
    assert str(told.numbers[0]) == "Ready n/a, because nothing is waiting"


@pytest.mark.parametrize(
    ("name", "label"),
    [("overloaded", "Under way"), ("all_stale", "Untouched"), ("brand_new", "Open")],
)
def test_the_third_number_is_the_one_the_verdict_is_about(name: str, label: str) -> None:
    assert story_of(TEAMS[name]()).numbers[2].label == label


@pytest.mark.parametrize(
    ("last_week", "since"), [("2026-W47", "last week"), ("2026-W45", "W45"), (None, "")]
)
def test_the_digest_names_what_it_compares_with(last_week: str | None, since: str) -> None:
    team = no_cadence()
    before = () if last_week is None else (replace(team.before[-1], week=last_week),)
    told = tell(team.backlog, WEEK, LEAD, before=before)
    assert isinstance(told, Story)
    assert told.since == since
    assert (f"Changes are since {since}." in lines(told)) == (since == "W45")


def test_the_week_before_the_first_is_last_years_last() -> None:
    team = no_cadence()
    before = (replace(team.before[-1], week="2026-W53"),)
    told = tell(team.backlog, "2027-W01", LEAD, before=before)
    assert isinstance(told, Story)
    assert told.since == "last week"


# --- hints -----------------------------------------------------------------------------------


def hint_of(backlog: Backlog, hints: frozenset[HintName] = ALL_HINTS) -> str | None:
    told = tell(backlog, WEEK, LEAD, hints=hints)
    assert isinstance(told, Story)
    return told.hint.name if told.hint else None


def test_a_hint_is_given_only_where_it_helps() -> None:
    settled = no_cadence().backlog
    assert hint_of(Backlog(now=NOW)) == "capture"
    assert hint_of(brand_new().backlog) == "vote"
    assert hint_of(settled) == "iterations"
    assert hint_of(healthy().backlog) == "objectives"
    # one item needs no ranking, and a young team no runway
    assert hint_of(Backlog(now=NOW, items=(item(1),))) is None
    young = replace(settled, items=tuple(replace(i, created_at=ago(9)) for i in settled.items))
    assert hint_of(young) is None


def test_a_hint_is_not_given_twice_nor_for_a_click_that_does_not_exist() -> None:
    assert hint_of(no_cadence().backlog, frozenset({"vote", "objectives"})) is None
    assert hint_of(brand_new().backlog, frozenset()) is None


def test_three_asks_leave_no_room_for_a_hint() -> None:
    assert len(story_of(all_stale()).asks) == 3
    told = tell(all_stale().backlog, WEEK, LEAD, hints=ALL_HINTS)
    assert isinstance(told, Story)
    assert told.hint is None
