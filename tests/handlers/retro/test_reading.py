"""How a retro is started in words, and how notes are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.reader.asked import Asked
from handlers.reader.moments import Unreadable
from handlers.retro.reading import (
    read_form_deadline,
    read_notes,
    read_start,
    split_column,
    themes_in,
)
from handlers.retro.templates import NoTemplate, is_for_ideas, named, problems, read_columns

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday."""


@pytest.mark.parametrize(
    ("line", "template", "anonymous", "deadline"),
    [
        ("", "Start, stop, continue", False, None),
        ("anonymous", "Start, stop, continue", True, None),
        ("4Ls anonymous by 16:00", "4Ls", True, "2026-11-23 15:00"),
        ("mad/sad/glad by Friday", "Mad, sad, glad", False, "2026-11-27 16:00"),
        ("went well by tomorrow 9.30", "Went well, didn't, ideas", False, "2026-11-24 08:30"),
        ("sailboat until 4pm", "Sailboat", False, "2026-11-23 15:00"),
        (
            "start stop continue by 2026-12-01 at 10:00",
            "Start, stop, continue",
            False,
            "2026-12-01 09:00",
        ),
    ],
)
def test_a_start_in_words(line: str, template: str, anonymous: bool, deadline: str | None) -> None:
    """People type what they would say; a time of the day is the speaker's own."""
    start = read_start(line, {"Sailboat": ["Wind", "Anchor"]}, Asked(NOW, "Europe/Berlin"))
    assert (start.template.name, start.anonymous) == (template, anonymous)
    assert (f"{start.deadline:%Y-%m-%d %H:%M}" if start.deadline else None) == deadline


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("by 08:00", "has passed already"),
        ("by yesterday", "has passed already"),
        ("by 25:00", "is not a time of day"),
        ("by 2026-02-30", "is not a day in the calendar"),
        ("by 2027-03-01", "30 days at most"),
        ("by", "Write 16:00"),
        ("by Friday or so", "no time that I can read"),
        ("for 12 minuts", "“in 12 minuts” is no time that I can read"),
    ],
)
def test_a_deadline_nobody_could_mean_is_refused(line: str, says: str) -> None:
    """A guessed deadline reveals people's notes when they do not expect it."""
    with pytest.raises(Unreadable, match=says):
        read_start(line, {}, Asked(NOW))


def test_a_deadline_the_clocks_skip_is_the_next_time_they_show() -> None:
    """2:30 does not exist in Berlin on 28 March 2027."""
    now = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    at = read_start("by tomorrow 2:30", {}, Asked(now, "Europe/Berlin")).deadline
    assert at
    assert f"{at:%d %H:%M}" == "28 01:30", "3:30 in Berlin"


def test_an_unknown_template_names_the_nearest() -> None:
    """Whoever mistypes a name should not have to look it up."""
    with pytest.raises(NoTemplate, match="Nearest: Mad, sad, glad"):
        named("mad sad gladd", {})


def test_a_name_that_two_templates_begin_with_is_nobodys() -> None:
    """Guessing would start the wrong retro for everybody."""
    with pytest.raises(NoTemplate):
        named("s", {"Sailboat": ["Wind", "Anchor"]})


@pytest.mark.parametrize(
    "word", ["24:00", "29", "12:60", "13pm", "0am", "٩:٣٠", "", "Friday", "soon"]
)
def test_what_is_no_time_of_the_day(word: str) -> None:
    """The form says so at its field."""
    with pytest.raises(Unreadable, match="no time of the day"):
        read_form_deadline("2026-11-27", word or "?", Asked(NOW))


@pytest.mark.parametrize("typed", ["16:00", "4pm", "4 p.m.", "16h", "16", "16 Uhr", "às 16h"])
def test_a_form_reads_a_time_as_a_command_does(typed: str) -> None:
    """One reader for both."""
    at = read_form_deadline("2026-11-27", typed, Asked(NOW, "Europe/Berlin"))
    assert f"{at:%d %H:%M}" == "27 15:00"


def test_one_line_is_one_note_without_its_dash() -> None:
    """People paste lists."""
    assert read_notes("- one\n\n * two \n3) three\n-4 degrees") == (
        "one",
        "two",
        "three",
        "-4 degrees",
    )


def test_a_note_may_name_its_column() -> None:
    """A colon in a note is not always one after a column."""
    columns = ("Start", "Stop", "Continue")
    assert split_column("stop: long meetings", columns) == (1, "long meetings")
    assert split_column("st: both begin so", columns) == (0, "st: both begin so")
    assert split_column("Idea: pair more", columns) == (0, "Idea: pair more")
    assert split_column("stpo: long meetings", columns) == (1, "long meetings")
    assert split_column("Stop long meetings", columns) == (1, "Stop long meetings")
    assert split_column("stopping is hard", columns) == (0, "stopping is hard")


def test_themes_stand_in_the_words() -> None:
    """A tag in a note is a report for the whole train."""
    assert themes_in(["Wait #Deps", "#deps and (#ports)"]) == ("deps", "ports")


def test_a_templates_mistakes_are_named_at_their_fields() -> None:
    """One column is no choice, and a name Hone brings would hide its template."""
    assert problems("", ("A", "B")).keys() == {"name"}
    assert problems("4 LS", ("A", "B")).keys() == {"name"}
    assert problems("Mine", ("A",)).keys() == {"columns"}
    assert problems("Mine", ("A", "x" * 61)).keys() == {"columns"}
    assert problems("Mine", read_columns("Wind / Anchor / Rocks")) == {}


@pytest.mark.parametrize(
    ("said", "minutes", "facts"),
    [
        ("for 10 minutes", 10, False),
        ("4Ls for ten minutes", 10, False),
        ("for an hour with facts", 60, True),
        ("with the facts for 45 min", 45, True),
        ("facts", None, True),
    ],
)
def test_a_timer_and_the_facts(said: str, minutes: int | None, facts: bool) -> None:
    """Who holds a retro in the meeting knows how long, not until when."""
    start = read_start(said, {}, Asked(now=NOW, zone="UTC"))
    assert start.deadline == (NOW + timedelta(minutes=minutes) if minutes else None)
    assert start.facts is facts
    if minutes:
        alone = read_form_deadline("", f"{minutes} minutes", Asked(now=NOW, zone="UTC"))
        assert alone == start.deadline


def test_columns_for_ideas_are_known_by_their_words() -> None:
    """What is written there is something to try; a complaint is not."""
    ideas = ("Start", "Ideas", "Longed for", "What we try next", "Experiments", "Do differently")
    assert all(map(is_for_ideas, ideas))
    assert not any(map(is_for_ideas, ("Stop", "Didn't go well", "Lacked", "Sad", "Restarted")))
