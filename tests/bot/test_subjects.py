"""A change finds the cards that show it, however it falls between a draw and its record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.cards import Card, Choice, says
from bot.feature import Feature
from bot.turn import Answers, Submission
from storage import Database, Store
from storage.posts import PostRow
from storage.prepared import Prepared
from storage.subjects import FROZEN
from tests.bot import tally
from tests.bot.tally import START, WORKSPACE, Room, Tally, marked
from tests.hone import Hone

Meanwhile = Callable[[Store, Tally], Awaitable[None]]


def room_with(database: Database, meanwhile: Meanwhile) -> Room:
    """A room in which something happens while a card is drawn, once its state was read."""

    async def drawn(store: Store, view: Tally) -> Card:
        card = await tally.draw(store, view)
        await meanwhile(store, view)
        return card

    return Room(database, feature=Feature(name="tally", views={Tally: drawn}))


def marks_during(database: Database, draw: int) -> Meanwhile:
    """Commit a mark while the card is drawn for the so-manieth time."""
    draws = count(1)

    async def meanwhile(store: Store, view: Tally) -> None:
        if next(draws) == draw:
            await database.write(WORKSPACE, store.now, lambda other: marked(other, view.channel))

    return meanwhile


async def test_a_change_in_the_middle_of_the_first_draw_is_not_lost(database: Database) -> None:
    """Nobody knows yet what a new post shows: a vote at that moment must reach its card."""
    room = room_with(database, marks_during(database, draw=1))
    await room.post("general")
    await room.settle()
    await room.wait(5)
    assert room.platform.shown("general") == ["1 mark"]


async def test_a_new_card_is_drawn_once_where_nothing_changes(database: Database) -> None:
    draws = count(1)

    async def meanwhile(_: Store, __: Tally) -> None:
        next(draws)

    room = room_with(database, meanwhile)
    await room.post("general")
    await room.settle()
    assert next(draws) == 2


@pytest.mark.parametrize("draw", [2, 3])
async def test_a_change_of_what_a_card_shows_for_the_first_time_is_not_lost(
    database: Database, draw: int
) -> None:
    """The second draw learns that another channel is shown, the third is sent."""
    shows, draws = ["general"], count(1)

    async def drawn(store: Store, view: Tally) -> Card:
        marks = [len(await store.lines.in_channel(channel)) for channel in shows]
        if next(draws) == draw:
            await database.write(WORKSPACE, store.now, lambda other: marked(other, "other"))
        return says(f"{sum(marks)}")

    room = Room(database, feature=Feature(name="tally", views={Tally: drawn}))
    await room.post("general")
    await room.settle()
    shows.append("other")
    await room.mark("general")
    await room.wait(5)
    await room.wait(5)
    assert room.platform.shown("general") == ["2"]


async def test_a_change_while_the_platform_answers_is_not_lost(database: Database) -> None:
    room = Room(database)

    async def answered(call: tally.Call) -> None:
        if call.kind == "post":
            await room.mark("general")

    room.platform.answered = answered
    await room.post("general")
    await room.settle()
    await room.wait(5)
    assert room.platform.shown("general") == ["1 mark"]


async def test_what_a_card_no_longer_shows_does_not_redraw_it(database: Database) -> None:
    shows = ["general", "other"]

    async def drawn(store: Store, view: Tally) -> Card:
        marks = [len(await store.lines.in_channel(channel)) for channel in shows]
        return says(f"{sum(marks)}")

    room = Room(database, feature=Feature(name="tally", views={Tally: drawn}))
    await room.post("general")
    await room.settle()
    shows.remove("other")
    await room.mark("general")
    await room.wait(5)
    assert await due(database) == []
    await room.mark("other")
    assert await due(database) == []
    await room.mark("general")
    assert len(await due(database)) == 1


async def test_a_frozen_card_stays_as_it_is(database: Database) -> None:
    async def freeze(store: Store, _: Tally) -> None:
        store.stays_as_it_is()

    room = room_with(database, freeze)
    await room.post("general")
    await room.settle()
    await room.mark("general")
    await room.wait(5)
    assert room.platform.shown("general") == ["0 marks"]
    (shows,) = await column(database, PostRow.shows)
    assert shows.startswith(FROZEN)


async def test_time_alone_redraws_a_card_once(database: Database) -> None:
    """An Undo that ends in ten minutes needs no timer and no row of its own."""
    ends = START + timedelta(minutes=10)

    async def drawn(store: Store, view: Tally) -> Card:
        store.holds_until(ends)
        return says("open" if store.now < ends else "over")

    room = Room(database, feature=Feature(name="tally", views={Tally: drawn}))
    await room.post("general")
    await room.settle()
    await room.wait(599)
    assert room.platform.shown("general") == ["open"]
    await room.wait(1)
    assert room.platform.shown("general") == ["over"]
    assert await due(database) == []


async def test_a_change_does_not_wait_for_the_time(database: Database) -> None:
    async def hold(store: Store, _: Tally) -> None:
        store.holds_until(store.now + timedelta(hours=1))

    room = room_with(database, hold)
    await room.post("general")
    await room.settle()
    await room.mark("general")
    await room.wait(5)
    assert room.platform.shown("general") == ["1 mark"]


async def test_turns_that_mark_the_same_cards_never_wait_in_a_circle(database: Database) -> None:
    room = Room(database)
    channels = [f"c{n}" for n in range(8)]
    for channel in channels:
        await room.post(channel)
    await room.settle()

    def marking(order: list[str]) -> Callable[[Store], Awaitable[None]]:
        async def mark(store: Store) -> None:
            for channel in order:
                await marked(store, channel)

        return mark

    turns = [marking(channels[n:] + channels[:n]) for n in range(8)]
    await asyncio.gather(*(database.write(WORKSPACE, room.now, turn) for turn in turns))
    await room.wait(5)
    assert {text for _, text in room.platform.messages.values()} == {"8 marks"}


async def test_a_vote_marks_its_card_in_one_statement(
    hone: Hone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty people vote within a minute, on the card that all of them look at."""
    ada = hone.person("Ada")
    await ada.says("improve Builds take forty minutes")
    await ada.says("wsjf #1")
    await ada.clicks("Vote")
    assert ada.form is not None
    cards = {field.id: ("1",) for field in ada.form.fields if isinstance(field, Choice)}
    run: list[str] = []
    plain = Prepared.change

    async def change(self: Prepared, *given: Any) -> int:
        run.append(str(self._build("sqlite")))
        return await plain(self, *given)

    monkeypatch.setattr(Prepared, "change", change)
    await ada.begins(Submission(ada.form.submit, Answers(cards)))
    assert "Your vote is in" in ada.told
    assert sum("UPDATE posts" in statement for statement in run) == 1
    assert any("INSERT INTO ballots" in statement for statement in run)


async def due(database: Database) -> list[Any]:
    return await column(database, PostRow.id, due_only=True)


async def column(database: Database, wanted: Any, *, due_only: bool = False) -> list[Any]:
    """Return a column of all posts, or of those that are due."""
    async with database.read(WORKSPACE, START) as store:
        rows = select(col(wanted))
        if due_only:
            rows = rows.where(col(PostRow.due_at).is_not(None))
        return list((await store.session.scalars(rows)).all())
