"""Find items by words or number for somebody who writes elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feature import Found
from bot.turn import Turn
from handlers.phrases import shortened
from handlers.reader.finding import find_items
from handlers.rules.access import Permission, Relation, may
from handlers.rules.numbers import number_in
from handlers.ui.elsewhere import beside
from handlers.ui.views import ItemView
from storage import Store
from storage.items import Item
from storage.teams import Team

FOUND_MAX = 10


async def find(turn: Turn, store: Store, words: str) -> Sequence[Found]:
    """Return items of the team that talks here, or else of the one the person is with."""
    team = await _team(turn, store)
    if number := number_in((await store.records.with_numbers(words)).strip()):
        item = await store.items.find(number)
        with_it = item is not None and team is not None and item.team_id == team.id
        held = {Relation.WITH_TEAM} if with_it else set()
        seen = item is not None and may(turn.person, Permission.READ_TEAM, held)
        return await _found(store, [item]) if item is not None and seen else ()
    if team is None:
        return ()
    if not words.strip():
        return await _found(store, await store.items.ranked(team.id, limit=FOUND_MAX))
    numbers = (await find_items(store, team.id, words.split()))[:FOUND_MAX]
    items = await store.items.several(numbers)
    return await _found(store, [items[number] for number in numbers if number in items])


async def _team(turn: Turn, store: Store) -> Team | None:
    team = await store.teams.of_channel(turn.place.channel)
    if team is not None:
        return team
    known = await store.people.find(turn.person.id)
    return await store.teams.find(known.team_id) if known and known.team_id else None


async def _found(store: Store, items: Sequence[Item]) -> Sequence[Found]:
    known = await store.tracked.known_as([item.number for item in items])
    return [
        Found(
            f"#{item.number} {shortened(item.title)}",
            beside(item.state, known.get(item.number)),
            ItemView(item.number),
        )
        for item in items
    ]
