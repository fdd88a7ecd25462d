"""People say when in ten languages: each spelling has one right answer, or is a question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from handlers.reader.asked import Asked
from handlers.reader.deadlines import first_words
from handlers.reader.moments import Unreadable, moments
from handlers.reader.when import read_when

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
SPRINTS = (date(2026, 12, 11), date(2026, 12, 25))
PI = date(2027, 1, 22)


def spellings() -> Iterator[tuple[str, str, str]]:
    """Return locale, spelling and answer of each line."""
    locale = ""
    for line in Path(__file__).with_name("spellings.txt").read_text().splitlines():
        if line.startswith("["):
            locale = line.strip("[]")
        elif line and not line.startswith("#"):
            said, _, answer = line.rpartition(" | ")
            yield locale, said, answer


def answer(said: str, locale: str) -> str:
    """Return what the reader makes of it, as the table writes it."""
    asked = Asked(MONDAY, "UTC", locale, SPRINTS, PI)
    when = read_when(said, asked)
    if when is None:
        return "-"
    if when.reason and ("calendar" in when.reason or "check the year" in when.reason):
        return "!"
    if when.has_clock and not when.clocks:
        return "!"
    if when.has_day and not (when.has_clock or when.part):
        days, is_sure = when.days, when.day is not None
        if when.lead == "before" and (found := first_words(said.split(), asked)):
            days, is_sure = found.offers, False
        return f"{'' if is_sure else '? '}{' '.join(map(str, days))}".strip()
    try:
        found_moments = moments(when, asked, said)
    except Unreadable:
        return "?"
    to_come = [f"{at:%Y-%m-%d %H:%M}" for at in found_moments if at > MONDAY]
    return f"{'? ' if len(to_come) > 1 else ''}{' '.join(to_come)}"


def test_every_spelling_has_its_one_right_answer(subtests: pytest.Subtests) -> None:
    """A wrong deadline is worse than a question, and a question worse than the right one."""
    for locale, said, right in spellings():
        with subtests.test(locale=locale, said=said):
            assert answer(said, locale) == right


def test_the_table_is_worth_its_name() -> None:
    told = list(spellings())
    assert len(told) >= 400
    assert len({(locale, said) for locale, said, _ in told}) == len(told)
    assert len({locale for locale, _, _ in told}) == 10
