"""Read when people want their digest: "Monday 9:00", "mon 09:00", "on Friday 4pm Europe/Berlin"."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.text import plain
from handlers.digest.cadence import Cadence
from handlers.reader.names import WEEKDAYS
from handlers.reader.weekly import Weekly, read_weekly
from handlers.reader.zones import NoZone, read_zone

EXAMPLE: Final = "Monday 9:00"

_CLOCK: Final = re.compile(
    r"[0-9]{1,2}(?:[:.h][0-9]{2})?(?: ?(?:[ap]\.?m\.?|h|uhr))?", re.IGNORECASE
)
_ECHO_CHARS_MAX: Final = 30

_TYPED_MAX_CHARS: Final = 300
"""A longer text is no schedule, and not read as one: the time it takes grows with the square."""


class UnreadableSchedule(ValueError):
    """What was typed is no schedule; the message tells its author what to type instead."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`remark` says what to know about the zone, in a sentence, or nothing."""

    cadence: Cadence
    remark: str = ""


def parse_schedule(text: str, zone: str = "UTC") -> Schedule:
    """Return the cadence that `text` asks for; order, case and small words do not matter.

    `zone` is used when the text names none. Raises UnreadableSchedule.
    """
    if len(text) > _TYPED_MAX_CHARS:
        raise UnreadableSchedule(f"Tell me a weekday and a time, for example: {EXAMPLE}.")
    said = read_weekly(text)
    if not said.weekdays and said.others and "/" not in said.others[0]:
        raise _no_weekday(said.others[0])
    if not said.weekdays and not said.clocks:
        raise UnreadableSchedule(f"Tell me a weekday and a time, for example: {EXAMPLE}.")
    if not said.weekdays:
        raise UnreadableSchedule(f"On which weekday? For example: {EXAMPLE}.")
    if len(set(said.weekdays)) > 1:
        raise UnreadableSchedule(f"One digest a week: pick one weekday, for example: {EXAMPLE}.")
    weekday = said.weekdays[0]
    at = _time(said, weekday, text)
    if not (said.zone or said.others):
        return Schedule(Cadence(weekday, at, zone))
    try:
        named = read_zone(" ".join((*said.others, said.zone)).strip())
    except NoZone as error:
        raise UnreadableSchedule(str(error)) from None
    return Schedule(Cadence(weekday, at, named.name), named.remark)


def _time(said: Weekly, weekday: int, text: str) -> time:
    """Return the one time that is meant."""
    odd = next((word for word in _with_digits(text) if not _CLOCK.fullmatch(word)), None)
    if odd and (len(said.clocks) != 1 or len(said.clocks[0]) != 1):
        raise UnreadableSchedule(
            f"I can't read the time {_echo(odd)}. Write it like 9:00, 16:30 or 4pm."
        )
    if not said.clocks:
        raise UnreadableSchedule(f"At what time? For example: {WEEKDAYS[weekday - 1]} 9:00.")
    if len(said.clocks) > 1:
        raise UnreadableSchedule(f"One digest a week: pick one time, for example: {EXAMPLE}.")
    times = said.clocks[0]
    typed = next(iter(_with_digits(text)), text)
    if not times:
        raise UnreadableSchedule(
            f"{_echo(typed)} is not a time of day. Use 0:00 to 23:59, or 1am to 12pm."
        )
    if len(times) > 1:
        one, other = (f"{at.hour}:{at.minute:02}" for at in times)
        raise UnreadableSchedule(f"{_echo(typed)} may be {one} or {other}: write the one you mean.")
    return times[0]


def _with_digits(text: str) -> list[str]:
    """Return the words with a digit, but for zones such as UTC+2."""
    words = (word.strip("(),;") for word in plain(text).split())
    return [word for word in words if any(map(str.isdigit, word)) and word[0].isdigit()]


_OFTEN = frozenset({"daily", "weekdays", "weekday", "everyday", "day", "workday", "workdays"})


def _no_weekday(word: str) -> UnreadableSchedule:
    if word.lower() in _OFTEN:
        return UnreadableSchedule(f"One digest a week: pick one weekday, for example: {EXAMPLE}.")
    near = difflib.get_close_matches(word[:40].capitalize(), WEEKDAYS, n=1, cutoff=0.6)
    hint = f"Did you mean {near[0]}?" if near else "Use Monday to Sunday."
    return UnreadableSchedule(f"I don't know the weekday {_echo(word)}. {hint}")


def _echo(text: str) -> str:
    shown = " ".join(text.split())
    if len(shown) > _ECHO_CHARS_MAX:
        shown = shown[: _ECHO_CHARS_MAX - 1] + "…"
    return f"“{shown}”"
