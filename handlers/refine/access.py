"""Whose item may be made ready: whoever may change it, as long as it is open."""

from __future__ import annotations

from bot.turn import Turn
from handlers.rules.guard import unfinished
from storage import Store
from storage.items import Item


async def refinable(turn: Turn, store: Store, number: int) -> Item:
    """Return an open item that the person may refine."""
    return await unfinished(turn, store, number, ": nothing is left to refine.")
