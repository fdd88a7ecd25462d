"""A team connects its tracker, follows it, votes, writes there: whichever tracker it is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest

from bot.remote import RemoteItem
from bot.trackers.catalog import opened_through
from bot.trackers.http import Door
from bot.trackers.kinds import KINDS
from bot.trackers.tracker import Opens
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.board import ADA, Board
from tests.fakes.trackers.jira import FakeJira
from tests.fakes.trackers.redmine import FakeRedmine
from tests.hone import Hone, Someone

CARDS = {"ubv": "8", "tc": "5", "rroe": "3", "size": "2"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(params=list(WORLDS))
async def board(request: pytest.FixtureRequest) -> AsyncIterator[Board]:
    async with WORLDS[request.param]() as started:
        yield started


def way_to(hone: Hone, *boards: Board) -> Door:
    """Return Hone's way to trackers where work goes on since an hour."""
    for board in boards:
        board.now = hone.now - timedelta(hours=1)
    opened = Door(lambda: hone.now, [board.host for board in boards])
    cast("dict[str, Opens]", hone.sites.opens).update(opened_through(opened))
    return opened


@pytest.fixture
async def door(hone: Hone, board: Board) -> AsyncIterator[Door]:
    """Hone's way to the tracker, where there are two items."""
    opened = way_to(hone, board)
    board.add("Refunds take weeks", owner=ADA)
    board.add("Payouts")
    yield opened
    await opened.close()


async def connects(hone: Hone, ada: Someone, board: Board) -> None:
    """Fill the form with what this tracker asks for."""
    await ada.says(f"connect {KINDS[board.kind].name}")
    assert ada.form is not None
    access = board.access()
    given = {"site": access.site}
    for asked in KINDS[board.kind].asks:
        if value := access.given.get(asked.id):
            given[f"secret_{asked.id}" if asked.secret else asked.id] = value
    shown = {field.id for field in ada.form.fields if hasattr(field, "id")}
    await ada.fills({name: value for name, value in given.items() if name in shown})
    assert not ada.errors, ada.errors
    await hone.pulls()


async def follows(hone: Hone, ada: Someone, board: Board) -> None:
    """Choose the project, read the preview, and start."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        site = next(each for each in await store.trackers.all() if each.kind == board.kind)
    assert site.state == "open", site.why
    chosen = [id for id, _ in site.told["scopes"]].index(board.scope)
    alone = ada.alone()
    await alone.clicks(f"Choose a {KINDS[board.kind].scope}")
    await alone.fills({"scope": str(chosen)})
    await hone.pulls()
    assert site.told["scopes"][chosen][1] in hone.last(f"dm-{ada.who.id}")
    await alone.clicks("Start")
    await hone.pulls()


async def number_of(ada: Someone, title: str) -> str:
    await ada.says("backlog")
    found = re.search(rf"#(\d+) {title}", ada.told)
    assert found, ada.told
    return found[1]


async def test_a_team_follows_it_and_what_the_team_decides_arrives(
    hone: Hone, board: Board, door: Door
) -> None:
    """The whole way, once for each tracker that people can name."""
    ada = hone.person("Ada")
    await ada.says("improve Something of our own")
    await connects(hone, ada, board)
    await follows(hone, ada, board)
    number = await number_of(ada, "Refunds take weeks")

    await ada.says(f"wsjf #{number}")
    for person in (ada, hone.person("Grace"), hone.person("Tomas")):
        await person.clicks("Vote")
        for column, card in CARDS.items():
            await person.fills({f"{column}.{number}": card})
    await ada.clicks("Reveal")
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
    await ada.says("backlog #1")
    assert there_too.key in ada.told

    board.now = hone.now
    board.edit(refunds, title="Refunds take days")
    await hone.wait(minutes=20)
    await hone.pulls()
    await ada.says(f"backlog #{number}")
    assert "Refunds take days" in ada.told
    assert there.key in ada.told


async def test_a_train_may_mix_trackers(hone: Hone) -> None:
    """Three teams on Jira and one on Redmine are one train; both give the same ids."""
    ada, bo = hone.person("Ada"), hone.person("Bo", channel="search")
    async with FakeJira() as jira, FakeRedmine() as redmine:
        door = way_to(hone, jira, redmine)
        for person, board, title in ((ada, jira, "Refunds"), (bo, redmine, "Index")):
            board.add(title)
            await person.says(f"improve Something of {person.who.name}'s own")
            await connects(hone, person, board)
            await follows(hone, person, board)
        assert list(jira.things) == list(redmine.things), "they have the same ids"
        numbers = await number_of(ada, "Refunds"), await number_of(bo, "Index")
        assert numbers[0] != numbers[1]
        assert "Index" not in ada.told
        await ada.says(f"backlog rename #{numbers[0]} Refunds abroad")
        await bo.says(f"backlog rename #{numbers[1]} Index of all")
        await hone.wait(minutes=5)
        assert [each.title for each in jira.things.values()] == ["Refunds abroad"]
        assert [each.title for each in redmine.things.values()] == ["Index of all"]
        await door.close()
