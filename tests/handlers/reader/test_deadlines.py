"""People say when in many ways; Hone reads those that name one day and guesses none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reader.asked import Asked
from handlers.reader.deadlines import Deadline, last_words
from handlers.reader.names import MONTHS, WEEKDAYS, in_words

WEDNESDAY = date(2026, 11, 11)
SATURDAY = date(2026, 11, 14)


def noon(day: date) -> Asked:
    return Asked(datetime.combine(day, time(12), UTC))


def said(text: str, today: date = WEDNESDAY) -> Deadline | None:
    return last_words(text.split(), noon(today))


def day_of(text: str, today: date = WEDNESDAY) -> date | None:
    found = said(text, today)
    return found.day if found else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by Friday", date(2026, 11, 13)),
        ("by fri", date(2026, 11, 13)),
        ("by Tuesday", date(2026, 11, 17)),
        ("by this Friday", date(2026, 11, 13)),
        ("by next Friday", date(2026, 11, 20)),
        ("until Thursday.", date(2026, 11, 12)),
        ("by today", date(2026, 11, 11)),
        ("by EOD", date(2026, 11, 11)),
        ("by the 15th", date(2026, 11, 15)),
        ("by tomorrow", date(2026, 11, 12)),
        ("in 2 weeks", date(2026, 11, 25)),
        ("within ten days", date(2026, 11, 21)),
        ("in a month", date(2026, 12, 11)),
        ("in 1 year", date(2027, 11, 11)),
        ("by 2026-12-01", date(2026, 12, 1)),
        ("due 2026-12-01", date(2026, 12, 1)),
        ("due:2026-12-01", date(2026, 12, 1)),
        ("due by 1 Dec", date(2026, 12, 1)),
        ("by 1st of December", date(2026, 12, 1)),
        ("by Dec 1", date(2026, 12, 1)),
        ("by Dec. 1st, 2027", date(2027, 12, 1)),
        ("by 1. Dec 2027", date(2027, 12, 1)),
        ("by 3 Sept", date(2027, 9, 3)),
        ("end of week", date(2026, 11, 13)),
        ("end of next week", date(2026, 11, 20)),
        ("end of month", date(2026, 11, 30)),
        ("by the end of the next month", date(2026, 12, 31)),
        ("end of quarter", date(2026, 12, 31)),
        ("end of next quarter", date(2027, 3, 31)),
        ("end of the year", date(2026, 12, 31)),
        ("end of February", date(2027, 2, 28)),
        ("end of Feb 2028", date(2028, 2, 29)),
    ],
)
def test_a_phrase_names_its_day(text: str, day: date) -> None:
    """Spoken on Wednesday 11 November 2026."""
    assert day_of(text) == day


def test_the_longest_phrase_counts() -> None:
    """Reading only the last word of "by next Friday" would be a week too early."""
    assert said("Tests are green by next Friday") == Deadline(
        words=3,
        said="by next Friday",
        day=date(2026, 11, 20),
        explicit=True,
        note="“by next Friday” is read as Friday 20 November 2026, the one in next week.",
    )


@pytest.mark.parametrize("text", ["Friday", "on Friday", "today", "in 2 weeks", "end of month"])
def test_without_by_a_phrase_may_belong_to_the_sentence(text: str) -> None:
    """An insight such as "Deploys broke on Friday" has no deadline; the caller must know."""
    found = said(text)

    assert found
    assert not found.explicit


@pytest.mark.parametrize(
    "text",
    ["", "the tests sat", "slowed by reviews", "next week", "cut by 2 days", "1/2 of it", "by 2.5"],
)
def test_other_words_are_no_date(text: str) -> None:
    """A sentence that only sounds like a deadline keeps all its words."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("by 2026-02-30", "not a day in the calendar"),
        ("by 2026-13-01", "not a day in the calendar"),
        ("by 0000-01-01", "not a day in the calendar"),
        ("by 31 April", "not a day in the calendar"),
        ("by 29 Feb", "not a day in the calendar"),  # the next one would be in 2027
        ("by 1/12", "may be Tuesday 12 January 2027 or Tuesday 1 December 2026"),
        ("by 1-12-2026", "may be"),
        ("by next week", "names no single day"),
        ("by end of sprint", "this team has no iterations yet"),
        ("by this Monday", "is over already"),
        ("by 2999-01-01", "more than 10 years away"),
    ],
)
def test_what_names_no_single_day_is_explained_not_guessed(text: str, why: str) -> None:
    """A wrong due date is worse than a question."""
    found = said(text)

    assert found
    assert found.day is None
    assert f"“{text}” " in found.note
    assert why in found.note


