"""What somebody did a moment ago: what `undo` takes back, and which item `it` is."""

from __future__ import annotations

from bot.turn import Turn
from handlers.ui.views import UNDO_FOR
from storage import Store
from storage.items import ItemEvent

IT = "#it"
"""Stands in a command for the item that the person changed last."""


async def changed_lately(turn: Turn, store: Store) -> ItemEvent | None:
    """Return the person's last change of an item of this team; None after ten minutes."""
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    since = turn.now - UNDO_FOR
    return await store.items.last_event_of(turn.person.id, team.id, since)
