"""Kill Hone about every two seconds while people vote, then look for every vote it acknowledged.

    python -m bench.kill_votes            10,000 acknowledged on each database, some minutes
    python -m bench.kill_votes --quick    a few hundred, under 45 s

Servers die by `kill -9` and come back, every tenth delivery comes twice, and PostgreSQL is stopped
at once in the middle. Exit status 1 if anything acknowledged was lost or stands twice.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select
from sqlmodel import col

from bench.ledger import Cell, Ledger, Verdict
from bench.replica import START_MAX_S, Process, hone, living, on_slack, until
from bench.voters import Duplicates, UnsteadyLine, Voter
from handlers.wsjf.ballot import field_id
from storage import Database
from storage.ballots import PlayedCard
from storage.items import Item
from storage.migrate import upgrade
from tests.fakes.slack import TEAM, FakeSlack, Message
from tests.fakes.slack_person import SlackPerson
from tests.postgres import Postgres, Server, own_server

POLLS = 3
ITEMS_EACH = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it goes on and what goes wrong meanwhile.

    `at_once` of the `people` act at a time, until `acknowledged` of their acts were.
    """

    acknowledged: int
    people: int
    at_once: int = 32
    kill_every_s: float = 2.0
    duplicated: float = 0.1
    stops_database: bool = True


FULL = Plan(acknowledged=10_000, people=600)
QUICK = Plan(acknowledged=150, people=60, at_once=16)


@dataclass(frozen=True, slots=True)
class Result:
    database: str
    votes: int
    items: int
    kills: int
    duplicates: int
    verdict: Verdict

    def __str__(self) -> str:
        acknowledged = self.votes + self.items
        return (
            f"{self.database:14} {acknowledged:,} acknowledged ({self.votes:,} votes, "
            f"{self.items:,} items), {self.kills} kills, {self.duplicates:,} duplicates: "
            f"lost {self.verdict.lost}, doubled {self.verdict.doubled}"
        )


# --- one database ------------------------------------------------------------------------------


async def on_sqlite(plan: Plan, folder: Path) -> Result:
    """Run one Hone on a file."""
    url = f"sqlite:///{folder / 'hone.db'}"
    return await _run("sqlite", url, plan, folder, replicas=1, server=None)


async def on_postgresql(
    plan: Plan, folder: Path, postgres: Postgres, server: Server | None = None
) -> Result:
    """Run two Hones on one database; its `server` is stopped once if the plan says so."""
    async with postgres.database() as url:
        return await _run("postgresql ×2", url, plan, folder, replicas=2, server=server)


async def _run(
    name: str, url: str, plan: Plan, folder: Path, replicas: int, server: Server | None
) -> Result:
    await asyncio.to_thread(upgrade, url)
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, aiohttp.ClientSession() as http:
        running = [hone(f"hone-{i}", folder, url, on_slack(slack.api_url)) for i in range(replicas)]
        try:
            await asyncio.gather(*(each.start(http) for each in running))
            room = Room(slack, http, running, plan)
            await room.open_polls()
            await room.vote_while(server if plan.stops_database else None)
            for each in running:
                each.kill()
        finally:
            for each in running:
                each.kill()
    verdict = room.ledger.compare(*await _kept(url))
    votes, items = room.ledger.votes_acknowledged, room.ledger.items_acknowledged
    return Result(name, votes, items, room.kills, room.duplicates.made, verdict)


