"""Put a team's new improvements into its tracker by themselves, where its settings say so.

Not at once: within ten minutes a capture can be undone, and nothing is left in the tracker then.
What nobody signed goes at the full hour, since its moment could tell who was there. Guests write
nothing there; what nobody signed goes whoever wrote it, or its staying would point at a guest.
"""

from __future__ import annotations

from bot.turn import Reply, Turn
from handlers.rules.access import Permission, may
from handlers.tracker.outgoing import goes_at
from handlers.tracker.putting import begin
from handlers.tracker.records import record_of
from storage import Store
from storage.items import Item
from storage.records import UNBORN, Home

TIMER = "tracker.put"
"""Rings when an improvement goes into a scope; the key is the item's number and the scope's."""


async def captured(turn: Turn, store: Store, numbers: frozenset[int]) -> Reply:
    """Have the improvements among new items go where their team wants them."""
    for number in sorted(numbers):
        item = await store.items.find(number)
        if item is None or item.kind != "improvement":
            continue
        if item.created_by is not None and not may(turn.person, Permission.WRITE_THERE):
            continue
        if (home := await _home(store, item)) is not None:
            await begin(store, item, home, by=turn.person.id)
            await store.timers.set(TIMER, f"{number} {home.scope_id}", goes_at(item))
    return None


async def _home(store: Store, item: Item) -> Home | None:
    """Return where the item's team wants its improvements, as far as they can be put there."""
    team = await store.teams.find(item.team_id)
    if team is None or team.put_into is None:
        return None
    home = await store.records.home(team.put_into)
    return home if home and home.team_id == team.id and home.takes_items else None


async def put(turn: Turn, store: Store, key: str) -> Reply:
    """Put an improvement there now, unless it was dropped or left here meanwhile."""
    number, scope_id = map(int, key.split())
    row = await store.records.of(number, scope_id, lock=True)
    item = await store.items.find(number)
    if row is None or item is None or not row.remote_id.startswith(UNBORN):
        return None
    if item.state == "dropped":
        await store.records.forget(row)
        return None
    return record_of(number, scope_id)
