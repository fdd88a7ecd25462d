"""Sentences without a date, a person or a tag stay as they are, and get no button."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.turn import Named
from handlers.capture.reading import Reading, read
from handlers.likeness.taxonomy import topics
from handlers.reader.asked import Asked

MONDAY = Asked(datetime(2026, 11, 30, 9, tzinfo=UTC), "Europe/Berlin", "en-US")
OFFERED_MAX = 0.01
"""The share of sentences without a date that may get a button."""


def sentences() -> list[str]:
    """What 200 well-known troubles sound like: a quarter of their sentences, none with a deadline.

    One that ends with `by` or a comma and a day cannot be told from one with a deadline.
    """
    said = [text for topic in topics() for text in topic.said[::4]]
    return [text for text in said if not text.endswith((", Friday", " by Wednesday"))]


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """What Hone reads in each of the sentences."""
    return {sentence: read(sentence, MONDAY) for sentence in sentences()}


def test_nothing_is_read_into_a_sentence(readings: dict[str, Reading]) -> None:
    """An invented due date is a promise that nobody made."""
    read_into = {
        sentence: found
        for sentence, found in readings.items()
        if (found.title, found.owner, found.due, found.kind)
        != (sentence.rstrip(",;:–—"), None, None, None)
    }
    assert not read_into


def test_hardly_any_sentence_gets_a_button(readings: dict[str, Reading]) -> None:
    """Buttons that mean nothing teach people to overlook those that do."""
    offered = [sentence for sentence, found in readings.items() if found.offers]
    assert len(readings) > 2_000
    assert len(offered) <= OFFERED_MAX * len(readings), offered
    assert not read("Nobody wants to deploy on Friday", MONDAY).offers


HOSTILE: dict[str, Callable[[int], str]] = {
    "leads": lambda size: "by " * (size // 3),
    "dates": lambda size: "by fri " * (size // 7),
    "numbers": lambda size: "by 1 " * (size // 5),
    "spans": lambda size: "in a " * (size // 5),
    "slashes": lambda size: "1/1/" * (size // 4),
    "one word": lambda size: "x" * size,
    "one number": lambda size: "1" * size,
    "commas": lambda size: ", " * (size // 2),
    "ats": lambda size: "@" * size,
    "names": lambda size: "@a " * (size // 3),
    "owners": lambda size: "owner: " * (size // 7),
    "tags": lambda size: "#a " * (size // 3),
    "nearly tags": lambda size: "#a/ " * (size // 4),
    "options": lambda size: "--a " * (size // 4),
    "thanks": lambda size: "please " * (size // 7),
    "emoji": lambda size: "🙏 " * (size // 2),
    "japanese": lambda size: "金曜日16時まで" * (size // 9),
    "japanese words": lambda size: "金曜日16時 " * (size // 7),
    "kanji": lambda size: "十" * size,
    "quotes": lambda size: "”" * size,
    "marks": lambda size: "e\u0301" * (size // 2),
}
PEOPLE = [Named(f"u{number}", f"a {number}") for number in range(20)]


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_reading_takes_as_long_as_the_text(what: str) -> None:
    """Counted in calls, not seconds: four times the text is at most some five times the calls."""
    calls = [_calls(HOSTILE[what](size)) for size in (3_000, 12_000)]
    assert calls[1] <= 5 * calls[0] + 500
    assert calls[0] <= 600_000


def _calls(text: str) -> int:
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(text, MONDAY, PEOPLE)
    finally:
        sys.setprofile(before)
    return counted
