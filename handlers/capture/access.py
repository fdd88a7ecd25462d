"""Which items a person may change."""

from __future__ import annotations

from bot.turn import Mistake, NotFound, Turn
from storage import Store
from storage.items import Item


async def found(store: Store, number: int, *, lock: bool = False) -> Item:
    find = store.items.locked if lock else store.items.find
    item = await find(number)
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    return item


async def changeable(turn: Turn, store: Store, number: int) -> Item:
    """Return the item if this person may change it: guests only what they captured themselves."""
    item = await found(store, number, lock=True)
    outside = turn.person.role in ("guest", "external")
    if outside and item.created_by != turn.person.id:
        raise Mistake("Guests can change only what they captured themselves.")
    return item
