"""What only Linear does: ids of our own, errors inside good answers, teams that are private."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.trackers.http import Door
from bot.trackers.linear.adapter import Linear
from bot.trackers.linear.verify import hinted
from bot.trackers.tracker import Access, Forged, NotNow, SignedOut
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.board import Trouble
from tests.fakes.trackers.linear import FakeLinear


@pytest.fixture
async def linear() -> AsyncIterator[FakeLinear]:
    async with FakeLinear() as started:
        yield started


@pytest.fixture
async def door(linear: FakeLinear) -> AsyncIterator[Door]:
    opened = Door(lambda: linear.now, [linear.host])
    yield opened
    await opened.close()


async def test_what_is_created_twice_is_there_once(linear: FakeLinear, door: Door) -> None:
    """The id is ours, so a lost answer can be asked for again without any doubt."""
    tracker = linear.tracker(door)
    wanted = record(None, {"title": "Builds take forty minutes"})
    first, second = [await tracker.create(linear.scope, wanted) for _ in range(2)]
    assert first.id == second.id
    assert len(linear.things) == 1


async def test_a_private_team_is_never_offered(linear: FakeLinear, door: Door) -> None:
    assert "Board" not in {scope.name for scope in await linear.tracker(door).scopes()}


async def test_a_token_of_another_workspace_is_told_at_once(linear: FakeLinear, door: Door) -> None:
    """Two companies' Linears must not be taken for one another."""
    wrong = Linear(Access(f"{linear.host}/globex", {"token": linear.token}), door)
    with pytest.raises(SignedOut, match="acme"):
        await wrong.account()


async def test_half_a_point_is_never_rounded(linear: FakeLinear, door: Door) -> None:
    id = linear.add("Refunds", points=3)
    wanted = record(linear.remote_id(id), {"points": 0.5})
    written = await linear.tracker(door).write(linear.scope, wanted)
    assert "0.5" in (written.left_out or {})["points"]
    assert linear.things[id].points == 3


async def test_a_full_bucket_says_when_it_is_empty(linear: FakeLinear, door: Door) -> None:
    """Linear says so with a 400, and the time in a header as milliseconds."""
    resets = linear.now + timedelta(minutes=9)
    body = json.dumps({"errors": [{"message": "x", "extensions": {"code": "RATELIMITED"}}]})
    headers = {"X-RateLimit-Requests-Reset": str(int(resets.timestamp() * 1000))}
    linear.trouble.append(Trouble(400, headers, body))
    with pytest.raises(NotNow) as told:
        await linear.tracker(door).page(linear.scope, "", linear.now)
    assert told.value.until == resets


async def test_rank_is_kept_below_zero_too(linear: FakeLinear, door: Door) -> None:
    linear.add("Second")
    linear.add("First")
    read = await whole(linear.tracker(door), linear)
    assert (read["First"].rank or "") < (read["Second"].rank or "")


def test_an_old_delivery_is_refused() -> None:
    """Whoever caught one could send it again for ever."""
    linear = FakeLinear()
    headers, body = linear.hook(linear.add("Refunds"))
    assert hinted(headers, body, linear.hook_secret, linear.now)
    with pytest.raises(Forged):
        hinted(headers, body, linear.hook_secret, linear.now + timedelta(minutes=2))
