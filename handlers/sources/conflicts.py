"""Both sides changed a field of an item: whose value stands, and who is told.

The tool is the home of the work, so its value stands; the other is kept in the item's story, and
whoever chose it can take it again. Scores are Hone's: there the team's stands. What is changed
there after both had agreed is not written over again; the item says so until somebody decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.turn import Direct
from handlers.sources.merge import Merged, plain
from handlers.ui.views import OutdoneView
from storage import Store
from storage.items import Item, ItemEvent

CARDS: Final = ("ubv", "tc", "rroe", "size")
SCORE: Final = (*CARDS, "wsjf", "scored_at")

Fields = dict[str, tuple[Any, Any]]
"""A field → its value here, and the tool's, both as events keep them."""

OUTDONE: Final = "outdone"
"""The kind of an event in which a value of somebody here gave way to the tool's."""


AGREED: Final = "agreed"
"""The kind of an event in which somebody here let the tool's values stand."""


@dataclass(frozen=True, slots=True)
class Outdone:
    """A person's values of an item gave way, as the event with this number tells."""

    person: str
    number: int
    seq: int


def is_scored_here(item: Item, events: Sequence[ItemEvent]) -> bool:
    """Tell whether the score that an item has was accepted in Hone."""
    return item.wsjf is not None and any(
        event.kind == "scored" and event.changes.get("scored_at", ("", ""))[1] == at
        for event in events
        for at in (plain(item.scored_at),)
    )


def keep_score(result: Merged, item: Item, base: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    """Let the team's score stand against the tool's cards.

    Returns the cards that were changed there although both had agreed on them: each with the
    team's, which is not written over, and why.
    """
    left: dict[str, tuple[Any, str]] = {}
    for name in CARDS:
        if name not in result.take:
            continue
        theirs, mine = result.take.pop(name), getattr(item, name)
        if base.get(name) == mine:
            words = "emptied" if theirs is None else f"set to {theirs}"
            left[name] = mine, f"it was {words} there after the vote; the team's is {mine}"
    if left:
        left["scored_at"] = plain(item.scored_at), ""  # until the team votes anew
    result.outdone = [name for name in result.outdone if name not in CARDS]
    return left


async def give_way(
    store: Store, item: Item, result: Merged, events: Sequence[ItemEvent]
) -> list[Outdone]:
    """Take the tool's values in place of what people here chose; return whom that concerns."""
    fields = set(result.outdone)
    if not fields.isdisjoint(CARDS):
        fields |= set(SCORE)
    taken = {name: value for name, value in result.take.items() if name in fields}
    people = _authors(fields, events)
    if not await store.items.change(item, taken, by=None, kind=OUTDONE):
        return []
    event = await store.items.last_event(item.number)
    assert event is not None
    return [Outdone(person, item.number, event.seq) for person in people]


def undecided(item: Item, events: Sequence[ItemEvent]) -> Fields:
    """Return field → (ours, theirs) of what gave way, and nobody has decided or changed since."""
    open_: Fields = {}
    for event in events:
        if event.kind == AGREED:
            open_ = {}
        elif event.kind == OUTDONE:
            open_ |= {name: (ours, theirs) for name, (ours, theirs) in event.changes.items()}
    return {
        name: (ours, theirs)
        for name, (ours, theirs) in open_.items()
        if plain(getattr(item, name)) == theirs
    }


async def conflicts_in(store: Store, scope_id: int) -> list[tuple[Item, Fields]]:
    """Return the items of a scope of which something is undecided, each with what."""
    numbers = await store.followed.outdone_in(scope_id)
    items = await store.items.several(numbers)
    events = await store.imports.histories_of(sorted(items))
    found = [(item, undecided(item, events[number])) for number, item in sorted(items.items())]
    return [(item, fields) for item, fields in found if fields]


def _authors(fields: set[str], events: Sequence[ItemEvent]) -> list[str]:
    """Return who chose these fields last, each once."""
    last = {name: event.person for event in events for name in event.changes if name in fields}
    return sorted({person for person in last.values() if person is not None})


def private_lines(outdone: Sequence[Outdone]) -> tuple[Direct, ...]:
    """Return what people are told whose values gave way."""
    return tuple(Direct(each.person, OutdoneView(each.number, each.seq)) for each in outdone)
