"""Hone never has to be told to slow down, and a herd of digests holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.platform import Throttled
from bot.slack.limits import RATE_LIMITS as SLACK
from bot.teams.limits import RATE_LIMITS as TEAMS
from bot.turn import home_of
from bot.wire import encode
from storage import Database, Store
from storage.ids import new_id
from storage.lanes import CATCH_UP, RateLimits, open_after, room_in
from storage.lines import Line
from tests.bot.tally import WORKSPACE, Call, Room, Tally, accept, marked

TICK_S = 0.25
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def herd(room: Room, channels: Sequence[str]) -> None:
    """Have a digest due in each channel, or what stands there drawn again."""

    async def all_at_once(store: Store) -> None:
        for channel in channels:
            if await store.posts.newest_showing(encode(Tally(channel)), channel):
                await store.session.execute(insert(Line).values(**in_nobodys_name(store, channel)))
                await store.posts.show_changes({f"lines:{channel}"}, can_wait=True)
            else:
                await store.posts.add(encode(Tally(channel)), channel=channel, can_wait=True)

    await room.database.write(room.workspace, room.now, all_at_once)


def in_nobodys_name(store: Store, channel: str) -> dict[str, object]:
    """Return a mark that posts do not hear of by themselves."""
    who = {"channel": channel, "person": "clock", "text": "|", "at": store.now}
    return {"workspace": store.workspace, "id": new_id(store.now), **who}


async def pass_time(room: Room, seconds: float) -> None:
    """Let replicas look as often as they do, rather than only once."""
    for _ in range(round(seconds / TICK_S)):
        await room.wait(TICK_S)


def most_within(seconds: float, calls: Sequence[Call]) -> int:
    """Return how many calls fell into the busiest span of so many seconds."""
    times = sorted(call.at for call in calls)
    return max(
        sum(start <= at < start + timedelta(seconds=seconds) for at in times) for start in times
    )


def of_kind(room: Room, kind: str) -> list[Call]:
    return [call for call in room.platform.calls if call.kind == kind]


def names(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


# --- how fast ------------------------------------------------------------------------------------


async def test_a_herd_of_digests_and_quiet_weeks_stays_within_what_slack_takes(room: Room) -> None:
    """Some hundred messages and fifty updates a minute in a workspace, however many channels."""
    room.platform.rate_limits = SLACK
    await herd(room, names(24))
    await pass_time(room, 6)
    assert len(of_kind(room, "post")) == 24, "slower than it may be"
    assert most_within(1.0, of_kind(room, "post")) <= 6
    assert most_within(5.0, of_kind(room, "post")) <= 22
    await herd(room, names(24))
    await pass_time(room, 30)
    assert len(of_kind(room, "update")) == 24, "slower than it may be"
    assert most_within(15.0, of_kind(room, "update")) <= 13


async def test_two_replicas_keep_one_pace(database: Database) -> None:
    """A platform counts what an app does, whichever machine did it."""
    room = Room(database)
    room.platform.rate_limits = RateLimits(workspace={"post": 0.5})
    replicas = [room.outbox, room.replica(), room.replica()]
    await herd(room, names(20))
    for _ in range(40):
        await asyncio.gather(*(each.send_due() for each in replicas))
        await asyncio.gather(*(each.drain() for each in replicas))
        room.now += timedelta(seconds=TICK_S)
    assert len(of_kind(room, "post")) == 20
    assert most_within(5.0, of_kind(room, "post")) <= 1 + (5.0 + CATCH_UP.total_seconds()) / 0.5


async def test_cards_in_one_teams_channel_are_updated_one_by_one(room: Room) -> None:
    """Teams counts everything written into a conversation: eight in two seconds."""
    room.platform.rate_limits = TEAMS
    views = [Tally(name) for name in names(12)]

    async def stand(store: Store) -> None:
        for view in views:
            await store.posts.add(encode(view), channel="general")

    async def change(store: Store) -> None:
        for view in views:
            await marked(store, view.channel)

    await room.database.write(WORKSPACE, room.now, stand)
    await pass_time(room, 18)
    await room.database.write(WORKSPACE, room.now, change)
    await pass_time(room, 10)
    assert len(of_kind(room, "post")) == len(of_kind(room, "update")) == 12
    assert most_within(2.0, room.platform.calls) <= 8
    assert most_within(30.0, room.platform.calls) <= 60


async def test_chats_are_opened_at_their_own_pace(room: Room) -> None:
    """On the morning after a due date many people are asked for the first time."""
    room.platform.rate_limits = SLACK
    people = [f"p{number}" for number in range(10)]

    async def ask(store: Store) -> None:
        for person in people:
            await store.people.remember(person, person.title())
            await store.posts.add(encode(Tally("general")), person=person)

    await room.database.write(WORKSPACE, room.now, ask)
    await pass_time(room, 14)
    assert most_within(10.0, of_kind(room, "open")) <= 9
    assert [len(room.platform.shown(f"dm-{person}")) for person in people] == [1] * 10


@given(
    gap_ms=st.integers(min_value=20, max_value=5_000),
    pauses_ms=st.lists(st.integers(min_value=0, max_value=4_000), min_size=1, max_size=60),
)
def test_no_span_of_time_holds_more_than_the_pace(gap_ms: int, pauses_ms: list[int]) -> None:
    """However irregularly workers look, and whatever they then take at once."""
    gap, now, since = timedelta(milliseconds=gap_ms), NOW, NOW
    went: list[datetime] = []
    for pause in pauses_ms:
        now += timedelta(milliseconds=pause)
        calls = room_in(since, now, gap)
        if calls:
            since = open_after(calls, since, now, gap)
        went += [now] * calls
    for first, start in enumerate(went):
        for last in range(first, len(went)):
            most = 1 + (went[last] - start + CATCH_UP) / gap
            assert last - first + 1 <= most


# --- who goes first ------------------------------------------------------------------------------


async def test_the_card_of_a_vote_goes_before_a_herd(room: Room) -> None:
    """Fifty updates a minute are soon spent on quiet weeks; who votes watches the card."""
    room.platform.rate_limits = SLACK
    await herd(room, [*names(40), "vote"])
    await pass_time(room, 15)
    await herd(room, names(40))
    await pass_time(room, 5)
    await room.mark("vote")
    await pass_time(room, 2.5)
    assert room.platform.shown("vote") == ["1 mark"]
    assert {"1 mark", "0 marks"} == {text for _, text in room.platform.messages.values()}, (
        "the herd was over already"
    )


async def test_what_somebody_wants_meanwhile_stands_in_the_herds_line_no_longer(room: Room) -> None:
    room.platform.rate_limits = RateLimits(workspace={"update": 1.0})
    await herd(room, names(10))
    await room.settle()
    await herd(room, names(10))
    await room.mark("c9")
    await room.wait(1)
    assert [call.to.channel for call in of_kind(room, "update")] == ["c9"]


async def test_a_herd_in_one_workspace_holds_up_no_other(room: Room) -> None:
    other = Room(room.database, "test:other")
    other.platform = room.platform
    room.platform.rate_limits = SLACK
    await herd(room, names(30))
    await pass_time(room, 1)
    await other.post("general")
    await room.wait(TICK_S)
    assert [call.to.workspace for call in room.platform.calls].count("test:other") == 1


async def test_digests_that_hang_leave_room_for_a_vote_elsewhere(room: Room) -> None:
    """A platform may take fifteen seconds to say nothing."""
    hanging = [Room(room.database, f"test:hangs{number}") for number in range(5)]
    for each in hanging:
        await herd(each, names(20))
    stuck = asyncio.Event()

    async def hang(call: Call) -> None:
        if "hangs" in call.to.workspace:
            await stuck.wait()

    room.platform.answering = hang
    while await room.outbox.send_due():
        pass
    await room.post("general")
    assert await room.outbox.send_due() == 1
    async with asyncio.timeout(60):
        while not room.platform.shown("general"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stuck.set()
    room.platform.answering = accept
    await room.outbox.drain()


async def test_told_to_wait_with_updates_it_still_posts(room: Room) -> None:
    """The kinds are counted apart, so one that is spent must not silence the others."""
    await herd(room, names(3))
    await room.settle()

    async def no_updates(call: Call) -> None:
        if call.kind == "update":
            raise Throttled(30, "call")

    room.platform.answering = no_updates
    await herd(room, names(3))
    await room.settle()
    assert len(of_kind(room, "update")) == 1, "the others were tried although it said to wait"
    await room.post("news")
    await room.post(home_of("ada"))
    await room.settle()
    assert len(room.platform.shown("news")) == len(room.platform.shown(home_of("ada"))) == 1
    room.platform.answering = accept
    await room.wait(30)
    assert [room.platform.shown(name) for name in names(3)] == [["1 mark"]] * 3
