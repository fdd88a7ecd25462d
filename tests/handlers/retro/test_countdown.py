"""A quiet countdown: few words that are true as long as they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.retro.countdown import time_left
from tests.hone import START


@pytest.mark.parametrize(
    ("left", "told", "holds"),
    [
        ({"hours": 3}, "", {"hours": 2}),
        ({"hours": 1}, "more than 55 minutes left", {"minutes": 5}),
        ({"minutes": 23}, "more than 20 minutes left", {"minutes": 3}),
        ({"minutes": 20}, "more than 15 minutes left", {"minutes": 5}),
        ({"minutes": 10}, "10 minutes left", {"minutes": 1}),
        ({"minutes": 1, "seconds": 1}, "2 minutes left", {"seconds": 1}),
        ({"seconds": 20}, "1 minute left", {"seconds": 20}),
    ],
)
def test_what_is_left_is_told_in_the_last_hour_and_finely_in_the_last_ten_minutes(
    left: dict[str, float], told: str, holds: dict[str, float]
) -> None:
    expected = told, START + timedelta(**holds)
    assert time_left(START + timedelta(**left), START) == expected


def test_an_hours_countdown_changes_the_card_twenty_times_and_then_no_more() -> None:
    """Each change is an edit of a message, which platforms slow down."""
    deadline, at, words = START + timedelta(hours=1), START, []
    while True:
        told, until = time_left(deadline, at)
        if until is None:
            break
        words.append(told)
        at = until
    assert at == deadline
    assert len(words) == len(set(words)) == 20
