"""Read due dates the way people say them: by Friday, in 2 weeks, end of month, by 1 Dec.

Only words that name exactly one day become a date. Words that look like a date but could mean
two days, or none, come back with a note that says what to write instead.

Friday is the end of a week. `next Friday` is the one of next week, Monday being the first day.
`in 1 month` keeps the day of the month, or takes the month's last one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PHRASE_MAX_WORDS = 8
"""The longest way to say a due date: due by the end of the next month."""

DUE_MAX_YEARS = 10
"""A day further away is taken for a slip of the finger."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What the last `words` words say about a due date; `said` are these words as typed.

    `day` is None when they name no single day; `note` then says why and what to write.
    `explicit` tells a deadline (by, due, until) from words that may belong to the sentence.
    """

    words: int
    said: str
    day: date | None
    explicit: bool
    note: str = ""


class _NoDay(ValueError):
    """The words look like a date but name no single day; the message ends a sentence on them."""


def last_words(words: Sequence[str], today: date) -> Due | None:
    """Return the longest due date that ends the words, or None when they end otherwise.

    `today` is the day where the speaker is. Without by, due or until, a phrase that names no
    day is just words, and so is a weekday's short form ("the tests sat").
    """
    for count in range(min(PHRASE_MAX_WORDS, len(words)), 0, -1):
        said = " ".join(words[-count:]).rstrip(".,;:!?")
        lead, phrase = _split(said.casefold())
        if lead not in _DEADLINES and _SHORT_WEEKDAY.fullmatch(phrase):
            continue
        due = _read(phrase, said, today, count, explicit=lead in _DEADLINES)
        if due is not None:
            return due
    return None


def in_words(day: date) -> str:
    """Write a day so that nobody mistakes it: Friday 13 November 2026."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


_DEADLINES = ("by", "due", "due by", "due on", "until", "till")
_LEAD = re.compile(r"(due by|due on|due|by|until|till|on)(?:: ?| )(.+)")
_SHORT_WEEKDAY = re.compile("mon|tues?|wed|thu|thurs?|fri|sat|sun")


def _split(said: str) -> tuple[str, str]:
    """Split "due by friday" into its lead, which may be empty, and the phrase."""
    led = _LEAD.fullmatch(said)
    return (led[1], led[2]) if led else ("", said)


def _read(phrase: str, said: str, today: date, count: int, *, explicit: bool) -> Due | None:
    try:
        day = _day(phrase, today)
    except _NoDay as reason:
        return Due(count, said, None, explicit, f"“{said}” {reason}") if explicit else None
    except (ValueError, OverflowError):
        note = f"“{said}” is not a day in the calendar, so there is no due date yet."
        return Due(count, said, None, explicit, note)
    if day is None:
        return None
    return Due(count, said, day, explicit, _remark(said, phrase, day, today))


def _remark(said: str, phrase: str, day: date, today: date) -> str:
    """Say how the words were read where somebody else could read them otherwise."""
    if day < today:
        return f"“{said}” is in the past."
    if day == today and _WEEKDAY_ALONE.fullmatch(phrase):
        return f"Today is {WEEKDAYS[day.weekday()]}, so “{said}” is read as today."
    if phrase.startswith("next ") and (day - today).days > 7:
        return f"“{said}” is read as {in_words(day)}, the one in next week."
    return ""


# --- phrases: each rule names a day, or raises when there is none ------------------------------

