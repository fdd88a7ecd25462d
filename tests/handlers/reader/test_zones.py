"""Reading time zones as people type them: never one that is hours away."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import shown_zone
from handlers.reader.zones import MAY_BE, NoZone, read_zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("(Europe/Berlin)", "Europe/Berlin"),
        (" Berlin ", "Europe/Berlin"),
        ("Berlin time", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("ho chi minh", "Asia/Ho_Chi_Minh"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("GMT", "UTC"),
        ("UTC+0", "UTC"),
        ("GMT+0", "UTC"),
    ],
)
def test_a_city_is_enough_in_any_case(typed: str, zone: str) -> None:
    assert read_zone(typed).name == zone


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("UTC+2", 2), ("utc +2", 2), ("UTC−5", -5), ("UTC+02:00", 2), ("UTC+14", 14), ("UTC-12", -12)],
)
def test_an_offset_stays_one_and_says_so(typed: str, hours: int) -> None:
    """IANA counts westward: Etc/GMT+2 lies four hours from what everybody means by it."""
    zone = read_zone(typed)
    offset = datetime(2026, 7, 1, tzinfo=ZoneInfo(zone.name)).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == hours * 3_600
    assert "summer time will not be followed" in zone.remark
    assert shown_zone(zone.name) == f"UTC{hours:+}"
    assert read_zone(shown_zone(zone.name)) == zone


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("GMT+2", "Europe/Athens"),
        ("GMT-5", "America/New_York"),
        ("ET", "America/New_York"),
        ("est", "America/New_York"),
        ("PT", "America/Los_Angeles"),
        ("CET", "Europe/Berlin"),
        ("CEST", "Europe/Berlin"),
        ("BST", "Europe/London"),
        ("IST", "Asia/Kolkata"),
        ("WET", "Europe/Lisbon"),
        ("UTC+5:30", "Asia/Karachi"),
        ("UTC+99", "Europe/Berlin"),
    ],
)
def test_what_may_mean_several_zones_asks_for_a_city(typed: str, city: str) -> None:
    """GMT+2 is not GMT+0, and ET is not WET."""
    with pytest.raises(NoZone, match=rf"(?i)name a city.*{city}"):
        read_zone(typed)


@pytest.mark.parametrize(
    "typed", ["XT", "ETC", "abc", "here", "+2", "2", "", "localtime", "Factory"]
)
def test_a_short_word_is_near_to_nothing(typed: str) -> None:
    """A guess from three letters is hours away."""
    with pytest.raises(NoZone, match="Name a city, such as Europe/Berlin"):
        read_zone(typed)


def test_a_slip_is_told_the_nearest_place() -> None:
    with pytest.raises(NoZone, match=r"Did you mean Europe/Berlin\?"):
        read_zone("Europe/Berln")


def test_every_place_can_be_typed_in_any_case() -> None:
    """Fixed abbreviations and the names of files are not zones where people live."""
    for zone in sorted(name for name in available_timezones() if "/" in name):
        assert read_zone(zone.lower()).name == zone
        assert zone.startswith("Etc/GMT") or read_zone(shown_zone(zone)).name == zone


def test_every_zone_that_is_suggested_exists() -> None:
    assert set(MAY_BE.values()) <= available_timezones()


@given(st.text(max_size=200))
def test_anything_typed_is_a_known_zone_or_an_error_of_bounded_length(typed: str) -> None:
    try:
        found = read_zone(typed).name
    except NoZone as refusal:
        found, answer = "UTC", str(refusal)
    else:
        answer = ""
    assert found in available_timezones()
    assert len(answer) < 150
