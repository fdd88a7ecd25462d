"""People type when they want their digest the way they would say it."""

from __future__ import annotations

from datetime import time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.digest.cadence import Cadence
from handlers.digest.schedule import UnreadableSchedule, parse_schedule
from handlers.reader.names import WEEKDAYS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Monday 9:00", Cadence(1, time(9), "Asia/Kolkata")),
        ("mon 09:00", Cadence(1, time(9), "Asia/Kolkata")),
        ("9:00 MONDAY", Cadence(1, time(9), "Asia/Kolkata")),
        ("every Monday at 9", Cadence(1, time(9), "Asia/Kolkata")),
        ("Mondays 9.30", Cadence(1, time(9, 30), "Asia/Kolkata")),
        ("tues 16h30", Cadence(2, time(16, 30), "Asia/Kolkata")),
        ("Weds, noon", Cadence(3, time(12), "Asia/Kolkata")),
        ("thurs. at 12am", Cadence(4, time(0), "Asia/Kolkata")),
        ("fri 12pm", Cadence(5, time(12), "Asia/Kolkata")),
        ("on Friday 4pm Europe/Berlin", Cadence(5, time(16), "Europe/Berlin")),
        ("on Friday at 4 p.m. berlin time", Cadence(5, time(16), "Europe/Berlin")),
        ("sat 23:59 new york", Cadence(6, time(23, 59), "America/New_York")),
        ("su 0:00 lord howe", Cadence(7, time(0), "Australia/Lord_Howe")),
        ("mon 0900", Cadence(1, time(9), "Asia/Kolkata")),
        ("fri 1630 utc", Cadence(5, time(16, 30), "UTC")),
        ("mon 9 o'clock utc", Cadence(1, time(9), "UTC")),
    ],
)
def test_what_people_type_is_understood(typed: str, meant: Cadence) -> None:
    assert parse_schedule(typed, zone="Asia/Kolkata").cadence == meant


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Tell me a weekday and a time, for example: Monday 9:00."),
        ("   ", "Tell me a weekday and a time, for example: Monday 9:00."),
        ("9:00", "On which weekday? For example: Monday 9:00."),
        ("9:00 Europe/Berlin", "On which weekday? For example: Monday 9:00."),
        ("friday", "At what time? For example: Friday 9:00."),
        ("Mondey 9:00", "I don't know the weekday “Mondey”. Did you mean Monday?"),
        ("wendsday 9:00", "I don't know the weekday “wendsday”. Did you mean Wednesday?"),
        ("soon 9:00", "I don't know the weekday “soon”. Use Monday to Sunday."),
        ("xyzzy 9:00", "I don't know the weekday “xyzzy”. Use Monday to Sunday."),
        ("mon fri 9:00", "One digest a week: pick one weekday, for example: Monday 9:00."),
        ("mon 9:00 17:00", "One digest a week: pick one time, for example: Monday 9:00."),
        ("mon 25:00", "“25:00” is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."),
        ("mon 24:00", "“24:00” is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."),
        ("mon 9:60", "“9:60” is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."),
        ("mon 13pm", "“13pm” is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."),
        ("mon 0am", "“0am” is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."),
        ("mon 9:5", "I can't read the time “9:5”. Write it like 9:00, 16:30 or 4pm."),
        ("mon 1_0", "I can't read the time “1_0”. Write it like 9:00, 16:30 or 4pm."),
        ("mon ٩:٣٤", "I can't read the time “٩:٣٤”. Write it like 9:00, 16:30 or 4pm."),
        (
            "mon 9 Europe/Berln",
            "I don't know the time zone “Europe/Berln”. Did you mean Europe/Berlin?",
        ),
        ("mon 9 Xyzzy", "I don't know the time zone “Xyzzy”. Name a city, such as Europe/Berlin."),
        ("mon 9 CET", "“CET” can mean several zones. Name a city: Europe/Berlin?"),
        ("mon 9 EST", "“EST” can mean several zones. Name a city: America/New_York?"),
    ],
)
def test_what_cannot_be_read_is_answered_in_one_plain_sentence(typed: str, answer: str) -> None:
    with pytest.raises(UnreadableSchedule) as refusal:
        parse_schedule(typed)
    assert str(refusal.value) == answer


def test_a_refusal_quotes_only_the_beginning_of_a_long_text() -> None:
    with pytest.raises(UnreadableSchedule) as refusal:
        parse_schedule("mon 9:00 " + "x" * 40_000)
    assert len(str(refusal.value)) < 120


@given(st.text(max_size=60))
def test_any_text_is_a_schedule_or_a_plain_refusal(typed: str) -> None:
    try:
        cadence = parse_schedule(typed).cadence
    except UnreadableSchedule as refusal:
        answer = str(refusal)
    else:
        answer = "."
        assert cadence.zone == "UTC" or cadence.zone in available_timezones()
    assert answer.endswith((".", "?"))


@given(st.integers(1, 7), st.times().map(lambda at: time(at.hour, at.minute)))
def test_a_schedule_read_aloud_can_be_typed_back(weekday: int, at: time) -> None:
    cadence = Cadence(weekday, at, "Asia/Kathmandu")
    typed = f"{WEEKDAYS[weekday - 1]} {at.hour}:{at.minute:02} {cadence.zone}"
    assert parse_schedule(typed).cadence == cadence


def test_a_whole_page_is_no_schedule_and_not_read_as_one() -> None:
    """Each word was held against all that follows it: a minute, in which nobody was answered."""
    with pytest.raises(UnreadableSchedule, match="Tell me a weekday and a time"):
        parse_schedule("Monday 9:00 " + "a x— " * 8_000)
