"""Kill the process that reads a tracker for the first time, and the one that writes to some.

    python -m bench.tracker_kill            10,000 issues and 1,000 scores, killed about every 2 s
    python -m bench.tracker_kill --quick    500 and 80

One call in ten comes back without an answer, one in five is sent away for a moment, and while all
is read for the first time hooks name issues at random, each of them twice. Scores are accepted
while their writer dies, and new items put there (`bench/write_backs.py`). Exit status 1 if anything
is missing or stands twice.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from bench import write_backs
from bench.made_up import NOW, MadeUp, follow
from bench.mortal import killed
from bot.remote import RemoteItem
from bot.router import Router
from bot.trackers.pull import Puller
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access, Lost, NotNow, Page, Silent
from handlers import FEATURES
from storage import Database, Store
from storage.item_links import ItemLink
from storage.items import Item
from storage.migrate import upgrade

WORKSPACE = "bench:kill"
LOST_ANSWERS, SENT_AWAY, HOOKS = 0.1, 0.2, 0.1


class Unreliable(MadeUp):
    """Does not always answer."""

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        page = await super().page(scope, cursor, now)
        self._perhaps_not()
        return page

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        found = await super().one(scope, id)
        self._perhaps_not()
        return found

    def _perhaps_not(self) -> None:
        luck = random.random()
        if luck < LOST_ANSWERS:
            raise Silent("It does not answer.")
        if luck < LOST_ANSWERS + SENT_AWAY:
            raise NotNow("Not so fast.", datetime.now(UTC) + timedelta(seconds=1))


def read(ready: Event, url: str, issues: int) -> None:
    """Read until everything is here and followed."""
    asyncio.run(_read_on(ready, url, issues))


async def _read_on(ready: Event, url: str, issues: int) -> None:
    database, tracker = Database(url), Unreliable(issues, page_s=0.05)

    def opens(_: str, access: Access) -> Any:
        return tracker

    def hurried() -> datetime:
        """Return a time that passes ten times as fast, so that no rest takes long."""
        now = datetime.now(UTC)
        return NOW + 10 * (now - NOW)

    reading = Puller(Router(FEATURES, database), database, Sites({"sample": opens}), hurried)
    await reading.begin()
    ready.set()
    row = None
    while True:
        if random.random() < HOOKS and (row is None or row.step != "following"):
            await database.write(WORKSPACE, hurried(), partial(_called, random.randrange(issues)))
        await reading.start_due()
        async with database.read(WORKSPACE, hurried(), patient=True) as store:
            row = await store.trackers.scope(1)
            waiting = await store.readings.waiting(1)
        if row is not None and row.step == "following" and not waiting:
            break
        await asyncio.sleep(0.02)
    await reading.stop()
    await database.close()


async def _called(number: int, store: Store) -> None:
    """A hook names an issue, twice."""
    for _ in range(2):
        await store.trackers.hooked("h" * 32, [f"PAY-{number}"])


async def _prepared(url: str) -> None:
    database = Database(url)
    team = await database.write(WORKSPACE, NOW, lambda s: s.teams.add("Checkout", "UTC"))
    await database.write(WORKSPACE, NOW, lambda store: follow(store, team.id, "PAY"))
    await database.close()


async def _standing(url: str) -> tuple[list[str], int]:
    """Return the titles of all items, and how many links there are."""
    database = Database(url)
    async with database.read(WORKSPACE, NOW, patient=True) as store:
        titles = (await store.session.scalars(select(col(Item.title)))).all()
        links = await store.session.scalar(select(func.count()).select_from(ItemLink))
    await database.close()
    return list(titles), links or 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="500 issues, 80 scores")
    parser.add_argument("--issues", type=int, default=10_000, help="so many issues, 0 for none")
    parser.add_argument("--scores", type=int, default=1_000, help="so many scores, 0 for none")
    given = parser.parse_args(arguments)
    issues, scores = (500, 80) if given.quick else (given.issues, given.scores)
    good = not issues or _reads(issues)
    good &= not scores or _writes(scores)
    return 0 if good else 1


def _reads(issues: int) -> bool:
    """Read in processes that die, tell what is here, and return whether that is all."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hone.db"
        upgrade(url)
        asyncio.run(_prepared(url))
        deaths = asyncio.run(killed(read, url, issues))
        titles, links = asyncio.run(_standing(url))
    lost, doubled = issues - len(set(titles)), len(titles) - len(set(titles))
    print(
        f"{issues:,} issues: {deaths} deaths, {lost} lost, {doubled} doubled, "
        f"{links} links of items that wait"
    )
    return not (lost or doubled) and links >= (issues - 1) // 10


def _writes(scores: int) -> bool:
    """Write in processes that die, tell what is there, and return whether that is all, once."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hone.db"
        upgrade(url)
        found = asyncio.run(write_backs.written_back(url, scores))
    print(found)
    return not (found.lost or found.doubled)


if __name__ == "__main__":
    sys.exit(main())
