"""One week of a team in plain numbers, for the next digest to compare with and for the trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.digest.facts import Backlog, ItemFacts
from handlers.digest.flow import WINDOW
from handlers.digest.health import (
    follow_through,
    ownerless,
    readiness_rate,
    ready_runway,
    untouched,
)
from handlers.digest.horizon import horizon, velocity
from storage.states import WORKING_STATES

LATELY: Final = timedelta(weeks=4)

STOCK: Final = (
    "open",
    "horizon",
    "ready",
    "working",
    "stale",
    "unowned",
    "late",
    "scored",
    "waiting",
)
"""The counts of `Week` that tell how things stand, not what moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A team's numbers at one digest; most fields are counts.

    `until` is the instant they tell of. `added` and `done` count since the digest before it.
    `horizon` and `ready` are items in the horizon and the ready ones of them; `late` are open
    improvements past their day; `due` and `kept` are follow-through over 90 days; `done_lately`
    looks back four weeks; `waiting` are items held up by other teams for longer than an iteration,
    None for a week that is told afterwards: what is over since nobody knows any more. `days_known`
    is the age of the oldest item. `runway` is in iterations, None without a velocity. Fields have
    defaults so that rows of older versions can be read.
    """

    week: str
    until: datetime | None = None
    open: int = 0
    horizon: int = 0
    ready: int = 0
    working: int = 0
    stale: int = 0
    unowned: int = 0
    late: int = 0
    added: int = 0
    done: int = 0
    done_lately: int = 0
    due: int = 0
    kept: int = 0
    scored: int = 0
    days_known: int = 0
    waiting: int | None = 0
    runway: float | None = None


def count_week(backlog: Backlog, week: str, since: datetime) -> Week:
    """Return the numbers of `backlog` for the ISO week that its digest is posted for.

    `since` is the instant that the digest before told of; see `looks_back_to`.
    """
    items, rest, now, today = backlog.items, backlog.rest, backlog.now, backlog.today
    chosen = horizon(backlog).items
    unready = readiness_rate(chosen).items
    kept = follow_through(items, today, backlog.zone, today - WINDOW, rest)
    runway = ready_runway(items, velocity(items, backlog.iterations, now), rest).value
    is_open = [item for item in items if item.is_open]
    return Week(
        week=week,
        until=now,
        open=len(is_open) + rest.open,
        horizon=len(chosen),
        ready=len(chosen) - len(unready),
        working=sum(item.state in WORKING_STATES for item in items),
        stale=len(untouched(backlog)) + rest.open,
        unowned=len(ownerless(items)) + rest.unowned,
        late=len(late(backlog)) + rest.late(today),
        added=sum(item.created_at > since for item in items),
        done=len(finished(backlog, since)),
        done_lately=len(finished(backlog, now - LATELY)),
        due=kept.counts[1] if kept.counts else 0,
        kept=kept.counts[0] if kept.counts else 0,
        scored=sum(item.wsjf is not None for item in is_open) + rest.scored,
        waiting=len({link.item for link in backlog.held_up}),
        days_known=(now - (backlog.known_since or now)).days,
        runway=None if runway is None else round(float(runway), 1),
    )


def late(backlog: Backlog) -> list[ItemFacts]:
    """Return open improvements whose due day is over, the longest overdue first."""
    overdue = [
        (item.due, item.number, item)
        for item in backlog.items
        if item.kind == "improvement" and item.is_open and item.due and item.due < backlog.today
    ]
    return [item for _, _, item in sorted(overdue, key=lambda entry: entry[:2])]


def finished(backlog: Backlog, since: datetime) -> list[ItemFacts]:
    """Return items accepted since then."""
    return [
        item
        for item in backlog.items
        if (accepted := item.accepted_at) and since < accepted <= backlog.now
    ]


def looks_back_to(before: Sequence[Week], now: datetime, zone: str) -> datetime:
    """Return since when a digest tells what happened: whatever the last one could not know of.

    Without a digest before, that is a week, whatever the clocks of the zone did in it.
    """
    told_until = before[-1].until if before else None
    return told_until or weeks_ago(1, now, zone)


def weeks_ago(weeks: int, now: datetime, zone: str) -> datetime:
    """Return the instant of the same weekday and time in a zone, so many weeks ago."""
    return (now.astimezone(ZoneInfo(zone)) - timedelta(weeks=weeks)).astimezone(UTC)


def previous(week: str) -> str:
    """Return the name of the ISO week before: "2026-W01" → "2025-W52"."""
    monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1) - timedelta(days=7)
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02}"


def stood_still(this: Week, last: Week) -> bool:
    """Tell whether two weeks show the same stock: flows (added, done) are not compared."""
    return all(getattr(this, name) == getattr(last, name) for name in STOCK)


def weeks_still(this: Week, before: Sequence[Week]) -> int:
    """Return for how many digests in a row nothing has moved, this one included."""
    still = 1
    for last in reversed(before):
        if not stood_still(this, last) or last.added or last.done:
            break
        still += 1
    return still
