"""Reading until when a vote or a retro is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reader.asked import Asked
from handlers.reader.moments import Unreadable, read_moment

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read_deadline(words: str, now: datetime, zone: str) -> datetime:
    return read_moment(words, Asked(now, zone), timedelta(days=30))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("16:00", "2026-11-23 15:00"),
        ("by 16:00", "2026-11-23 15:00"),
        ("at 4pm", "2026-11-23 15:00"),
        ("4:30 PM", "2026-11-23 15:30"),
        ("12am", None),
        ("today 16.15", "2026-11-23 15:15"),
        ("tomorrow, 9:30", "2026-11-24 08:30"),
        ("Friday 4pm", "2026-11-27 15:00"),
        ("monday 8:00", "2026-11-30 07:00"),
        ("monday 10:00", "2026-11-30 09:00"),
        ("mon 12:00", "2026-11-23 11:00"),
        ("2026-12-01 09:00", "2026-12-01 08:00"),
        ("in 2 hours", "2026-11-23 11:00"),
        ("in 30 min", "2026-11-23 09:30"),
        ("in 3 days", "2026-11-26 09:00"),
        ("", None),
        ("16", None),
        ("24:00", None),
        ("13pm", None),
        ("16:60", None),
        ("8:00", None),
        ("in 0 min", None),
        ("in 30 days", "2026-12-23 09:00"),
        ("in 31 days", None),
        ("2026-02-30 10:00", None),
        ("\u0661\u0664:\u0660\u0660", None),
        ("someday 10:00", None),
    ],
)
def test_a_deadline_is_read_on_the_speakers_clock(words: str, expected: str | None) -> None:
    """It is 10:00 in Berlin."""
    if expected is None:
        with pytest.raises(Unreadable):
            read_deadline(words, MONDAY, "Europe/Berlin")
    else:
        read = read_deadline(words, MONDAY, "Europe/Berlin")
        assert read == datetime.fromisoformat(f"{expected}+00:00")


def test_a_skipped_and_a_repeated_time_name_one_moment() -> None:
    spring = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert read_deadline("tomorrow 2:30", spring, "Europe/Berlin").hour == 1
    autumn = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert read_deadline("tomorrow 2:30", autumn, "Europe/Berlin").hour == 0


@given(st.text(max_size=40), st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]))
def test_any_words_are_a_coming_moment_or_refused(words: str, zone: str) -> None:
    try:
        at = read_deadline(words, MONDAY, zone)
    except Unreadable:
        return
    assert timedelta(0) < at - MONDAY <= timedelta(days=30)
