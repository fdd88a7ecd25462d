"""One digest per channel and ISO week, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.cadence import Cadence, iso_week, jitter, next_after, week_due

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)
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


def local(zone: str, text: str, fold: int = 0) -> datetime:
    """Return the UTC instant at which clocks in `zone` show `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def shown(zone: str, instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return f"{instant.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


# --- the plain week --------------------------------------------------------------------------


def test_a_new_channel_starts_with_the_next_appointment() -> None:
    """Setting Monday 9:00 on a Wednesday must not post a digest on that Wednesday."""
    cadence = Cadence(MONDAY, time(9), "Europe/Berlin")
    now = local("Europe/Berlin", "2026-11-25 14:00")
    assert shown("Europe/Berlin", next_after(cadence, now)) == "Mon 2026-11-30 09:00"


def test_a_new_channel_may_start_this_very_minute() -> None:
    cadence = Cadence(WEDNESDAY, time(14), "Europe/Berlin")
    now = local("Europe/Berlin", "2026-11-25 14:00")
    assert next_after(cadence, now) == now


def test_after_a_digest_comes_next_weeks() -> None:
    cadence = Cadence(MONDAY, time(9), "America/New_York")
    now = local("America/New_York", "2026-11-23 09:00")
    assert week_due(cadence, now, now) == "2026-W48"
    after = next_after(cadence, now, "2026-W48")
    assert shown("America/New_York", after) == "Mon 2026-11-30 09:00"


def test_before_its_time_nothing_is_due() -> None:
    """Not even when this week's appointment went by before the channel asked for digests."""
    cadence = Cadence(MONDAY, time(9), "UTC")
    wednesday = local("UTC", "2026-11-25 14:00")
    due = next_after(cadence, wednesday)
    assert week_due(cadence, due, wednesday) is None
    assert week_due(cadence, due, due - timedelta(seconds=1)) is None
    assert week_due(cadence, due, due) == "2026-W49"


@pytest.mark.parametrize(
    ("instant", "zone", "week"),
    [
        ("2026-11-22 23:59", "UTC", "2026-W47"),
        ("2026-11-23 00:00", "UTC", "2026-W48"),
        ("2026-11-22 23:59", "Pacific/Apia", "2026-W48"),
        ("2026-11-23 00:00", "America/New_York", "2026-W47"),
        ("2021-01-03 12:00", "UTC", "2020-W53"),  # the first days of January belong to December
        ("2024-12-30 12:00", "UTC", "2025-W01"),  # and the last of December to January
    ],
)
def test_the_week_is_the_channels_own(instant: str, zone: str, week: str) -> None:
    assert iso_week(zone, local("UTC", instant)) == week


# --- clock changes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "asked", "now", "comes"),
    [
        # 2:00 to 3:00 do not exist: 3:00 is the next valid time, not 3:30.
        ("America/New_York", time(2, 30), "2026-03-07 12:00", "Sun 2026-03-08 03:00"),
        ("Europe/Berlin", time(2, 0), "2026-03-28 12:00", "Sun 2026-03-29 03:00"),
        # Half an hour only.
        ("Australia/Lord_Howe", time(2, 15), "2026-10-03 12:00", "Sun 2026-10-04 02:30"),
        ("Australia/Lord_Howe", time(2, 30), "2026-10-03 12:00", "Sun 2026-10-04 02:30"),
        # Midnight itself was skipped.
        ("America/Sao_Paulo", time(0, 0), "2018-11-03 12:00", "Sun 2018-11-04 01:00"),
    ],
)
def test_at_a_skipped_time_the_next_valid_one_counts(
    zone: str, asked: time, now: str, comes: str
) -> None:
    cadence = Cadence(SUNDAY, asked, zone)
    assert shown(zone, next_after(cadence, local(zone, now))) == comes


def test_at_a_skipped_day_the_next_valid_time_counts() -> None:
    """Samoa crossed the date line: Friday 30 December 2011 never happened."""
    cadence = Cadence(FRIDAY, time(9), "Pacific/Apia")
    now = local("Pacific/Apia", "2011-12-29 12:00")
    due = next_after(cadence, now, "2011-W51")
    assert shown("Pacific/Apia", due) == "Sat 2011-12-31 00:00"
    assert week_due(cadence, due, due, "2011-W51") == "2011-W52"


@pytest.mark.parametrize(
    ("zone", "asked", "day"),
    [
        ("America/New_York", time(1, 30), "2026-11-01"),
        ("Europe/Berlin", time(2, 30), "2026-10-25"),
        ("Australia/Lord_Howe", time(1, 45), "2026-04-05"),
    ],
)
def test_at_a_repeated_time_the_digest_comes_once(zone: str, asked: time, day: str) -> None:
    cadence = Cadence(SUNDAY, asked, zone)
    first = local(zone, f"{day} {asked}", fold=0)
    second = local(zone, f"{day} {asked}", fold=1)
    assert second > first
    assert next_after(cadence, first - HOUR / 2) == first
    week = week_due(cadence, first, first)
    assert week_due(cadence, first, second, week) is None
    assert next_after(cadence, second, week) > second + timedelta(days=6)


def test_every_week_has_a_last_minute_in_every_zone() -> None:
    """A skipped time must not move into the next week, where it would be that week's digest.

    The rule has no clause for it because no zone skips the end of a Sunday; if the time zone
    database ever says otherwise, this fails.
    """
    for zone in (ZoneInfo(name) for name in sorted(available_timezones())):
        offset = None
        for week in range(52 * 12):
            sunday = datetime(2024, 1, 7, 23, 59) + week * WEEK
            new_offset = zone.utcoffset(sunday)
            if new_offset != offset:  # only then can a clock have changed
                back = sunday.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
                assert back.replace(tzinfo=None) == sunday, zone.key
            offset = new_offset


# --- late and over ---------------------------------------------------------------------------


def test_a_digest_missed_while_the_bot_was_down_comes_late() -> None:
    cadence = Cadence(MONDAY, time(9), "Asia/Kolkata")
    due = local("Asia/Kolkata", "2026-11-23 09:00")
    thursday = local("Asia/Kolkata", "2026-11-26 17:20")
    assert week_due(cadence, due, thursday, "2026-W47") == "2026-W48"
    assert week_due(cadence, due, thursday, "2026-W48") is None


def test_the_very_first_digest_may_come_late_too() -> None:
    cadence = Cadence(MONDAY, time(9), "UTC")
    due = local("UTC", "2026-11-23 09:00")
    assert week_due(cadence, due, due + timedelta(days=3)) == "2026-W48"


def test_a_week_that_is_over_is_not_made_up_for() -> None:
    """Back after nine days, Hone posts this week's digest, not last week's as well."""
    cadence = Cadence(MONDAY, time(9), "UTC")
    due = local("UTC", "2026-11-16 09:00")
    assert week_due(cadence, due, local("UTC", "2026-11-25 10:00"), "2026-W46") == "2026-W48"
    monday_early = local("UTC", "2026-11-23 08:00")
    assert week_due(cadence, due, monday_early, "2026-W46") is None
    assert next_after(cadence, monday_early, "2026-W46") == monday_early + HOUR


def test_a_digest_due_in_the_last_minute_of_its_week_is_not_lost() -> None:
    """The worker looks a few seconds later, when the calendar already says Monday."""
    cadence = Cadence(SUNDAY, time(23, 59), "Europe/Berlin")
    due = local("Europe/Berlin", "2026-11-22 23:59")
    assert week_due(cadence, due, due + 3 * HOUR, "2026-W46") == "2026-W47"
    assert week_due(cadence, due, due + timedelta(days=2), "2026-W46") is None


# --- people change their minds ---------------------------------------------------------------


def test_a_later_hour_on_the_day_of_the_digest_does_not_bring_a_second_one() -> None:
    now = local("UTC", "2026-11-23 10:00")
    later = Cadence(MONDAY, time(15), "UTC")
    assert shown("UTC", next_after(later, now, "2026-W48")) == "Mon 2026-11-30 15:00"


def test_a_later_hour_before_the_digest_moves_it() -> None:
    now = local("UTC", "2026-11-23 08:00")
    later = Cadence(MONDAY, time(15), "UTC")
    assert shown("UTC", next_after(later, now, "2026-W47")) == "Mon 2026-11-23 15:00"


def test_an_earlier_day_than_today_brings_this_weeks_digest_now() -> None:
    """Moved from Friday to Monday on a Wednesday, the week would otherwise stay without one."""
    now = local("UTC", "2026-11-25 10:00")
    monday = Cadence(MONDAY, time(9), "UTC")
    due = next_after(monday, now, "2026-W47")
    assert due <= now
    assert week_due(monday, due, now, "2026-W47") == "2026-W48"
    assert shown("UTC", next_after(monday, now, "2026-W48")) == "Mon 2026-11-30 09:00"


def test_moving_west_into_last_week_does_not_bring_a_second_digest() -> None:
    """Posted on Monday in Auckland; in Honolulu, where the channel now lives, it is Sunday."""
    now = local("Pacific/Auckland", "2026-11-23 09:30")
    assert iso_week("Pacific/Honolulu", now) == "2026-W47"
    sundays = Cadence(SUNDAY, time(9), "Pacific/Honolulu")
    after = next_after(sundays, now, "2026-W48")
    assert shown("Pacific/Honolulu", after) == "Sun 2026-12-06 09:00"


def test_moving_east_into_next_week_does_not_lose_the_digest() -> None:
    """Due at nine on Sunday in Honolulu; at eight the channel moves to Auckland: Monday there."""
    now = local("Pacific/Honolulu", "2026-11-22 08:00")
    assert iso_week("Pacific/Auckland", now) == "2026-W48"
    sundays = Cadence(SUNDAY, time(9), "Pacific/Auckland")
    due = next_after(sundays, now, "2026-W46")
    assert week_due(sundays, due, now, "2026-W46") == "2026-W47"


# --- any zone, any clock ---------------------------------------------------------------------


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


# --- the small print -------------------------------------------------------------------------


def test_a_channels_jitter_is_its_own_and_stays_the_same() -> None:
    """Ten thousand channels at Monday 9:00 are spread; one channel's digest does not wander."""
    delays = [jitter(f"C{number}") for number in range(200)]
    assert delays == [jitter(f"C{number}") for number in range(200)]
    assert len(set(delays)) > 100
    assert all(timedelta(0) <= delay < timedelta(minutes=5) for delay in delays)


def test_jitter_across_midnight_keeps_the_week() -> None:
    cadence = Cadence(SUNDAY, time(23, 58), "UTC")
    due = next_after(cadence, local("UTC", "2026-11-22 12:00")) + timedelta(minutes=5)
    assert iso_week("UTC", due) == "2026-W48"
    assert week_due(cadence, due, due) == "2026-W47"


@pytest.mark.parametrize(
    ("weekday", "at", "zone"),
    [
        (0, time(9), "UTC"),
        (8, time(9), "UTC"),
        (1, time(9, 0, 30), "UTC"),
        (1, time(9, tzinfo=UTC), "UTC"),
        (1, time(9), "Mars/Olympus"),
        (1, time(9), "America"),
        (1, time(9), "../etc/passwd"),
        (1, time(9), ""),
    ],
)
def test_a_cadence_that_cannot_be_kept_is_refused(weekday: int, at: time, zone: str) -> None:
    with pytest.raises(ValueError, match=r"weekday|time|zone"):
        Cadence(weekday, at, zone)


def test_a_cadence_reads_aloud() -> None:
    assert str(Cadence(MONDAY, time(9), "Europe/Berlin")) == "Mondays at 9:00 (Europe/Berlin)"
