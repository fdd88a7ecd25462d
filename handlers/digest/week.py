"""One week of a team in plain numbers, for the next digest to compare with and for the trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

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

FLOW_DAYS: Final = timedelta(days=7)
"""`added` and `done` look back this far, so that a late digest compares with a punctual one."""

STOCK: Final = ("open", "horizon", "ready", "working", "stale", "unowned", "late", "scored")
"""The counts of `Week` that tell how things stand, not what moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A team's numbers at one digest; every field but `week` and `runway` is a count.

    `horizon` and `ready` are items in the horizon and the ready ones of them; `late` are open
    improvements past their day; `due` and `kept` are follow-through over 90 days; `done_lately`
    looks back four weeks; `days_known` is the age of the oldest item. `runway` is in iterations,
    None without a velocity. Fields have defaults so that rows of older versions can be read.
    """

    week: str
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
    runway: float | None = None


def count_week(backlog: Backlog, week: str) -> Week:
    """Return the numbers of `backlog` for the ISO week that its digest is posted for."""
    items, rest, now, today = backlog.items, backlog.rest, backlog.now, backlog.today
    chosen = horizon(backlog).items
    unready = readiness_rate(chosen).items
    kept = follow_through(items, today, backlog.zone, today - WINDOW, rest)
    runway = ready_runway(items, velocity(items, backlog.iterations, now), rest).value
    is_open = [item for item in items if item.is_open]
    return Week(
        week=week,
        open=len(is_open) + rest.open,
        horizon=len(chosen),
        ready=len(chosen) - len(unready),
        working=sum(item.state in WORKING_STATES for item in items),
        stale=len(untouched(backlog)) + rest.open,
        unowned=len(ownerless(items)) + rest.unowned,
        late=len(late(backlog)) + rest.late(today),
        added=sum(now - item.created_at < FLOW_DAYS for item in items),
        done=len(finished(backlog, FLOW_DAYS)),
        done_lately=len(finished(backlog, 4 * FLOW_DAYS)),
        due=kept.counts[1] if kept.counts else 0,
        kept=kept.counts[0] if kept.counts else 0,
        scored=sum(item.wsjf is not None for item in is_open) + rest.scored,
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


def finished(backlog: Backlog, within: timedelta) -> list[ItemFacts]:
    """Return items accepted within this time before now."""
    return [
        item
        for item in backlog.items
        if (accepted := item.accepted_at) and timedelta(0) <= backlog.now - accepted < within
    ]


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
