"""What only Rally does: scores on portfolio items, errors with 200, a Lookback that may be off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.trackers.http import Door
from bot.trackers.rally.adapter import Rally
from tests.bot.trackers.reading import record, whole
from tests.fakes.trackers.rally import CUSTOM, FEATURE, FakeRally, uuid

SCORE = {"ubv": 8, "tc": 5, "rroe": 3, "size": 2}


@pytest.fixture
async def board(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeRally]:
    async with FakeRally() as started:
        yield started


@pytest.fixture
def tracker(board: FakeRally, door: Door) -> Rally:
    return board.tracker(door)


async def test_a_features_score_goes_to_rallys_own_four_numbers(
    board: FakeRally, tracker: Rally
) -> None:
    """Rally makes its own WSJF of them."""
    id = board.add("Refunds")
    board.kinds[id] = FEATURE
    change = {**SCORE, "state": "In-Progress", "due": date(2026, 12, 24), "points": 13}
    written = await tracker.write(board.scope, record(uuid(id), change))
    assert not written.left_out
    thing = board.things[id]
    assert thing.numbers == SCORE
    assert (thing.state, thing.due, thing.points) == ("In-Progress", date(2026, 12, 24), 13)
    item = (await whole(tracker, board))["Refunds"]
    assert (item.fields["ubv"], item.kind, item.key) == (8, "Feature", f"F{id}")
    assert "Funnel" not in item.moves, "a state of another type"


async def test_stories_without_number_fields_say_what_an_admin_can_do(
    board: FakeRally, tracker: Rally, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(CUSTOM, "size")
    id = board.add("Refunds")
    abilities = await tracker.abilities(board.scope)
    assert "portfolio items only" in abilities.homes["size"].hindrance
    written = await tracker.write(board.scope, record(uuid(id), {"title": "Other", **SCORE}))
    assert set(written.left_out or ()) == set(SCORE)
    assert board.things[id].title == "Other"
    assert not board.things[id].numbers


async def test_a_value_that_is_refused_does_not_keep_the_others_away(
    board: FakeRally, tracker: Rally
) -> None:
    """Rally refuses all fields of a call for one of them, with HTTP 200."""
    id = board.add("Refunds")
    board.off_screen.add("rroe")
    change = {"title": "Other", "owner": "nobody-here", **SCORE}
    written = await tracker.write(board.scope, record(uuid(id), change))
    assert set(written.left_out or ()) == {"owner", *SCORE}
    assert "Owner is not a user" in (written.left_out or {})["owner"]
    assert board.things[id].title == "Other"
    assert not board.things[id].numbers


async def test_without_lookback_items_come_without_a_past(board: FakeRally, tracker: Rally) -> None:
    """It is an option of a subscription; the rest must not wait for it."""
    id = board.add("Refunds")
    board.edit(id, state="In-Progress")
    board.without_lookback = True
    item = (await whole(tracker, board))["Refunds"]
    assert (item.state, item.steps) == ("In-Progress", ())
