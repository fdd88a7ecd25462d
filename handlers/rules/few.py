"""Which teams are so small that what nobody signed must not be told beside their name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from handlers.rules.crowd import is_crowd
from storage import Store
from storage.items import Item
from storage.links import Blocker
from storage.teams import Team


async def small_teams(store: Store, reader: Team) -> frozenset[int]:
    """Return the other teams of a team's train in which a guess would too often be right."""
    people = await store.themes.people_by_team()
    teams = [team.id for team in await store.teams.in_train(reader.train_id)]
    return frozenset(id for id in teams if id != reader.id and not is_crowd(people.get(id, 0)))


def is_only_one(few: frozenset[int]) -> bool:
    """Whether an item without its team's name can only be of one team."""
    return len(few) == 1


async def left_unsigned(store: Store, numbers: Collection[int]) -> frozenset[int]:
    """Return those of some items without an author that a person here left unsigned.

    What came from another tool has no author here, and hides none; what was put there from here
    hides its author still.
    """
    return frozenset(numbers) - await store.imports.brought_in(numbers)


def keyed(links: Sequence[Blocker]) -> list[int]:
    """Return the items of such links that may be called by their keys: a key names its team."""
    waiting = [link.number for link in links if link.own_team]
    awaited = [
        link.target.item
        for link in links
        if link.target.item is not None and (link.team or link.other in (None, link.own))
    ]
    return [*waiting, *awaited]


def must_not_name_team(item: Item, few: frozenset[int]) -> bool:
    """Whether an item's team would be as good as its author's name."""
    return item.created_by is None and item.team_id in few


async def without_small_teams(
    store: Store, links: Sequence[Blocker], few: frozenset[int]
) -> list[Blocker]:
    """Return links that name no small team beside an item of it that nobody signed."""
    waiting = {link.number for link in links if not link.is_signed and link.own in few}
    awaited = {
        link.target.item
        for link in links
        if link.target.item is not None and not link.other_is_signed and link.other in few
    }
    hidden = await left_unsigned(store, waiting | awaited)
    return [
        replace(
            link,
            own_team="" if link.number in hidden & waiting else link.own_team,
            team="" if link.target.item in hidden & awaited else link.team,
        )
        for link in links
    ]
