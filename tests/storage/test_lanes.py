"""A lane is one message's at a time, on whichever replica: what is held stays held until then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from storage import Database, Store
from storage.lanes import HOLD, Lane, close_lanes, hold, keep_hold, let_go, open_from
from tests.storage.rows import NOW

LANE = ("test:acme", "refinement")
MINUTE = timedelta(minutes=1)


async def holds(database: Database, now: datetime, post: str = "a digest") -> bool:
    """Try to hold the lane, as a replica that has something to post."""
    return await database.write("", now, lambda store: hold(store.session, LANE, now, post))


async def keeps(database: Database, now: datetime, post: str) -> None:
    await database.write("", now, lambda store: keep_hold(store.session, {LANE: post}, now))


async def lane(database: Database) -> Lane:
    async with database.read("", NOW) as store:
        found = await store.session.scalars(select(Lane).where(col(Lane.channel) == LANE[1]))
        return found.one()


async def test_a_held_lane_is_nobody_elses_until_its_time_is_over(database: Database) -> None:
    """Two replicas that post into one channel at once would turn its messages around."""
    assert await holds(database, NOW)
    assert not await holds(database, NOW + HOLD / 2, "a card")
    assert await holds(database, NOW + HOLD, "a card"), "who held it may have died"


async def test_a_lane_that_is_kept_stays_held(database: Database) -> None:
    """A platform that takes its time turns no messages around."""
    await holds(database, NOW)
    await keeps(database, NOW + HOLD / 2, "a digest")
    assert not await holds(database, NOW + HOLD, "a card")
    assert await holds(database, NOW + 1.5 * HOLD, "a card")


async def test_who_comes_back_late_keeps_nobody_elses_lane(database: Database) -> None:
    await holds(database, NOW)
    await holds(database, NOW + HOLD, "a card")
    await keeps(database, NOW + 1.9 * HOLD, "a digest")
    assert await holds(database, NOW + 2 * HOLD, "another card")


async def test_who_comes_back_late_lets_nobody_elses_lane_go(database: Database) -> None:
    """A replica that was frozen finishes its message when another is in the middle of its own."""
    await holds(database, NOW)
    await holds(database, NOW + HOLD, "a card")

    async def late(store: Store) -> None:
        await let_go(store.session, LANE, "a digest", NOW + 5 * MINUTE)

    await database.write("", NOW + HOLD, late)
    assert not await holds(database, NOW + 1.5 * HOLD, "another card")
    assert (await lane(database)).closed_until < NOW + 5 * MINUTE


@pytest.mark.parametrize("first", [1, 10])
async def test_a_rest_that_a_platform_asked_for_is_never_cut_short(
    database: Database, first: int
) -> None:
    """Ten minutes were asked for; who then hears of one minute does not know better."""

    async def rest(store: Store) -> None:
        for minutes in (first, 11 - first):
            await close_lanes(store.session, {LANE: NOW + minutes * MINUTE})

    await database.write("", NOW, rest)
    assert (await lane(database)).closed_until == NOW + 10 * MINUTE


async def test_letting_go_keeps_a_longer_rest(database: Database) -> None:
    """The pace says: a second; the platform said meanwhile: ten minutes."""
    await holds(database, NOW)

    async def rests(store: Store) -> None:
        await close_lanes(store.session, {LANE: NOW + 10 * MINUTE})
        await let_go(store.session, LANE, "a digest", NOW + timedelta(seconds=1))

    await database.write("", NOW, rests)
    assert (await lane(database)).closed_until == NOW + 10 * MINUTE
    assert (await lane(database)).held_until is None


async def test_a_lane_opens_when_its_rest_is_over(database: Database) -> None:
    await database.write(
        "", NOW, lambda store: close_lanes(store.session, {LANE: NOW + 10 * MINUTE})
    )
    since = await database.write("", NOW, lambda store: open_from(store.session, LANE, NOW))
    assert since == NOW + 10 * MINUTE
