"""Reading time zones as people type them."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.settings.zones import read_zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" Berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_enough_in_any_case(typed: str, zone: str) -> None:
    assert read_zone(typed) == (zone, "")


def test_files_of_the_zone_database_that_are_no_places_are_refused() -> None:
    for name in ("Factory", "localtime", "posixrules"):
        assert read_zone(name)[0] == ""


@given(st.text(max_size=200))
def test_anything_typed_is_a_known_zone_or_an_error_of_bounded_length(typed: str) -> None:
    zone, error = read_zone(typed)
    assert bool(zone) != bool(error)
    assert not zone or zone in available_timezones()
    assert len(error) < 150
