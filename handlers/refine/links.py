"""What an item waits for, between the words of the form and the links in the storage."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text import alike
from bot.turn import Turn
from handlers.refine.reading import Named, read_waits
from handlers.rules.guard import readable
from storage import Store
from storage.items import Item
from storage.links import Blocker, Target


def written_waits(blockers: Iterable[Blocker]) -> str:
    """Return links as the form takes them: `#12, Payments`."""
    return ", ".join(_written(blocker) for blocker in blockers)


def _written(blocker: Blocker) -> str:
    return f"#{blocker.target.item}" if blocker.target.item else _spelled(blocker.words)


def _spelled(name: str) -> str:
    """Return a name without the signs that mean something in the form."""
    return " ".join(re.sub(r"[,;#@]", " ", name).split())


def ends(blockers: Iterable[Blocker]) -> set[int]:
    """Return the numbers of the items that are waited for."""
    return {blocker.target.item for blocker in blockers if blocker.target.item}


async def read_targets(
    turn: Turn, store: Store, item: Item, typed: str
) -> tuple[tuple[Target, ...], str]:
    """Return what the person's words name, and what is wrong with them.

    A name that no team has stays a name: not everybody one waits for uses Hone.
    """
    named, wrong = read_waits(await store.records.with_numbers(typed))
    if wrong:
        return (), wrong
    numbers = [name.number for name in named if name.number is not None]
    if wrong := await _wrong_items(turn, store, item, numbers):
        return (), wrong
    teams = {alike(_spelled(team.name)): team.id for team in await store.teams.all()}
    targets = tuple(dict.fromkeys(_target(name, teams) for name in named))
    if Target(team=item.team_id) in targets:
        return (), "It cannot wait for its own team. Name the item it waits for, such as #12."
    return targets, ""


async def relink(
    turn: Turn, store: Store, item: Item, before: Iterable[Blocker], targets: tuple[Target, ...]
) -> None:
    """Let the item wait for these and nothing else; its story keeps what it waited for."""
    if await store.links.set(item.number, targets):
        after = await store.links.open_of(item.number)
        waits = {"waits_for": [written_waits(before), written_waits(after)]}
        await store.items.note(item, "linked", waits, by=turn.person.id)


def _target(named: Named, teams: dict[str, int]) -> Target:
    if named.number is not None:
        return Target(item=named.number)
    team = teams.get(alike(named.name))
    return Target(name=named.name) if team is None else Target(team=team)


async def _wrong_items(turn: Turn, store: Store, item: Item, numbers: list[int]) -> str:
    known = await store.items.several(numbers)
    told = ends(await store.links.open_of(item.number))  # who waits knows for what
    for number in numbers:
        if number == item.number:
            return f"#{number} cannot wait for itself."
        if number not in known or not (
            number in told or await readable(turn, store, known[number].team_id)
        ):
            return f"There is no item #{number} here."
        if await store.links.waits(number, item.number):
            return f"#{number} waits for #{item.number} already: neither could ever start."
    return ""
