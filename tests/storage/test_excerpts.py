"""What a team's health is told from is found by index, however much lies beside it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from storage import Database, Store
from storage.excerpts import Excerpt, Reach

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
MONTH = timedelta(weeks=4)
WORKSPACE = "test:acme"


def reach(**other: Any) -> Reach:
    usual: dict[str, Any] = {
        "since": NOW - timedelta(days=120),
        "untouched": (NOW - MONTH, NOW - 3 * MONTH),
        "today": NOW.date(),
        "next": 10,
        "listed": 10,
        "asks": 3,
    }
    return Reach(**(usual | other))


def numbers(excerpt: Excerpt) -> list[int]:
    return [item.number for item in excerpt.items]


async def test_every_list_is_the_beginning_of_an_index(database: Database) -> None:
    """A list that must be sorted, or searched for, takes as long as the backlog is."""
    if not database.is_sqlite:
        return  # PostgreSQL chooses by what is in the tables; bench.digest shows that it is flat
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def _(_c: Any, _u: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    async with database.read(WORKSPACE, NOW) as store:
        await store.excerpts.of_team(1, reach())
        statements = [each for each in asked if each[0].startswith("SELECT")]
        assert len(statements) == 4
        connection = await store.session.connection()
        for statement, values in statements:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(row.detail) for row in plan]
            assert not [s for s in steps if s.startswith(("SCAN items", "SCAN item_events"))]
            assert not [s for s in steps if "FOR ORDER BY" in s]


async def test_of_what_nobody_changed_only_the_first_are_read(database: Database) -> None:
    """The top of the rank and the longest untouched; the last ones, which may be dropped, too."""

    async def fill(store: Store) -> None:
        team = await store.teams.add("Checkout", "UTC")
        then = store.at(LONG_AGO)
        for number in range(1, 61):
            score = {"wsjf": float(number), "tc": 3, "size": 3} if number > 30 else {}
            await then.items.add(team.id, "Slow builds", by="ada", **score)
        await store.items.add(team.id, "New", by="ada")

    await database.write(WORKSPACE, NOW, fill)
    async with database.read(WORKSPACE, NOW) as store:
        found = await store.excerpts.of_team(1, reach())
    untouched, last, top, new = range(1, 11), range(28, 31), range(51, 61), [61]
    assert numbers(found) == [*untouched, *last, *top, *new]
    assert {name: count for (_, name), count in found.rest.items()} == {"open": 37, "scored": 20}
    assert list(found.events) == [61], "nothing happened to the others that anybody looks back to"
    assert found.known_since == LONG_AGO


async def test_last_weeks_horizon_is_known_although_others_came_before_it(
    database: Database,
) -> None:
    """Ten urgent items came today; what the next ten were last week must still be told."""

    async def fill(store: Store) -> None:
        team = await store.teams.add("Checkout", "UTC")
        for then, value in ((LONG_AGO, 2.0), (LONG_AGO, 5.0), (NOW, 20.0)):
            for _ in range(10):
                await store.at(then).items.add(
                    team.id, "Slow builds", by="ada", wsjf=value, tc=3, size=3
                )

    await database.write(WORKSPACE, NOW, fill)
    async with database.read(WORKSPACE, NOW) as store:
        found = await store.excerpts.of_team(1, reach(listed=0, asks=0))
    assert numbers(found) == list(range(11, 31))


async def test_sums_follow_every_change_and_can_be_taken_anew(database: Database) -> None:
    """What was finished is not open; what was reopened is."""

    async def live(store: Store) -> None:
        team = await store.teams.add("Checkout", "UTC")
        item = await store.items.add(
            team.id, "Slow builds", by="ada", state="ready", due=NOW.date(), points=5
        )
        here = (WORKSPACE, team.id, NOW.date())
        expected = {(*here, "open"): 1, (*here, "ready"): 1, (*here, "points"): 5}
        expected |= {(*here, "unowned"): 1}
        assert await store.tallies.of_team(team.id) == expected
        await store.items.change(item, {"state": "accepted"}, by="ada")
        assert await store.tallies.of_team(team.id) == {}
        await store.items.change(item, {"state": "ready"}, by="ada")
        assert await store.tallies.of_team(team.id) == expected
        await store.excerpts.recount()
        assert await store.tallies.of_team(team.id) == expected

    await database.write(WORKSPACE, NOW, live)


async def test_a_turn_that_failed_leaves_the_sums_alone(database: Database) -> None:
    """On SQLite it shares its transaction with others, and only its own savepoint is undone."""

    async def fails(store: Store) -> None:
        await store.items.add(1, "Never kept", by="ada")
        raise ValueError

    async def succeeds(store: Store) -> None:
        await store.items.add(1, "Kept", by="ada")

    both = [database.write(WORKSPACE, NOW, work) for work in (fails, succeeds, fails)]
    failed, _, _ = await asyncio.gather(*both, return_exceptions=True)
    assert isinstance(failed, ValueError)
    async with database.read(WORKSPACE, NOW) as store:
        assert sum((await store.tallies.of_team(1)).values()) == 1
