"""Iterations and planning intervals on the calendar: where each begins and ends.

Days are calendar days of a team's zone. An iteration begins when its first day does there, so one
that spans a clock change is an hour longer or shorter, and none overlaps or leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.text import alike
from handlers.phrases import counted

ITERATION_WEEKS_MAX = 4
ITERATION_WEEKS_USUAL = 2
PI_WEEKS_MAX = 26
PI_WEEKS_USUAL = 10

DEFAULT_PI = timedelta(weeks=PI_WEEKS_USUAL)
"""How long a planning interval is taken to be where none is planned."""


@dataclass(frozen=True, slots=True)
class IterationSpan:
    """A stretch of time from `starts_at` up to, not including, `ends_at` (aware UTC)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a team iterates: from the day `first` on, every 1 to 4 weeks; `zone` is an IANA name.

    There is no iteration before `first`. Raises ValueError for another number of weeks.
    """

    first: date
    weeks: int
    zone: str

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= ITERATION_WEEKS_MAX:
            raise ValueError(f"An iteration takes 1 to {ITERATION_WEEKS_MAX} weeks.")

    def running(self, now: datetime) -> IterationSpan | None:
        """Return the iteration that `now` falls into; None before the first."""
        return next(self.back_from(now), None)

    def next_start(self, now: datetime) -> datetime:
        """Return when the next iteration begins, always after `now`."""
        running = self.running(now)
        return running.ends_at if running else self._start(0)

    def back_from(self, now: datetime) -> Iterator[IterationSpan]:
        """Return the iteration that runs at `now` and those before it, the latest first."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        # One further on: where a zone left a day out, a day's beginning may lie after that day.
        index = (today - self.first) // timedelta(weeks=self.weeks) + 1
        for number in range(index, -1, -1):
            box = IterationSpan(self._start(number), self._start(number + 1))
            if box.starts_at <= now:
                yield box

    def _start(self, number: int) -> datetime:
        return beginning(self.first + number * timedelta(weeks=self.weeks), self.zone)


class Timebox(Protocol):
    """A stretch of time from `starts_at` up to, not including, `ends_at`."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def iteration_length(iterations: Iterable[Timebox]) -> timedelta:
    """Return how long a team's iterations take: the last one known, else two weeks."""
    last = max(iterations, key=lambda each: each.starts_at, default=None)
    return last.ends_at - last.starts_at if last else timedelta(weeks=ITERATION_WEEKS_USUAL)


def stale_after(level: str, iteration: timedelta, pi: timedelta) -> timedelta:
    """Return how long an open item may stay untouched: two iterations, a train's item one PI."""
    return pi if level == "train" else 2 * iteration


def beginning(day: date, zone: str) -> datetime:
    """Return when a day begins in a zone, in UTC.

    Of a midnight that comes twice the first counts. One that the clock skips is read with the
    offset before it (PEP 495), which is the instant of the change itself.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


class Interval(Protocol):
    """A planning interval of any tool."""

    @property
    def name(self) -> str: ...
    @property
    def starts(self) -> date: ...


def are_one(pi: Interval, name: str, starts: date) -> bool:
    """Tell whether PIs of two tools are the same: they have one name, or begin within a week."""
    return alike(pi.name) == alike(name) or abs(pi.starts - starts) <= timedelta(weeks=1)


def progress(starts: date, weeks: int, today: date) -> str:
    """Say where a planning interval stands: "week 3 of 10", "begins in 5 days", "over since …"."""
    days = (today - starts).days
    if days < 0:
        return f"begins in {counted(-days, 'day')}"
    if days >= 7 * weeks:
        over = days - 7 * weeks
        return f"ended {counted(over, 'day')} ago" if over else "ended today"
    return f"week {days // 7 + 1} of {weeks}"
