"""One digest for each week, in any zone, by a clock that is wrong, whatever people change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.cadence import Cadence, next_after, week_due

MONDAY = 1
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)

ZONES = (
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",  # UTC+5:45
    "Asia/Kolkata",  # UTC+5:30
    "Australia/Lord_Howe",  # the clock changes by half an hour
    "Europe/Berlin",
    "Etc/GMT+12",  # the last place on Earth where a week ends
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kiritimati",  # the first
)


@dataclass
class Channel:
    """What a channel's row remembers, and a worker that looks at it now and then."""

    cadence: Cadence
    due_at: datetime
    last_week: str | None = None
    posted: list[tuple[str, datetime]] = field(default_factory=list)

    @classmethod
    def starting(cls, cadence: Cadence, now: datetime) -> Channel:
        return cls(cadence, next_after(cadence, now))

    def reschedule(self, cadence: Cadence, now: datetime) -> None:
        self.cadence = cadence
        self.due_at = next_after(cadence, now, self.last_week)

    def look(self, now: datetime) -> None:
        if now < self.due_at:
            return
        week = week_due(self.cadence, self.due_at, now, self.last_week)
        if week is not None:
            self.posted.append((week, now))
            self.last_week = week
        self.due_at = next_after(self.cadence, now, self.last_week)


def weeks_between(first: str, last: str) -> list[str]:
    monday = date.fromisocalendar(int(first[:4]), int(first[6:]), 1)
    weeks: list[str] = []
    while not weeks or weeks[-1] < last:
        year, week, _ = monday.isocalendar()
        weeks.append(f"{year}-W{week:02}")
        monday += WEEK
    return weeks


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
cadences = st.builds(Cadence, st.integers(1, 7), times, st.sampled_from(ZONES))
starts = st.datetimes(datetime(2010, 6, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(
    cadences,
    starts,
    st.lists(st.floats(-1, 1), min_size=1, max_size=60),
    st.lists(st.floats(0.01, 20), min_size=1, max_size=60),
)
def test_two_years_bring_one_digest_for_every_week(
    cadence: Cadence, start: datetime, errors_h: list[float], waits_h: list[float]
) -> None:
    """The clock is up to an hour wrong at every look, and looks are up to 20 hours apart."""
    channel = Channel.starting(cadence, start)
    now = start
    look = 0
    while now < start + 104 * WEEK:
        error = HOUR * errors_h[look % len(errors_h)]
        channel.look(now + error)
        # While nothing can be due, skip ahead; near the appointment look as a worker would.
        now = max(now + HOUR * waits_h[look % len(waits_h)], channel.due_at - 3 * HOUR)
        look += 1
    weeks = [week for week, _ in channel.posted]
    assert weeks == weeks_between(weeks[0], weeks[-1])
    assert 103 <= len(weeks) <= 105
    for (_, one), (_, other) in pairwise(channel.posted):
        assert other - one > timedelta(days=5)


@given(cadences, starts)
def test_the_digest_comes_at_its_local_time(cadence: Cadence, start: datetime) -> None:
    """Off by nothing, but for the hour or the day that the clock skipped."""
    due = next_after(cadence, start)
    there = due.astimezone(ZoneInfo(cadence.zone))
    assert start <= due < start + WEEK + timedelta(days=1)
    wanted = datetime.combine(there.date(), cadence.at)
    if (there.isoweekday(), there.time()) != (cadence.weekday, cadence.at):
        before = (due - timedelta(seconds=1)).astimezone(there.tzinfo)
        assert there.utcoffset() != before.utcoffset(), "moved though the time exists"
        assert before.replace(tzinfo=None) < wanted or before.isoweekday() == cadence.weekday - 1


@given(
    st.sampled_from(ZONES),
    starts,
    st.lists(st.tuples(st.integers(1, 7), times, st.integers(1, 200)), min_size=1, max_size=12),
)
def test_changing_day_and_hour_leaves_one_digest_for_every_week(
    zone: str, start: datetime, changes: list[tuple[int, time, int]]
) -> None:
    channel = Channel.starting(Cadence(MONDAY, time(9), zone), start)
    now = start
    for weekday, at, hours in changes:
        for _ in range(hours):
            now += HOUR
            channel.look(now)
        if channel.posted:
            channel.reschedule(Cadence(weekday, at, zone), now)
            channel.look(now)
    weeks = [week for week, _ in channel.posted]
    if weeks:
        assert weeks == weeks_between(weeks[0], weeks[-1])


@given(cadences, starts, st.lists(st.tuples(cadences, st.integers(0, 400)), max_size=12))
def test_no_change_of_zone_brings_two_digests_for_a_week(
    cadence: Cadence, start: datetime, changes: list[tuple[Cadence, int]]
) -> None:
    channel = Channel.starting(cadence, start)
    now = start
    for changed, hours in changes:
        for _ in range(hours):
            now += HOUR
            channel.look(now)
        channel.reschedule(changed, now)
    counted = Counter(week for week, _ in channel.posted)
    assert all(times_posted == 1 for times_posted in counted.values())
    assert [week for week, _ in channel.posted] == sorted(counted)


@given(cadences, starts, st.sampled_from(ZONES), st.integers(1, 21 * 24))
def test_a_change_of_zone_alone_loses_no_week(
    cadence: Cadence, start: datetime, zone: str, hours: int
) -> None:
    channel = Channel.starting(cadence, start)
    now = start
    for hour in range(6 * 7 * 24):
        now += HOUR
        if hour == hours and channel.posted:
            channel.reschedule(replace(cadence, zone=zone), now)
        channel.look(now)
    weeks = [week for week, _ in channel.posted]
    assert weeks == weeks_between(weeks[0], weeks[-1])
