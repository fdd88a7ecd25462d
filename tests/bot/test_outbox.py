"""What the outbox promises: every card arrives, shows the last state, in order and at a pace."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.outbox import LEASE
from bot.platform import Refused, Removed, SendError, Throttled, Unsure
from bot.turn import home_of
from bot.wire import encode
from storage import Database, Store
from storage.claiming import Room as Hands
from storage.claiming import claim_posts
from storage.lanes import Gaps
from storage.posts import PostRow
from storage.sending import dead_posts, retry_dead
from storage.workspaces import Workspace
from tests.bot.tally import WORKSPACE, Call, Room, Tally, accept, marked


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


class Answers:
    """Gives the platform's answers one after the other, then accepts everything."""

    def __init__(self, *answers: SendError | None) -> None:
        self._left = list(answers)

    async def __call__(self, _: Call) -> None:
        answer = self._left.pop(0) if self._left else None
        if answer is not None:
            raise answer


class Held:
    """Lets calls begin and keeps their answers back until `go` is set."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _: Call) -> None:
        self.begun.set()
        await self.go.wait()


# --- live cards ------------------------------------------------------------------------------


async def test_300_marks_cost_a_few_updates(room: Room) -> None:
    """A live vote must not meet a platform's rate limit: fifty updates a minute for everybody."""
    room.platform.gaps = Gaps(card=2.0)
    await room.post("general")
    await room.settle()
    for _ in range(10):
        await asyncio.gather(*(room.mark("general") for _ in range(30)))
        await room.wait(0.5)
    await room.wait(2)
    assert room.platform.shown("general") == ["300 marks"]
    assert 2 <= len([call for call in room.platform.calls if call.kind == "update"]) <= 4


async def test_a_mark_made_while_the_card_is_on_its_way_is_shown_by_the_next(room: Room) -> None:
    await room.post("general")

    async def mark_meanwhile(_: Call) -> None:
        room.platform.answering = accept
        await room.mark("general")

    room.platform.answering = mark_meanwhile
    await room.settle()
    assert room.platform.shown("general") == ["1 mark"]


async def test_a_mark_not_committed_when_the_card_arrives_is_shown_by_the_next(room: Room) -> None:
    """The sender could take an older count for the last one, and the card would stay behind."""
    await room.post("general")
    await room.settle()
    await room.mark("general")
    written, commit = asyncio.Event(), asyncio.Event()
    slow: list[asyncio.Task[None]] = []

    async def slowly(store: Store) -> None:
        await marked(store, "general")
        written.set()
        await commit.wait()

    async def mark_meanwhile(_: Call) -> None:
        room.platform.answering = accept
        slow.append(asyncio.create_task(room.database.write(WORKSPACE, room.now, slowly)))
        await written.wait()

    room.platform.answering = mark_meanwhile
    sending = asyncio.create_task(room.settle())
    await written.wait()
    await asyncio.sleep(0.05)  # the sender meets the transaction that is still open
    commit.set()
    await asyncio.gather(sending, *slow)
    await room.settle()
    assert room.platform.shown("general") == ["2 marks"]


async def test_a_failed_update_is_repaired_by_the_next(room: Room) -> None:
    await room.post("general")
    await room.settle()
    room.platform.answering = Answers(Unsure("502"))
    await room.mark("general")
    await room.settle()
    assert room.platform.shown("general") == ["0 marks"]
    await room.wait(2)
    assert room.platform.shown("general") == ["1 mark"]


# --- order -----------------------------------------------------------------------------------


async def test_messages_of_a_channel_go_one_after_the_other(room: Room) -> None:
    """Two in the air at once may land in either order, and a platform allows one a second."""
    room.platform.answering = held = Held()
    for _ in range(3):
        await room.post("general")
    await room.outbox.send_due()
    await held.begun.wait()
    assert await room.outbox.send_due() == 0, "the second set off before the first had landed"
    assert await room.replica().send_due() == 0, "another replica sent it"
    held.go.set()
    await room.outbox.drain()
    await room.settle()
    assert len(room.platform.shown("general")) == 3


async def test_a_channel_that_waits_does_not_hold_up_another(room: Room) -> None:
    room.platform.answering = held = Held()
    for _ in range(40):
        await room.post("busy")
    await room.outbox.send_due()
    await held.begun.wait()
    await room.post("quiet")
    assert await room.outbox.send_due() == 1
    held.go.set()
    await room.outbox.drain()
    assert room.platform.shown("quiet") == ["0 marks"]


async def test_a_card_is_updated_while_a_new_message_is_on_its_way(room: Room) -> None:
    """Updates do not stand in line with messages, or a slow post would freeze a live vote."""
    await room.post("general")
    await room.settle()
    held = Held()
    room.platform.answering = held
    await room.post("general")
    await room.outbox.send_due()
    await held.begun.wait()
    room.platform.answering = accept
    await room.mark("general")
    assert await room.outbox.send_due() == 1
    held.go.set()
    await room.outbox.drain()
    assert room.platform.calls[-1].kind == "update"


