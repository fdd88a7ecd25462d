"""What the outbox does when a platform refuses, a workspace leaves or a replica dies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bench.replica import until
from bot.outbox import LEASE, PATIENT_LEASE
from bot.platform import Refused, Removed, SendError, Throttled, Unsure
from storage import Store, Unavailable
from storage.claiming import RECORD_RESTS
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
    assert (await room.row(post)).state == "gone"


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


async def test_what_nobody_waits_for_is_waited_for_twice_as_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that is slow on Monday at nine would else show every digest twice."""
    monkeypatch.setattr("bot.outbox.SEND_TIMEOUT_S", 0.05)
    monkeypatch.setattr("bot.outbox.PATIENT_SEND_TIMEOUT_S", 60.0)
    room.platform.answered = held = Held()
    await room.post("general", can_wait=True)
    await room.post("vote")
    assert await room.outbox.send_due() == 2
    await until(lambda: len(room.outbox._sending) <= 1, 0.01)
    await asyncio.sleep(0.1)
    held.go.set()
    await room.outbox.drain()
    await room.wait(60)
    assert len(room.platform.shown("general")) == 1
    assert len(room.platform.shown("vote")) == 2, "somebody waits for it: rather twice than late"


@pytest.mark.parametrize("trouble", [Unavailable("busy"), ZeroDivisionError()])
async def test_a_message_that_arrived_is_noted_whatever_is_in_the_way(
    room: Room, trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forgotten, it would be sent again."""
    monkeypatch.setattr("bot.outbox.RECORD_WAITS_S", (0.0, 0.0))
    await room.post("general")
    write, troubles = room.database.write, [trouble, trouble]

    async def stumbling(*what: Any) -> Any:
        if room.platform.messages and troubles:
            raise troubles.pop()
        return await write(*what)

    monkeypatch.setattr(room.database, "write", stumbling)
    await room.settle()
    assert not troubles
    await room.wait(PATIENT_LEASE.total_seconds())
    assert [call.kind for call in room.platform.calls] == ["post"]


# --- a post that ends its process ------------------------------------------------------------


async def _die_with(room: Room) -> None:
    """Take on what is due, and be heard of no more."""
    replica = room.replica()
    room.platform.answering = Held()
    assert await replica.send_due()
    for task in replica._sending:
        task.cancel()
    await asyncio.gather(*replica._sending, return_exceptions=True)
    room.platform.answering = accept
    room.now += LEASE


async def test_a_post_that_ends_two_processes_is_given_up_and_what_is_behind_it_goes_on(
    room: Room,
) -> None:
    """Else it would end every process that Hone is started with, for ever."""
    guilty = await room.post("general")
    await room.post("general")
    await _die_with(room)
    await room.post("random")
    await _die_with(room)
    await room.settle()
    row = await room.row(guilty)
    assert (row.state, row.last_error) == ("dead", "its process ended")
    assert len(room.platform.shown("general")) == len(room.platform.shown("random")) == 1
    assert await room.database.write("", room.now, retry_dead) == 1
    await room.settle()
    assert len(room.platform.shown("general")) == 2


async def test_a_record_that_was_in_hand_at_two_ends_rests_and_goes_all_the_same(
    room: Room,
) -> None:
    """It is a score that a team accepted, and nobody would look for it among dead letters."""
    record = await room.post("tracker:1")
    await _die_with(room)
    await _die_with(room)
    await room.settle()
    assert (await room.row(record)).state == "live"
    assert not room.platform.shown("tracker:1"), "a process that it ends lives for a while"
    await room.wait(RECORD_RESTS.total_seconds())
    assert room.platform.shown("tracker:1") == ["0 marks"]


async def test_who_was_there_when_a_process_ended_is_not_guilty_yet(room: Room) -> None:
    """They are tried one at a time, so that the next end tells which of them it was."""
    for n in range(5):
        await room.post(f"c{n}")
    await _die_with(room)
    await room.post("new")
    assert await room.outbox.send_due() == 2, "one of the five, and what is above suspicion"
    await room.outbox.drain()
    await room.settle()
    assert all(room.platform.shown(f"c{n}") for n in range(5))
    async with room.database.read("", room.now) as store:
        assert await dead_posts(store) == []


async def test_a_database_that_is_away_after_the_claim_makes_no_suspects(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process lives and says so, as soon as it is heard."""
    monkeypatch.setattr("bot.outbox.RECORD_WAITS_S", (0.0,))
    post = await room.post("general")
    read = room.database.read

    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("away")

    for _ in range(3):
        monkeypatch.setattr(room.database, "read", away)
        assert await room.outbox.send_due() == 1
        await room.outbox.drain()
        monkeypatch.setattr(room.database, "read", read)
        row = await room.row(post)
        assert (row.unheard, row.leased_until) == (0, None)
    await room.settle()
    assert len(room.platform.shown("general")) == 1


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
