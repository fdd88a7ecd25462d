"""Read when people want their digest: "Monday 9:00", "mon 09:00", "on Friday 4pm Europe/Berlin"."""

from __future__ import annotations

import difflib
import functools
import re
from datetime import time
from typing import Final
from zoneinfo import available_timezones

from handlers.digest.cadence import WEEKDAYS, Cadence

EXAMPLE: Final = "Monday 9:00"

_FILLERS: Final = frozenset(
    {"a", "at", "each", "every", "in", "o'clock", "on", "the", "time", "weekly"}
)
_HALVES: Final = frozenset({"am", "pm", "a.m.", "p.m."})
_NAMED_TIMES: Final = {"midnight": time(0), "noon": time(12), "midday": time(12)}
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})|h)?(am|pm|a\.m\.|p\.m\.)?")

_ABBREVIATIONS: Final = {
    "bst": "Europe/London",
    "cdt": "America/Chicago",
    "cest": "Europe/Berlin",
    "cst": "America/Chicago",
    "edt": "America/New_York",
    "est": "America/New_York",
    "hst": "Pacific/Honolulu",
    "ist": "Asia/Kolkata",
    "mdt": "America/Denver",
    "mst": "America/Denver",
    "pdt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
}
"""What people type, and a city they may mean: half of these are wrong for half of the year."""

_NO_PLACES: Final = frozenset({"factory", "localtime", "posixrules"})
_ECHO_CHARS_MAX: Final = 30


class UnreadableSchedule(ValueError):
    """What was typed is no schedule; the message tells its author what to type instead."""


def parse_schedule(text: str, zone: str = "UTC") -> Cadence:
    """Return the cadence that `text` asks for; order, case and small words do not matter.

    `zone` is used when the text names none. Raises UnreadableSchedule.
    """
    weekdays: list[int] = []
    times: list[str] = []
    others: list[str] = []
    for word in _words(text):
        if (weekday := _weekday(word)) is not None:
            weekdays.append(weekday)
        elif word[0].isdigit() or word.lower() in _NAMED_TIMES:
            times.append(word)
        else:
            others.append(word)
    if not weekdays and others and "/" not in others[0]:
        weekdays.append(weekday_named(others[0]))
    if not weekdays and not times:
        raise UnreadableSchedule(f"Tell me a weekday and a time, for example: {EXAMPLE}.")
    if not weekdays:
        raise UnreadableSchedule(f"On which weekday? For example: {EXAMPLE}.")
    if len(set(weekdays)) > 1:
        raise UnreadableSchedule(f"One digest a week: pick one weekday, for example: {EXAMPLE}.")
    if not times:
        raise UnreadableSchedule(f"At what time? For example: {WEEKDAYS[weekdays[0] - 1]} 9:00.")
    if len(times) > 1:
        raise UnreadableSchedule(f"One digest a week: pick one time, for example: {EXAMPLE}.")
    return Cadence(
        weekday=weekdays[0],
        at=time_named(times[0]),
        zone=zone_named(" ".join(others)) if others else zone,
    )


def weekday_named(text: str) -> int:
    """Return 1 (Monday) to 7 (Sunday); two letters are enough. Raises UnreadableSchedule."""
    weekday = _weekday(text.strip())
    if weekday is not None:
        return weekday
    near = difflib.get_close_matches(text.strip().capitalize(), WEEKDAYS, n=1, cutoff=0.6)
    hint = f"Did you mean {near[0]}?" if near else "Use Monday to Sunday."
    raise UnreadableSchedule(f"I don't know the weekday {_echo(text)}. {hint}")


def time_named(text: str) -> time:
    """Return the time of day written as 9, 9:00, 16.30, 9h30, 4pm or noon.

    Only the digits 0 to 9 are read. Raises UnreadableSchedule.
    """
    word = "".join(text.lower().split())
    if word in _NAMED_TIMES:
        return _NAMED_TIMES[word]
    clock = _CLOCK.fullmatch(word)
    if clock is None:
        raise UnreadableSchedule(
            f"I can't read the time {_echo(text)}. Write it like 9:00, 16:30 or 4pm."
        )
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half:
        hour = 24  # 13pm and 0am are no times
    if hour > 23 or minute > 59:
        raise UnreadableSchedule(
            f"{_echo(text)} is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."
        )
    return time(hour, minute)


def zone_named(text: str) -> str:
    """Return the IANA zone that `text` names in any case: "europe/berlin", "Berlin", "new york".

    Raises UnreadableSchedule with the nearest zone; abbreviations such as EST are refused, since
    they mean several places or half a year.
    """
    wanted = "_".join(text.lower().split())
    if wanted in _ABBREVIATIONS:
        raise UnreadableSchedule(
            f"{_echo(text)} can mean several zones. Name a city: {_ABBREVIATIONS[wanted]}?"
        )
    known = _zones()
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.7)
    hint = f"Did you mean {known[near[0]]}?" if near else "Name it like Europe/Berlin."
    raise UnreadableSchedule(f"I don't know the time zone {_echo(text)}. {hint}")


def _words(text: str) -> list[str]:
    """Split into words without the small ones; "4 pm" becomes "4pm"."""
    words: list[str] = []
    for word in text.replace(",", " ").split():
        if word.lower() in _HALVES and words and words[-1][-1].isdigit():
            words[-1] += word
        elif word.lower() not in _FILLERS:
            words.append(word)
    return words


def _weekday(word: str) -> int | None:
    lower = word.lower().rstrip(".")
    singular = lower.removesuffix("s")
    for number, name in enumerate(WEEKDAYS, start=1):
        for spelling in (lower, singular):
            if len(spelling) >= 2 and name.lower().startswith(spelling):
                return number
    return None


@functools.cache
def _zones() -> dict[str, str]:
    """Return lower-case names → zones: full names, and cities that only one zone has."""
    zones = sorted(z for z in available_timezones() if z.lower() not in _NO_PLACES)
    cities: dict[str, list[str]] = {}
    for zone in zones:
        if "/" in zone and not zone.startswith("Etc/"):
            cities.setdefault(zone.rpartition("/")[2].lower(), []).append(zone)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {zone.lower(): zone for zone in zones}


def _echo(text: str) -> str:
    shown = " ".join(text.split())
    if len(shown) > _ECHO_CHARS_MAX:
        shown = shown[: _ECHO_CHARS_MAX - 1] + "…"
    return f"“{shown}”"
