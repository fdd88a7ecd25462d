"""Read a time of the day from the grammar's words: `at 16:30`, `4 pm`, `half past 4`, `noon`.

An hour without minutes or half of the day may be two times: `at 4` is 4:00 or 16:00. From 7 to 12
people mean the day, as they say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time

CLOSING_TIME = time(17, 0)
"""The end of a working day: what a deadline means that names a day and no time."""

Clocks = tuple[time, ...]
"""The times that may be meant; none when the words are no time of any day."""

_HALF = "(?: (?P<half>am|pm|p|morning|morgen|afternoon|evening))?"
_HOUR = r"(?P<hour>\d{1,2})"
_AT = "(?:(?:at|a|um) )?"


def _exact(found: re.Match[str]) -> Clocks:
    return _times(int(found["hour"]), int(found["minute"]), found["half"], bare=False)


def _hour(found: re.Match[str]) -> Clocks:
    return _times(int(found["hour"]), 0, found["half"], bare=True)


def _spoken(minutes: int) -> Callable[[re.Match[str]], Clocks]:
    """Return a rule for so many minutes after the hour that is named."""

    def rule(found: re.Match[str]) -> Clocks:
        hour = int(found["hour"]) + (minutes // 60)
        if hour == 0:
            hour = 12
        return _times(hour, minutes % 60, found["half"], bare=True)

    return rule


def _past(found: re.Match[str]) -> Clocks:
    return _spoken(int(found["minutes"]))(found)


def _to(found: re.Match[str]) -> Clocks:
    return _spoken(-int(found["minutes"]))(found)


def _military(found: re.Match[str]) -> Clocks:
    return _times(int(found["hour"]), int(found["minute"]), None, bare=False)


def _times(hour: int, minute: int, half: str | None, *, bare: bool) -> Clocks:
    if hour > 23 or minute > 59:
        return ()
    match half:
        case "am" | "pm" | "p":
            if not 1 <= hour <= 12:
                return ()
            return (time(hour % 12 + (0 if half == "am" else 12), minute),)
        case "afternoon" if hour < 8:
            return (time(hour + 12, minute),)
        case "evening" if 4 <= hour < 12:
            return (time(hour + 12, minute),)
        case "evening" if hour == 12:
            return (time(0, minute),)
        case None | "" if bare and 1 <= hour <= 6:
            return time(hour, minute), time(hour + 12, minute)
        case _:
            return (time(hour, minute),)


_WRITTEN: tuple[tuple[str, Callable[[re.Match[str]], Clocks]], ...] = (
    (rf"{_AT}{_HOUR}[:.](?P<minute>\d\d)(?: (?:oclock|h|hour|hora))?{_HALF}", _exact),
    (rf"{_AT}{_HOUR}h(?P<minute>\d\d){_HALF}", _exact),
    (rf"{_AT}{_HOUR} (?:oclock|h) (?P<minute>\d\d)(?: min)?{_HALF}", _exact),
    (rf"{_AT}{_HOUR} (?P<half>am|pm|p)", _hour),
    (
        rf"{_AT}{_HOUR}(?: (?:oclock|h|hour|hora))? (?P<half>morning|morgen|afternoon|evening)",
        _hour,
    ),
    (rf"{_AT}{_HOUR} oclock{_HALF}", _hour),
    (rf"(?:at|a|um) {_HOUR} h{_HALF}", _hour),
    (r"(?P<hour>0|[7-9]|1[0-9]|2[0-9]) h(?P<half>)", _hour),
    (rf"(?:at|a) {_HOUR} hora{_HALF}", _hour),
    (r"(?P<hour>1[3-9]|2[0-3]) hora(?P<half>)", _hour),
    (rf"(?:at|a|um) {_HOUR}{_HALF}", _hour),
    (r"(?:at|a|um) (?P<hour>\d\d)(?P<minute>\d\d)", _military),
    (r"(?P<hour>\d\d)(?P<minute>\d\d) (?:h|hour|oclock)", _military),
    (rf"{_AT}half past {_HOUR}(?: oclock)?{_HALF}", _spoken(30)),
    (rf"{_AT}{_HOUR}(?: (?:oclock|h|hour|hora))? and half{_HALF}", _spoken(30)),
    (rf"{_AT}halb {_HOUR}(?: oclock)?{_HALF}", _spoken(-30)),
    (rf"{_AT}dreiviertel {_HOUR}(?: oclock)?{_HALF}", _spoken(-15)),
    (rf"{_AT}(?P<minutes>5|10|20|25) (?:min )?past {_HOUR}(?: oclock)?{_HALF}", _past),
    (rf"{_AT}(?P<minutes>5|10|20|25) (?:min )?(?:to|before) {_HOUR}(?: oclock)?{_HALF}", _to),
    (rf"{_AT}quarter past {_HOUR}(?: oclock)?{_HALF}", _spoken(15)),
    (rf"{_AT}{_HOUR}(?: (?:oclock|h|hour|hora))? and quarter{_HALF}", _spoken(15)),
    (rf"{_AT}quarter to {_HOUR}(?: oclock)?{_HALF}", _spoken(-15)),
    (rf"{_AT}{_HOUR}(?: (?:oclock|h|hour|hora))? minus quarter{_HALF}", _spoken(-15)),
    (rf"{_AT}(?:12 )?noon", lambda found: (time(12),)),
    (rf"{_AT}eod", lambda found: (CLOSING_TIME,)),
)
CLOCK_RULES = tuple((re.compile(f"{pattern}(?= |$)"), rule) for pattern, rule in _WRITTEN)

BARE_HOUR = re.compile(r"(?P<hour>\d{1,2})(?P<half>)(?= |$)")
MIDNIGHT = re.compile(f"{_AT}midnight(?= |$)")


def of_part(clocks: Clocks, part: str) -> Clocks:
    """Return the times in a part of the day: 4 in the afternoon is 16:00."""
    late = part in ("afternoon", "evening")
    return tuple(dict.fromkeys(at.replace(hour=at.hour % 12 + 12 * late) for at in clocks))


def bare(found: re.Match[str]) -> Clocks:
    """Return the times of a number alone, where nothing else can be meant."""
    return _times(int(found["hour"]), 0, None, bare=True)
