"""Reveal a vote of 20 items and 60 people, and compare the arithmetic with the database around it.

    python -m bench.reveal [--quick]

The arithmetic is what the reveal computes: steps, agreement, 1,000 resamples, ranks, and what is
worth another vote. The database is everything else that the reveal costs until its two cards are
drawn: the turn's transaction, and reading what the cards show. The figure is arithmetic ÷ database,
the median of several reveals.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import storage.patience
from bot.outcome import Outcome
from bot.router import Router
from bot.turn import Click, Command, Intent, Person, Place, Turn
from bot.wire import encode
from handlers import FEATURES
from handlers.wsjf import outcome as outcomes
from handlers.wsjf.actions import PollView, ResultView, Reveal
from handlers.wsjf.scale import SCALE
from storage import Database, Store
from storage.migrate import upgrade
from storage.polls import COLUMNS
from tests.postgres import own_server

WORKSPACE = "bench:reveal"
ITEMS, PEOPLE = 20, 60
PATIENCE_S = 60.0
"""How long writing 4,800 cards at once may take; nobody votes like that."""

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Stopwatch:
    """Adds up the seconds spent in the pure rules."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def on(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Return the rule, measured."""

        def measured(*args: Any, **kwargs: Any) -> Any:
            began = perf_counter()
            try:
                return rule(*args, **kwargs)
            finally:
                self.seconds += perf_counter() - began

        return measured


async def compare_on(database: Database, rounds: int, arithmetic: Stopwatch) -> list[float]:
    """Return arithmetic ÷ database of each reveal."""
    router = Router(FEATURES, database)
    await _act(router, "say", Command("improve", "Builds take forty minutes"))
    await database.write(WORKSPACE, START, _items)
    ratios = []
    for number in range(rounds + 1):
        poll = await database.write(WORKSPACE, START, _vote)
        arithmetic.seconds = 0.0
        began = perf_counter()
        outcome = await _act(router, f"reveal {number}", Click(Reveal(poll)))
        assert not outcome.refused, outcome
        for view in (PollView(poll), ResultView(poll, 1)):
            async with database.read(WORKSPACE, START) as store:
                await router.draw(store, encode(view))
        around = perf_counter() - began - arithmetic.seconds
        if number:  # the first walks every path once
            ratios.append(arithmetic.seconds / around)
    return ratios


async def _items(store: Store) -> None:
    team = await store.teams.resolve("room", "lead")
    for number in range(2, ITEMS + 1):
        await store.items.add(team.id, f"Matter {number}", by="lead")


async def _vote(store: Store) -> int:
    """Start a vote that everybody has filled in."""
    team = await store.teams.resolve("room", "lead")
    numbers = range(1, ITEMS + 1)
    poll = await store.polls.start("room", team.id, "lead", numbers)
    cells = [(number, column) for number in numbers for column in COLUMNS]
    for person in range(PEOPLE):
        hand = {cell: random.choice(SCALE) for cell in cells}
        await store.ballots.cast(poll, f"v{person}", hand, START)
    return poll.id


async def _act(router: Router, key: str, intent: Intent) -> Outcome:
    now = START + timedelta(minutes=1)
    lead = Person("lead", "Lead")
    turn = Turn(WORKSPACE, Place("room", "room"), lead, intent, now, key=key, acted_at=now)
    return await router.handle(turn)


async def _on(url: str, rounds: int, arithmetic: Stopwatch) -> list[float]:
    await asyncio.to_thread(upgrade, url)
    database = Database(url)
    ratios = await compare_on(database, rounds, arithmetic)
    await database.close()
    return ratios


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="5 reveals on each database")
    rounds = 5 if parser.parse_args(arguments).quick else 25
    arithmetic = Stopwatch()
    storage.patience.PATIENCE_S = PATIENCE_S
    vars(outcomes)["came_to"] = arithmetic.on(outcomes.came_to)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'hone.db'}"
        on_sqlite = median(asyncio.run(_on(url, rounds, arithmetic)))
    with own_server() as server:
        url = server.postgres.url_of("postgres")
        on_postgres = median(asyncio.run(_on(url, rounds, arithmetic)))
    print(
        f"arithmetic ÷ database of a reveal, {ITEMS} items × {PEOPLE} people: "
        f"sqlite {on_sqlite:.2f}×, postgresql {on_postgres:.2f}×"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
