"""Whatever date or moment Hone prints, it reads as itself, from anybody anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import When, shown_time
from handlers.digest.cadence import Cadence
from handlers.digest.schedule import parse_schedule
from handlers.reader.answers import read_day
from handlers.reader.asked import Asked
from handlers.reader.moments import read_moment
from handlers.reader.names import day_words, in_short, in_words
from handlers.wsjf.lead import _on_clock as on_clock

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"),
    *("America/Argentina/Buenos_Aires", "Australia/Lord_Howe", "Pacific/Apia", "Etc/GMT-2"),
)
LOCALES = ("en", "en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "pt-BR", "ja-JP")

zones = st.sampled_from(ZONES)
asking = st.builds(
    Asked,
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    zones,
    st.sampled_from(LOCALES),
)
further = st.integers(-3_000, 3_000).map(timedelta)
soon = st.integers(0, 360).map(timedelta)


@given(asking, further)
def test_a_day_with_its_year_is_that_day(asked: Asked, away: timedelta) -> None:
    day = asked.today + away
    for printed in (in_words(day), day_words(day), day.isoformat()):
        assert read_day(printed, asked) == day
        assert read_day(f"by {printed}", asked) == day


@given(asking, soon)
def test_a_day_without_its_year_is_the_one_to_come(asked: Asked, away: timedelta) -> None:
    day = asked.today + away
    assert read_day(in_short(day, asked.today), asked) == day
    assert read_day(f"{day:%a} {day.day} {day:%b}", asked) == day
    assert read_day(f"{day.day} {day:%b}", asked) == day


@given(asking, st.integers(1, 170).map(timedelta))
def test_a_day_that_is_just_over_is_known_by_its_weekday(asked: Asked, ago: timedelta) -> None:
    """A reminder told of last Monday is not for next year."""
    day = asked.today - ago
    assert read_day(f"{day:%a} {day.day} {day:%b}", asked) == day


@given(asking, zones, st.integers(1, 360 * 24 * 60).map(lambda some: timedelta(minutes=some)))
def test_a_moment_is_that_moment(asked: Asked, zone: str, away: timedelta) -> None:
    """Also in somebody else's zone, which stands beside it."""
    at = (asked.now + timedelta(minutes=1) + away).replace(second=0, microsecond=0)
    local = at.astimezone(ZoneInfo(zone))
    if local.fold:  # the clock shows this time a second time: the first one is meant
        at -= timedelta(hours=1)
        local = at.astimezone(ZoneInfo(zone))
    if local.fold or at <= asked.now:
        return
    furthest = timedelta(days=400)
    assert read_moment(shown_time(When(at, zone)), asked, furthest) == at
    if not at.astimezone(ZoneInfo(asked.zone)).fold:
        assert read_moment(on_clock(at, asked.zone), asked, furthest) == at


@given(st.integers(1, 7), st.times().map(lambda at: time(at.hour, at.minute)), zones)
def test_a_weekly_time_is_that_time(weekday: int, at: time, zone: str) -> None:
    cadence = Cadence(weekday, at, zone)
    assert parse_schedule(str(cadence)).cadence == cadence


@pytest.mark.parametrize("leap", [date(2028, 2, 29), date(2024, 2, 29)])
def test_the_day_that_most_years_lack(leap: date) -> None:
    asked = Asked(datetime.combine(leap - timedelta(days=30), time(9), UTC))
    assert read_day(f"{leap:%a} {leap.day} {leap:%b}", asked) == leap
    later = Asked(datetime.combine(leap + timedelta(days=30), time(9), UTC))
    assert read_day(f"{leap:%a} {leap.day} {leap:%b}", later) == leap
