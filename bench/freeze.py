"""Stop one of two replicas in the middle of a transaction: what it costs those who use the other.

    python -m bench.freeze            three times 45 s
    python -m bench.freeze --quick    once 8 s

Both work on one PostgreSQL. People write to the one that goes on, an item twice a second, each in
another channel. The other one is stopped (SIGSTOP) where it holds a transaction, and its locks with
it: where it holds none it goes on for a moment and is stopped again. What it had in its hands to
post waits for its lease, so items that were asked for before do not count.

Exit status 1 if somebody was not answered 200, or waited 5 s longer than before the freeze.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from sqlalchemy import text

from bench.contest import ms
from bench.replica import Process, hone, on_slack, running, until
from bot.slack.adapter import PATH
from storage import Database
from storage.migrate import upgrade
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson
from tests.postgres import Server, own_server

MAY_COST_S = 5.0
CHANNELS = 20
EVERY_S = 0.5
BEFORE_S = 10.0
LATEST_S = 60.0
"""How long is waited for the last card."""

NEVER = float("inf")
TRIES = 400

_HELD = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE state LIKE 'idle in transaction%' AND now() - state_change > interval '0.15 s'"
)


@dataclass(slots=True)
class Item:
    """What somebody asked for: when, and how long its answer and its card took."""

    word: str
    at: float
    status: int = 0
    answered_s: float = NEVER
    shown_s: float = NEVER


class People:
    """They write to one replica, and look for what it posts."""

    def __init__(self, slack: FakeSlack, http: aiohttp.ClientSession, replica: Process) -> None:
        self.items: list[Item] = []
        self.stopped = False
        self._slack = slack
        self._line = SlackLine(slack, http, replica.address(PATH))
        for number in range(CHANNELS):
            slack.add_person(f"U{number}", f"Ann {number}")
            slack.add_channel(f"C{number}", f"U{number}")

    async def write(self) -> None:
        """Write until they are told to stop, on time however long answers take."""
        async with asyncio.TaskGroup() as writing:
            for number in itertools.takewhile(lambda _: not self.stopped, itertools.count()):
                writing.create_task(self._write(number % CHANNELS))
                await asyncio.sleep(EVERY_S)

    async def _write(self, number: int) -> None:
        item = Item(f"matter{random.randbytes(6).hex()}", time.monotonic())
        self.items.append(item)
        await SlackPerson(self._line, f"U{number}", f"C{number}").types(f"/improve {item.word}")
        item.status, item.answered_s = self._line.status, time.monotonic() - item.at

    async def look(self) -> None:
        """Note when each card is there."""
        seen = 0
        while True:
            new, now = self._slack.messages[seen:], time.monotonic()
            seen += len(new)
            said = json.dumps([message.blocks for message in new])
            for item in self.items:
                if item.shown_s == NEVER and item.word in said:
                    item.shown_s = now - item.at
            await asyncio.sleep(0.02)


async def stop_in_a_transaction(replica: Process, database: Database) -> bool:
    """Stop it; return whether it holds a transaction now."""
    for _ in range(TRIES):
        os.kill(replica.pid, signal.SIGSTOP)
        await asyncio.sleep(0.2)
        async with database.engine.connect() as asking:
            if await asking.scalar(_HELD):
                return True
        os.kill(replica.pid, signal.SIGCONT)
        await asyncio.sleep(random.uniform(0, 0.1))
    os.kill(replica.pid, signal.SIGSTOP)
    return False


@dataclass(frozen=True, slots=True)
class Cost:
    """What people waited at most, in seconds, before and during a freeze."""

    held: bool
    asked: int
    refused: int
    before_s: float
    frozen_s: float

    @property
    def is_little(self) -> bool:
        return self.refused == 0 and self.frozen_s - self.before_s <= MAY_COST_S


async def freeze(frozen_for_s: float, folder: Path, server: Server) -> Cost:
    """Freeze one of two replicas for so long."""
    url = await server.postgres.create(f"freeze{random.randbytes(4).hex()}")
    await asyncio.to_thread(upgrade, url)
    watching = Database(url)
    async with FakeSlack(lambda: datetime.now(UTC)) as slack, aiohttp.ClientSession() as http:
        both = [hone(f"hone-{n}", folder, url, on_slack(slack.api_url)) for n in range(2)]
        async with running(http, both):
            people = People(slack, http, both[0])
            at_it = [asyncio.create_task(people.write()), asyncio.create_task(people.look())]
            await asyncio.sleep(BEFORE_S)
            usual = people.items[:]
            held = await stop_in_a_transaction(both[1], watching)
            stopped = time.monotonic()
            await asyncio.sleep(frozen_for_s)
            people.stopped = True
            await at_it[0]
            asked = [item for item in people.items if item.at >= stopped]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LATEST_S):
                    await until(lambda: all(item.shown_s < NEVER for item in asked))
            at_it[1].cancel()
    await watching.close()
    refused = sum(item.status != 200 for item in asked)
    return Cost(held, len(asked), refused, _longest(usual), _longest(asked))


def _longest(items: list[Item]) -> float:
    waits = [max(item.answered_s, item.shown_s) for item in items]
    return max((wait for wait in waits if wait < NEVER), default=0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="once 8 s")
    times, frozen_for_s = (1, 8.0) if parser.parse_args().quick else (3, 45.0)
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder, own_server() as server:
        for _ in range(times):
            costs.append(asyncio.run(freeze(frozen_for_s, Path(folder), server)))
            print(costs[-1], flush=True)
    worst = max(costs, key=lambda cost: cost.frozen_s - cost.before_s)
    held, refused = sum(each.held for each in costs), sum(each.refused for each in costs)
    print(
        f"a replica stopped for {frozen_for_s:.0f} s, {held} of {times} times in a transaction: "
        f"{refused} of {sum(each.asked for each in costs)} not answered 200; the longest wait for "
        f"a card {ms(worst.frozen_s)}, {ms(worst.before_s)} before"
    )
    return 0 if all(cost.is_little for cost in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
