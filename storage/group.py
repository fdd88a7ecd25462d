"""SQLite's one writer: the work of several turns in one commit, each in a savepoint of its own.

One wait for the disk for many votes, and still every turn is answered after its commit:
docs/decisions/0003-group-commit-on-sqlite.md.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from storage.patience import MaybeSaved, Unavailable, time_left
from storage.session import open_session
from storage.store import Store

T = TypeVar("T")

GROUP_MAX = 64
"""Turns committed together."""

QUEUE_MAX = 2_000
"""Turns waiting for the writer; beyond it new ones are refused at once."""

OpenStore = Callable[[AsyncSession, str, datetime], Store]


@dataclass(slots=True, eq=False)
class _Job:
    """One turn's work, waiting for the writer."""

    workspace: str
    now: datetime
    work: Callable[[Store], Awaitable[Any]]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())
    started: bool = False

    def give_up(self) -> None:
        if self.done.done():
            return
        if self.started:  # the commit is under way, and the disk does not answer
            self.done.set_exception(MaybeSaved("the disk is busy"))
        else:
            self.done.set_exception(Unavailable("the database is busy"))


class GroupWriter:
    """Takes work from any number of turns; `touched` is called after a commit with due posts."""

    def __init__(
        self, engine: AsyncEngine, open_store: OpenStore, touched: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._open_store = open_store
        self._touched = touched
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(QUEUE_MAX)
        self._writing: asyncio.Task[None] | None = None

    async def write(
        self,
        workspace: str,
        now: datetime,
        work: Callable[[Store], Awaitable[T]],
        patience_s: float,
    ) -> T:
        """Do the work in the next commit; raises Unavailable, or MaybeSaved during the commit."""
        if self._writing is None or self._writing.done():
            # In no turn's context: it serves all, and outlives the deadline of the first.
            self._writing = asyncio.create_task(self._write_jobs(), context=Context())
        left = time_left(patience_s)
        if left == 0:
            raise Unavailable("the turn's time is over")
        job = _Job(workspace, now, work)
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull as error:
            raise Unavailable("too many turns are waiting") from error
        patience = asyncio.get_running_loop().call_later(left, job.give_up)
        try:
            result: T = await asyncio.shield(job.done)
        finally:
            patience.cancel()
            if not job.started:
                job.done.cancel()  # nobody waits for it any more
        return result

    async def close(self, patience_s: float) -> None:
        """Finish what is queued, unless the disk does not answer, and end."""
        if self._writing is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._jobs.join()
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        self._writing = None

    async def _write_jobs(self) -> None:
        while True:
            jobs = [await self._jobs.get()]
            while len(jobs) < GROUP_MAX and not self._jobs.empty():
                jobs.append(self._jobs.get_nowait())
            try:
                await self._commit_together([job for job in jobs if not job.done.done()])
            finally:
                for _ in jobs:
                    self._jobs.task_done()

    async def _commit_together(self, jobs: list[_Job]) -> None:
        results: list[tuple[_Job, Any, BaseException | None]] = []
        touched = False
        try:
            async with self._engine.connect() as plain:
                connection = await plain.execution_options(writes=True)
                async with connection.begin():
                    for job in jobs:
                        if job.done.done():
                            continue  # its person was told "not saved" while others were at work
                        job.started = True
                        result, error, store = await self._run_in_savepoint(connection, job)
                        results.append((job, result, error))
                        touched = touched or (error is None and store.touched_posts)
        except Exception as failure:  # the commit itself failed: every turn of the group is undone
            for job in jobs:
                if not job.done.done():
                    job.done.set_exception(failure)
            return
        for job, result, error in results:
            if job.done.done():
                continue  # its person stopped waiting
            if error is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(error)
        if touched:
            self._touched()

    async def _run_in_savepoint(
        self, connection: AsyncConnection, job: _Job
    ) -> tuple[Any, BaseException | None, Store]:
        """Run one turn; its own failure, of whatever kind, undoes only its own savepoint."""
        assert connection.sync_connection is not None
        with open_session(connection) as session:
            store = self._open_store(session, job.workspace, job.now)
            try:
                with connection.sync_connection.begin_nested():  # it never waits
                    result = await job.work(store)
                    await store.finish()
            except asyncio.CancelledError:
                if _being_cancelled():
                    raise
                return None, Unavailable("the work was cancelled"), store
            except BaseException as error:  # handed to the turn that raised it
                await _still_in_transaction(connection, error)
                return None, error, store
            return result, None, store


async def _still_in_transaction(connection: AsyncConnection, error: BaseException) -> None:
    """Raise Unavailable if SQLite rolled back the whole group by itself, as on a full disk.

    The driver would then commit nothing without a word: https://sqlite.org/lang_transaction.html
    """
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if not driver.in_transaction:
        raise Unavailable("SQLite gave the transaction up") from error


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
