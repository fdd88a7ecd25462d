"""Reads what items' titles mean, outside of any turn, where likeness by meaning is on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.incidents import report
from storage import Database, Store, Unavailable
from storage.vectors import Meaning, titles_to_read

BATCH = 20
"""Titles read between two looks at the database: a quarter of a second's work."""

LOOK_EVERY_S = 10.0

log = structlog.get_logger()


class Learner:
    """A loop that any number of replicas may run: who is second writes the same numbers again."""

    def __init__(self, database: Database, meaning: Meaning, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._meaning = meaning
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever(), name="learner")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def learn(self) -> int:
        """Read some titles that nobody read yet; return how many."""
        now = self._clock()
        async with self._database.read("", now) as store:
            titles = await titles_to_read(store, self._meaning.model, BATCH)
        read = await self._meaning.read([title for _, _, title in titles])
        for workspace in dict.fromkeys(workspace for workspace, _, _ in titles):
            numbers = [number for place, number, _ in titles if place == workspace]
            keep = partial(self._keep, read, numbers)
            await self._database.write(workspace, now, keep)
        return len(titles)

    async def _keep(self, read: dict[str, bytes], numbers: list[int], store: Store) -> None:
        await store.vectors.keep(self._meaning.model, read, numbers)

    async def _forever(self) -> None:
        while True:
            try:
                learnt = await self.learn()
            except Unavailable as error:
                log.warning("database_unavailable", cause=str(error))
                learnt = 0
            except Exception as error:  # the loop outlives any one failure
                report(error, "learner_failed")
                learnt = 0
            await asyncio.sleep(0 if learnt == BATCH else LOOK_EVERY_S)
