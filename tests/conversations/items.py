"""What stories look up of an item, beside what people see of it."""

from __future__ import annotations

from storage.items import Item
from tests.hone import Hone


async def item(hone: Hone, number: int = 1) -> Item:
    """An item of the story's workspace."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        found = await store.items.find(number)
    assert found
    return found