_WEEKDAY = (
    r"(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,? ([0-9]{4}))?"
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = rf"([0-9]{{1,3}}|an?|{'|'.join(_COUNTS)})"

_WEEKDAY_ALONE = re.compile(_WEEKDAY)


def _weekday(found: re.Match[str], today: date) -> date:
    which, name = found[1], found[2]
    weekday = _position(name, WEEKDAYS)
    if which == "next ":
        return _monday(today) + timedelta(days=7 + weekday)
    if which == "this ":
        day = _monday(today) + timedelta(days=weekday)
        if day < today:
            raise _NoDay("is over already: write the day you mean, such as “by 1 Dec”.")
        return day
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _after(found: re.Match[str], today: date) -> date:
    count = int(found[1]) if found[1].isdigit() else _count(found[1])
    match found[2]:
        case "day":
            return today + timedelta(days=count)
        case "week":
            return today + timedelta(weeks=count)
        case "month":
            return _months_later(today, count)
        case _:
            return _months_later(today, 12 * count)


def _end_of(found: re.Match[str], today: date) -> date:
    later = 1 if found[1] else 0
    match found[2]:
        case "day":
            return today + timedelta(days=later)
        case "week":
            friday = _monday(today) + timedelta(days=7 * later + 4)
            if friday < today:
                raise _NoDay("is over already: write “by end of next week”.")
            return friday
        case "month":
            return _last_day(_months_later(today.replace(day=1), later))
        case "quarter":
            months_left = -today.month % 3
            return _last_day(_months_later(today.replace(day=1), months_left + 3 * later))
        case _:
            return date(today.year + later, 12, 31)


def _end_of_month(found: re.Match[str], today: date) -> date:
    month = _position(found[1], MONTHS) + 1
    year = int(found[2]) if found[2] else today.year + (month < today.month)
    return _last_day(date(year, month, 1))


def _day_month(found: re.Match[str], today: date) -> date:
    return _in_calendar(found[1], found[2], found[3], today)


def _month_day(found: re.Match[str], today: date) -> date:
    return _in_calendar(found[2], found[1], found[3], today)


def _in_calendar(day: str, month_name: str, year: str | None, today: date) -> date:
    """Return the day; without a year, its next occurrence from today on."""
    month = _position(month_name, MONTHS) + 1
    if year:
        return date(int(year), month, int(day))
    passed = (month, int(day)) < (today.month, today.day)
    return date(today.year + passed, month, int(day))


def _numeric(found: re.Match[str], today: date) -> date:
    raise _NoDay("means another day in another country: write “by 1 Dec” or “by 2026-12-01”.")


def _vague(found: re.Match[str], today: date) -> date:
    raise _NoDay("names no single day: write “by Friday”, “by end of month” or “by 1 Dec”.")


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (re.compile("today|eod"), lambda found, today: today),
    (re.compile("tomorrow"), lambda found, today: today + timedelta(days=1)),
    (re.compile(rf"(this |next )?{_WEEKDAY}"), _weekday),
    (re.compile(rf"(?:with)?in {_COUNT} (day|week|month|year)s?"), _after),
    (
        re.compile(r"(?:the )?end of (?:the |this )?(next )?(day|week|month|quarter|year)"),
        _end_of,
    ),
    (re.compile(rf"(?:the )?end of {_MONTH}{_YEAR}"), _end_of_month),
    (
        re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
        lambda found, today: date(int(found[1]), int(found[2]), int(found[3])),
    ),
    (re.compile(rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}"), _day_month),
    (re.compile(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}"), _month_day),
    (re.compile(r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?"), _numeric),
    (re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}"), _numeric),
    (
        re.compile(
            r"(?:the )?(?:end of )?(?:the )?(?:this |next )"
            r"(?:week|weekend|month|quarter|year|sprint|iteration|pi|increment|release|retro)"
            r"|(?:the )?end of (?:the )?(?:sprint|iteration|pi|increment|release)"
            r"|the [0-9]{1,2}(?:st|nd|rd|th)"
        ),
        _vague,
    ),
)


def _day(phrase: str, today: date) -> date | None:
    """Return the day the phrase names, or None when it is no date phrase.

    Raises:
        _NoDay: it names no single day, or one too far away.
        ValueError, OverflowError: the calendar has no such day.
    """
    for pattern, rule in _RULES:
        found = pattern.fullmatch(phrase)
        if found:
            day = rule(found, today)
            if day.year - today.year > DUE_MAX_YEARS:
                raise _NoDay(f"is more than {DUE_MAX_YEARS} years away: check the year.")
            return day
    return None


def _position(name: str, names: Sequence[str]) -> int:
    """Return where a name or its short form stands, counting from 0."""
    return [full[:3].casefold() for full in names].index(name[:3])


def _count(word: str) -> int:
    return 1 if word in ("a", "an") else _COUNTS.index(word) + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, _last_day(first).day))


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
