"""Votes stored and answered, beside a Bolt app that only acknowledges, in the same run.

    python -m bench.throughput [--quick]

Every figure is a ratio to that floor, measured in interleaved rounds on the same machine. A vote
of Hone is verified, parsed, committed (SQLite with `synchronous=FULL`, or PostgreSQL) and then
answered; the voter's private note and the card's updates follow beside it. Last, 500 people vote
on one card within 10 s: how many updates does that cost?
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from bench.contest import Contender, Plan, client, cpu, in_turn, p99, per_second, run, table
from bench.load import open_loop
from bench.replica import Process, databases, floor, hone, on_slack, running, until
from bench.votes import Ballots, send, start_vote
from tests.fakes.slack import FakeSlack
from tests.postgres import Server

BURST_PEOPLE = 500
BURST_S = 10
BURST_SHOWN_MAX_S = 60
"""Longer than a lease: a replica that was too busy to note an update sends it again after that."""
STOCK, PROMPT = "bolt, stock", "bolt, process_before_response"
SQLITE, POSTGRESQL = "hone, sqlite", "hone, postgresql"


FULL = Plan(rounds=9, each=400, a_second=60.0)
QUICK = Plan(rounds=2, each=80, a_second=60.0)


@dataclass(frozen=True, slots=True)
class Burst:
    """How many votes were saved, how many the card says in the end, and the updates it took."""

    saved: int
    shown: int
    updates: int


async def compare(plan: Plan, folder: Path, server: Server) -> str:
    """Run every round and the burst, print the table and return the figure."""
    urls = await databases(folder, server)
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, client() as http:
        settings = on_slack(slack.api_url)
        processes = {
            STOCK: floor("bolt_floor.serve(stock=True)", folder, settings),
            PROMPT: floor("bolt_floor.serve(stock=False)", folder, settings),
            SQLITE: hone("sqlite", folder, urls["sqlite"], settings),
            POSTGRESQL: hone("postgresql", folder, urls["postgresql"], settings),
        }
        async with running(http, processes.values()):
            people = [f"U{number:04}" for number in range(plan.each)]
            for person in people:
                slack.add_person(person, person.title())
            own = {
                name: await start_vote(slack, http, processes[name])
                for name in (SQLITE, POSTGRESQL)
            }
            contenders = {
                name: Contender(
                    process,
                    partial(send, http, process),
                    _votes_of(people, own.get(name, own[SQLITE])),
                )
                for name, process in processes.items()
            }
            await in_turn(contenders, plan)
            print(table("votes", contenders), flush=True)
            burst = await _burst(slack, http, processes[SQLITE])
        if burst.shown != burst.saved:
            raise AssertionError(f"the card says {burst.shown}, but {burst.saved} votes were saved")
        return _figure(contenders, burst)


def _votes_of(people: Sequence[str], ballots: Ballots) -> Callable[[], Awaitable[list[bytes]]]:
    async def votes() -> list[bytes]:
        return [ballots.of(person) for person in people]

    return votes


async def _burst(slack: FakeSlack, http: aiohttp.ClientSession, server: Process) -> Burst:
    """Let many people vote on one card, and wait until it shows everyone who was not refused."""
    ballots = await start_vote(slack, http, server)
    people = [f"UB{number:04}" for number in range(BURST_PEOPLE - 1)]  # the starter has voted
    for person in people:
        slack.add_person(person, person.title())
    bodies = [ballots.of(person) for person in people]
    before = _updates_of(slack, ballots)
    deliver = partial(send, http, server)
    sample = await open_loop(deliver, bodies, BURST_PEOPLE / BURST_S, server.cpu_s)
    saved = sample.taken + 1
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BURST_SHOWN_MAX_S):
            await until(lambda: _voters(ballots) == saved)
    return Burst(saved, _voters(ballots), _updates_of(slack, ballots) - before)


def _updates_of(slack: FakeSlack, ballots: Ballots) -> int:
    return sum(
        method == "chat.update" and arguments["ts"] == ballots.card.ts
        for method, arguments in slack.calls
    )


def _voters(ballots: Ballots) -> int:
    """Return how many have voted, as the card's first line tells: `… 12 people have voted.`"""
    words = ballots.card.said.partition(" have voted")[0].split()
    return int(words[-2]) if words[-2].isdigit() else 0


def _figure(contenders: dict[str, Contender], burst: Burst) -> str:
    parts = []
    for name in (SQLITE, POSTGRESQL):
        rate, work, tail = (
            contenders[name].of_closed(figure) / contenders[STOCK].of_closed(figure)
            for figure in (per_second, cpu, p99)
        )
        database = name.removeprefix("hone, ")
        parts.append(f"{database} {rate:.2f}× votes/s, {work:.2f}× CPU, {tail:.2f}× p99")
    parts.append(f"{burst.shown} voters in {BURST_S} s cost {burst.updates} updates of their card")
    return "; ".join(parts)


if __name__ == "__main__":
    run(__doc__, QUICK, FULL, compare, "of a stock Bolt app that only acknowledges")
