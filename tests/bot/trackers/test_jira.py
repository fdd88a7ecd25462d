"""What only Jira does: its lagging search, its zones, its two sorts of tokens and its boards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.trackers.http import Door
from bot.trackers.jira.adapter import Jira
from bot.trackers.jira.read import steps_of
from bot.trackers.rich import document_of
from bot.trackers.rich import words_of_document as words_of
from bot.trackers.tracker import Access, Lost, Missing
from tests.bot.trackers.reading import everything, items_of, record
from tests.fakes.trackers.board import ADA
from tests.fakes.trackers.jira import FakeJira


@pytest.fixture
async def board() -> AsyncIterator[FakeJira]:
    async with FakeJira() as started:
        yield started


@pytest.fixture
def tracker(board: FakeJira, door: Door) -> Jira:
    return board.tracker(door)


async def test_an_issue_that_search_finds_late_is_read_all_the_same(
    board: FakeJira, tracker: Jira
) -> None:
    """One in five new issues is not indexed yet when its change is told: with one watermark they
    were lost for ever."""
    board.add("Refunds")
    late = board.add("Payouts")
    board.lag.add(late)
    board.tick(300)
    board.add("Ledger")
    pages, cursor = await everything(tracker, board)
    assert [item.title for item in items_of(pages)] == ["Refunds", "Ledger"]
    board.lag.clear()
    board.tick(120)
    pages, _ = await everything(tracker, board, cursor)
    assert [item.title for item in items_of(pages)] == ["Payouts"]


@pytest.mark.parametrize("hour", range(4))
async def test_nothing_is_lost_when_clocks_are_changed(
    board: FakeJira, tracker: Jira, hour: int
) -> None:
    """Jira reads days and hours in the account's zone, where one hour comes twice a year."""
    board.now = datetime(2026, 11, 1, 4 + hour, 30, tzinfo=UTC)  # clocks go back at 6:00
    board.add("Refunds")
    _, cursor = await everything(tracker, board)
    for _ in range(12):
        board.tick(600)
        made = board.add(f"Item at {board.now}")
        pages, cursor = await everything(tracker, board, cursor)
        assert str(made) in [item.id for item in items_of(pages)]


async def test_a_token_with_scopes_goes_through_the_gateway(board: FakeJira, door: Door) -> None:
    """A service account's token is refused at the site's own address."""
    board.scoped_token = True
    board.add("Refunds")
    for given in (board.access(), Access(board.host, {"token": board.token})):
        tracker = Jira(given, door)
        tracker.client.cloud, tracker.client.api = True, "/rest/api/3"
        tracker.client._needs_gateway = not given.given.get("account")
        pages, _ = await everything(tracker, board)
        (item,) = items_of(pages)
        assert item.link == f"http://{board.host}/browse/PAY-101"


async def test_a_board_is_followed_by_its_filter(board: FakeJira, tracker: Jira) -> None:
    """Several teams share a project, and each has its board."""
    board.scope = "board:7"
    id = board.add("Refunds", scope="project:10000")
    elsewhere = board.add("Shop", scope="project:10001")
    pages, _ = await everything(tracker, board)
    assert [item.title for item in items_of(pages)] == ["Refunds"]
    one = await tracker.one("board:7", str(id))
    assert not isinstance(one, Lost)
    assert one.title == "Refunds"
    assert await tracker.one("board:7", str(elsewhere)) == Lost()
    made = await tracker.create("board:7", record(None, {"title": "Builds"}))
    assert board.things[int(made.id)].scope == "project:10000"
    with pytest.raises(Missing):
        await tracker.page("board:8", "", board.now)


async def test_without_the_right_to_see_boards_projects_are_offered(
    board: FakeJira, tracker: Jira
) -> None:
    from tests.fakes.trackers.board import Trouble

    board.trouble.append(Trouble(403, path="/rest/agile/1.0/board"))
    scopes = await tracker.scopes()
    assert [scope.name for scope in scopes] == ["Payments (PAY)", "Web shop (WEB)"]


async def test_a_value_that_jira_refuses_is_left_out_with_its_words(
    board: FakeJira, tracker: Jira
) -> None:
    """The screen has the field, and the value is wrong all the same."""
    id = board.add("Refunds")
    change = {"title": "Refunds abroad", "owner": "somebody-who-left"}
    written = await tracker.write(board.scope, record(str(id), change))
    assert written.left_out == {"owner": "Jira refused it: User does not exist."}
    assert board.things[id].title == "Refunds abroad"


async def test_a_project_without_labels_takes_new_items(board: FakeJira, tracker: Jira) -> None:
    board.off_screen.add("labels")
    made = await tracker.create(board.scope, record(None, {"title": "Builds"}))
    assert board.things[int(made.id)].title == "Builds"


async def test_without_rights_nothing_can_be_written(board: FakeJira, tracker: Jira) -> None:
    board.add("Refunds")
    board.off_screen |= {"EDIT_ISSUES", "CREATE_ISSUES", "TRANSITION_ISSUES"}
    abilities = await tracker.abilities(board.scope)
    assert not abilities.creates
    assert not any(abilities.writes(name) for name in abilities.homes)
    assert "a Jira admin can allow it" in abilities.homes["state"].hindrance


async def test_who_asked_for_a_change_is_told_in_the_history(
    board: FakeJira, tracker: Jira
) -> None:
    id = board.add("Refunds", owner=ADA)
    await tracker.write(board.scope, record(str(id), {"title": "Refunds abroad"}))
    (sent,) = [body for method, _, body in board.calls if method == "PUT"]
    assert sent["historyMetadata"]["description"] == "Ada, via Hone"


# --- pure ------------------------------------------------------------------------------------


def test_a_document_becomes_its_words() -> None:
    """Lists, headings, mentions and breaks are read; a picture says nothing."""
    item = {
        "type": "listItem",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one"}]}],
    }
    document = {
        "type": "doc",
        "content": [
            {"type": "heading", "content": [{"type": "text", "text": "Why"}]},
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": "Ask "},
                    {"type": "mention", "attrs": {"id": "1", "text": "@Ada"}},
                    {"type": "hardBreak"},
                    {"type": "text", "text": "today"},
                ],
            },
            {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]},
            {"type": "bulletList", "content": [item, item]},
        ],
    }
    assert words_of(document) == "Why\n\nAsk @Ada\ntoday\n\n* one\n* one"
    assert words_of("as it is") == "as it is"
    assert words_of({"content": "odd"}) == words_of(None) == words_of([1]) == ""


def test_words_become_a_document_and_back() -> None:
    words = "Cache the tests\nand the wheels\n\n<script>alert(1)</script>"
    assert words_of(document_of(words)) == words
    assert document_of("")["content"] == []


def test_histories_are_read_by_seconds_milliseconds_and_text() -> None:
    change = [{"field": "status", "toString": "Done"}]
    instants = (1_764_493_200_000, 1_764_493_200, "2025-11-30T09:00:00.000+0000")
    steps = steps_of([{"created": each, "items": change} for each in (*instants, "soon", None)])
    assert {step.at for step in steps} == {datetime(2025, 11, 30, 9, tzinfo=UTC)}
    assert len(steps) == 3
