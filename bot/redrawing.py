"""Draws again what shows a set that many posts show: some now, the others soon."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Reply, Turn
from storage import Store
from storage.timers import REDRAW, read_redraw_key, redraw_key

REDRAWN_AT_ONCE = 40
REDRAW_GAP = timedelta(seconds=30)
"""Posts redrawn at once for news of a whole team, and the time until the next ones.

Slack publishes some 100 Home tabs a minute for a workspace, and people at work need some of them.
"""


async def redraw_some(turn: Turn, store: Store, key: str) -> Reply:
    """Have posts drawn again that show a set, some now and the others soon."""
    subject, after = read_redraw_key(key)
    last = await store.posts.show_wide_change(subject, REDRAWN_AT_ONCE, after)
    if last is not None:
        await store.timers.set(REDRAW, redraw_key(subject, last), turn.now + REDRAW_GAP)
    return None
