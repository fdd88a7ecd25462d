"""A team connects its tracker, follows it, votes, writes there: whichever tracker it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.remote import RemoteItem
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from tests.bot.trackers.worlds import WORLDS
from tests.conversations.trackers import CARDS, connects, follows, number_of, vote, way_to
from tests.fakes.trackers.align import FakeAlign
from tests.fakes.trackers.azure import FakeAzure
from tests.fakes.trackers.board import ADA, Board
from tests.fakes.trackers.jira import FakeJira
from tests.hone import Hone, Someone

TRAIN = {
    "checkout": "Refunds",
    "search": "Index of all",
    "mobile": "Push news",
    "index": "Nightly exports",
}
"""The teams of a train, each with what stands in its tracker."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, but for a story that names its databases."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture(params=list(WORLDS))
async def board(request: pytest.FixtureRequest) -> AsyncIterator[Board]:
    async with WORLDS[request.param]() as started:
        yield started


@pytest.fixture
async def door(hone: Hone, board: Board) -> AsyncIterator[Door]:
    """Hone's way to the tracker, where there are two items."""
    opened = way_to(hone, board)
    board.add("Refunds take weeks", owner=ADA)
    board.add("Payouts")
    yield opened
    await opened.close()


async def test_a_team_follows_it_and_what_the_team_decides_arrives(
    hone: Hone, board: Board, door: Door
) -> None:
    """The whole way, once for each tracker that people can name."""
    ada = hone.person("Ada")
    await ada.says("improve Something of our own")
    await connects(hone, ada, board)
    await follows(hone, ada, board)
    number = await number_of(ada, "Refunds take weeks")

    await vote(hone, ada, number)
    before = {id: thing.version for id, thing in board.things.items()}
    await hone.wait(minutes=1)
    assert {id: thing.version for id, thing in board.things.items()} == before, "not accepted yet"
    await ada.clicks("Accept scores")
    await hone.wait(minutes=5)

    (refunds,) = (id for id, each in board.things.items() if each.title == "Refunds take weeks")
    there = await board.tracker(door).one(board.scope, board.remote_id(refunds))
    assert isinstance(there, RemoteItem)
    if not board.lacks & {"cards", "cards read back"}:
        assert {name: there.fields[name] for name in CARDS} == {n: int(c) for n, c in CARDS.items()}

    await ada.clicks(f"Put into {KINDS[board.kind].name}")
    await hone.wait(minutes=5)
    await hone.pulls()
    assert [each.title for each in board.things.values()].count("Something of our own") == 1
    ours = next(id for id, each in board.things.items() if each.title == "Something of our own")
    there_too = await board.tracker(door).one(board.scope, board.remote_id(ours))
    assert isinstance(there_too, RemoteItem)
    assert there_too.marker, "met by its reader before its answer came, it would be another item"
    assert not there_too.fields.get("themes"), "the marker is no theme"
    assert there_too.marker not in there_too.fields["description"]
    await ada.says("backlog #1")
    assert there_too.key in ada.told

    board.now = hone.now
    board.edit(refunds, title="Refunds take days")
    await hone.wait(minutes=20)
    await hone.pulls()
    await ada.says(f"backlog #{number}")
    assert "Refunds take days" in ada.told
    assert there.key in ada.told


