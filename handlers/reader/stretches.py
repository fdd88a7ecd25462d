"""Read a day from the edge of a stretch: end of month, next week, mid December, Q1, week 50.

The end of a stretch is a day. The stretch itself, its middle and its beginning are only roughly
one: they raise Unsure with the days to offer.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.reader.asked import Asked
from handlers.reader.calendar import (
    MONTH,
    NAMES_NO_DAY,
    WEEKDAY,
    WHICH,
    Rule,
    Unsure,
    count,
    last_day,
    monday,
    months_later,
    year,
)
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES

_STRETCH = "(?P<stretch>week|month|quarter|year|sprint|pi|weekend)"
_WEEK = "(?:calendar week|week|w) ?(?P<number>\\d\\d?)"
_EDGE = "(?:(?P<edge>end|mid|start|early|late) )?"


def _end(found: re.Match[str], asked: Asked) -> date:
    today = asked.today
    later = 1 if found["which"] in ("next", "coming", "nearest") else 0
    match found["stretch"]:
        case "week":
            friday = monday(today) + timedelta(days=7 * later + 4)
            if friday < today:
                why = "is over already: write “by end of next week”."
                raise Unsure(why, friday + timedelta(days=7))
            return friday
        case "weekend":
            return monday(today) + timedelta(days=7 * later + 6)
        case "month":
            return last_day(months_later(today.replace(day=1), later))
        case "quarter":
            return last_day(months_later(today.replace(day=1), -today.month % 3 + 3 * later))
        case "sprint":
            return _sprint_end(later, asked)
        case "pi":
            return _pi_end(later, asked)
        case _:
            return date(today.year + later, 12, 31)


def _sprint_end(later: int, asked: Asked) -> date:
    if len(asked.sprint_ends) <= later:
        raise Unsure("names no day here: this team has no iterations yet, “settings” has them.")
    return asked.sprint_ends[later]


def _pi_end(later: int, asked: Asked) -> date:
    if asked.pi_end is None or later:
        raise Unsure("names no day here: no planning interval is set for it.")
    return asked.pi_end


def _stretch(found: re.Match[str], asked: Asked) -> date:
    """Next week, this month: no single day; its last one is offered."""
    write = "write “by Friday”, “by end of month” or “by 1 Dec”."
    raise Unsure(f"{NAMES_NO_DAY}: {write}", *_ends(found, asked))


def _ends(found: re.Match[str], asked: Asked) -> tuple[date, ...]:
    try:
        last = _end(found, asked)
    except Unsure as unsure:
        return unsure.days
    if found["stretch"] == "weekend":
        return last - timedelta(days=2), last
    return (last,)


def _mid_stretch(found: re.Match[str], asked: Asked) -> date:
    today, later = asked.today, 1 if found["which"] else 0
    first = months_later(today.replace(day=1), later)
    edge = found["edge"]
    match found["stretch"]:
        case "week":
            first = monday(today) + timedelta(days=7 * later)
            day = first + timedelta(days={"mid": 2, "late": 4}.get(edge, 0))
        case "month":
            day = first.replace(day={"mid": 15, "late": 25}.get(edge, 1))
        case _:
            raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 1 Dec”.")
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean.", *([day] if day >= today else []))


def _of_month(found: re.Match[str], asked: Asked) -> date:
    """End of December is a day; mid December is about one, and December is thirty-one."""
    month = MONTH_CODES.index(found["month"]) + 1
    named = year(found["year"], asked) if found["year"] else None
    first = date(named or asked.today.year + (month < asked.today.month), month, 1)
    match found["edge"]:
        case "end":
            return last_day(first)
        case "mid":
            days = [first.replace(day=15)]
        case "start" | "early":
            days = [first, first.replace(day=10)]
        case "late":
            days = [last_day(first)]
        case _:
            days = [first, last_day(first)]
    to_come = [day for day in days if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 1 Dec”.", *to_come)


def _of_quarter(found: re.Match[str], asked: Asked) -> date:
    size = 3 if found["letter"] in ("q", "t") else 6
    number = int(found["number"])
    if number > 12 // size:
        raise LookupError
    last_month = number * size
    named = year(found["year"], asked) if found["year"] else None
    named = named or asked.today.year + (last_month < asked.today.month)
    first, last = date(named, last_month - size + 1, 1), last_day(date(named, last_month, 1))
    if found["edge"] == "end":
        return last
    offered = {"start": (first,), "early": (first,), "mid": ()}.get(
        found["edge"] or "", (first, last)
    )
    to_come = [day for day in offered if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 31 Mar”.", *to_come)


def _of_year(found: re.Match[str], asked: Asked) -> date:
    named = int(found["year"])
    if not 2000 <= named < 2200:
        raise LookupError
    if found["edge"] == "end":
        return date(named, 12, 31)
    raise Unsure(
        f"{NAMES_NO_DAY}: write the day you mean.", date(named - 1, 12, 31), date(named, 12, 31)
    )


def _monday_of(found: re.Match[str], asked: Asked) -> date:
    """Return the first day of the calendar week that is named; without a year the next one."""
    number = int(found["number"])
    named = year(found["year"], asked) if found["year"] else asked.today.isocalendar().year
    first = date.fromisocalendar(named, number, 1)
    if not found["year"] and first + timedelta(days=6) < asked.today:
        first = date.fromisocalendar(named + 1, number, 1)
    return first


def _weekday_of_calendar_week(found: re.Match[str], asked: Asked) -> date:
    return _monday_of(found, asked) + timedelta(days=WEEKDAY_CODES.index(found["weekday"]))


def _calendar_week(found: re.Match[str], asked: Asked) -> date:
    friday = _monday_of(found, asked) + timedelta(days=4)
    if found["edge"] == "end":
        return friday
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean.", friday)


def _sprints_later(found: re.Match[str], asked: Asked) -> date:
    """In two sprints: about when that one ends."""
    ends = asked.sprint_ends[count(found["count"]) :][:1]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by end of sprint”.", *ends)


def _easter(asked: Asked) -> date:
    """Return the next Easter Sunday, by the anonymous Gregorian reckoning."""
    for named in (asked.today.year, asked.today.year + 1):
        century, rest = divmod(named, 100)
        moon = (19 * (named % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
        day = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
        late = (named % 19 + 11 * moon + 22 * day) // 451
        month, left = divmod(moon + day - 7 * late + 114, 31)
        if (sunday := date(named, month, left + 1)) >= asked.today:
            return sunday
    raise LookupError


def _feast(found: re.Match[str], asked: Asked) -> date:
    if found["feast"] == "easter":
        raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 1 Apr”.", _easter(asked))
    month, days = (12, (24, 25)) if found["feast"] == "christmas" else (12, (31,))
    offered = [date(asked.today.year, month, day) for day in days]
    to_come = [day for day in offered if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 24 Dec”.", *to_come)


STRETCHES: tuple[tuple[str, Rule], ...] = (
    (f"end {WHICH}{_STRETCH}", _end),
    (f"end {_STRETCH} (?P<which>next|coming|nearest)", _end),
    (f"{WHICH}{_STRETCH} end", _end),
    ("(?P<which>next|this|coming|nearest) " + _STRETCH, _stretch),
    (f"{_STRETCH} (?P<which>next|coming|nearest)", _stretch),
    ("(?P<which>)(?P<stretch>weekend)", _stretch),
    (f"(?P<edge>mid|start|early|late) {WHICH}{_STRETCH}", _mid_stretch),
    (f"{_EDGE}{MONTH}(?: (?P<year>\\d{{4}}))?", _of_month),
    (f"{MONTH}(?P<year>) (?P<edge>end)", _of_month),
    (f"{_EDGE}(?P<letter>[qth]) ?(?P<number>[1-4])(?: (?P<year>\\d{{4}}))?", _of_quarter),
    (f"{_EDGE}(?P<number>[1-4])(?:th)? (?P<letter>q)uarter(?: (?P<year>\\d{{4}}))?", _of_quarter),
    (f"{_EDGE}(?:year )?(?P<year>\\d{{4}})", _of_year),
    (
        f"{_EDGE}(?:calendar week|week|w) ?(?P<number>\\d\\d?)(?: (?P<year>\\d{{4}}))?",
        _calendar_week,
    ),
    (f"{_EDGE}(?P<year>\\d{{4}}) w (?P<number>\\d\\d?)", _calendar_week),
    (f"{_EDGE}{_WEEK}/(?P<year>\\d{{4}}|\\d\\d)", _calendar_week),
    (f"{WEEKDAY} (?:in )?{_WEEK}(?:(?:/| )(?P<year>\\d{{4}}|\\d\\d))?", _weekday_of_calendar_week),
    (f"{_WEEK}(?:(?:/| )(?P<year>\\d{{4}}|\\d\\d))? {WEEKDAY}", _weekday_of_calendar_week),
    ("in (?P<count>\\d|a|an|um) sprint", _sprints_later),
    ("(?P<feast>christmas|new year|easter)", _feast),
)
