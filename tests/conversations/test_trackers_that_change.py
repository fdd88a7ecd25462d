"""Somebody changes a tracker itself: its projects, fields, states, people and rights.

A person hears of it where they must, in one plain sentence; nothing is lost and nothing stands
twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.trackers.http import Door
from tests.bot.trackers.worlds import WORLDS
from tests.conversations.trackers import CARDS, connects, follows, number_of, vote, way_to
from tests.fakes.trackers.board import ADA, GRACE, Board, Trouble
from tests.fakes.trackers.github import FakeGitHub
from tests.fakes.trackers.jira import FakeJira
from tests.hone import Hone, Someone

BOTH = (("sqlite", "jira"), ("postgresql", "github"))
"""Two trackers, each on another database."""


@pytest.fixture(params=BOTH, ids=" ".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture
def database_url(request: pytest.FixtureRequest, place: tuple[str, str]) -> str:
    url: str = request.getfixturevalue(f"{place[0]}_url")
    return url


@pytest.fixture
async def board(place: tuple[str, str]) -> AsyncIterator[Board]:
    async with WORLDS[place[1]]() as started:
        yield started


@pytest.fixture
async def ada(hone: Hone, board: Board) -> AsyncIterator[Someone]:
    """Ada, whose team follows a tracker with two items in it."""
    opened: Door = way_to(hone, board)
    board.add("Refunds take weeks", owner=ADA, labels=["Money", "money"])
    board.add("Payouts", owner=GRACE)
    ada = hone.person("Ada")
    await ada.says("help")
    await connects(hone, ada, board)
    await follows(hone, ada, board)
    yield ada
    await opened.close()


async def a_day(hone: Hone, board: Board) -> None:
    """Let a day pass, with all that is read meanwhile."""
    for hours in (1, 23):
        await hone.wait(hours=hours)
        board.now = hone.now
        await hone.pulls()


def refunds(board: Board) -> int:
    return next(id for id, thing in board.things.items() if thing.title.startswith("Refunds"))


async def asks(ada: Someone, line: str) -> str:
    """Return what Ada is told."""
    await ada.says(line)
    return ada.told


async def test_what_moves_to_a_project_nobody_follows_comes_back_with_all_it_had(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """Moved by mistake, edited here meanwhile, and moved back the next day."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    board.edit(id, scope=board.other_scope)
    await a_day(hone, board)
    assert "dropped: gone from" in await asks(ada, f"backlog #{number}")
    assert "Items: 2, 1 gone there" in await asks(ada, "tracker")
    await ada.says(f"backlog rename #{number} Refunds abroad")
    await ada.says("improve Something of our own")
    assert board.things[id].title == "Refunds take weeks"

    board.edit(id, scope=board.scope)
    await a_day(hone, board)
    assert await number_of(ada, "Refunds abroad") == number
    assert board.things[id].title == "Refunds abroad"
    assert "gone there" not in await asks(ada, "tracker")


