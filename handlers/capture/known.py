"""Say after a capture what others have that says the same: in the team, and across the train."""

from __future__ import annotations

from bot.turn import Turn
from handlers.likeness.similar import elsewhere_words, similar_elsewhere, similar_items
from handlers.phrases import listed
from handlers.rules.access import Permission, may
from storage import Store


async def elsewhere(turn: Turn, store: Store, text: str, team_id: int) -> tuple[str, ...]:
    """Return a note of other teams that have this, for who may read the train."""
    if not may(turn.person, Permission.READ_TRAIN):
        return ()
    words = elsewhere_words(await similar_elsewhere(store, text, team_id))
    return (words,) if words else ()


async def alike_unsigned(turn: Turn, store: Store, text: str, team_id: int) -> tuple[str, ...]:
    """Return notes of what is there already, for somebody who puts no name to what they say.

    They cannot join it, since a voice has a name; they can take theirs back. Nothing is kept of it.
    """
    here = [f"#{match.id}" for match in await similar_items(store, text, team_id)]
    mine = (f"This looks like {listed(here)}, which we have.",) if here else ()
    return (*mine, *await elsewhere(turn, store, text, team_id))
