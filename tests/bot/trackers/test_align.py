"""What only Jira Align does: twins in Jira, scores in custom fields, older versions.

There is no other Align to test against: all of this is from its documentation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.align.adapter import Align
from bot.trackers.http import Door
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.align import CUSTOM, FakeAlign
from tests.fakes.trackers.board import Trouble

SCORE = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}


@pytest.fixture
async def board() -> AsyncIterator[FakeAlign]:
    async with FakeAlign() as started:
        yield started


@pytest.fixture
def tracker(board: FakeAlign, door: Door) -> Align:
    return board.tracker(door)


async def test_an_item_with_a_twin_in_jira_is_written_there(
    board: FakeAlign, tracker: Align
) -> None:
    """Align takes over what Jira says, and would undo what Hone wrote."""
    id = board.add("Refunds")
    board.twins[id] = "PAY-31"
    item = (await whole(tracker, board))["Refunds"]
    assert (item.facts, item.twin) == ({"Jira": "PAY-31"}, "PAY-31")
    written = await tracker.write(
        board.scope, record(board.remote_id(id), {"title": "Other", **SCORE})
    )
    assert set(written.left_out or ()) == {"title", *SCORE}
    assert "PAY-31 in Jira" in (written.left_out or {})["ubv"]
    assert board.things[id].title == "Refunds"


async def test_without_custom_fields_scores_have_no_home(
    board: FakeAlign, tracker: Align, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Align's own WSJF tab is not open to its API."""
    monkeypatch.delitem(CUSTOM, "size")
    board.add("Refunds")
    homes = (await tracker.abilities(board.scope)).homes
    assert "Job Size: an admin there can add it" in homes["ubv"].hindrance


async def test_a_refused_value_names_itself(board: FakeAlign, tracker: Align) -> None:
    id = board.add("Refunds")
    board.off_screen.add("tc")
    change = {"title": "Other", "owner": "999", **SCORE}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert set(written.left_out or ()) == {"owner", *SCORE}
    assert "The user does not exist" in (written.left_out or {})["owner"]
    assert board.things[id].title == "Other"
    assert not board.things[id].numbers


async def test_an_older_align_that_does_not_say_who_we_are_works(
    board: FakeAlign, tracker: Align
) -> None:
    board.trouble.append(Trouble(404, path="/users/current"))
    assert (await tracker.account()).name == "whoever made the token"
