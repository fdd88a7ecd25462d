"""Read a whole phrase of time: a day, a time of it, a span from now and a zone, in any order.

    by Friday, 4 December at 16:30 Berlin time

What is left over makes the phrase unreadable as a whole: half a date is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from handlers.reader.asked import Asked
from handlers.reader.calendar import Unsure
from handlers.reader.clocks import BARE_HOUR, CLOCK_RULES, MIDNIGHT, Clocks, bare, of_part
from handlers.reader.days import DAY_RULES, checked
from handlers.reader.words import in_grammar
from handlers.reader.zones import NoZone, Zone, read_zone

PHRASE_MAX_CHARS = 120
"""Longer words are no date: what is cut off cannot be one either."""


@dataclass(frozen=True, slots=True)
class When:
    """What a phrase says; empty parts were not said.

    `days` are those it may mean: one is sure, several are a question, and `reason` then ends a
    sentence on the phrase. `clocks` likewise; an empty tuple beside `has_clock` is no time of any
    day. `lead`: by, due, until …; `before` is one of its own. `part`: morning, afternoon, evening.
    """

    lead: str = ""
    days: tuple[date, ...] = ()
    has_day: bool = False
    reason: str = ""
    has_clock: bool = False
    clocks: Clocks = ()
    midnight: bool = False
    part: str = ""
    span: timedelta | None = None
    zone: Zone | None = None
    zone_problem: str = ""
    weekday_alone: bool = False
    """Whether the day is only a weekday, which is the next one to come."""

    next_week: bool = False
    """Whether it is the weekday of next week that was said."""

    counted: bool = False
    """Whether the day is so many days from now, at this time of the day."""

    written: bool = False
    """Whether the day is one of the calendar: 4 Dec, 2026-12-04, 25/12."""

    day_first: bool = False
    """Whether dots said that the day comes first: 5.12.2026."""

    words: str = ""
    """The phrase in the grammar's words, without its lead."""

    @property
    def day(self) -> date | None:
        """The one day that is meant."""
        return self.days[0] if len(self.days) == 1 and not self.reason else None


def read_when(said: str, asked: Asked, *, bare_hour: bool = False) -> When | None:
    """Return what a phrase says, or None when it is no phrase of time.

    `bare_hour`: a number alone is an hour, where nothing else can be meant.
    """
    if len(said) > PHRASE_MAX_CHARS:
        return None
    lead, words = _led(in_grammar(said))
    if not words:
        return None
    return _parsed(lead, words, asked, bare_hour)


_LEAD = re.compile(r"((?:(?:by|before) )+)(.+)")
_LED_BEHIND = re.compile(r"(.+?) by")


def _led(words: str) -> tuple[str, str]:
    """Split off by or before, which Japanese puts behind."""
    if behind := _LED_BEHIND.fullmatch(words):
        words = f"by {behind[1]}"
    led = _LEAD.fullmatch(words)
    if led is None:
        return "", "" if words in ("by", "before") else words
    return "before" if "before" in led[1] else "by", led[2]


def _parsed(lead: str, words: str, asked: Asked, bare_hour: bool) -> When | None:
    """Return the first reading that leaves no word over."""
    open_ends = [(0, When(lead, words=words))]
    while open_ends:
        at, so_far = open_ends.pop()
        if at >= len(words):
            return _sensible(so_far)
        open_ends.extend(reversed(list(_next_parts(words, at, so_far, asked, bare_hour))))
    return None


def _next_parts(
    words: str, at: int, so_far: When, asked: Asked, bare_hour: bool
) -> Iterator[tuple[int, When]]:
    """Return every part that begins here, with what is read so far; the longest part first."""
    parts = [
        *_days(words, at, so_far, asked),
        *_clocks(words, at, so_far, bare_hour),
        *_spans(words, at, so_far),
        *_zones(words, at, so_far),
        *_small(words, at, so_far),
    ]
    parts.sort(key=lambda part: -part[0])
    return ((end + 1, when) for end, when in parts)


def _days(words: str, at: int, so_far: When, asked: Asked) -> Iterator[tuple[int, When]]:
    if so_far.has_day:
        return
    for pattern, rule in DAY_RULES:
        found = pattern.match(words, at)
        if found is None:
            continue
        said = found.groupdict()
        alone = found.re.groupindex.keys() == {"which", "weekday"} and not found["which"]
        base = replace(
            so_far,
            has_day=True,
            weekday_alone=alone,
            next_week=said.get("which") == "next" and bool(said.get("weekday")),
            counted=bool(said.get("unit")),
            day_first=said.get("sign") == "." and _may_turn(said),
            written=bool(said.get("day") and said.get("month")) or "y" in said,
        )
        try:
            yield found.end(), replace(base, days=(checked(rule, found, asked),))
        except Unsure as unsure:
            yield found.end(), replace(base, days=unsure.days, reason=unsure.reason)
        except LookupError:
            continue


