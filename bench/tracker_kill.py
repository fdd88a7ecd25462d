"""Kill the process that reads a tracker for the first time, again and again.

    python -m bench.tracker_kill            10,000 issues, killed about every 2 s
    python -m bench.tracker_kill --quick    500

One call in ten comes back without an answer, one in five is sent away for a moment, and hooks name
issues at random, each of them twice. Exit status 1 if an item is missing or stands twice.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from bench.made_up import NOW, MadeUp, follow
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
KILLED_AFTER_S = (2.0, 1.3, 2.9, 0.9, 2.4)
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


async def _child(url: str, issues: int) -> None:
    """Read until everything is here and followed."""
    database, tracker = Database(url), Unreliable(issues, page_s=0.05)

    def opens(_: str, access: Access) -> Any:
        return tracker

    def hurried() -> datetime:
        """Return a time that passes ten times as fast, so that no rest takes long."""
        now = datetime.now(UTC)
        return NOW + 10 * (now - NOW)

    reading = Puller(Router(FEATURES, database), database, Sites({"sample": opens}), hurried)
    await reading.begin()
    print("ready", flush=True)
    while True:
        if random.random() < HOOKS:
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


def killed(url: str, issues: int) -> int:
    """Read in processes that die, until one is through; returns how many died."""
    command = [sys.executable, "-m", "bench.tracker_kill", "--child", url]
    deaths = 0
    while True:
        child = subprocess.Popen(
            [*command, "--issues", str(issues)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        try:
            if child.wait(timeout=KILLED_AFTER_S[deaths % len(KILLED_AFTER_S)]) == 0:
                return deaths
            raise RuntimeError("the reading failed by itself")
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            deaths += 1


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
    parser.add_argument("--quick", action="store_true", help="500 issues")
    parser.add_argument("--issues", type=int, default=10_000, help="so many issues")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    issues = 500 if given.quick else given.issues
    if given.child:
        asyncio.run(_child(given.child, given.issues))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hone.db"
        upgrade(url)
        asyncio.run(_prepared(url))
        deaths = killed(url, issues)
        titles, links = asyncio.run(_standing(url))
    lost, doubled = issues - len(set(titles)), len(titles) - len(set(titles))
    print(
        f"{issues:,} issues: {deaths} deaths, {lost} lost, {doubled} doubled, "
        f"{links} links of items that wait"
    )
    return 1 if lost or doubled or links < (issues - 1) // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
