"""Several replicas send from one outbox: each message goes once, in order, and nobody waits for one
that died or stands still."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.outbox import LEASE, PATIENT_LEASE
from bot.platform import Throttled
from storage import Database, Store
from storage.claiming import Leases, claim_posts
from storage.claiming import Room as Hands
from storage.lanes import HOLD, RateLimits
from tests.bot.tally import Answers, Call, Held, Room, accept


async def test_two_replicas_never_send_the_same_message(room: Room) -> None:
    replicas = [room.outbox, room.replica()]
    await asyncio.gather(*(room.post(f"c{n % 30}") for n in range(60)))

    async def slowly(_: Call) -> None:
        await asyncio.sleep(0.001)

    room.platform.answering = slowly
    while sum(await asyncio.gather(*(each.send_due() for each in replicas))):
        await asyncio.gather(*(each.drain() for each in replicas))
    assert len(room.platform.calls) == 60


async def test_a_workspace_that_asked_for_a_rest_gets_it_from_all_replicas(room: Room) -> None:
    """The one that was asked remembers; the others have only the database to tell them."""
    room.platform.answering = Answers(Throttled(30, "workspace"))
    await room.post("general")
    await room.settle()
    other = room.replica()
    await room.post("random")
    room.now += timedelta(seconds=29)
    assert await other.send_due() == 0
    room.now += timedelta(seconds=1)
    assert await other.send_due() == 2
    await other.drain()


async def test_what_a_dead_replica_had_in_hand_is_sent_after_its_lease(room: Room) -> None:
    await room.post("general")
    await room.post("general")
    hands = Hands(posts=10, that_can_wait=10, each=10, busy={})

    async def claim(store: Store) -> None:
        await claim_posts(store, Leases(LEASE, PATIENT_LEASE), hands, lambda _: RateLimits())

    await room.database.write("", room.now, claim)
    await room.wait(LEASE.total_seconds() - 1)
    assert len(room.platform.shown("general")) == 1, "what stands behind it went on"
    await room.wait(1)
    assert len(room.platform.shown("general")) == 2


async def test_a_replica_that_stands_still_holds_a_channel_for_moments_only(room: Room) -> None:
    """Stopped in the middle of a call it tells nobody; what stands behind its message goes on."""
    room.platform.answering = held = Held()
    await room.post("general")
    await room.outbox.send_due()
    await held.begun.wait()
    await room.post("general")
    room.platform.answering = accept
    other = room.replica()
    room.now += HOLD - timedelta(seconds=0.1)
    assert await other.send_due() == 0
    room.now += timedelta(seconds=0.1)
    assert await other.send_due() == 1
    await other.drain()
    assert len(room.platform.shown("general")) == 1
    held.go.set()
    await room.outbox.drain()


async def test_a_platform_that_takes_its_time_turns_no_messages_around(room: Room) -> None:
    """A replica that waits for its call lives, and keeps the channel for as long as that takes."""
    room.platform.answering = held = Held()
    await room.post("general")
    await room.outbox.send_due()
    await held.begun.wait()
    await room.post("general")
    other = room.replica()
    for _ in range(12):
        room.now += timedelta(seconds=1)
        await room.outbox.hold_on()
        assert await other.send_due() == 0
    room.platform.answering = accept
    held.go.set()
    await room.outbox.drain()
    assert await other.send_due() == 1
    await other.drain()
    assert len(room.platform.shown("general")) == 2


async def test_a_worker_keeps_the_lanes_of_what_it_posts(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.platform.answering = held = Held()
    await room.post("general")
    hold_on, kept = room.outbox.hold_on, asyncio.Event()
    ends = room.now + 3 * HOLD

    async def time_passes() -> None:
        await hold_on()
        if held.begun.is_set():
            room.now += HOLD / 2
        if room.now >= ends:
            kept.set()

    monkeypatch.setattr(room.outbox, "hold_on", time_passes)
    monkeypatch.setattr("bot.worker.HOLD_TICK_S", 0.0)
    room.worker.start()
    await held.begun.wait()
    await room.post("general")
    async with asyncio.timeout(20):
        await kept.wait()
    await room.replica().send_due()
    assert len(room.platform.calls) == 1, "the second overtook the first"
    held.go.set()
    await room.worker.stop()


async def test_a_message_drawn_too_late_is_left_to_whoever_claims_it_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a starved machine a lease can end before its message is sent; two would send it then."""
    await room.post("general")
    read = room.database.read

    def slowly(*which: Any, **how: Any) -> Any:
        room.now += LEASE - timedelta(seconds=10)
        return read(*which, **how)

    monkeypatch.setattr(room.database, "read", slowly)
    assert await room.outbox.send_due() == 1
    await room.outbox.drain()
    assert room.platform.calls == []
    monkeypatch.setattr(room.database, "read", read)
    await room.wait(10)
    assert len(room.platform.shown("general")) == 1


async def test_a_replica_that_stops_lets_others_go_on_at_once(room: Room) -> None:
    room.platform.answering = Held()
    await room.post("general")
    await room.outbox.send_due()
    await asyncio.sleep(0.05)
    await room.outbox.stop(0)
    room.platform.answering = accept
    other = room.replica()
    assert await other.send_due() == 1
    await other.drain()


async def test_a_worker_that_stops_leaves_nothing_claimed(database: Database) -> None:
    """A post claimed by a loop that ends there would wait for its lease: a deploy seen by all."""
    for _ in range(5):
        room = Room(database)
        room.worker.start()
        posted = [await room.post(f"c{n}") for n in range(3)]
        await asyncio.sleep(0)
        await room.worker.stop()
        for post in posted:
            row = await room.row(post)
            assert row.ref is not None or row.leased_until is None
