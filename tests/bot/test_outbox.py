"""What the outbox promises: every card arrives, shows the last state, in order and at a pace."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.outbox import LEASE, PATIENT_LEASE
from bot.platform import Refused, Throttled, Unsure
from bot.turn import home_of
from bot.wire import encode
from storage import Store
from storage.claiming import Hand, Leases, claim_posts
from storage.claiming import Room as Hands
from storage.lanes import RateLimits
from tests.bot.tally import WORKSPACE, Answers, Call, Held, Room, Tally, accept, marked

# --- live cards ------------------------------------------------------------------------------


async def test_300_marks_cost_a_few_updates(room: Room) -> None:
    """A live vote must not meet a platform's rate limit: fifty updates a minute for everybody."""
    room.platform.rate_limits = RateLimits(card=2.0)
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


async def claimed(room: Room, hands: Hands) -> list[str]:
    """Return the channels that a replica posts in next, with so many hands free."""

    async def claim(store: Store) -> Hand:
        return await claim_posts(store, Leases(LEASE, PATIENT_LEASE), hands, lambda _: RateLimits())

    hand = await room.database.write("", room.now, claim)
    return [post.channel or "" for post in hand.posts]


async def test_what_somebody_waits_for_goes_first(room: Room) -> None:
    """Ten thousand digests are due at nine, and at nine somebody votes."""
    for number in range(3):
        await room.post(f"digest {number}", can_wait=True)
    room.now += timedelta(seconds=1)
    await room.post("vote")
    assert await claimed(room, Hands(posts=1, that_can_wait=1, each=10, busy={})) == ["vote"]


async def test_digests_leave_hands_free_for_whoever_votes(room: Room) -> None:
    """Each takes as long as its platform: were all hands full of them, a vote would wait."""
    for number in range(6):
        await room.post(f"digest {number}", can_wait=True)
    assert len(await claimed(room, Hands(posts=6, that_can_wait=4, each=10, busy={}))) == 4


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


async def test_an_answer_to_an_answer_stands_in_the_same_thread(room: Room) -> None:
    """Slack takes one that names the answer, and shows it to nobody."""
    for _ in range(3):
        await room.post("general", under="general")
        await room.settle()
    first, *_ = room.platform.messages
    assert [to.thread for to, _ in room.platform.messages.values()] == [None, first, first]


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
    room.platform.rate_limits = RateLimits(message=1.1, card=2.0)
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
