"""How long a change in a tracker takes to the card in the chat, and a change here to the tracker.

    python -m bench.tracker_hook            200 of each
    python -m bench.tracker_hook --quick    20

The floor is an edit in the chat and the card that follows it: the outbox's own pace, in the same
run, in turn. A hook's way is counted from the commit of its hint, since what is before that is the
network. Both loops of a worker run as they do in a process; the tracker is the sample one. Exit
status 1 if a change did not arrive.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from bot.cards import Card
from bot.outbox import Outbox
from bot.platform import Address, Platform
from bot.router import Router
from bot.trackers.pull import Puller
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.sites import Sites
from bot.trackers.writer import TrackerWriter
from bot.turn import Command, Person, Place, Turn
from bot.wire import encode
from bot.worker import Worker
from handlers import FEATURES
from handlers.ui.views import ItemView
from storage import Database, Store
from storage.lanes import RateLimits
from storage.migrate import upgrade

WORKSPACE = "bench:hooks"
CHANNEL = "payments"
ADA = Person("ada", "Ada")
TICKET = 6
PATIENCE_S = 10.0


def clock() -> datetime:
    return datetime.now(UTC)


class Watched:
    """A platform that notes when a card says something."""

    name = "bench"
    rate_limits = RateLimits()

    def __init__(self) -> None:
        self.said = asyncio.Event()
        self.awaited = ""

    async def post(self, to: Address, card: Card) -> str:
        self._look(card)
        return "m1"

    async def update(self, to: Address, ref: str, card: Card) -> None:
        self._look(card)

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        raise AssertionError("nothing here is pinned")

    async def open_direct(self, workspace: str, person: str) -> str:
        return f"dm-{person}"

    def _look(self, card: Card) -> None:
        if self.awaited and self.awaited in card.summary:
            self.said.set()


class Bench:
    """Hone with the sample tracker, and one item's card in a channel."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.router = Router(FEATURES, database)
        self.tracker = SampleTracker(database, WORKSPACE, clock)
        sites = Sites({"sample": lambda kind, access: self.tracker})
        self.platform = Watched()
        platforms: dict[str, Platform] = {
            "bench": self.platform,
            "tracker": TrackerWriter(self.router, database, sites, clock),
        }
        puller = Puller(self.router, database, sites, clock)
        outbox = Outbox(self.router, database, platforms, clock)
        self.worker = Worker(self.router, database, outbox, clock, puller)
        self.keys = 0
        self.number = 0
        self.hook = "h" * 43

    async def write(self, work: Callable[[Store], Awaitable[object]]) -> None:
        await self.database.write(WORKSPACE, clock(), work)

    async def says(self, line: str) -> None:
        self.keys += 1
        now = clock()
        name, _, rest = line.partition(" ")
        place = Place(CHANNEL, CHANNEL)
        # Nobody is let type that fast, so each line is another person's.
        someone = ADA if self.keys == 1 else Person(f"p{self.keys}", f"Person {self.keys}")
        turn = Turn(WORKSPACE, place, someone, Command(name, rest), now, f"k{self.keys}", now)
        outcome = await self.router.handle(turn)
        assert not outcome.refused, outcome

    async def begin(self) -> None:
        """Have the team follow the project, and the card stand."""
        await self.says("help")
        self.worker.start()

        async def connect(store: Store) -> None:
            await store.trackers.connect(
                "sample", "sample", "", ADA.id, hook=self.hook, hook_secret=""
            )

        async def follow(store: Store) -> None:
            (site,) = await store.trackers.all()
            team = await store.teams.resolve(CHANNEL, ADA.id)
            await store.trackers.follow(site, team.id, "PAY", "Payments")

        async def start(store: Store) -> None:
            scope = await store.trackers.scope(1, lock=True)
            assert scope is not None
            scope.step, scope.cursor, scope.due_at = "first", "", store.now

        async def show(store: Store) -> None:
            rows = await store.tracked.by_id([("sample:sample", str(TICKET))])
            self.number = rows["sample:sample", str(TICKET)].number
            await store.posts.add(encode(ItemView(self.number)), channel=CHANNEL)

        await self.write(connect)
        await self.until(lambda store: self._site_is(store, "open"))
        await self.write(follow)
        await self.until(lambda store: self._step_is(store, "shown"))
        await self.write(start)
        await self.until(lambda store: self._step_is(store, "following"))
        await self.write(show)

    async def until(self, holds: Callable[[Store], Awaitable[bool]]) -> None:
        async with asyncio.timeout(60):
            while True:
                async with self.database.read(WORKSPACE, clock()) as store:
                    if await holds(store):
                        return
                await asyncio.sleep(0.05)

    async def _site_is(self, store: Store, state: str) -> bool:
        site = await store.trackers.find(1)
        return site is not None and site.state == state

    async def _step_is(self, store: Store, step: str) -> bool:
        scope = await store.trackers.scope(1)
        return scope is not None and scope.step == step

    # --- the three ways ---

    async def to_card(self, title: str, act: Callable[[str], Awaitable[None]]) -> float:
        """Return seconds from the end of an act to the card that says the title."""
        self.platform.awaited = title
        self.platform.said.clear()
        await act(title)
        began = time.perf_counter()
        async with asyncio.timeout(PATIENCE_S):
            await self.platform.said.wait()
        return time.perf_counter() - began

    async def edited_here(self, title: str) -> None:
        await self.says(f"backlog rename #{self.number} {title}")

    async def edited_there(self, title: str) -> None:
        async def change(store: Store) -> None:
            ticket = await store.tickets.find(TICKET, lock=True)
            assert ticket is not None
            await store.tickets.change(ticket, {"title": title}, by="Grace")
            await store.trackers.hooked(self.hook, [str(TICKET)])

        await self.write(change)

    async def to_tracker(self, title: str) -> float:
        """Return seconds from an edit here to the ticket that has it."""
        await self.edited_here(title)
        began = time.perf_counter()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with self.database.read(WORKSPACE, clock()) as store:
                    ticket = await store.tickets.find(TICKET)
                if ticket is not None and ticket.title == title:
                    return time.perf_counter() - began
                await asyncio.sleep(0.002)


async def measured(url: str, rounds: int) -> dict[str, list[float]]:
    """Return seconds by way; in between, what was written is read back and disturbs nobody."""
    database = Database(url)
    bench = Bench(database)
    ways: dict[str, Callable[[str], Awaitable[float]]] = {
        "edit → card": lambda title: bench.to_card(title, bench.edited_here),
        "hook → card": lambda title: bench.to_card(title, bench.edited_there),
        "edit → tracker": bench.to_tracker,
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    try:
        await bench.begin()
        for n in range(rounds):
            for way, take in ways.items():
                found[way].append(await take(f"{way} {n}"))
                await asyncio.sleep(0.3)
        return found
    finally:
        await bench.worker.stop()
        await database.close()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    rounds = 20 if asked.parse_args().quick else 200
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'hone.db'}"
        upgrade(url)
        try:
            found = asyncio.run(measured(url, rounds))
        except TimeoutError:
            print("a change did not arrive")
            return 1
    print(f"{rounds} of each       median   p95 (ms)")
    for name, took in found.items():
        print(f"{name:16} {median(took) * 1000:8.0f} {quantiles(took, n=20)[-1] * 1000:8.0f}")
    floor = median(found["edit → card"])
    print(
        f"tracker_hook: a hook's card takes {median(found['hook → card']) / floor:.1f} × an edit's,"
        f" the tracker {median(found['edit → tracker']) / floor:.1f} ×"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
