"""What only Redmine does: it says yes and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.http import Door
from bot.trackers.redmine.adapter import Redmine
from bot.trackers.redmine.read import is_private
from tests.bot.trackers.reading import record
from tests.fakes.trackers.redmine import FakeRedmine


@pytest.fixture
async def board() -> AsyncIterator[FakeRedmine]:
    async with FakeRedmine() as started:
        yield started


@pytest.fixture
def tracker(board: FakeRedmine, door: Door) -> Redmine:
    return board.tracker(door)


async def test_what_a_role_may_not_change_is_noticed(board: FakeRedmine, tracker: Redmine) -> None:
    """Redmine answers 204 and leaves the field as it was."""
    id = board.add("Refunds")
    board.off_screen.add("title")
    change = {"title": "Refunds abroad", "points": 3}
    written = await tracker.write(board.scope, record(str(id), change))
    assert "may not change this field" in (written.left_out or {})["title"]
    assert (board.things[id].title, board.things[id].points) == ("Refunds", 3)


@pytest.mark.parametrize(
    ("told", "hidden"), [(True, True), ("true", True), (1, True), (None, False)]
)
def test_what_may_be_private_is_not_shown(told: object, hidden: bool) -> None:
    """Before version 2 no issue was private, and none said so."""
    assert is_private({"is_private": told}) is hidden


async def test_a_change_that_stands_already_is_not_sent(
    board: FakeRedmine, tracker: Redmine
) -> None:
    """Each PUT with notes would leave a line in the journal."""
    id = board.add("Refunds", points=3)
    await tracker.write(board.scope, record(str(id), {"points": 3.0, "title": "Refunds"}))
    assert not [method for method, _, _ in board.calls if method == "PUT"]


async def test_a_new_issue_carries_its_score_and_its_way_back(
    board: FakeRedmine, tracker: Redmine
) -> None:
    change = {"title": "Builds", "ubv": 8, "tc": 5, "rroe": 3, "size": 2}
    wanted = record(None, change, kind="feature", backlink="https://hone.example/7")
    made = await tracker.create(board.scope, wanted)
    thing = board.things[int(made.id)]
    assert thing.numbers == {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}
    assert "https://hone.example/7" in thing.description


async def test_a_value_that_is_refused_does_not_keep_the_others_away(
    board: FakeRedmine, tracker: Redmine
) -> None:
    """Redmine refuses a whole call for one field: a real one did."""
    id = board.add("Refunds")
    change = {"title": "Other", "owner": "999", "ubv": 8, "tc": 5, "rroe": 3, "size": 2}
    written = await tracker.write(board.scope, record(str(id), change))
    assert written.left_out == {"owner": "Redmine refused it: Assignee is invalid."}
    assert (board.things[id].title, board.things[id].numbers["ubv"]) == ("Other", 8)