@pytest.mark.parametrize(
    ("database_url", "first"),
    [("sqlite", "jira"), ("postgresql", "align")],
    indirect=["database_url"],
)
async def test_what_jira_and_align_have_is_one_item_whichever_came_first(
    hone: Hone, first: str
) -> None:
    """A train follows Align, a team of it Jira: the item is the team's, and scored in Jira."""
    ada, bo = hone.person("Ada"), hone.person("Bo", channel="train")
    async with FakeJira() as jira, FakeAlign() as align:
        door = way_to(hone, jira, align)
        align.twins[align.add("Refunds")] = f"PAY-{jira.add('Refunds')}"
        align.add("Payouts")
        pairs: list[tuple[Someone, Board]] = [(ada, jira), (bo, align)]
        for person, board in pairs if first == "jira" else reversed(pairs):
            await person.says(f"improve Something of {person.who.name}'s own")
            await connects(hone, person, board)
            await follows(hone, person, board)
        await hone.pulls()
        await bo.says("backlog")
        assert "Payouts" in bo.told
        assert "Refunds" not in bo.told
        number = await number_of(ada, "Refunds")
        await ada.says(f"backlog #{number}")
        assert "Also known as PAY-101 · To Do" in ada.told
        assert "Feature 101 · Pending Approval" in ada.told
        assert "at home in Jira as PAY-101: its score goes there" in ada.told

        await vote(hone, ada, number)
        await ada.clicks("Accept scores")
        await ada.says(f"backlog rename #{number} Refunds abroad")
        await hone.wait(minutes=5)
        assert {name: jira.things[101].numbers[name] for name in CARDS} == {
            name: int(card) for name, card in CARDS.items()
        }
        assert jira.things[101].title == "Refunds abroad"
        assert align.things[101].title == "Refunds"
        assert not align.things[101].numbers

        align.now = hone.now
        align.edit(101, title="Refunds abroad")
        await hone.wait(minutes=20)
        await hone.pulls()
        await bo.says("tracker disconnect")
        await bo.fills({"read": "delete"})
        await hone.wait(minutes=5)
        await ada.says(f"backlog #{number}")
        assert f"#{number} Refunds abroad" in ada.told
        assert "PAY-101" in ada.told
        assert "Feature 101" not in ada.told
        await door.close()


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_a_train_may_mix_trackers(hone: Hone) -> None:
    """Three teams on Jira and one on Azure Boards see each other's items by their keys."""
    async with AsyncExitStack() as open_ones:
        boards: list[Board] = [FakeJira(), FakeJira(), FakeJira(), FakeAzure()]
        for board in boards:
            await open_ones.enter_async_context(board)
        door = way_to(hone, *boards)
        people = [hone.person(f"{team}-Ann", channel=team) for team in TRAIN]
        for person, board in zip(people, boards, strict=True):
            board.add(TRAIN[person.place.channel])
            await person.says("improve Waiting for the platform team to open ports #ports")
            await connects(hone, person, board)
            await follows(hone, person, board)
            await person.clicks(f"Put into {KINDS[board.kind].name}")
        await hone.wait(minutes=5)
        await hone.pulls()
        assert [list(board.things) for board in boards] == [[101, 102]] * 4, "the same ids"
        checkout, *_, index = people
        refunds = await number_of(checkout, "Refunds")
        exports = await number_of(index, "Nightly exports")
        assert "Nightly exports" not in checkout.told

        await checkout.says(f"refine #{refunds}")
        await checkout.fills({"waits_for": f"#{exports}"})
        await index.says("backlog deps")
        assert f"#{refunds} Refunds, PAY-101 · To Do" in index.told
        assert f"Waits for #{exports} Nightly exports, 101 · New" in index.told

        await checkout.says("themes")
        assert "#ports is systemic: 4 of 4 teams" in checkout.told
        await checkout.clicks("Propose a train item", on=checkout.whispered)
        await checkout.fills({"title": "Ports open the same day"})
        assert "Saved as #9 for the whole train, with #1, #3, #5, #7 as its parts." in checkout.told
        await checkout.clicks("Put into Jira")
        await hone.wait(minutes=5)
        await index.says("retro ia")
        assert "#9 Ports open the same day" in index.told
        assert "PAY-103" in index.told, "the train's item has one home, and every team sees it"
        await index.says("digest train")
        assert "4 of 4 teams met #ports this PI" in index.told
        assert f"#{exports} Nightly exports?, 101 · New" in index.told
        assert f"#{refunds} Refunds?, PAY-101 · To Do" in index.told

        await checkout.says(f"backlog rename #{refunds} Refunds abroad")
        await index.says(f"backlog rename #{exports} Exports by day")
        await hone.wait(minutes=5)
        titles = [board.things[101].title for board in boards]
        assert titles == ["Refunds abroad", "Index of all", "Push news", "Exports by day"]
        await door.close()
