"""What the outbox does when a platform refuses, a workspace leaves or a replica dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.outbox import LEASE
from bot.platform import Refused, Removed, SendError, Throttled, Unsure
from storage import Database, Store
from storage.claiming import Room as Hands
from storage.claiming import claim_posts
from storage.lanes import RateLimits
from storage.posts import PostRow
from storage.sending import dead_posts, retry_dead
from storage.workspaces import Workspace
from tests.bot.tally import WORKSPACE, Answers, Call, Held, Room, accept

# --- failures --------------------------------------------------------------------------------


async def test_a_message_without_an_answer_is_sent_again(room: Room) -> None:
    """It may then stand twice, which the documentation says; never not at all."""
    room.platform.answering = Answers(Unsure("time-out"), Unsure("502"))
    await room.post("general")
    await room.settle()
    for _ in range(3):
        await room.wait(5)
    assert [call.kind for call in room.platform.calls] == ["post", "post", "post"]
    assert room.platform.shown("general") == ["0 marks"]


async def test_after_ten_failures_an_operator_decides(room: Room) -> None:
    room.platform.answering = Answers(*(Unsure("502") for _ in range(10)))
    await room.post("general")
    for _ in range(12):
        await room.wait(400)
    assert len(room.platform.calls) == 10
    async with room.database.read("", room.now) as store:
        (dead,) = await dead_posts(store)
    assert (dead.attempts, dead.last_error) == (10, "Unsure")
    assert await room.database.write("", room.now, retry_dead) == 1
    await room.settle()
    assert room.platform.shown("general") == ["0 marks"]


async def test_a_refused_message_is_listed_and_does_not_stop_the_channel(room: Room) -> None:
    room.platform.answering = Answers(Refused("invalid_blocks"))
    await room.post("general")
    await room.post("general")
    await room.settle()
    assert len(room.platform.shown("general")) == 1
    async with room.database.read("", room.now) as store:
        assert [row.last_error for row in await dead_posts(store)] == ["invalid_blocks"]


async def test_what_goes_to_a_channel_that_is_gone_is_forgotten(room: Room) -> None:
    room.platform.answering = Answers(Refused("channel_not_found", "channel"))
    post = await room.post("general")
    await room.settle()
    await room.mark("general")
    await room.wait(3600)
    assert len(room.platform.calls) == 1
    assert (await _row(room, post)).state == "gone"


async def test_a_revoked_token_ends_everything_for_the_workspace(room: Room) -> None:
    room.platform.answering = Answers(Refused("token_revoked", "workspace"))
    other = Room(room.database, "test:other")
    await room.post("general")
    await room.outbox.send_due()
    await room.outbox.drain()
    await room.post("random")
    await other.post("general")
    await other.settle()
    assert other.platform.shown("general") == ["0 marks"], "another workspace was silenced too"


async def test_a_card_that_cannot_be_drawn_does_not_stop_the_others(room: Room) -> None:
    await room.post("general", broken=True)
    await room.post("general")
    await room.post("random")
    await room.settle()
    assert room.platform.shown("general") == room.platform.shown("random") == ["0 marks"]


async def test_a_platform_that_hangs_is_given_up_for_now(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.SEND_TIMEOUT_S", 0.05)
    room.platform.answering = Held()
    await room.post("general")
    await room.settle()
    room.platform.answering = accept
    await room.wait(2)
    assert room.platform.shown("general") == ["0 marks"]


# --- removal ---------------------------------------------------------------------------------


async def _remove(room: Room) -> None:
    async def removed(store: Store) -> None:
        await store.workspaces.mark_removed()
        await store.posts.abandon()

    await room.database.write(WORKSPACE, room.now, removed)


@pytest.mark.parametrize("answer", [None, Unsure("time-out"), Throttled(1), Refused("gone")])
async def test_a_workspace_removed_while_a_card_is_on_its_way_gets_nothing_more(
    room: Room, answer: SendError | None
) -> None:
    await room.post("general")

    async def removed_meanwhile(_: Call) -> None:
        await room.mark("general")
        await _remove(room)
        if answer is not None:
            raise answer

    room.platform.answering = removed_meanwhile
    await room.settle()
    await room.database.write("", room.now, retry_dead)
    await room.wait(3600)
    assert len(room.platform.calls) == 1


async def test_a_removal_that_no_event_told_is_learned_from_the_refusal(room: Room) -> None:
    """Slack's event may be lost; the data must go after thirty days all the same."""
    await room.post("general")
    room.platform.answering = Answers(Removed("token_revoked"))
    await room.settle()
    async with room.database.read(WORKSPACE, room.now) as store:
        known = await store.session.get(Workspace, WORKSPACE)
    assert known is not None
    assert known.removed_at == room.now


async def test_a_removed_workspace_gets_nothing_new_either(room: Room) -> None:
    """A delivery from before the removal may still come in, and a timer ring."""
    await _remove(room)
    await room.post("general")
    await room.database.write(
        WORKSPACE, room.now, lambda store: store.timers.set("tally.ring", "k", room.now, "general")
    )
    await room.worker.ring_due()
    await room.settle()
    assert room.platform.calls == []
    await room.database.write(WORKSPACE, room.now, lambda store: store.workspaces.ensure())
    assert await room.worker.ring_due() == 1, "its timers were lost, should it come back"


# --- replicas --------------------------------------------------------------------------------


async def test_two_replicas_never_send_the_same_message(room: Room) -> None:
    replicas = [room.outbox, room.replica()]
    await asyncio.gather(*(room.post(f"c{n % 30}") for n in range(60)))

    async def slowly(_: Call) -> None:
        await asyncio.sleep(0.001)

    room.platform.answering = slowly
    while sum(await asyncio.gather(*(each.send_due() for each in replicas))):
        await asyncio.gather(*(each.drain() for each in replicas))
    assert len(room.platform.calls) == 60


async def test_what_a_dead_replica_had_in_hand_is_sent_after_its_lease(room: Room) -> None:
    await room.post("general")
    await room.post("general")
    hands = Hands(posts=10, that_can_wait=10, each=10, busy={})

    async def claim(store: Store) -> None:
        await claim_posts(store, LEASE, hands, lambda _: RateLimits())

    await room.database.write("", room.now, claim)
    await room.wait(LEASE.total_seconds() - 1)
    assert room.platform.calls == []
    await room.wait(1)
    assert len(room.platform.shown("general")) == 2


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
            row = await _row(room, post)
            assert row.ref is not None or row.leased_until is None


async def _row(room: Room, post: str) -> PostRow:
    async with room.database.read(WORKSPACE, room.now) as store:
        row = await store.posts.find(post)
    assert row is not None
    return row
