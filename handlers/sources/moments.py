"""Days and instants as trackers and spreadsheets write them.

`03/04/2026` is read by what the rest of its column says: one cell such as `10/28/2026` settles the
order for all of it, and where none does, AM and PM tell America, or else the file's other columns
(`rules.rules_for`). What people type to Hone is read elsewhere (`reader`): they mean the future,
files tell the past.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache, lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.text import alike
from handlers.reader.names import MONTH_CODES, month_words
from handlers.sources.rows import Rows
from handlers.sources.values import first

YEARS: Final = range(1990, 2101)
DayOrder = Literal["day first", "month first"]

_SEP = r"[./\- ]"
_NUMBERS = re.compile(r"(?P<a>\d{1,2})([./\-])(?P<b>\d{1,2})\2(?P<year>\d{4}|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:([./\-]) ?|年)(?P<month>\d{1,2})(?:\2 ?|月)(?P<day>\d{1,2})"
    r"(?:日|\.(?= |$))?(?!\d)"
)
_DAY_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})\.?{_SEP}(?P<name>[^\W\d]{{3,12}})\.?,?{_SEP}(?P<year>\d{{4}}|\d\d)(?!\d)"
)
_MONTH_NAMED = re.compile(r"(?P<name>[^\W\d]{3,12})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})(?!\d)")
_WEEKDAY = re.compile(r"[^\W\d]{2,12}\.?,? (?=[^\W\d]{3,12}\.? \d|\d{1,2}(?:\.? [^\W\d]|[./\-]\d))")
_TIME = re.compile(
    r"(?:,? (?:(?:at|à|um|om|alle|a las|às) )?|T)"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?| uhr)?"
    r"(?: ?(?:(?P<utc>z|utc|gmt)? ?(?P<offset>[+-]\d\d?(?::?\d\d)?)?))?(?: \([^)]*\))?",
    re.IGNORECASE,
)
_SINCE_1970 = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?")
"""In seconds or milliseconds, as programs count: from 2001 to 2033."""

_SPREADSHEET_DAY = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_SPREADSHEET_BEGINS: Final = datetime(1899, 12, 30)
"""Day 0 of Excel, LibreOffice and Google Sheets."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC) and the calendar day that was written; a bare day begins at 0:00."""

    at: datetime
    day: date


def day_orders(rows: Rows, places: Sequence[int]) -> dict[int, DayOrder | None]:
    """Return each column's order of days and months; rows are read once, and no further than told.

    Cells that only hint at their order leave it to a later one that settles it.
    """
    told: dict[int, DayOrder | None] = dict.fromkeys(places)
    open_ = list(told)
    for _, cells in rows:
        if not open_:
            break
        for place in tuple(open_):
            order, is_sure = _order_in(first(cells[place]))
            told[place] = order or told[place]
            if is_sure:
                open_.remove(place)
    return told


def _order_in(cell: str) -> tuple[DayOrder | None, bool]:
    """Return in which order a cell writes day and month, None if it does not tell; and for sure.

    An AM or PM is no more than a hint: America writes the month first.
    """
    if (found := _NUMBERS.match(_WEEKDAY.sub("", cell, count=1))) is None:
        return None, False
    if int(found["a"]) > 12 or found[2] == ".":
        return "day first", True
    if int(found["b"]) > 12:
        return "month first", True
    return ("month first" if cell[-2:].upper() in ("AM", "PM") else None), False


@lru_cache(maxsize=4096)  # a day stands in a file again and again
def read_moment(cell: str, zone: str, order: DayOrder = "day first") -> Moment | None:
    """Read a day or an instant; without a zone of its own it is local time in `zone` (IANA).

    None for anything else, and for years that no backlog has.
    """
    written = cell.strip()
    local = _iso(written) or _spelled(written, order) or _serial(written)
    if local is None or local.year not in YEARS:
        return None
    at = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))
    return Moment(at.astimezone(UTC).replace(microsecond=0), local.date())


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if written[:4].isdigit() else None
    except ValueError:
        return None


def _spelled(written: str, order: DayOrder) -> datetime | None:
    written = " ".join(written.split())
    if found := _WEEKDAY.match(written):
        written = written[found.end() :]
    for pattern in (_YEAR_FIRST, _DAY_NAMED, _MONTH_NAMED, _NUMBERS):
        if found := pattern.match(written):
            day, clock = _day(found, order), _clock(written[found.end() :])
            return datetime.combine(day, clock) if day and clock is not None else None
    return None


def _day(found: re.Match[str], order: DayOrder) -> date | None:
    parts = found.groupdict()
    if "name" in parts:
        day, month = int(parts["day"]), _months().get(alike(parts["name"]), 0)
    elif "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (first, second) if order == "day first" else (second, first)
    else:
        day, month = int(parts["day"]), int(parts["month"])
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(written: str) -> time | None:
    """Return the time behind a day, midnight if there is none; None for other words."""
    if not written.strip():
        return time()
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_offset(found))
    except ValueError:
        return None


def _offset(found: re.Match[str]) -> timezone | None:
    if offset := found["offset"]:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(ahead if offset[0] == "+" else -ahead)
    return UTC if found["utc"] else None


def _serial(written: str) -> datetime | None:
    """Return the day a spreadsheet counted, where a cell lost its format; or an instant's ms."""
    if found := _SINCE_1970.fullmatch(written):
        return datetime.fromtimestamp(int(found["seconds"]), UTC)
    if _SPREADSHEET_DAY.fullmatch(written) is None:
        return None
    return _SPREADSHEET_BEGINS + timedelta(days=float(written))


@cache
def _months() -> dict[str, int]:
    return {word: MONTH_CODES.index(code) + 1 for word, code in month_words()}
