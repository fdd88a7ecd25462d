"""Read a day from the grammar's words: `fri`, `4 dec 2026`, `end next month`, `in 2 week`.

Words that name exactly one day become it. What could be two days, or is only roughly one, raises
Unsure with the days it may be: they are offered, and none is set.

Friday is the end of a week. `next Friday` is the one of next week, Monday being the first day;
`nächsten Freitag` and `vendredi prochain` may also be the one to come. `in 1 month` keeps the day
of the month, or takes the month's last one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from handlers.reader.asked import Asked
from handlers.reader.names import MONTH_CODES, WEEKDAY_CODES, WEEKDAYS, in_words

DAY_MAX_YEARS = 10
"""A day further away is taken for a slip of the finger."""


class Unsure(Exception):
    """The words sound like a day and name no single one; `reason` ends a sentence on them.

    `days` are those they may mean, the likelier first.
    """

    def __init__(self, reason: str, *days: date) -> None:
        super().__init__(reason)
        self.reason = reason
        self.days = tuple(dict.fromkeys(days))


Rule = Callable[[re.Match[str], Asked], date]

NAMES_NO_DAY = "names no single day"

_W = "(?P<weekday>" + "|".join(WEEKDAY_CODES) + ")"
_W2 = "(?P<weekday2>" + "|".join(WEEKDAY_CODES) + ")"
_M = "(?P<month>" + "|".join(MONTH_CODES) + ")"
_D = r"(?P<day>\d{1,2})(?:th)?"
_Y = r"(?P<year>\d{4}|\d\d(?! (?:oclock|h|am|pm)\b))"
_WHICH = "(?:(?P<which>next|this|coming|nearest) )?"
_COUNT = r"(?P<count>\d{1,3}|a|an|um)"
_STRETCH = "(?P<stretch>week|month|quarter|year|sprint|pi|weekend)"


# --- one day by its weekday ------------------------------------------------------------------


def _weekday(found: re.Match[str], asked: Asked) -> date:
    today, weekday = asked.today, WEEKDAY_CODES.index(found["weekday"])
    to_come = today + timedelta(days=(weekday - today.weekday()) % 7)
    of_next_week = _monday(today) + timedelta(days=7 + weekday)
    match found["which"]:
        case "next":
            return of_next_week
        case "this":
            day = _monday(today) + timedelta(days=weekday)
            if day < today:
                raise Unsure("is over already: write the day you mean, such as “by 1 Dec”.")
            return day
        case "coming":
            return to_come if to_come > today else to_come + timedelta(days=7)
        case "nearest":
            after = to_come if to_come > today else to_come + timedelta(days=7)
            if after != of_next_week:
                raise Unsure(_either(after, of_next_week), after, of_next_week)
            return after
        case _:
            return to_come


def _weekday_of_week(found: re.Match[str], asked: Asked) -> date:
    later = 1 if found["which"] == "next" else 0
    weekday = WEEKDAY_CODES.index(found["weekday"])
    return _monday(asked.today) + timedelta(days=7 * later + weekday)


def _weekday_after(found: re.Match[str], asked: Asked) -> date:
    """A week on Friday: seven days after the Friday to come."""
    weekday = WEEKDAY_CODES.index(found["weekday"])
    count = _count(found["count"]) if found["count"] else 1
    to_come = asked.today + timedelta(days=(weekday - asked.today.weekday()) % 7)
    return to_come + timedelta(weeks=count)


# --- counted from today ----------------------------------------------------------------------


def _after(found: re.Match[str], asked: Asked) -> date:
    today, count = asked.today, _count(found["count"])
    match found["unit"]:
        case "day" | "d":
            return today + timedelta(days=count)
        case "workday":
            return _workdays_later(today, count)
        case "week" | "w":
            return today + timedelta(weeks=count)
        case "fortnight":
            return today + timedelta(weeks=2 * count)
        case "month":
            return _months_later(today, count)
        case "quarter":
            return _months_later(today, 3 * count)
        case _:
            return _months_later(today, 12 * count)


def _few(found: re.Match[str], asked: Asked) -> date:
    raise Unsure(f"{NAMES_NO_DAY}: write how many, such as “in 3 days”.")


# --- a date ----------------------------------------------------------------------------------


def _dated(found: re.Match[str], asked: Asked) -> date:
    """Return a day of a month; without a year its next occurrence, unless its weekday disagrees."""
    groups = found.groupdict()
    day, month = int(groups["day"]), MONTH_CODES.index(groups["month"]) + 1
    named = groups.get("weekday") or groups.get("weekday2")
    if year := groups.get("year"):
        meant = [date(_year(year, asked), month, day)]
    else:
        passed = (month, day) < (asked.today.month, asked.today.day)
        meant = [date(asked.today.year + passed, month, day)]
        meant += _valid((meant[0].year - 1, month, day))
    return _on_weekday(meant, named, asked)


def _day_of_month(found: re.Match[str], asked: Asked) -> date:
    """The 5th: the next one; `Friday the 5th` the next that is one."""
    number, first = int(found["day"]), asked.today.replace(day=1)
    if not 1 <= number <= 31:
        raise ValueError
    later = {"this": range(1), "next": range(1, 2)}.get(found["which"] or "", range(13))
    months = [_months_later(first, count) for count in later]
    days = _valid(*((month.year, month.month, number) for month in months))
    days = [day for day in days if day >= asked.today]
    named = found["weekday"]
    if named:
        agreeing = [day for day in days if WEEKDAY_CODES[day.weekday()] == named]
        if agreeing and agreeing[0] - asked.today < timedelta(days=62):
            return agreeing[0]
        raise Unsure(f"{NAMES_NO_DAY}: write the month, too.", *days[:1])
    if not days:
        raise ValueError
    return days[0]


def _iso(found: re.Match[str], asked: Asked) -> date:
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    return _on_weekday([day], found["weekday"] or found["weekday2"], asked)


def _numeric(found: re.Match[str], asked: Asked) -> date:
    """31/12 and 5/5 are one day; 5/12 is two, unless dots say that the day comes first."""
    one, two = int(found["one"]), int(found["two"])
    named = found["weekday"] or found["weekday2"]
    year = _year(found["y"], asked) if found["y"] else None
    orders = [(one, two), (two, one)]  # as day and month
    if asked.month_first:
        orders.reverse()
    if found["sign"] == ".":
        orders = [(one, two)]
    days = [day for d, m in orders for day in _occurring(d, m, year, asked)]
    if named:
        agreeing = [day for day in days if WEEKDAY_CODES[day.weekday()] == named]
        days = agreeing or days
    days = list(dict.fromkeys(days))
    if not days:
        raise ValueError
    if len(days) > 1:
        raise Unsure(_either(*days[:2]), *days[:2])
    return _on_weekday(days, named, asked)


def _two_numbers(found: re.Match[str], asked: Asked) -> date:
    """25.12 without a second dot is a day only where it can be no time and hardly a number."""
    if int(found["one"]) < 25:
        raise LookupError
    days = _occurring(int(found["one"]), int(found["two"]), None, asked)
    if not days:
        raise LookupError
    return days[0]


def _occurring(day: int, month: int, year: int | None, asked: Asked) -> list[date]:
    if year is not None:
        return _valid((year, month, day))
    passed = (month, day) < (asked.today.month, asked.today.day)
    return _valid((asked.today.year + passed, month, day))


def _on_weekday(meant: list[date], named: str | None, asked: Asked) -> date:
    """Return the first of these days that is on the weekday named, if one was."""
    if not named:
        return meant[0]
    for day in meant:
        if WEEKDAY_CODES[day.weekday()] == named:
            return day
    day = meant[0]
    near = day + timedelta(days=(WEEKDAY_CODES.index(named) - day.weekday() + 3) % 7 - 3)
    raise Unsure(f"{NAMES_NO_DAY}: {in_words(day)} is a {WEEKDAYS[day.weekday()]}.", day, near)


# --- the edges of weeks, months, quarters … --------------------------------------------------


def _end(found: re.Match[str], asked: Asked) -> date:
    today = asked.today
    later = 1 if found["which"] in ("next", "coming", "nearest") else 0
    match found["stretch"]:
        case "week":
            friday = _monday(today) + timedelta(days=7 * later + 4)
            if friday < today:
                why = "is over already: write “by end of next week”."
                raise Unsure(why, friday + timedelta(days=7))
            return friday
        case "weekend":
            return _monday(today) + timedelta(days=7 * later + 6)
        case "month":
            return _last_day(_months_later(today.replace(day=1), later))
        case "quarter":
            return _last_day(_months_later(today.replace(day=1), -today.month % 3 + 3 * later))
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
    first = _months_later(today.replace(day=1), later)
    edge = found["edge"]
    match found["stretch"]:
        case "week":
            monday = _monday(today) + timedelta(days=7 * later)
            day = monday + timedelta(days=2 if edge == "mid" else 0)
        case "month":
            day = first.replace(day={"mid": 15, "late": 25}.get(edge, 1))
        case _:
            raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 1 Dec”.")
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean.", *([day] if day >= today else []))


def _of_month(found: re.Match[str], asked: Asked) -> date:
    """End of December is a day; mid December is about one, and December is thirty-one."""
    month = MONTH_CODES.index(found["month"]) + 1
    year = _year(found["year"], asked) if found["year"] else None
    year = year or asked.today.year + (month < asked.today.month)
    first = date(year, month, 1)
    match found["edge"]:
        case "end":
            return _last_day(first)
        case "mid":
            days = (first.replace(day=15),)
        case "start" | "early":
            days = (first, first.replace(day=10))
        case "late":
            days = (_last_day(first),)
        case _:
            days = (first, _last_day(first))
    to_come = [day for day in days if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 1 Dec”.", *to_come)


def _of_quarter(found: re.Match[str], asked: Asked) -> date:
    size = 3 if found["letter"] in ("q", "t") else 6
    number = int(found["number"])
    if number > 12 // size:
        raise LookupError
    last_month = number * size
    year = _year(found["year"], asked) if found["year"] else None
    year = year or asked.today.year + (last_month < asked.today.month)
    first, last = date(year, last_month - size + 1, 1), _last_day(date(year, last_month, 1))
    if found["edge"] == "end":
        return last
    offered = {"start": (first,), "early": (first,), "mid": ()}.get(
        found["edge"] or "", (first, last)
    )
    to_come = [day for day in offered if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 31 Mar”.", *to_come)


def _of_year(found: re.Match[str], asked: Asked) -> date:
    year = int(found["year"])
    if not 2000 <= year < 2200:
        raise LookupError
    if found["edge"] == "end":
        return date(year, 12, 31)
    raise Unsure(
        f"{NAMES_NO_DAY}: write the day you mean.", date(year - 1, 12, 31), date(year, 12, 31)
    )


def _calendar_week(found: re.Match[str], asked: Asked) -> date:
    number = int(found["number"])
    year = int(found["year"]) if found["year"] else asked.today.isocalendar().year
    monday = date.fromisocalendar(year, number, 1)
    if not found["year"] and monday + timedelta(days=6) < asked.today:
        monday = date.fromisocalendar(year + 1, number, 1)
    friday = monday + timedelta(days=4)
    if found["edge"] == "end":
        return friday
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean.", friday)


def _feast(found: re.Match[str], asked: Asked) -> date:
    month, days = (12, (24, 25)) if found["feast"] == "christmas" else (12, (31,))
    offered = [date(asked.today.year, month, day) for day in days]
    to_come = [day for day in offered if day >= asked.today]
    raise Unsure(f"{NAMES_NO_DAY}: write the day you mean, such as “by 24 Dec”.", *to_come)


_EDGE = "(?:(?P<edge>end|mid|start|early|late) )?"

_WRITTEN: tuple[tuple[str, Rule], ...] = (
    ("today", lambda found, asked: asked.today),
    ("(?:tomorrow|morgen)", lambda found, asked: asked.today + timedelta(days=1)),
    ("overmorrow", lambda found, asked: asked.today + timedelta(days=2)),
    ("yesterday", lambda found, asked: asked.today - timedelta(days=1)),
    (f"{_WHICH}{_W}", _weekday),
    (f"{_W} (?P<which>next|coming|nearest)", _weekday),
    (f"(?P<which>next|this) week {_W}", _weekday_of_week),
    (f"{_W} (?P<which>next|this) week", _weekday_of_week),
    (f"(?:in )?(?P<count>\\d|a) week (?:from |later )?{_W}", _weekday_after),
    (f"{_W} week(?P<count>)", _weekday_after),
    (f"{_W} in (?P<count>\\d|a) week", _weekday_after),
    (
        f"in {_COUNT} (?P<unit>day|d|workday|week|w|fortnight|month|quarter|year)",
        _after,
    ),
    (f"{_COUNT} (?P<unit>day|workday|week|fortnight|month|quarter|year) later", _after),
    ("(?:in )?few (?:day|week|month|hour|min)(?: later)?", _few),
    (f"(?:{_W} )?{_D} {_M}(?: {_Y})?(?: {_W2})?", _dated),
    (f"(?:{_W} )?{_M} {_D}(?: {_Y})?(?: {_W2})?", _dated),
    (f"(?P<year>\\d{{4}}) {_M} {_D}(?: {_W2})?", _dated),
    (
        f"(?:{_W} )?(?P<day>\\d{{1,2}})th(?: (?:(?P<which>this|next) )?month)?",
        _day_of_month,
    ),
    (
        rf"(?:{_W} )?(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)\.?(?: {_W2})?",
        _iso,
    ),
    (
        rf"(?:{_W} )?(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)(?P=sign)"
        rf"(?P<y>\d{{4}}|\d\d)\.?(?: {_W2})?",
        _numeric,
    ),
    (rf"(?:{_W} )?(?P<one>\d\d?)(?P<sign>/)(?P<two>\d\d?)(?P<y>)(?: {_W2})?", _numeric),
    (rf"(?:{_W} )?(?P<one>\d\d?)(?P<sign>\.)(?P<two>\d\d?)\.(?P<y>)(?: {_W2})?", _numeric),
    (r"(?P<one>\d\d)\.(?P<two>\d\d)", _two_numbers),
    (f"end {_WHICH}{_STRETCH}", _end),
    (f"{_WHICH}{_STRETCH} end", _end),
    ("(?P<which>next|this|coming|nearest) " + _STRETCH, _stretch),
    (f"{_STRETCH} (?P<which>next|coming|nearest)", _stretch),
    ("(?P<which>)(?P<stretch>weekend)", _stretch),
    (f"(?P<edge>mid|start|early|late) {_WHICH}{_STRETCH}", _mid_stretch),
    (f"{_EDGE}{_M}(?: (?P<year>\\d{{4}}))?", _of_month),
    (f"{_M}(?P<year>) (?P<edge>end)", _of_month),
    (f"{_EDGE}(?P<letter>[qth]) ?(?P<number>[1-4])(?: (?P<year>\\d{{4}}))?", _of_quarter),
    (f"{_EDGE}(?P<number>[1-4])(?:th)? (?P<letter>q)uarter(?: (?P<year>\\d{{4}}))?", _of_quarter),
    (f"{_EDGE}(?P<year>\\d{{4}})", _of_year),
    (
        f"{_EDGE}(?:calendar week|week) (?P<number>\\d\\d?)(?: (?P<year>\\d{{4}}))?",
        _calendar_week,
    ),
    ("(?P<feast>christmas|new year)", _feast),
)
DAY_RULES = tuple((re.compile(f"{pattern}(?= |$)"), rule) for pattern, rule in _WRITTEN)


def checked(rule: Rule, found: re.Match[str], asked: Asked) -> date:
    """Return the day a rule reads, unless it is one nobody could mean.

    Raises Unsure; LookupError when the words are no day at all.
    """
    try:
        day = rule(found, asked)
    except (ValueError, OverflowError):
        raise Unsure("is not a day in the calendar, so there is no due date yet.") from None
    if day.year - asked.today.year > DAY_MAX_YEARS:
        raise Unsure(f"is more than {DAY_MAX_YEARS} years away: check the year.")
    return day


# --- calendar --------------------------------------------------------------------------------


def _either(one: date, other: date) -> str:
    return f"may be {in_words(one)} or {in_words(other)}."


def _year(written: str, asked: Asked) -> int:
    """Return a year; two digits are one of this century that somebody plans for."""
    if len(written) == 4:
        return int(written)
    year = asked.today.year // 100 * 100 + int(written)
    if not asked.today.year <= year <= asked.today.year + DAY_MAX_YEARS:
        raise Unsure(f"{NAMES_NO_DAY}: write the year with four digits.")
    return year


def _valid(*days: tuple[int, int, int]) -> list[date]:
    valid = []
    for year, month, day in days:
        try:
            valid.append(date(year, month, day))
        except ValueError:
            continue
    return valid


def _count(word: str) -> int:
    return int(word) if word.isdigit() else 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _workdays_later(day: date, count: int) -> date:
    weeks, days = divmod(count, 5)
    day = day - timedelta(days=max(0, day.weekday() - 4)) + timedelta(weeks=weeks)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, _last_day(first).day))


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
