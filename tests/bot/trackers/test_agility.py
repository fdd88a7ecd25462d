"""What only Agility does: attributes of each instance's own, operations, failures with 200."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.agility.adapter import Agility
from bot.trackers.agility.client import AgilityClient
from bot.trackers.http import Answer, Door
from bot.trackers.tracker import Rejected
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.agility import NUMBERS, FakeAgility

SCORE = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}


@pytest.fixture
async def board() -> AsyncIterator[FakeAgility]:
    async with FakeAgility() as started:
        yield started


@pytest.fixture
def tracker(board: FakeAgility, door: Door) -> Agility:
    return board.tracker(door)


async def test_an_item_is_closed_and_reopened_by_agilitys_operations(
    board: FakeAgility, tracker: Agility
) -> None:
    """A status alone leaves it open there."""
    id = board.add("Refunds")
    await tracker.write(board.scope, record(f"Story:{id}", {"state": "Closed"}))
    item = (await whole(tracker, board))["Refunds"]
    assert (item.state, item.category, item.finished) == ("Closed", "done", board.now)
    await tracker.write(board.scope, record(f"Story:{id}", {"state": "In Progress"}))
    assert (await whole(tracker, board))["Refunds"].finished is None


async def test_only_attributes_that_the_instance_has_are_asked_for(
    board: FakeAgility, tracker: Agility, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is unknown there would make every question fail."""
    monkeypatch.delitem(NUMBERS, "size")
    board.add("Refunds")
    homes = (await tracker.abilities(board.scope)).homes
    assert "called User Business Value" not in homes["ubv"].hindrance
    assert "Job Size" in homes["ubv"].hindrance
    assert (await whole(tracker, board))["Refunds"].title == "Refunds"


async def test_a_refused_value_names_itself(board: FakeAgility, tracker: Agility) -> None:
    id = board.add("Refunds")
    board.off_screen.add("tc")
    change = {"title": "Other", "owner": "Member:999", **SCORE}
    written = await tracker.write(board.scope, record(f"Story:{id}", change))
    assert set(written.left_out or ()) == {"owner", *SCORE}
    assert "read only" in (written.left_out or {})["ubv"]
    assert board.things[id].title == "Other"
    assert not board.things[id].numbers


async def test_commands_that_failed_with_200_are_failures(board: FakeAgility, door: Door) -> None:
    """Agility's bulk answers say so in the body alone."""
    client = AgilityClient(door, board.access())
    failed = {"count": 1, "commands": [{"error": {"message": "Name is required"}}]}
    with pytest.raises(Rejected, match="Name is required"):
        client.check(Answer(200, {}, {"commandFailures": failed}))
    with pytest.raises(Rejected, match="Unknown asset"):
        client.check(Answer(200, {}, {"error": "Unknown asset type"}))
    client.check(Answer(200, {}, {"commandFailures": {"count": 0, "commands": []}}))
