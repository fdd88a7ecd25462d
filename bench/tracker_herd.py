"""Two hundred teams follow one site: how often it is asked in an hour, and how many at once.

    python -m bench.tracker_herd            200 teams, an hour
    python -m bench.tracker_herd --quick    20 teams

Time is moved, a minute a step; the tracker answers at once. Jira Cloud lets one app spend 65,000
points an hour, a point a call. Exit status 1 if a team is left out, or more are asked at once than
one site is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bench.made_up import NOW, MadeUp
from bot.router import Router
from bot.trackers.pull import READINGS_MAX_EACH, Puller
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access
from handlers import FEATURES
from storage import Database, Store
from storage.migrate import upgrade

WORKSPACE = "bench:herd"
POINTS_AN_HOUR = 65_000
HOUR = 60


async def _prepared(database: Database, teams: int, *, hooked: bool) -> None:
    async def connect(store: Store) -> None:
        site = await store.trackers.connect(
            "sample", "sample", "", "ada", hook="h" * 32, hook_secret=""
        )
        site.state, site.due_at, site.hooked_at = "open", None, NOW if hooked else None

    async def follow_one(number: int, store: Store) -> None:
        (site,) = await store.trackers.all()
        team = await store.teams.add(f"Team {number}", "UTC")
        scope = await store.trackers.follow(site, team.id, f"P{number}", f"Project {number}")
        scope.step, scope.swept_at, scope.cursor = "following", NOW, "1"

    await database.write(WORKSPACE, NOW, connect)
    for number in range(teams):
        await database.write(WORKSPACE, NOW, partial(follow_one, number))


async def asked(url: str, teams: int, *, hooked: bool) -> tuple[int, int, int]:
    """Return the calls of an hour, how many were made at once, and the teams left out."""
    database, tracker, minute = Database(url), MadeUp(1, page_s=0.001), 0

    def clock() -> datetime:
        return NOW + timedelta(minutes=minute)

    def opens(_: str, access: Access) -> Any:
        return tracker

    await _prepared(database, teams, hooked=hooked)
    puller = Puller(Router(FEATURES, database), database, Sites({"sample": opens}), clock)
    for minute in range(HOUR):  # noqa: B007 - the clock reads it
        while await puller.read_due():
            pass
    left_out = 0
    async with database.read(WORKSPACE, clock()) as store:
        for scope in await store.trackers.scopes_at(1):
            left_out += scope.read_at is None or clock() - scope.read_at > timedelta(minutes=17)
    await database.close()
    return tracker.calls, tracker.at_once_most, left_out


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="20 teams")
    parser.add_argument("--teams", type=int, default=200, help="so many teams")
    given = parser.parse_args(arguments)
    teams = 20 if given.quick else given.teams
    wrong = False
    for hooked in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/hone.db"
            upgrade(url)
            calls, at_once, left_out = asyncio.run(asked(url, teams, hooked=hooked))
        how = "with hooks" if hooked else "polled"
        print(
            f"{teams} teams {how}: {calls:,} calls an hour, {calls / POINTS_AN_HOUR:.1%} of the "
            f"points; {at_once} at once; {left_out} left out"
        )
        wrong = wrong or left_out > 0 or at_once > READINGS_MAX_EACH or calls > POINTS_AN_HOUR
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