def test_friday_said_on_a_friday_is_today_and_says_so() -> None:
    """Half of us would mean the one in a week."""
    found = said("by Friday", today=date(2026, 11, 13))

    assert found
    assert found.day == date(2026, 11, 13)
    assert found.note == "Today is Friday, so “by Friday” is read as today."


def test_next_friday_needs_no_note_when_only_one_is_meant() -> None:
    """On a Saturday, next week's Friday is also the next one to come."""
    found = said("by next Friday", today=SATURDAY)

    assert found
    assert (found.day, found.note) == (date(2026, 11, 20), "")


def test_on_a_weekend_the_end_of_week_is_over() -> None:
    """Sunday, or Friday in six days: nobody can know."""
    found = said("by end of week", today=SATURDAY)

    assert found
    assert found.day is None
    assert "write “by end of next week”" in found.note


def test_a_written_day_in_the_past_is_kept_and_noted() -> None:
    """It may be a slip, or an improvement that is already late."""
    found = said("by 2026-11-01")

    assert found
    assert (found.day, found.note) == (date(2026, 11, 1), "“by 2026-11-01” is in the past.")


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 1, 31), "in 1 month", date(2026, 2, 28)),
        (date(2028, 1, 31), "in 1 month", date(2028, 2, 29)),
        (date(2026, 12, 31), "by tomorrow", date(2027, 1, 1)),
        (date(2026, 12, 31), "by next Friday", date(2027, 1, 8)),
        (date(2026, 12, 15), "end of next month", date(2027, 1, 31)),
        (date(2026, 12, 2), "by 1 Dec", date(2027, 12, 1)),
        (date(2026, 12, 1), "by 1 Dec", date(2026, 12, 1)),
        (date(2027, 3, 1), "by 29 Feb", date(2028, 2, 29)),
    ],
)
def test_months_and_years_turn(today: date, text: str, day: date) -> None:
    """Deadlines said in December are where off-by-one mistakes live."""
    assert day_of(text, today) == day


def test_a_day_is_written_so_that_nobody_mistakes_it() -> None:
    """1/12 and 12/1 are two days; 1 December is one."""
    assert in_words(date(2026, 12, 1)) == "Tuesday 1 December 2026"


days = st.dates()
phrases = st.one_of(
    st.sampled_from(["today", "tomorrow", "eod"]),
    st.builds("{}{}".format, st.sampled_from(["", "this ", "next "]), st.sampled_from(WEEKDAYS)),
    st.builds(
        "in {} {}".format,
        st.integers(0, 999),
        st.sampled_from(["day", "weeks", "months", "years"]),
    ),
    st.builds(
        "end of {}{}".format,
        st.sampled_from(["", "next "]),
        st.sampled_from(["week", "month", "quarter", "year", *MONTHS]),
    ),
    st.builds("{} {}".format, st.integers(0, 40), st.sampled_from(MONTHS)),
)


@given(phrases, days)
def test_a_phrase_without_a_year_never_lies_in_the_past(phrase: str, today: date) -> None:
    """Whoever says Friday means one to come; when there is none, a note says so."""
    found = said(f"by {phrase}", today)

    if found:
        assert found.day >= today if found.day else found.note


@given(st.sampled_from(WEEKDAYS), days.filter(lambda day: day < date(9999, 12, 1)))
def test_a_weekday_is_the_next_one_to_come(weekday: str, today: date) -> None:
    """Within seven days, today included."""
    day = day_of(f"by {weekday}", today)

    assert day
    assert today <= day < today + timedelta(days=7)
    assert WEEKDAYS[day.weekday()] == weekday


@given(days, days)
def test_a_written_day_is_read_as_written(day: date, today: date) -> None:
    """Except when it is so far away that it must be a slip."""
    found = said(f"by {day.isoformat()}", today)

    assert found
    assert found.day == (day if day.year - today.year <= 10 else None)


@given(st.text(st.characters() | st.sampled_from("0123456789 -/.")), days)
def test_no_text_raises(text: str, today: date) -> None:
    """Retro sentences hold everything."""
    last_words(text.split(), noon(today))
    last_words(["by", *text.split()], noon(today))