class Room:
    """A workspace full of voters, and the replicas that die under them."""

    def __init__(
        self, slack: FakeSlack, http: aiohttp.ClientSession, replicas: list[Process], plan: Plan
    ) -> None:
        self.ledger = Ledger()
        self.duplicates = Duplicates(plan.duplicated)
        self.kills = 0
        self._slack = slack
        self._http = http
        self._replicas = replicas
        self._plan = plan
        self._polls: list[Message] = []

    def _line(self) -> UnsteadyLine:
        return UnsteadyLine(self._slack, self._http, self._replicas, self.duplicates)

    def _joins(self, person: str, *channels: str) -> UnsteadyLine:
        self._slack.add_person(person, person.title())
        for channel in channels:
            self._slack.channels[channel].add(person)
        return self._line()

    async def open_polls(self) -> None:
        """Start a vote in each of several channels, while nothing goes wrong yet."""
        self.duplicates.share = 0.0
        # Elsewhere, because the cards of new items go out one a second in a channel.
        self._slack.add_channel("CITEMS")
        lead = SlackPerson(self._joins("ULEAD", "CITEMS"), "ULEAD", "CITEMS")
        for number in range(POLLS):
            channel = f"C{number}"
            self._slack.add_channel(channel, "ULEAD")
            first = number * ITEMS_EACH + 1
            items = range(first, first + ITEMS_EACH)
            for item in items:
                await lead.types(f"/improve Matter {item} {random.randbytes(8).hex()}")
            await lead.types("/wsjf " + " ".join(f"#{item}" for item in items), channel)
            self._polls.append(await self._poll_in(channel))
        self.duplicates.share = self._plan.duplicated

    async def _poll_in(self, channel: str) -> Message:
        """Wait for the live card of the channel's vote."""
        async with asyncio.timeout(START_MAX_S):
            await until(lambda: any(_has_vote(each) for each in self._slack.in_channel(channel)))
        return next(filter(_has_vote, self._slack.in_channel(channel)))

    # --- people ---

    async def vote_while(self, server: Server | None) -> None:
        """Have everybody vote until enough was acknowledged, and break things meanwhile."""
        waiting: asyncio.Queue[Voter] = asyncio.Queue()
        for number in range(self._plan.people):
            name = f"U{number:04}"
            line = self._joins(name, *(f"C{poll}" for poll in range(POLLS)))
            waiting.put_nowait(Voter(line, SlackPerson(line, name, "C0"), self._polls, self.ledger))
        going_on = [asyncio.create_task(self._act(waiting)) for _ in range(self._plan.at_once)]
        going_on.append(asyncio.create_task(self._kill_now_and_then()))
        if server is not None:
            going_on.append(asyncio.create_task(self._stop_once(server)))
        try:
            await until(lambda: self._is_enough or any(task.done() for task in going_on))
        finally:
            for task in going_on:
                task.cancel()
            ended = await asyncio.gather(*going_on, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    @property
    def _is_enough(self) -> bool:
        return self.ledger.acknowledged >= self._plan.acknowledged

    async def _act(self, waiting: asyncio.Queue[Voter]) -> None:
        while True:
            voter = await waiting.get()
            await voter.act()
            waiting.put_nowait(voter)

    # --- trouble ---

    async def _kill_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._plan.kill_every_s * random.uniform(0.5, 1.5))
            (await living(self._replicas)).kill()
            self.kills += 1
            # It comes back beside the next kill, as under a supervisor.
            starting = [each for each in self._replicas if not each.alive]
            await asyncio.gather(*(each.start(self._http) for each in starting))

    async def _stop_once(self, server: Server) -> None:
        half = self._plan.acknowledged // 2
        await until(lambda: self.ledger.acknowledged >= half)
        await asyncio.to_thread(server.stop, signal.SIGQUIT)
        await asyncio.sleep(1)
        await asyncio.to_thread(server.start)
        await asyncio.Event().wait()


def _has_vote(message: Message) -> bool:
    return any(button["text"]["text"] == "Vote" for button in message.buttons())


async def _kept(url: str) -> tuple[list[tuple[Cell, str]], list[str]]:
    """Return every card and every item's title that the database holds."""
    database = Database(url)
    try:
        async with database.read(f"slack:{TEAM}", datetime.now(UTC)) as store:
            ballots = (await store.session.scalars(select(PlayedCard))).all()
            titles = (await store.session.scalars(select(col(Item.title)))).all()
    finally:
        await database.close()
    cards: list[tuple[Any, str]] = [
        ((row.voter, str(row.poll_id), field_id((row.number, row.column))), str(row.card))
        for row in ballots
    ]
    return cards, list(titles)


# --- both ----------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few hundred votes, under 45 s")
    plan = QUICK if parser.parse_args().quick else FULL
    results = []
    with tempfile.TemporaryDirectory() as folder:
        results.append(asyncio.run(on_sqlite(plan, Path(folder))))
        print(results[-1], flush=True)
        with own_server(durable=True) as server:
            results.append(asyncio.run(on_postgresql(plan, Path(folder), server.postgres, server)))
        print(results[-1], flush=True)
    lost = sum(result.verdict.lost for result in results)
    doubled = sum(result.verdict.doubled for result in results)
    acknowledged = sum(result.votes + result.items for result in results)
    where = ", ".join(result.database for result in results)
    print(f"lost {lost}, doubled {doubled} of {acknowledged:,} acknowledged ({where})")
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
