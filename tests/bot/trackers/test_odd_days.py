"""What people do to a tracker that nobody planned for, whichever tracker it is."""

from __future__ import annotations

import pytest

from bot.trackers.tracker import Lost, Missing, Rejected, Tracker
from tests.bot.trackers.reading import everything, items_of, record, swept, whole
from tests.bot.trackers.test_reading import can
from tests.fakes.trackers.board import Board, Trouble

LONG = "Customers call us. " * 2_632  # 50,008 characters


async def test_an_empty_scope_is_read_like_any_other(board: Board, tracker: Tracker) -> None:
    """A team begins a project, and connects it the same day."""
    pages, cursor = await everything(tracker, board)
    assert not items_of(pages)
    assert not await swept(tracker, board)
    board.add("Refunds")
    pages, _ = await everything(tracker, board, cursor)
    assert [item.title for item in items_of(pages)] == ["Refunds"]


async def test_a_description_of_fifty_thousand_signs_comes_whole(
    board: Board, tracker: Tracker
) -> None:
    """Somebody pasted a log; a cut one would look like an edit."""
    board.add("Refunds", description=LONG)
    item = (await whole(tracker, board))["Refunds"]
    assert len(item.fields["description"]) >= 50_000


async def test_titles_of_any_script_are_lines(board: Board, tracker: Tracker) -> None:
    title = 'Rückerstattung 返金 استرداد 💸 <b>now</b> & "later"'
    id = board.add("Refunds")
    written = await tracker.write(board.scope, record(board.remote_id(id), {"title": title}))
    assert not written.left_out
    assert set(await whole(tracker, board)) == {title}


async def test_a_blocker_in_another_project_is_told_by_its_id(
    board: Board, tracker: Tracker
) -> None:
    """Its title is another team's; its id tells nobody anything."""
    can(board, "links")
    elsewhere = board.add("Ledger", scope=board.other_scope)
    board.add("Refunds", blocked_by=[elsewhere])
    read = await whole(tracker, board)
    assert set(read) == {"Refunds"}
    assert read["Refunds"].blocked_by == (board.remote_id(elsewhere),)


async def test_what_was_deleted_meanwhile_is_missing_when_it_is_written(
    board: Board, tracker: Tracker
) -> None:
    """It is read again, and people hear that it is gone."""
    id = board.add("Refunds")
    board.add("Payouts")
    board.delete(id)
    with pytest.raises(Missing):
        await tracker.write(board.scope, record(board.remote_id(id), {"title": "Other"}))


async def test_a_state_that_was_renamed_since_is_named_and_nothing_else_is_lost(
    board: Board, tracker: Tracker
) -> None:
    """An admin renamed it an hour ago; the card in the chat still has the old name."""
    id = board.add("Refunds")
    await whole(tracker, board)
    change = {"state": "Formerly known as done", "title": "Refunds abroad"}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert set(written.left_out) == {"state"}
    assert board.things[id].title == "Refunds abroad"


async def test_one_refused_value_keeps_no_other_away(board: Board, tracker: Tracker) -> None:
    """Whoever left the company is still an owner here; the title must arrive all the same."""
    id = board.add("Refunds")
    change = {"title": "Refunds abroad", "owner": board.leaver}
    written = await tracker.write(board.scope, record(board.remote_id(id), change))
    assert set(written.left_out) == {"owner"}
    assert written.left_out["owner"].endswith(".")
    assert board.things[id].title == "Refunds abroad"


async def test_labels_that_differ_in_case_alone_go_together(board: Board, tracker: Tracker) -> None:
    """They are one theme here."""
    can(board, "labels")
    id = board.add("Refunds", labels=["Money", "money", "keep"])
    await tracker.write(board.scope, record(board.remote_id(id), {"labels": ("-money",)}))
    assert board.things[id].labels == ["keep"]


async def test_what_comes_back_from_another_project_is_read_again(
    board: Board, tracker: Tracker
) -> None:
    """Moved by mistake, and moved back before lunch."""
    id = board.add("Refunds")
    _, cursor = await everything(tracker, board)
    board.edit(id, scope=board.other_scope)
    pages, cursor = await everything(tracker, board, cursor)
    assert not items_of(pages)
    board.tick(3_600)
    board.edit(id, scope=board.scope)
    pages, _ = await everything(tracker, board, cursor)
    assert board.remote_id(id) in {item.id for item in items_of(pages)}
    assert not isinstance(await tracker.one(board.scope, board.remote_id(id)), Lost)


async def test_a_refusal_without_words_is_a_sentence_all_the_same(
    board: Board, tracker: Tracker
) -> None:
    """Proxies answer for trackers, and say nothing."""
    can(board, "network")
    board.add("Refunds")
    board.trouble += [Trouble(400)] * 3
    with pytest.raises(Rejected) as told:
        await tracker.account()
    assert str(told.value).endswith(".")
