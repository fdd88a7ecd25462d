"""Days of the calendar, and the refusal that all reading of days shares."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from handlers.reader.asked import Asked
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES, in_words

DAY_MAX_YEARS = 10
"""A day further away is taken for a slip of the finger."""

NAMES_NO_DAY = "names no single day"

WEEKDAY = "(?P<weekday>" + "|".join(WEEKDAY_CODES) + ")"
MONTH = "(?P<month>" + "|".join(MONTH_CODES) + ")"
YEAR = r"(?P<year>\d{4}|\d\d(?! (?:oclock|h|am|pm)\b))"
WHICH = "(?:(?P<which>next|this|coming|nearest) )?"


class Unsure(Exception):
    """The words sound like a day and name no single one; `reason` ends a sentence on them.

    `days` are those they may mean, the likelier first.
    """

    def __init__(self, reason: str, *days: date) -> None:
        super().__init__(reason)
        self.reason = reason
        self.days = tuple(dict.fromkeys(days))


Rule = Callable[[re.Match[str], Asked], date]


def either(one: date, other: date) -> str:
    return f"may be {in_words(one)} or {in_words(other)}."


def year(written: str, asked: Asked) -> int:
    """Return a year; two digits are one of this century that somebody plans for."""
    if len(written) == 4:
        return int(written)
    full = asked.today.year // 100 * 100 + int(written)
    if not asked.today.year <= full <= asked.today.year + DAY_MAX_YEARS:
        raise Unsure(f"{NAMES_NO_DAY}: write the year with four digits.")
    return full


def valid(*days: tuple[int, int, int]) -> list[date]:
    found = []
    for year, month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def count(word: str) -> int:
    return int(word) if word.isdigit() else 1


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def workdays_later(day: date, count: int) -> date:
    weeks, days = divmod(count, 5)
    day = day - timedelta(days=max(0, day.weekday() - 4)) + timedelta(weeks=weeks)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, last_day(first).day))


def last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
