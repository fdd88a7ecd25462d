"""One small improvement at a time: the one a team is making now."""

from __future__ import annotations

from bot.turn import Mistake, NotFound, Refresh, Reply, Turn
from handlers.capture.actions import MakeFocus
from handlers.ui.views import ItemView
from storage import Store


async def make_focus(turn: Turn, store: Store, act: MakeFocus) -> Reply:
    """Make the item its team's focus in place of the one before; the digest names it."""
    item = await store.items.find(act.number)
    if item is None:
        raise NotFound(f"There is no item #{act.number} here.")
    if turn.person.role in ("guest", "external"):
        raise Mistake("Guests cannot choose what the team improves next.")
    if item.is_finished:
        raise Mistake(f"#{item.number} is {item.state} already. Choose one that is still open.")
    before = await store.teams.set_focus(item.team_id, item.number)
    if before is None or before == item.number:
        return Refresh(ItemView(item.number))
    return Refresh(ItemView(item.number)), Refresh(ItemView(before))
