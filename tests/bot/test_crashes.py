"""Each channel gets each digest, however often Hone dies while it rings, claims, sends and records.

A crash stops all that a replica is doing before or after it asks the database or the platform for
something, and nothing is tidied up. The next one finds what was committed, and no more.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.outbox import LEASE, Outbox
from bot.platform import Throttled, Unsure
from bot.worker import Worker
from storage import Database
from storage.database import T, Work
from storage.lines import Line
from storage.sending import dead_posts, retry_dead
from tests.bot.tally import WORKSPACE, Call, Room, accept
from tests.examples import IN_CI

KILLS = 200 if IN_CI else 60
STEPS_MAX = 16
"""A digest takes about so many: it is read, rung, claimed, drawn, sent and noted."""

PAUSE = timedelta(seconds=300)
"""The longest wait after a failure."""


class Fate:
    """Ends a life at a step that was drawn for it: whoever gets there goes no further."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._left = 0

    def draw(self, steps: int) -> None:
        self._left = steps
        self.reached.clear()

    async def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
        if self.reached.is_set():
            await asyncio.Event().wait()


class FatefulDatabase(Database):
    """A database whose replica may die right before and right after each transaction."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self._fate = fate

    async def write(self, workspace: str, now: datetime, work: Work[T]) -> T:
        await self._fate.step()
        result = await super().write(workspace, now, work)
        await self._fate.step()
        return result


class RoughPlatform:
    """Refuses a fifth of all calls; loses a tenth of its answers after doing what was asked."""

    def __init__(self, chance: random.Random, fate: Fate) -> None:
        self._chance = chance
        self._fate = fate
        self.lost = self.refused = 0

    async def before(self, _: Call) -> None:
        await self._fate.step()
        if self._chance.random() < 0.2:
            self.refused += 1
            raise Throttled(1)

    async def after(self, _: Call) -> None:
        await self._fate.step()
        if self._chance.random() < 0.1:
            self.lost += 1
            raise Unsure("lost")


@pytest.fixture
async def mortal(database_url: str) -> AsyncIterator[tuple[Room, Fate]]:
    fate = Fate()
    database = FatefulDatabase(database_url, fate)
    yield Room(database), fate
    await database.close()


async def test_no_digest_is_missing_however_often_hone_dies(mortal: tuple[Room, Fate]) -> None:
    """One may come twice, where an answer was lost or Hone died before it was noted; never not.

    What Hone had in hand when it died, twice, may be what it died of: that waits for an operator.
    """
    room, fate = mortal
    chance = random.Random(7)
    rough = RoughPlatform(chance, fate)
    room.platform.answering, room.platform.answered = rough.before, rough.after
    channels: list[str] = []
    kills = 0
    while kills < KILLS:
        fate.draw(0)
        channels.append(f"c{len(channels)}")
        await _become_due(room, channels[-1])
        fate.draw(chance.randint(1, STEPS_MAX))
        kills += await _live_and_die(room, fate)
        room.now += LEASE + PAUSE
    assert rough.lost > KILLS // 40
    assert rough.refused > KILLS // 10

    fate.draw(0)
    room.platform.answering = room.platform.answered = accept
    for _ in range(3):
        while await room.worker.ring_due():
            pass
        await room.settle()
        room.now += LEASE + PAUSE
    async with room.database.read("", room.now) as store:
        given_up = await dead_posts(store)
    missing = {channel for channel in channels if not room.platform.shown(channel)}
    assert missing <= {post.channel for post in given_up}, "missing, and not even listed"
    assert {post.last_error for post in given_up} <= {"its process ended"}
    await room.database.write("", room.now, retry_dead)
    await room.settle()
    shown = [len(room.platform.shown(channel)) for channel in channels]
    assert shown.count(0) == 0
    assert sum(shown) - len(shown) <= rough.lost + kills
    assert await _rung(room) == sorted(channels), "a timer rang twice, or its effect was lost"


async def _become_due(room: Room, channel: str) -> None:
    await room.database.write(
        WORKSPACE,
        room.now,
        lambda store: store.timers.set("tally.ring", channel, room.now, channel),
    )


async def _rung(room: Room) -> list[str]:
    async with room.database.read(WORKSPACE, room.now) as store:
        return sorted(await store.session.scalars(select(col(Line.text))))


async def _live_and_die(room: Room, fate: Fate) -> bool:
    """Let a new replica do what is due; False if it was done before its end came."""
    outbox = room.replica()
    worker = Worker(room.router, room.database, outbox, lambda: room.now)

    async def live() -> None:
        while await worker.ring_due() + await outbox.send_due():
            await outbox.drain()

    living = asyncio.create_task(live())
    dying = asyncio.create_task(fate.reached.wait())
    await asyncio.wait([living, dying], return_when=asyncio.FIRST_COMPLETED)
    sending = [task for task in asyncio.all_tasks() if _name(task) == Outbox._deliver.__qualname__]
    for task in (living, dying, *sending):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    return fate.reached.is_set()


def _name(task: asyncio.Task[Any]) -> str:
    return str(getattr(task.get_coro(), "__qualname__", ""))
