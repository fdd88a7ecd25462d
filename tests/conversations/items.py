"""Items that stories begin with, and what they look up of one beside what people see of it."""

from __future__ import annotations

from storage.items import Item
from tests.hone import Hone, Someone


async def item(hone: Hone, number: int = 1) -> Item:
    """An item of the story's workspace."""
    async with hone.database.read(hone.workspace, hone.now) as store:
        found = await store.items.find(number)
    assert found
    return found


async def two_items(hone: Hone) -> Someone:
    """Ada in the team's channel, in which she wrote down two items; Grace was there, too."""
    ada, grace = hone.person("Ada"), hone.person("Grace")
    await grace.says("help")
    await ada.says("improve Estimation runs long")
    await ada.says("improve Reviews wait for days")
    return ada
