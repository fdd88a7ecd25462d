"""One small improvement at a time: the one a team is making now."""

from __future__ import annotations

from bot.turn import Mistake, Reply, Turn
from handlers.rules.access import Permission
from handlers.rules.guard import found_item, require
from handlers.ui.actions import MakeFocus
from storage import Store


async def make_focus(turn: Turn, store: Store, act: MakeFocus) -> Reply:
    """Make the item its team's focus in place of the one before; the digest names it."""
    item = await found_item(store, act.number)
    require(turn, Permission.CHOOSE_FOCUS)
    if item.is_finished:
        raise Mistake(f"#{item.number} is {item.state} already. Choose one that is still open.")
    await store.teams.set_focus(item.team_id, item.number)
    return None
