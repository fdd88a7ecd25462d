"""Iterations on the calendar: whatever clocks do, they join without a gap, each on its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.timeboxes import Rhythm, beginning, progress

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Beirut"),
    *("Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kolkata"),
)
"""Zones whose clocks change at midnight, by half an hour, or that once left a day out."""

rhythms = st.builds(
    Rhythm,
    first=st.dates(date(2010, 1, 1), date(2029, 12, 31)),
    weeks=st.integers(1, 4),
    zone=st.sampled_from(ZONES),
)
instants = st.datetimes(
    datetime(2011, 6, 1), datetime(2029, 12, 31), timezones=st.just(UTC), allow_imaginary=False
)


@given(rhythms, instants)
def test_every_instant_since_the_first_day_is_in_exactly_one_iteration(
    rhythm: Rhythm, now: datetime
) -> None:
    running = rhythm.running(now)
    if now < beginning(rhythm.first, rhythm.zone):
        assert running is None
    else:
        assert running is not None
        assert running.starts_at <= now < running.ends_at
        assert running.ends_at == rhythm.next_start(now)


@given(rhythms, instants)
def test_iterations_join_without_a_gap(rhythm: Rhythm, now: datetime) -> None:
    boxes = list(islice(rhythm.back_from(now), 30))
    for later, earlier in pairwise(boxes):
        assert earlier.ends_at == later.starts_at


@given(rhythms, instants)
def test_a_clock_change_costs_an_iteration_a_day_at_most(rhythm: Rhythm, now: datetime) -> None:
    """Apia left out a whole day; everywhere else it is an hour or two."""
    for box in islice(rhythm.back_from(now), 30):
        length = box.ends_at - box.starts_at
        assert abs(length - timedelta(weeks=rhythm.weeks)) <= timedelta(days=1)


@given(rhythms, instants)
def test_an_iteration_begins_with_its_day_or_the_first_instant_there_is(
    rhythm: Rhythm, now: datetime
) -> None:
    zone = ZoneInfo(rhythm.zone)
    for box in islice(rhythm.back_from(now), 30):
        before = (box.starts_at - timedelta(seconds=1)).astimezone(zone)
        local = box.starts_at.astimezone(zone)
        assert before.date() < local.date(), "one second earlier it was still the day before"


@given(rhythms, instants)
def test_the_next_start_is_always_ahead(rhythm: Rhythm, now: datetime) -> None:
    """A timer set to the past would ring forever."""
    assert rhythm.next_start(now) > now


def test_an_iteration_over_the_spring_change_is_an_hour_shorter() -> None:
    rhythm = Rhythm(date(2026, 3, 23), 1, "Europe/Berlin")
    box = rhythm.running(datetime(2026, 3, 25, tzinfo=UTC))
    assert box is not None
    assert box.starts_at == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert box.ends_at - box.starts_at == timedelta(days=7) - timedelta(hours=1)


def test_a_midnight_that_the_clock_skips_is_the_instant_of_the_change() -> None:
    skipped = beginning(date(2026, 4, 24), "Africa/Cairo")
    assert skipped.astimezone(ZoneInfo("Africa/Cairo")).hour == 1


@pytest.mark.parametrize("weeks", [0, -1, 5, 52])
def test_an_iteration_takes_one_to_four_weeks(weeks: int) -> None:
    with pytest.raises(ValueError, match="1 to 4 weeks"):
        Rhythm(date(2026, 1, 5), weeks, "UTC")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 18), "begins in 5 days"),
        (date(2026, 11, 22), "begins in 1 day"),
        (date(2026, 11, 23), "week 1 of 10"),
        (date(2026, 11, 29), "week 1 of 10"),
        (date(2027, 1, 31), "week 10 of 10"),
        (date(2027, 2, 1), "ended today"),
        (date(2027, 2, 3), "ended 2 days ago"),
    ],
)
def test_where_a_planning_interval_stands(today: date, words: str) -> None:
    assert progress(date(2026, 11, 23), 10, today) == words