async def test_of_two_that_were_made_one_the_other_stands(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """Somebody merges two there: one of them is no more, and its votes count for nothing new."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    await vote(hone, ada, number)
    await ada.clicks("Accept scores")
    await hone.wait(minutes=5)
    board.delete(id)
    await a_day(hone, board)
    told = await asks(ada, f"backlog #{number}")
    assert "dropped: gone from" in told
    assert "WSJF: 8.0" in told, "what was voted stays in its story"
    backlog = await asks(ada, "backlog")
    assert "1 open" in backlog
    assert "Payouts" in backlog


async def test_a_story_that_becomes_an_epic_and_whose_people_change_their_names(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """Accounts and ids stay what they were, whatever they are called."""
    assert isinstance(board, FakeJira | FakeGitHub)
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    await ada.says(f"backlog owner #{number} me")
    owner = next(line for line in ada.told.splitlines() if "Ada" in line)
    assert owner
    board.types[id] = "Epic"
    board.people[ADA] = "Ada Lovelace"
    board.edit(id, points=3)
    await a_day(hone, board)
    told = await asks(ada, f"backlog #{number}")
    assert "Kind: feature" in told
    assert "Owner: Ada\n" in told


async def test_labels_that_differ_in_case_alone_are_one_theme(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """And nobody tidies up there what people wrote twice."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    assert "Themes: #money\n" in await asks(ada, f"backlog #{number}")
    await ada.says(f"backlog rename #{number} Refunds abroad")
    await hone.wait(minutes=5)
    assert board.things[id].title == "Refunds abroad"
    assert board.things[id].labels == ["Money", "money"]


async def test_a_field_that_is_deleted_there_takes_no_score_and_keeps_nothing_else_away(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """All of a score or nothing of it, with one sentence; it goes once the field is back."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    if isinstance(board, FakeJira):
        board.deleted_fields.add("rroe")
    board.off_screen.add("rroe")
    await ada.says(f"backlog rename #{number} Refunds abroad")
    await vote(hone, ada, number)
    await ada.clicks("Accept scores")
    await hone.wait(minutes=5)
    assert board.things[id].title == "Refunds abroad"
    assert not board.things[id].numbers
    told = await asks(ada, f"backlog #{number}")
    assert told.count("did not take the score: ") == told.count("did not take") == 1
    assert "Not taken by" in await asks(ada, "tracker")

    board.off_screen.clear()
    if isinstance(board, FakeJira):
        board.deleted_fields.clear()
    await a_day(hone, board)
    await ada.says(f"backlog #{number}")
    await ada.clicks("Try again")
    await hone.wait(minutes=20)
    assert {name: board.things[id].numbers[name] for name in CARDS} == {
        name: int(card) for name, card in CARDS.items()
    }
    assert "did not take" not in await asks(ada, f"backlog #{number}")


async def test_a_state_that_is_renamed_is_asked_about_again(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """A word that nobody explained is a guess, and is said to be one."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    for state in ("Waiting for bank", "Parked at bank"):
        if isinstance(board, FakeGitHub):
            board.status[id] = state
            board.edit(id, points=len(state))
        else:
            board.edit(id, state=state)
        await a_day(hone, board)
        assert f"State “{state}” is new to me: I take it for" in await asks(ada, "tracker")
        assert f"· {state}" in await asks(ada, f"backlog #{number}")


async def test_a_token_with_fewer_rights_is_one_sentence_and_loses_nothing(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """An admin exchanged it for one that may only read, later for one that may not even that."""
    id, number = refunds(board), await number_of(ada, "Refunds take weeks")
    write = "PATCH" if isinstance(board, FakeGitHub) else "PUT"
    board.trouble += [Trouble(403, method=write)] * 2
    await ada.says(f"backlog rename #{number} Refunds abroad")
    await hone.wait(minutes=5)
    assert "did not take the title: Our token has no right to this" in await asks(
        ada, f"backlog #{number}"
    )
    board.trouble[:] = [Trouble(403)] * 40
    await hone.wait(minutes=20)
    await hone.pulls()
    assert "Our token has no right to this" in await asks(ada, "tracker")

    board.trouble.clear()
    await a_day(hone, board)
    assert "no right" not in (await asks(ada, "tracker")).partition("Not taken by")[0]
    await ada.says(f"backlog #{number}")
    await ada.clicks("Try again")
    await hone.wait(minutes=5)
    assert board.things[id].title == "Refunds abroad"


async def test_what_is_followed_goes_on_under_its_new_name(
    hone: Hone, ada: Someone, board: Board
) -> None:
    """A project in Jira has an id, and its items get other keys; a repository is its name."""
    number = await number_of(ada, "Refunds take weeks")
    if isinstance(board, FakeJira):
        board.project = ("BUY", "Buying")
        await a_day(hone, board)
    else:
        assert isinstance(board, FakeGitHub)
        board.renamed.add(board.scope)
        board.scope = "acme/buy"
        for thing in board.things.values():
            thing.scope = board.scope
        await a_day(hone, board)
        assert "sends us on to another address" in await asks(ada, "tracker")
        await connects(hone, ada, board)
        alone = ada.alone()
        await alone.clicks("Choose another repository")
        await alone.fills({"scope": "0"})
        await hone.pulls()
        assert "belong to something else that is followed" in hone.last(f"dm-{ada.who.id}")
        await alone.clicks("Start")
        await hone.pulls()
        await ada.says("tracker disconnect acme/pay")
        await ada.fills({})
        await a_day(hone, board)
    assert ("Buying (BUY)" if isinstance(board, FakeJira) else "acme/buy") in await asks(
        ada, "tracker sync" if isinstance(board, FakeJira) else "tracker"
    )
    key = "BUY-101" if isinstance(board, FakeJira) else "acme/buy#101"
    assert f"#{number} Refunds take weeks" in await asks(ada, f"backlog {key}")
    assert "2 open" in await asks(ada, "backlog")