def _may_turn(said: dict[str, str | None]) -> bool:
    one, two = int(said["one"] or 0), int(said["two"] or 0)
    return one != two and max(one, two) <= 12


def _clocks(words: str, at: int, so_far: When, bare_hour: bool) -> Iterator[tuple[int, When]]:
    if so_far.has_clock:
        return
    if midnight := MIDNIGHT.match(words, at):
        yield midnight.end(), replace(so_far, has_clock=True, midnight=True, clocks=(time(0),))
    for pattern, rule in CLOCK_RULES:
        found = pattern.match(words, at)
        if found and (rule(found) or not found[0].endswith("h")):  # 48h is a span
            yield found.end(), replace(so_far, has_clock=True, clocks=rule(found))
    if (bare_hour or _HALF_OF_DAY.search(words)) and (found := BARE_HOUR.match(words, at)):
        yield found.end(), replace(so_far, has_clock=True, clocks=bare(found))


_HALF_OF_DAY = re.compile("morning|afternoon|evening")
_NUMBER = r"(?P<number>\d{1,4}(?:[.,]\d)?|an?|um)"
_HOURS = re.compile(
    rf"(?P<lead>in )?{_NUMBER} ?(?P<unit>hour|hora|h|min|m|sec)(?P<half> and half)?"
    r"(?: (?P<minutes>\d{1,2})(?: (?:min|m))?)?(?P<later> later)?(?= |$)"
)
_HALF_HOUR = re.compile(r"(?P<lead>in )?(?:(?:a|an|um|1) )?half hour(?P<later> later)?(?= |$)")
_H_MIN = re.compile(r"(?P<lead>in )(?P<number>\d{1,2})h(?P<minutes>\d\d)(?P<later> later)?(?= |$)")


def _spans(words: str, at: int, so_far: When) -> Iterator[tuple[int, When]]:
    """A span of hours or minutes from now; one of days names a day."""
    if so_far.has_day or so_far.has_clock or so_far.span is not None:
        return
    for pattern in (_HOURS, _HALF_HOUR, _H_MIN):
        found = pattern.match(words, at)
        if found is None:
            continue
        needs_in = so_far.lead or found.groupdict().get("unit") == "hora"
        if needs_in and not (found["lead"] or found["later"]):
            continue  # cut by 2 hours; 16 horas is a time
        yield found.end(), replace(so_far, span=_length(found.groupdict()))


def _length(found: dict[str, str | None]) -> timedelta:
    if "number" not in found:
        return timedelta(minutes=30)
    written = (found["number"] or "").replace(",", ".")
    number = float(written) if written[0].isdigit() else 1.0
    number += 0.5 if found.get("half") else 0
    more = timedelta(minutes=int(found["minutes"] or 0))
    match (found.get("unit") or "hour")[0]:
        case "h":
            return timedelta(hours=number) + more
        case "m":
            return timedelta(minutes=number)
        case _:
            return timedelta(seconds=number)


_ZONE = re.compile(r"@(\S+)")
_PART = re.compile(r"(?:in )?(morning|afternoon|evening|morgen)(?= |$)")
_FILLER = re.compile(r"(?:at|a|in)(?= )")


def _zones(words: str, at: int, so_far: When) -> Iterator[tuple[int, When]]:
    found = _ZONE.match(words, at)
    if found is None or so_far.zone is not None or so_far.zone_problem:
        return
    try:
        yield found.end(), replace(so_far, zone=read_zone(_as_written(found[1])))
    except NoZone as problem:
        yield found.end(), replace(so_far, zone_problem=str(problem))


def _as_written(zone: str) -> str:
    return zone.upper() if len(zone) < 6 and zone.isalpha() else zone.replace("_", " ")


def _small(words: str, at: int, so_far: When) -> Iterator[tuple[int, When]]:
    if not so_far.part and (found := _PART.match(words, at)):
        yield found.end(), replace(so_far, part=found[1])
    if found := _FILLER.match(words, at):
        yield found.end(), so_far


def _sensible(when: When) -> When | None:
    """Return a reading that says some time, with the half of the day put to its hour."""
    if not (when.has_day or when.has_clock or when.span):
        return None
    if not (when.part and when.clocks):
        return when
    return replace(when, clocks=of_part(when.clocks, when.part))
