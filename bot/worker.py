"""Does what is due, on any replica: sends posts, rings timers, clears up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.incidents import report
from bot.metrics import TIMERS
from bot.outbox import Outbox
from bot.router import Router
from bot.trackers.pull import Puller
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.turn import HONE, Due, Place, Turn
from storage import Database, Store, Unavailable
from storage.timers import Timer, due_timers
from storage.workspaces import long_removed

POSTS_TICK_S = 0.25
HOLD_TICK_S = 1.0
POSTS_GATHER_S = 0.05
"""Least time between two looks for posts: each post that was sent asks for one."""

TIMERS_TICK_S = 1.0
PULL_TICK_S = 1.0
LET_GO_TICK_S = 15.0
TIMER_BATCH = 50
RINGING_MAX = 4
"""Timers that one replica rings at the same time; on SQLite they share a commit."""

HOUSEKEEPING_EVERY = timedelta(hours=1)

log = structlog.get_logger()


class Worker:
    """A loop for posts and one for their lanes, for timers, for trackers and their sign-ins.

    All run on every replica.
    """

    def __init__(
        self,
        router: Router,
        database: Database,
        outbox: Outbox,
        clock: Callable[[], datetime],
        puller: Puller | None = None,
        tokens: TokenKeeper | None = None,
    ) -> None:
        self._router = router
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._puller = puller
        self._tokens = tokens
        self._tasks: list[asyncio.Task[None]] = []
        self._tidied: datetime | None = None
        self._stopping = asyncio.Event()

    def start(self) -> None:
        self._database.listen()
        self._tasks = [
            asyncio.create_task(self._forever(self._posts), name="posts"),
            asyncio.create_task(self._forever(self._timers), name="timers"),
            asyncio.create_task(self._forever(self._hold_on), name="lanes"),
        ]
        if self._puller is not None:
            self._tasks.append(asyncio.create_task(self._pull(self._puller), name="trackers"))

        if self._tokens is not None:
            self._tasks.append(asyncio.create_task(self._let_go(self._tokens), name="sign-ins"))

    async def stop(self, patience_s: float = 6.0) -> None:
        """Let go: work in hand is finished or returned for another replica."""
        self._stopping.set()
        self._database.woken.set()
        if self._tasks:
            # Not cancelled at once: a post claimed just then would wait for its lease to end.
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        if self._puller is not None:
            await self._puller.stop()
        await self._outbox.stop(patience_s)

    async def _forever(self, act: Callable[[], object], *, once: bool = False) -> None:
        """Act again and again, or until it has worked `once`."""
        while not self._stopping.is_set():
            try:
                await act()  # type: ignore[misc]
                if once:
                    return
            except Unavailable as error:
                log.warning("database_unavailable", cause=str(error))
                await self._pause(1.0)
            except Exception as error:  # the loop outlives any one failure
                report(error, "worker_failed")
                await self._pause(1.0)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the worker stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _posts(self) -> None:
        loop = asyncio.get_running_loop()
        looked_at = loop.time()
        self._database.woken.clear()
        if await self._outbox.send_due() == 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POSTS_TICK_S):
                    await self._database.woken.wait()
        await self._pause(looked_at + POSTS_GATHER_S - loop.time())

    async def _hold_on(self) -> None:
        await self._outbox.hold_on()
        await self._pause(HOLD_TICK_S)

    async def _pull(self, puller: Puller) -> None:
        async def once() -> None:
            if await puller.start_due() == 0:
                await self._pause(PULL_TICK_S)

        await self._forever(puller.begin, once=True)
        await self._forever(once)

    async def _let_go(self, tokens: TokenKeeper) -> None:
        async def once() -> None:
            await tokens.let_go_due()
            await self._pause(LET_GO_TICK_S)

        await self._forever(once)

    async def _timers(self) -> None:
        if await self.ring_due() == 0:
            await self._tidy_up()
            await self._pause(TIMERS_TICK_S)

    async def ring_due(self) -> int:
        """Ring every timer that is due and return how many were tried."""
        async with self._database.read("", self._clock()) as store:
            kinds = self._router.due_kinds
            timers = await due_timers(store, kinds, TIMER_BATCH)
        left = iter(timers)

        async def ring_on() -> None:
            for timer in left:
                if self._stopping.is_set():
                    return
                await self._ring(timer)

        ended = await asyncio.gather(
            *(ring_on() for _ in range(RINGING_MAX)), return_exceptions=True
        )
        for error in ended:
            if isinstance(error, BaseException):
                raise error
        return len(timers)

    async def _ring(self, timer: Timer) -> None:
        now = self._clock()

        try:
            turn = await self._router.precompute(_turn_of(timer, now))

            async def ring(store: Store) -> None:
                if await store.timers.take(timer):
                    await self._router.ring(turn, store)

            await self._database.write(timer.workspace, now, ring)
            TIMERS.labels(timer.kind, "rang").inc()
        except Unavailable:
            raise
        except Exception as error:
            TIMERS.labels(timer.kind, "failed").inc()
            report(error, "timer_failed", workspace=timer.workspace, kind=timer.kind)
            later = now + timedelta(seconds=min(3600, 5 * 2**timer.attempts))
            await self._database.write(
                timer.workspace, now, lambda store: store.timers.postpone(timer, later)
            )

    async def _tidy_up(self) -> None:
        """Forget old deliveries, and everything of workspaces that removed Hone long ago."""
        now = self._clock()
        if self._tidied is not None and now - self._tidied < HOUSEKEEPING_EVERY:
            return
        self._tidied = now
        await self._database.write("", now, lambda store: store.inbox.forget_old())
        async with self._database.read("", now) as store:
            gone = await long_removed(store)
        for workspace in gone:
            await self._database.write(
                workspace, now, lambda store: store.workspaces.delete_everything()
            )


def _turn_of(timer: Timer, now: datetime) -> Turn:
    return Turn(
        workspace=timer.workspace,
        place=Place(timer.channel),
        person=HONE,
        intent=Due(timer.kind, timer.key),
        now=now,
        key="",
        acted_at=timer.at,
    )
