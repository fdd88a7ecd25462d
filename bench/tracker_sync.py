"""Read a tracker of ten thousand issues for the first time while people vote.

    python -m bench.tracker_sync            10,000 issues
    python -m bench.tracker_sync --quick    500

The floor reads the same pages in the same run and keeps nothing. A page of a hundred takes 0.3 s,
as at a cloud. Exit status 1 if an item is missing, or a vote is refused.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Sequence

from sqlalchemy import func, select

from bench.imports import Voting
from bench.load import Sample
from bench.made_up import NOW, MadeUp, follow, puller, read_all
from bot.process import calm_garbage_collector
from storage import Database
from storage.items import Item
from storage.migrate import upgrade

WORKSPACE = "bench:imports"


async def floor(issues: int) -> float:
    """Return the seconds that reading all pages takes, one after the other."""
    tracker, cursor, more = MadeUp(issues), "", True
    began = time.perf_counter()
    while more:
        page = await tracker.page("PAY", cursor, NOW)
        cursor, more = page.cursor, page.more
    return time.perf_counter() - began


async def measured(issues: int, url: str) -> tuple[float, Sample, Sample, float, int]:
    """Return the seconds of a sync, votes before and beside it, memory it added, items kept."""
    database = Database(url)
    voting = Voting(database)
    await voting.begin()
    scope_id = await database.write(WORKSPACE, NOW, lambda store: follow(store, 1, "PAY"))
    idle = await voting.for_seconds(5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    took = 0.0

    async def sync() -> None:
        nonlocal took
        await read_all(puller(database, MadeUp(issues)), database, WORKSPACE, scope_id)
        took = time.perf_counter() - began

    syncing = asyncio.create_task(sync())
    busy = [await voting.for_seconds(2)]
    while not syncing.done():
        busy.append(await voting.for_seconds(2))
    await syncing
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    async with database.read(WORKSPACE, NOW) as store:
        kept = int(await store.session.scalar(select(func.count()).select_from(Item)) or 0) - 1
    await database.close()
    together = Sample(
        sum(each.taken for each in busy),
        sum(each.refused for each in busy),
        took,
        [latency for each in busy for latency in each.latencies_s],
        time.process_time() - cpu,
    )
    return took, idle, together, added, kept


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="500 issues")
    parser.add_argument("--issues", type=int, default=10_000, help="so many issues")
    given = parser.parse_args(arguments)
    issues = 500 if given.quick else given.issues
    calm_garbage_collector()  # as `serve` does once it has started
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hone.db"
        upgrade(url)
        raw = asyncio.run(floor(issues))
        took, idle, busy, added, kept = asyncio.run(measured(issues, url))
    beside, before = (1_000 * each.percentile(99) for each in (busy, idle))
    print(
        f"floor {raw:.1f} s, sync with votes {took:.1f} s of which {busy.cpu_s:.1f} s at work, "
        f"{added:.0f} MB more"
    )
    print(
        f"{issues:,} issues: {took / raw:.2f}× the floor, votes' p99 {beside:.0f} ms beside it "
        f"and {before:.0f} ms before ({beside / before:.1f}×, {busy.refused} refused), "
        f"{issues - kept} missing"
    )
    return 1 if kept != issues or busy.refused else 0


if __name__ == "__main__":
    sys.exit(main())