async def test_an_answer_waits_for_the_message_it_stands_under(room: Room) -> None:
    await room.post("general")
    room.platform.answering = Answers(Unsure("time-out"))
    await room.settle()
    await room.post("general", under="general")
    await room.settle()
    assert room.platform.shown("general") == []
    await room.wait(2)
    await room.wait(1)
    (parent, (to_parent, _)), (_, (to_answer, _)) = room.platform.messages.items()
    assert (to_parent.thread, to_answer.thread) == (None, parent)


async def test_an_answer_whose_message_is_lost_goes_to_the_channel(room: Room) -> None:
    """Better in the channel than nowhere."""
    await room.post("general")
    room.platform.answering = Answers(Refused("msg_too_long"))
    await room.settle()
    await room.post("general", under="general")
    await room.settle()
    assert [to.thread for to, _ in room.platform.messages.values()] == [None]


# --- pace ------------------------------------------------------------------------------------


async def test_messages_and_updates_keep_their_distance(room: Room) -> None:
    room.platform.gaps = Gaps(message=1.1, card=2.0)
    for _ in range(4):
        await room.post("general")
    for _ in range(50):
        await room.mark("general")
        await room.wait(0.2)
    posts = [call.at for call in room.platform.calls if call.kind == "post"]
    assert len(posts) == 4
    assert _least_gap(posts) >= 1.1
    assert len(room.platform.calls) > 4, "nothing was updated meanwhile"
    await room.wait(3)
    assert set(room.platform.shown("general")) == {"50 marks"}


def _least_gap(times: list[datetime]) -> float:
    return min((b - a).total_seconds() for a, b in pairwise(times))


@pytest.mark.parametrize("scope", ["channel", "workspace"])
async def test_a_storm_of_429_over_50_channels(room: Room, scope: str) -> None:
    """No call before its time is up, and everything arrives: or the platform blocks the app."""
    chance = random.Random(7)
    channels = [f"c{n}" for n in range(50)]
    open_from: dict[str, datetime] = {}
    early: list[Call] = []

    async def storm(call: Call) -> None:
        lane = call.to.channel if scope == "channel" else "all"
        if room.now < open_from.get(lane, room.now):
            early.append(call)
        await asyncio.sleep(0)  # others set off meanwhile
        if chance.random() < (0.4 if scope == "channel" else 0.05):
            open_from[lane] = room.now + timedelta(seconds=30)
            raise Throttled(30, scope)  # type: ignore[arg-type]

    room.platform.answering = storm
    await asyncio.gather(*(room.post(channel) for channel in channels * 2))
    for _ in range(40):
        await room.wait(chance.choice([30, 30, 10]))
        if len(room.platform.messages) == 100:
            break
    assert not early
    assert {channel: len(room.platform.shown(channel)) for channel in channels} == dict.fromkeys(
        channels, 2
    )


async def test_own_pages_that_must_wait_hold_up_nothing_else(room: Room) -> None:
    """Platforms count what is published there apart; a live vote goes on."""
    homes = [home_of(f"p{n}") for n in range(40)]
    room.platform.answering = Answers(Throttled(30, "call"))
    await asyncio.gather(*(room.post(home) for home in homes))
    await room.settle()
    assert len(room.platform.calls) == 1, "others were tried although it had said to wait"
    await room.post("general")
    await room.settle()
    await room.replica().send_due()
    assert room.platform.shown("general") == ["0 marks"]
    assert len(room.platform.calls) == 2
    await room.wait(30)
    assert len(room.platform.messages) == 41


async def test_a_card_that_would_look_the_same_is_not_sent_again(room: Room) -> None:
    id = await room.post("general")
    await room.settle()

    async def refresh(store: Store) -> None:
        await store.posts.refresh(encode(Tally("general")))

    async def send_again(store: Store) -> None:
        post = await store.posts.find(id)
        assert post is not None
        await store.posts.send_again(post)

    await room.database.write(WORKSPACE, room.now, refresh)
    await room.settle()
    assert [call.kind for call in room.platform.calls] == ["post"]
    await room.database.write(WORKSPACE, room.now, send_again)
    await room.settle()
    assert [call.kind for call in room.platform.calls] == ["post", "update"], "it was lost there"


async def test_being_told_to_wait_is_no_failure(room: Room) -> None:
    """A busy hour must not end in dead letters."""
    room.platform.answering = Answers(*(Throttled(30) for _ in range(15)))
    await room.post("general")
    for _ in range(16):
        await room.wait(30)
    assert room.platform.shown("general") == ["0 marks"]


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
        await claim_posts(store, LEASE, hands, lambda _: Gaps())

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


# --- one-to-one ------------------------------------------------------------------------------


async def test_a_chat_is_opened_once_and_remembered(room: Room) -> None:
    async def tell(store: Store) -> None:
        await store.people.remember("ada", "Ada")
        await store.posts.add(encode(Tally("general")), person="ada")
        await store.posts.add(encode(Tally("general")), person="ada")

    await room.database.write(WORKSPACE, room.now, tell)
    await room.settle()
    assert len(room.platform.shown("dm-ada")) == 2
    async with room.database.read(WORKSPACE, room.now) as store:
        ada = await store.people.find("ada")
    assert ada is not None
    assert ada.direct_channel == "dm-ada"


async def _row(room: Room, post: str) -> PostRow:
    async with room.database.read(WORKSPACE, room.now) as store:
        row = await store.posts.find(post)
    assert row is not None
    return row
