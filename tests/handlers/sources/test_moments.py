"""Every spelling of a day that an export has, and one order for a whole column."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sources.moments import DayOrder, day_orders, read_moment

AFTERNOON = datetime(2024, 3, 12, 15, 4, tzinfo=UTC)


def order_of(cells: list[str]) -> DayOrder | None:
    return day_orders([(line, [cell]) for line, cell in enumerate(cells)], [0])[0]


@pytest.mark.parametrize(
    "cell",
    [
        "12/Mar/24 3:04 PM",
        "12/Mär/24 3:04 PM",
        "12/mars/24 15:04",
        "12-Mar-2024 15:04",
        "12 March 2024, 15:04",
        "12. März 2024 15:04",
        "Mar 12, 2024 3:04 p.m.",
        "2024-03-12T15:04:00.000Z",
        "2024-03-12T15:04:00.000+0000",
        "2024-03-12 15:04:00 UTC",
        "2024-03-12 17:04+02:00",
        "2024/03/12 15:04",
        "12.03.2024 15:04",
        "12/03/2024 15:04:00",
        "Tue Mar 12 2024 15:04:00 GMT+0000 (GMT)",
        "Tue, 12 Mar 2024 15:04:00 +0000",
        "Tue, 12 Mar 2024 15:04:00 UTC +0000",
        "Tue 12/3/24 15:04",
    ],
)
def test_an_instant_is_read_however_a_tool_writes_it(cell: str) -> None:
    found = read_moment(cell, "UTC")
    assert found is not None
    assert found.at == AFTERNOON


@pytest.mark.parametrize(
    "cell", ["12/Mar/24", "2024-03-12", "12.03.24", "12/3/2024", "45363", "March 12 2024"]
)
def test_a_bare_day_is_that_day_in_the_teams_zone(cell: str) -> None:
    found = read_moment(cell, "Europe/Berlin")
    assert found is not None
    assert found.day == date(2024, 3, 12)
    assert found.at == datetime(2024, 3, 11, 23, tzinfo=UTC)


def test_a_time_without_a_zone_is_the_teams() -> None:
    found = read_moment("12/Mar/24 3:04 PM", "America/New_York")
    assert found is not None
    assert found.at == datetime(2024, 3, 12, 19, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/12/2024", "10/28/2026"], "month first"),
        (["3/12/2024", "28/10/2026"], "day first"),
        (["3/12/2024 3:04:05 PM"], "month first"),
        (["3/12/2024 3:04:05 PM", "13/12/2024 3:04:05 PM"], "day first"),
        (["12.03.2024 3:04 PM"], "day first"),
        (["3/12/2024", ""], None),
        (["2024-03-12", "x"], None),
    ],
)
def test_one_cell_settles_the_order_of_its_column(cells: list[str], order: DayOrder | None) -> None:
    assert order_of(cells) == order


@pytest.mark.parametrize(
    "cell",
    [
        *("", "x", "yesterday", "2026-02-30", "31/31/2024", "12/Mar", "0001-01-01", "12/Foo/24"),
        *("123456", "12/Mar/24 25:00", "12/Mar/24 noonish", "Sprint 4", "5"),
    ],
)
def test_what_is_no_day_is_none(cell: str) -> None:
    assert read_moment(cell, "UTC") is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(cell: str) -> None:
    read_moment(cell, "UTC", order_of([cell]) or "day first")


def test_a_weekday_before_a_day_does_not_hide_its_order() -> None:
    """Microsoft Project writes `Fri 11/13/26`."""
    assert order_of(["Mon 11/2/26", "Fri 11/13/26"]) == "month first"
