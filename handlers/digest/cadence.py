"""When a channel's weekly digest is due: one per ISO week, at a local weekday and time.

A channel needs to remember two values: when its next digest is due and the last ISO week it was
posted for. `next_after` gives the first, `week_due` decides at that moment whether to post. Weeks
only ever move forward, so a clock set back, a repeated hour or a new time zone cannot bring a
second digest for a week; a week is given up only when it is really over, so none goes missing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.text import shown_zone
from handlers.reader.names import WEEKDAYS

LATE_AT_MOST: Final = timedelta(hours=28)
"""How long after its time a digest may still come once its own week has ended locally.

Local dates lie up to 26 h apart: a channel that moves its zone east on Sunday evening finds itself
on Monday. Two more hours forgive replicas whose clocks disagree.
"""

_WEEK: Final = timedelta(days=7)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cadence:
    """A weekly appointment on a local clock.

    `weekday` is 1 (Monday) to 7 (Sunday), `at` a naive time in whole minutes, `zone` an IANA name.
    Raises ValueError for anything else.
    """

    weekday: int
    at: time
    zone: str

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError("The weekday is 1 (Monday) to 7 (Sunday).")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond or self.at.fold:
            raise ValueError("The time is a plain local time in whole minutes.")
        try:
            ZoneInfo(self.zone)
        except (LookupError, ValueError, OSError) as error:  # OSError: the name of a folder
            raise ValueError("The zone is not in the time zone database.") from error

    def __str__(self) -> str:
        weekday = WEEKDAYS[self.weekday - 1]
        return f"{weekday}s at {self.at.hour}:{self.at.minute:02} ({shown_zone(self.zone)})"


def iso_week(zone: str, instant: datetime) -> str:
    """Return the ISO week in which `instant` (aware) falls in `zone`: "2026-W48"; sorts by time."""
    return _name(_monday(zone, instant))


def next_after(cadence: Cadence, now: datetime, last_week: str | None = None) -> datetime:
    """Return when the next digest is due, in UTC; a result not after `now` means: post it late.

    `last_week` is the last ISO week posted for, under whatever cadence. None means that the
    channel never had a digest; it starts with the next appointment, never with a late one.
    """
    monday = _first_open(cadence, now, last_week)
    while last_week is None and _at(cadence, monday) < now:
        monday += _WEEK
    return _at(cadence, monday)


def week_due(
    cadence: Cadence, due_at: datetime, now: datetime, last_week: str | None = None
) -> str | None:
    """Return the ISO week to post a digest for at `now`, or None if there is none to post.

    `due_at` is what `next_after` said, plus any `jitter`. After None ask `next_after` again: the
    week went by while nobody was there to post.
    """
    if due_at > now:
        return None
    monday = _first_open(cadence, now, last_week)
    return _name(monday) if _at(cadence, monday) <= now else None


def jitter(channel: str, within: timedelta = timedelta(minutes=5)) -> timedelta:
    """Return a channel's own small delay, always the same, so that 9:00 is not everyone's 9:00."""
    share = int.from_bytes(hashlib.sha256(channel.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(within.total_seconds() * share))


def _first_open(cadence: Cadence, now: datetime, last_week: str | None) -> date:
    """Return the Monday of the first week whose digest may still be posted.

    That is: no digest was posted for it or for a later one, and it is not over.
    """
    this_monday = _monday(cadence.zone, now)
    monday = this_monday - _WEEK
    if _at(cadence, monday) + LATE_AT_MOST < now:
        monday = this_monday
    while last_week is not None and _name(monday) <= last_week:
        monday += _WEEK
    return monday


def _at(cadence: Cadence, monday: date) -> datetime:
    """Return the week's appointment in UTC.

    A local time that the clock skips moves to the next valid minute; of a repeated one the first
    counts (`fold` stays 0).
    """
    zone = ZoneInfo(cadence.zone)
    local = datetime.combine(monday + timedelta(days=cadence.weekday - 1), cadence.at)
    while not _exists(local, zone):
        local += _MINUTE
    return local.replace(tzinfo=zone).astimezone(UTC)


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    there_and_back = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) == local


def _monday(zone: str, instant: datetime) -> date:
    local = instant.astimezone(ZoneInfo(zone)).date()
    return local - timedelta(days=local.weekday())


def _name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"
