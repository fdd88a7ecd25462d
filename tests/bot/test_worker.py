"""What is due rings once, on whichever replica, late rather than never."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.feature import Feature, Reads
from bot.outbox import Outbox
from bot.router import Router
from bot.turn import Due, Reply, Turn
from bot.worker import Worker
from storage import Store, Unavailable
from storage.timers import ATTEMPTS_MAX, Timer
from storage.workspaces import long_removed
from tests.bot.tally import START, WORKSPACE, Room


async def due(room: Room, key: str, at: datetime = START, kind: str = "tally.ring") -> None:
    await room.database.write(
        WORKSPACE, room.now, lambda store: store.timers.set(kind, key, at, "general")
    )


async def rung(room: Room) -> list[str]:
    async with room.database.read(WORKSPACE, room.now) as store:
        return sorted(line.text for line in await store.lines.in_channel("general"))


async def timer(room: Room, key: str, kind: str = "tally.ring") -> Timer | None:
    async with room.database.read(WORKSPACE, room.now) as store:
        return await store.timers.find(kind, key)


async def test_each_timer_rings_once_though_two_workers_look(room: Room) -> None:
    """Two replicas wake at the same second on every Monday morning."""
    for n in range(15):
        await due(room, f"{n:02}")
    other = Worker(Router(room.router.features, room.database), room.database, room.outbox, _start)
    await asyncio.gather(room.worker.ring_due(), other.ring_due())
    assert await rung(room) == [f"{n:02}" for n in range(15)]
    assert await room.worker.ring_due() == 0


def _start() -> datetime:
    return START


async def test_what_a_timer_posts_is_sent(room: Room) -> None:
    await due(room, "digest")
    await room.worker.ring_due()
    await room.settle()
    assert room.platform.shown("general") == ["1 mark"]


async def test_a_worker_that_dies_while_it_rings_leaves_the_timer_or_its_effect(room: Room) -> None:
    """Never both, never neither."""
    begun = asyncio.Event()

    async def slow(turn: Turn, store: Store, key: str) -> Reply:
        await store.lines.add(turn.place.channel, "clock", key)
        begun.set()
        await asyncio.sleep(0.05)
        return None

    await due(room, "once")
    router = Router([Feature("slow", due={"tally.ring": slow})], room.database)
    outbox = Outbox(router, room.database, {}, _start)
    dying = asyncio.create_task(Worker(router, room.database, outbox, _start).ring_due())
    await begun.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    await room.worker.ring_due()
    assert await rung(room) == ["once"]
    assert await timer(room, "once") is None


class Seer:
    """A feature that takes its time to foresee what its timer will do."""

    def __init__(self, room: Room) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        feature = Feature(
            "seer", due={"tally.ring": self.ring}, precompute={"tally.ring": self.see}
        )
        router = Router([feature], room.database)
        outbox = Outbox(router, room.database, {}, _start)
        self.worker = Worker(router, room.database, outbox, _start)

    async def see(self, turn: Turn, reads: Reads, key: str) -> str:
        self.begun.set()
        await self.go.wait()
        return f"{key} foreseen"

    async def ring(self, turn: Turn, store: Store, key: str) -> Reply:
        assert isinstance(turn.intent, Due)
        await store.lines.add(turn.place.channel, "clock", str(turn.intent.precomputed))
        return None


async def test_nobody_waits_while_a_timer_is_worked_out(room: Room) -> None:
    """SQLite has one writer: a digest that is told inside it stands before every vote."""
    await due(room, "digest")
    seer = Seer(room)
    ringing = asyncio.create_task(seer.worker.ring_due())
    await seer.begun.wait()
    await room.mark("general")
    assert await rung(room) == ["|"]
    seer.go.set()
    await ringing
    assert await rung(room) == ["digest foreseen", "|"]


async def test_a_timer_cancelled_while_it_was_worked_out_does_not_ring(room: Room) -> None:
    await due(room, "digest")
    seer = Seer(room)
    ringing = asyncio.create_task(seer.worker.ring_due())
    await seer.begun.wait()
    await room.database.write(
        WORKSPACE, room.now, lambda store: store.timers.cancel("tally.ring", "digest")
    )
    seer.go.set()
    await ringing
    assert await rung(room) == []


async def test_a_timer_that_fails_is_undone_put_off_and_stops_no_other(room: Room) -> None:
    await due(room, "fails", START - timedelta(hours=1))
    await due(room, "works")
    with capture_logs() as logs:
        assert await room.worker.ring_due() == 2
    assert await rung(room) == ["works"]
    assert [log["event"] for log in logs] == ["timer_failed"]
    waits = []
    for _ in range(ATTEMPTS_MAX + 3):
        found = await timer(room, "fails")
        assert found is not None, "it was given up for good"
        waits.append((found.at - room.now).total_seconds())
        room.now = found.at
        with capture_logs():
            assert await room.worker.ring_due() == 1
    assert waits == sorted(waits), "the pauses do not grow"
    assert (waits[0], waits[-1]) == (5, 24 * 3600)


async def test_a_late_timer_rings_and_rings_once(room: Room) -> None:
    """Hone was down over the weekend."""
    await due(room, "friday")
    room.now += timedelta(days=3)
    assert await room.worker.ring_due() == 1
    assert await room.worker.ring_due() == 0
    assert await rung(room) == ["friday"]


async def test_a_timer_rings_neither_early_nor_after_it_was_cancelled(room: Room) -> None:
    await due(room, "later", START + timedelta(seconds=1))
    await due(room, "never", START + timedelta(seconds=1))
    assert await room.worker.ring_due() == 0
    await room.database.write(
        WORKSPACE, room.now, lambda store: store.timers.cancel("tally.ring", "never")
    )
    room.now += timedelta(seconds=1)
    assert await room.worker.ring_due() == 1
    assert await rung(room) == ["later"]


async def test_a_timer_moved_while_a_worker_had_it_in_hand_keeps_its_new_time(room: Room) -> None:
    await due(room, "moved")
    seen = await timer(room, "moved")
    assert seen is not None
    await due(room, "moved", START + timedelta(hours=1))
    assert not await room.database.write(WORKSPACE, START, lambda store: store.timers.take(seen))
    await room.database.write(
        WORKSPACE, START, lambda store: store.timers.postpone(seen, START + timedelta(days=9))
    )
    now = await timer(room, "moved")
    assert now is not None
    assert now.at == START + timedelta(hours=1)


async def test_a_timer_of_a_newer_version_waits_for_it(room: Room) -> None:
    """During a deploy the older replica must not swallow what only the newer one understands."""
    await due(room, "k", kind="next.version")
    assert await room.worker.ring_due() == 0
    assert await timer(room, "k", "next.version") is not None


async def test_a_worker_outlives_a_database_that_is_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> int:
        monkeypatch.undo()
        raise Unavailable("TimeoutError")

    monkeypatch.setattr(room.outbox, "send_due", away)
    with capture_logs() as logs:
        room.worker.start()
        await room.post("general")
        async with asyncio.timeout(60):
            while not room.platform.shown("general"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await room.worker.stop()
    assert [log["event"] for log in logs] == ["database_unavailable"]


async def test_what_a_removed_workspace_left_is_deleted_after_thirty_days(room: Room) -> None:
    """Uninstalling is a promise to forget; thirty days in case it was a mistake."""
    other = Room(room.database, "test:stays")
    for each in (room, other):
        await each.mark("general")
    await room.database.write(WORKSPACE, START, lambda store: store.workspaces.mark_removed())
    for days, left in ((0, 1), (30, 0)):
        room.now = START + timedelta(days=days, seconds=1)
        worker = Worker(room.router, room.database, room.replica(), lambda: room.now)
        worker.start()
        async with asyncio.timeout(60):
            while len(await rung(room)) != left:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await worker.stop()
    async with room.database.read("test:stays", START) as store:
        assert await store.lines.in_channel("general")


@pytest.mark.parametrize("days", [1, 29, 31])
async def test_a_removed_workspace_may_come_back_for_thirty_days(room: Room, days: int) -> None:
    """Somebody took the app away by mistake, and noticed after their holidays."""
    await room.mark("general")
    await room.database.write(WORKSPACE, START, lambda store: store.workspaces.mark_removed())
    async with room.database.read("", START + timedelta(days=days)) as store:
        assert list(await long_removed(store)) == ([WORKSPACE] if days > 30 else [])
