"""One digest per channel and ISO week, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from handlers.digest.cadence import Cadence, iso_week, jitter, next_after, week_due

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


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
