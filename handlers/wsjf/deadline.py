"""When a vote closes by itself, as people say it: 16:00, noon, Friday 4pm, in 2 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.turn import Turn
from handlers.reader.moments import read_moment
from handlers.reader.turns import asked_in
from storage import Store

FURTHEST: Final = timedelta(days=30)
"""A deadline further away is taken for a slip of the finger."""


async def read_deadline(turn: Turn, store: Store, words: str) -> datetime | None:
    """Return the moment (aware UTC) the words name for who speaks, or None for no words.

    Raises Unreadable, also for a moment beyond FURTHEST.
    """
    if not words.strip():
        return None
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    return read_moment(words, await asked_in(turn, store, team, words), FURTHEST, "A vote")
