"""Read when a vote closes, the way people say it: 16:00, tomorrow 9:30, Friday 4pm, in 2 hours."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FURTHEST: Final = timedelta(days=30)
"""A deadline further away is taken for a slip of the finger."""

EXAMPLES: Final = "16:00, tomorrow 9:30, Friday 4pm or in 2 hours"

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {name[:size]: index for index, name in enumerate(_NAMES) for size in (3, len(name))}
_SPAN = re.compile(r"in (\d{1,4}) ?(m|min|mins|minutes?|h|hours?|d|days?)", re.ASCII)
_MOMENT = re.compile(r"(?:(?P<day>[a-z]+|\d{4}-\d\d-\d\d) )?(?P<clock>\S+(?: ?[ap]m)?)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))? ?(am|pm)?", re.ASCII)


class NoDeadline(ValueError):
    """The words name no moment that a vote can close at; the message says what to write."""


def read_deadline(words: str, now: datetime, zone: str) -> datetime:
    """Return the moment (aware) that the words name for somebody in `zone`, an IANA name.

    A weekday is the next one to come; a clock time that has passed today is refused. Where the
    clock is put forward, a skipped time counts an hour later; put back, a repeated one counts the
    first time. Raises NoDeadline, also for a moment beyond FURTHEST.
    """
    said = " ".join(words.casefold().replace(",", " ").split()).removeprefix("by ")
    said = f" {said}".replace(" at ", " ").strip()
    span = _SPAN.fullmatch(said)
    at = now + _length(span) if span else _moment(said, words, now, zone)
    if at <= now:
        raise NoDeadline(f"“{_shown(words)}” has passed already. Write {EXAMPLES}.")
    if at - now > FURTHEST:
        raise NoDeadline(f"A vote stays open for {FURTHEST.days} days at most.")
    return at


def _length(span: re.Match[str]) -> timedelta:
    count = int(span[1])
    match span[2][0]:
        case "m":
            return timedelta(minutes=count)
        case "h":
            return timedelta(hours=count)
        case _:
            return timedelta(days=count)


def _moment(said: str, words: str, now: datetime, zone: str) -> datetime:
    found = _MOMENT.fullmatch(said)
    clock = _CLOCK.fullmatch(found["clock"]) if found else None
    if found is None or clock is None or not (clock[2] or clock[3]):
        raise _unreadable(words)
    here = ZoneInfo(zone)
    hour, minute = _hour(clock, words), int(clock[2] or 0)
    day = _day(found["day"], now.astimezone(here).date(), words)
    if hour > 23 or minute > 59:
        raise _unreadable(words)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=here)
    if found["day"] in _WEEKDAYS and local <= now:
        local += timedelta(days=7)
    return local.astimezone(ZoneInfo("UTC"))


def _hour(clock: re.Match[str], words: str) -> int:
    hour = int(clock[1])
    if clock[3] is None:
        return hour
    if not 1 <= hour <= 12:
        raise _unreadable(words)
    return hour % 12 + (12 if clock[3] == "pm" else 0)


def _day(said: str | None, today: date, words: str) -> date:
    if said in (None, "today"):
        return today
    if said == "tomorrow":
        return today + timedelta(days=1)
    if said in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[said] - today.weekday()) % 7)
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        raise _unreadable(words) from None


def _unreadable(words: str) -> NoDeadline:
    return NoDeadline(f"“{_shown(words)}” is no time that I can read. Write {EXAMPLES}.")


def _shown(words: str) -> str:
    return " ".join(words.split())[:40]
