"""Read a day from the grammar's words: `fri`, `4 dec 2026`, `end next month`, `in 2 week`.

Words that name exactly one day become it. What could be two days, or is only roughly one, raises
Unsure with the days it may be: they are offered, and none is set.

Friday is the end of a week. `next Friday` is the one of next week, Monday being the first day;
`nächsten Freitag` and `vendredi prochain` may also be the one to come. `in 1 month` keeps the day
of the month, or takes the month's last one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.reader.asked import Asked
from handlers.reader.calendar import (
    DAY_MAX_YEARS,
    MONTH,
    NAMES_NO_DAY,
    WEEKDAY,
    WHICH,
    YEAR,
    Rule,
    Unsure,
    count,
    either,
    last_day,
    monday,
    months_later,
    valid,
    workdays_later,
    year,
)
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES, WEEKDAYS, in_words
from handlers.reader.stretches import STRETCHES

PAST_MAX = timedelta(days=180)
"""A day without a year, whose weekday only fits the past, is one of the last months or none."""

_WEEKDAY2 = WEEKDAY.replace("weekday", "weekday2")
_DAY = r"(?P<day>\d{1,2})(?:th)?"
_MONTH_OR_THIS = f"(?:(?P<which>this|next) )?month|{MONTH}"
_COUNT = r"(?P<count>\d{1,3}|a|an|um)"


# --- one day by its weekday ------------------------------------------------------------------


def _weekday(found: re.Match[str], asked: Asked) -> date:
    today, weekday = asked.today, WEEKDAY_CODES.index(found["weekday"])
    to_come = today + timedelta(days=(weekday - today.weekday()) % 7)
    of_next_week = monday(today) + timedelta(days=7 + weekday)
    match found["which"]:
        case "next":
            return of_next_week
        case "this":
            day = monday(today) + timedelta(days=weekday)
            if day < today:
                raise Unsure("is over already: write the day you mean, such as “by 1 Dec”.")
            return day
        case "coming":
            return to_come if to_come > today else to_come + timedelta(days=7)
        case "nearest":
            after = to_come if to_come > today else to_come + timedelta(days=7)
            if after != of_next_week:
                raise Unsure(either(after, of_next_week), after, of_next_week)
            return after
        case _:
            return to_come


def _weekday_after_next(found: re.Match[str], asked: Asked) -> date:
    """The Friday after next is one of two, as next Friday is."""
    weekday = WEEKDAY_CODES.index(found["weekday"])
    first = asked.today + timedelta(days=(weekday - asked.today.weekday()) % 7 or 7)
    days = first + timedelta(days=7), first + timedelta(days=14)
    raise Unsure(either(*days), *days)


def _weekday_of_week(found: re.Match[str], asked: Asked) -> date:
    later = 1 if found["which"] == "next" else 0
    weekday = WEEKDAY_CODES.index(found["weekday"])
    return monday(asked.today) + timedelta(days=7 * later + weekday)


def _weekday_after(found: re.Match[str], asked: Asked) -> date:
    """A week on Friday: seven days after the Friday to come."""
    weekday = WEEKDAY_CODES.index(found["weekday"])
    weeks = count(found["count"]) if found["count"] else 1
    weeks = weeks // 7 if weeks >= 7 else weeks  # in 14 Tagen
    to_come = asked.today + timedelta(days=(weekday - asked.today.weekday()) % 7)
    return to_come + timedelta(weeks=weeks)


def _weeks_after(found: re.Match[str], asked: Asked) -> date:
    """A week tomorrow."""
    day = asked.today + timedelta(days=found["from"] == "tomorrow")
    return day + timedelta(weeks=count(found["count"] or "1"))


def _weekday_and_number(found: re.Match[str], asked: Asked) -> date:
    """Mardi 15 is a day of the month; Friday 4 may as well be an hour."""
    day = _day_of_month_on(int(found["number"]), found["weekday"], asked)
    if int(found["number"]) <= 12:
        raise Unsure(f"{NAMES_NO_DAY}: write the month or the minutes, too.", day)
    return day


def _week_after_next(found: re.Match[str], asked: Asked) -> date:
    first = monday(asked.today) + timedelta(weeks=2)
    named = found["weekday"] or found["weekday2"]
    if named:
        return first + timedelta(days=WEEKDAY_CODES.index(named))
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean.", first + timedelta(days=4))


def _nth_weekday(found: re.Match[str], asked: Asked) -> date:
    """The last Friday of the month, the first Monday of January."""
    today, weekday = asked.today, WEEKDAY_CODES.index(found["weekday"])
    later = 1 if found["which"] == "next" else 0
    first = months_later(today.replace(day=1), later)
    if found["month"]:
        month = MONTH_CODES.index(found["month"]) + 1
        first = date(today.year + (month < today.month), month, 1)
    if found["nth"] == "last":
        last = last_day(first)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    number = int(re.sub(r"\D", "", found["nth"]))
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=number - 1)


# --- counted from today ----------------------------------------------------------------------


def _after(found: re.Match[str], asked: Asked) -> date:
    today, many = asked.today, count(found["count"] or "1")
    match found["unit"]:
        case "day" | "d":
            return today + timedelta(days=many)
        case "workday":
            return workdays_later(today, many)
        case "week" | "w":
            return today + timedelta(weeks=many)
        case "fortnight":
            return today + timedelta(weeks=2 * many)
        case "month":
            return months_later(today, many)
        case "quarter":
            return months_later(today, 3 * many)
        case _:
            return months_later(today, 12 * many)


def _few(found: re.Match[str], asked: Asked) -> date:
    raise Unsure(f"{NAMES_NO_DAY}: write how many, such as “in 3 days”.")


# --- a date ----------------------------------------------------------------------------------


def _dated(found: re.Match[str], asked: Asked) -> date:
    """Return a day of a month; without a year its next occurrence, unless its weekday disagrees."""
    groups = found.groupdict()
    day, month = int(groups["day"]), MONTH_CODES.index(groups["month"]) + 1
    named = groups.get("weekday") or groups.get("weekday2")
    if written := groups.get("year"):
        return _on_weekday([date(year(written, asked), month, day)], named)
    passed = (month, day) < (asked.today.month, asked.today.day)
    meant = valid((asked.today.year + passed, month, day))
    if named:  # it may tell which year is meant
        last_year = valid((asked.today.year + passed - 1, month, day))
        meant += [gone for gone in last_year if asked.today - gone < PAST_MAX]
    if not meant:
        raise ValueError
    return _on_weekday(meant, named)


def _day_of_month_on(number: int, weekday: str, asked: Asked) -> date:
    """Return the day of that number in this month or the next that falls on the weekday."""
    first = asked.today.replace(day=1)
    months = [months_later(first, later) for later in range(3)]
    for day in valid(*((month.year, month.month, number) for month in months)):
        if day >= asked.today and WEEKDAY_CODES[day.weekday()] == weekday:
            return day
    raise LookupError


def _day_of_month(found: re.Match[str], asked: Asked) -> date:
    """The 5th: the next one; `Friday the 5th` the next that is one."""
    number, first = int(found["day"]), asked.today.replace(day=1)
    if not 1 <= number <= 31:
        raise ValueError
    later = {"this": range(1), "next": range(1, 2)}.get(found["which"] or "", range(13))
    months = [months_later(first, many) for many in later]
    days = valid(*((month.year, month.month, number) for month in months))
    days = [day for day in days if day >= asked.today]
    if found["weekday"]:
        try:
            return _day_of_month_on(number, found["weekday"], asked)
        except LookupError:
            raise Unsure(f"{NAMES_NO_DAY}: write the month, too.", *days[:1]) from None
    if not days:
        raise ValueError
    return days[0]


def _iso(found: re.Match[str], asked: Asked) -> date:
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    return _on_weekday([day], found["weekday"] or found["weekday2"])


def _numeric(found: re.Match[str], asked: Asked) -> date:
    """31/12 and 5/5 are one day; 5/12 is two, unless dots say that the day comes first."""
    one, two = int(found["one"]), int(found["two"])
    named = found["weekday"] or found["weekday2"]
    named_year = year(found["y"], asked) if found["y"] else None
    orders = [(one, two), (two, one)]  # as day and month
    if asked.month_first:
        orders.reverse()
    if found["sign"] == ".":
        orders = [(one, two)]
    days = [day for d, m in orders for day in _occurring(d, m, named_year, asked)]
    if named:
        agreeing = [day for day in days if WEEKDAY_CODES[day.weekday()] == named]
        days = agreeing or days
    days = list(dict.fromkeys(days))
    if not days:
        raise ValueError
    if len(days) > 1:
        raise Unsure(either(*days[:2]), *days[:2])
    return _on_weekday(days, named)


def _two_numbers(found: re.Match[str], asked: Asked) -> date:
    """25.12 without a second dot is a day only where it can be no time and hardly a number."""
    if int(found["one"]) < 25:
        raise LookupError
    days = _occurring(int(found["one"]), int(found["two"]), None, asked)
    if not days:
        raise LookupError
    return days[0]


def _occurring(day: int, month: int, named: int | None, asked: Asked) -> list[date]:
    if named is not None:
        return valid((named, month, day))
    passed = (month, day) < (asked.today.month, asked.today.day)
    return valid((asked.today.year + passed, month, day))


def _on_weekday(meant: list[date], named: str | None) -> date:
    """Return the first of these days that is on the weekday named, if one was."""
    if not named:
        return meant[0]
    for day in meant:
        if WEEKDAY_CODES[day.weekday()] == named:
            return day
    day = meant[0]
    near = day + timedelta(days=(WEEKDAY_CODES.index(named) - day.weekday() + 3) % 7 - 3)
    raise Unsure(f"{NAMES_NO_DAY}: {in_words(day)} is a {WEEKDAYS[day.weekday()]}.", day, near)


_WRITTEN: tuple[tuple[str, Rule], ...] = (
    ("(?:today|eod)", lambda found, asked: asked.today),
    ("(?:tomorrow|morgen)", lambda found, asked: asked.today + timedelta(days=1)),
    ("overmorrow", lambda found, asked: asked.today + timedelta(days=2)),
    ("yesterday", lambda found, asked: asked.today - timedelta(days=1)),
    (f"{WHICH}{WEEKDAY}", _weekday),
    (f"{WEEKDAY} (?P<which>next|coming|nearest)", _weekday),
    (f"{WEEKDAY} (?P<number>\\d{{1,2}})", _weekday_and_number),
    (f"(?P<which>next|this) week {WEEKDAY}", _weekday_of_week),
    (f"(?:{WEEKDAY} )?week after next(?: {_WEEKDAY2})?", _week_after_next),
    (f"today in {_COUNT} (?P<unit>day|week|month)", _after),
    (f"{WEEKDAY} in (?P<count>7|8|14|15|21) day", _weekday_after),
    ("(?:next (?P<unit>workday)(?P<count>))", _after),
    (f"(?P<nth>last|nth[1-4]|[1-4]th) {WEEKDAY} (?:in )?(?:{_MONTH_OR_THIS})", _nth_weekday),
    (
        "(?P<which>this|next) month (?P<day>\\d{1,2})th(?P<weekday>)",
        _day_of_month,
    ),
    (f"{WEEKDAY} (?P<which>next|this) week", _weekday_of_week),
    (f"(?:in )?(?:(?P<count>\\d|a) )?week (?:from |later )?{WEEKDAY}", _weekday_after),
    (f"(?:{_COUNT} )?week (?P<from>today|tomorrow)", _weeks_after),
    (f"{WEEKDAY} week(?P<count>)", _weekday_after),
    (f"{WEEKDAY} in (?P<count>\\d|a) week", _weekday_after),
    (
        f"in {_COUNT} (?P<unit>day|d|workday|week|w|fortnight|month|quarter|year)",
        _after,
    ),
    (f"{_COUNT} (?P<unit>day|workday|week|fortnight|month|quarter|year) later", _after),
    (f"{WEEKDAY} afternext", _weekday_after_next),
    (f"afternext {WEEKDAY}", _weekday_after_next),
    (
        f"(?:in )?(?:\\d{{1,2}}[.,]\\d (?:day|week|month)|{_COUNT} (?:week|month) and half)",
        _few,
    ),
    ("(?:in )?few (?:day|week|month|hour|min)(?: later)?", _few),
    (f"(?:{WEEKDAY} )?{_DAY} {MONTH}(?: {YEAR})?(?: {_WEEKDAY2})?", _dated),
    (f"(?:{WEEKDAY} )?{MONTH} {_DAY}(?: {YEAR})?(?: {_WEEKDAY2})?", _dated),
    (f"(?P<year>\\d{{4}}) {MONTH} {_DAY}(?: {_WEEKDAY2})?", _dated),
    (
        f"(?:{WEEKDAY} )?(?P<day>\\d{{1,2}})th(?: (?:(?P<which>this|next) )?month)?",
        _day_of_month,
    ),
    (
        rf"(?:{WEEKDAY} )?(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)\.?(?: {_WEEKDAY2})?",
        _iso,
    ),
    (
        rf"(?:{WEEKDAY} )?(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)(?P=sign)"
        rf"(?P<y>\d{{4}}|\d\d)\.?(?: {_WEEKDAY2})?",
        _numeric,
    ),
    (rf"(?:{WEEKDAY} )?(?P<one>\d\d?)(?P<sign>/)(?P<two>\d\d?)(?P<y>)(?: {_WEEKDAY2})?", _numeric),
    (
        rf"(?:{WEEKDAY} )?(?P<one>\d\d?)(?P<sign>\.)(?P<two>\d\d?)\.(?P<y>)(?: {_WEEKDAY2})?",
        _numeric,
    ),
    (r"(?P<one>\d\d)\.(?P<two>\d\d)", _two_numbers),
    *STRETCHES,
)
DAY_RULES = tuple((re.compile(f"{pattern}(?= |$)"), rule) for pattern, rule in _WRITTEN)


def checked(rule: Rule, found: re.Match[str], asked: Asked) -> date:
    """Return the day a rule reads, unless it is one nobody could mean.

    Raises Unsure; LookupError when the words are no day at all.
    """
    try:
        day = rule(found, asked)
    except (ValueError, OverflowError):
        raise Unsure("is not a day in the calendar: check the date.") from None
    if day.year - asked.today.year > DAY_MAX_YEARS:
        raise Unsure(f"is more than {DAY_MAX_YEARS} years away: check the year.")
    return day
