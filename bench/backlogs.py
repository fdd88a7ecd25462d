"""A workspace with any number of items, for benches: old ones by the million, and one team's work.

The measured team owns every tenth item and has them all open; nobody touched them for a year. What
it did in the last seventeen weeks is the same at every size: captures, refines and finishes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Integer, String, case, cast, insert, literal, null, select, text
from sqlmodel import col

from handlers.digest.cadence import iso_week
from handlers.digest.edition import Edition
from handlers.digest.telling import keep, tell_week
from handlers.digest.trend import WEEKS_MAX
from storage import Database, Store
from storage.counters import Counter
from storage.items import Item, ItemEvent
from storage.types import Json, UTCDateTime

WORKSPACE = "bench:backlog"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
TEAM = 1
OTHER_TEAMS = 90
WEEKS, ITEMS_A_WEEK = 17, 12
_DONE = ("refining", "ready", "in progress", "accepted")
WALKS = ((), _DONE[:1], _DONE[:2], _DONE, _DONE, ("dropped",))
"""How far the items of a week come."""

CHANNEL, NEW_CHANNEL = "checkout", "checkout-new"
"""One that had a digest every week, and one that has its first."""


async def fill(database: Database, items: int) -> None:
    """Write so many old items, then let the measured team work, and take the sums."""
    async with database.engine.begin() as connection:
        await connection.execute(_old_items(items))
        await connection.execute(_old_events())

    await database.write(WORKSPACE, NOW, _begin(items))
    for week in range(WEEKS, 0, -1):
        await database.write(WORKSPACE, NOW - timedelta(weeks=week), partial(_work, week))
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))  # as PostgreSQL does by itself after a while


def _begin(numbered: int) -> Callable[[Store], Awaitable[None]]:
    async def begin(store: Store) -> None:
        store.session.add(Counter(workspace=WORKSPACE, name="item", value=numbered))
        await store.excerpts.recount()
        team = await store.teams.add("Checkout", "UTC")
        assert team.id == TEAM

    return begin


async def _work(week: int, monday: Store) -> None:
    """Live through a week that began so many weeks ago, with a digest if that is in the trend."""
    team = await monday.teams.find(TEAM)
    assert team is not None
    if week < WEEKS_MAX:
        edition = Edition(CHANNEL)
        name = iso_week(team.zone, monday.now)
        told = await tell_week(monday, team, edition, name, lead="ada", quiet=False)
        await keep(monday, team, edition, name, told)
    later = monday.at(monday.now + timedelta(days=3))
    for number in range(ITEMS_A_WEEK):
        item = await monday.items.add(
            TEAM, f"Builds take {number} minutes", by="ada", owner="ada", points=3
        )
        for state in WALKS[number % len(WALKS)]:
            await later.items.change(item, {"state": state}, by="ben")


def _old_items(count: int) -> Any:
    series = select(literal(1).label("n")).cte("series", recursive=True)
    series = series.union_all(select(series.c.n + 1).where(series.c.n < count))
    n = series.c.n
    mine = n % 10 == 0
    state = case(
        (~mine & (n % 2 == 0), "accepted"),
        (n / 10 % 10 < 5, "captured"),
        (n / 10 % 10 < 7, "refining"),
        else_="ready",
    )
    instant = literal(LONG_AGO, UTCDateTime)
    scored = n / 10 % 2 == 0
    columns: dict[str, Any] = {
        "workspace": literal(WORKSPACE),
        "number": n,
        "team_id": case((mine, TEAM), else_=TEAM + 1 + n % OTHER_TEAMS),
        "kind": case((n / 10 % 3 == 0, "story"), else_="improvement"),
        "level": literal("team"),
        "title": literal("Something from last year, number ") + cast(n, String),
        "themes": literal([], Json),
        "state": state,
        "owner": case((n / 10 % 4 == 0, "ada"), else_=null()),
        "due": case((n / 10 % 5 == 0, literal(LONG_AGO.date() + timedelta(days=30)))),
        "wsjf": case((scored, (n % 97) / literal(10.0))),
        "tc": case((scored, cast(n % 13, Integer))),
        "size": case((scored, cast(1 + n % 7, Integer))),
        "points": case((n / 10 % 3 == 0, cast(1 + n % 8, Integer))),
        "criteria": literal([], Json),
        "ready_checks": literal([], Json),
        "overrides": literal({}, Json),
        "created_by": literal("ada"),
        "created_at": instant,
        "touched_at": instant,
        "finished_at": case((state == "accepted", instant)),
    }
    for name in ("description", "dropped_because", "link", "experiment", "effect", "effect_value"):
        columns[name] = literal("")
    for name in ("metric", "metric_from", "metric_to"):
        columns[name] = literal("")
    return insert(Item).from_select(list(columns), select(*columns.values()))


def _old_events() -> Any:
    """Return what makes each old item have been captured."""
    columns: dict[str, Any] = {
        "workspace": col(Item.workspace),
        "number": col(Item.number),
        "seq": literal(1),
        "team_id": col(Item.team_id),
        "at": col(Item.created_at),
        "person": col(Item.created_by),
        "kind": literal("created"),
        "changes": literal({"state": [None, "captured"]}, Json),
        "reason": literal(""),
    }
    return insert(ItemEvent).from_select(list(columns), select(*columns.values()))
