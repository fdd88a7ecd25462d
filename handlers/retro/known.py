"""What is there already of what people say in a retro: in the team's backlog, and across the train.

Only whoever wrote it is told, and nothing is kept of it: a note without a name stays without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.turn import Turn
from handlers.likeness import Match
from handlers.likeness.similar import elsewhere_words, similar_elsewhere, similar_items
from handlers.phrases import listed, shortened
from handlers.rules.access import Permission, may
from storage import Store

COMPARED_MAX = 5
"""Notes of one form that are compared."""


@dataclass(frozen=True, slots=True)
class Known:
    """What says the same: the team's open items, best first, and in words what others have."""

    here: tuple[Match, ...] = ()
    elsewhere: str = ""

    @property
    def words(self) -> str:
        mine = f"The backlog has it: {listed([f'#{each.id}' for each in self.here])}."
        return " ".join(filter(None, [mine if self.here else "", self.elsewhere]))


async def known(turn: Turn, store: Store, words: str, team_id: int) -> Known:
    """Return what says the same as these words; of other teams only to who may read the train."""
    here = await similar_items(store, words, team_id)
    if not may(turn.person, Permission.READ_TRAIN):
        return Known(here)
    return Known(here, elsewhere_words(await similar_elsewhere(store, words, team_id)))


async def told_of(turn: Turn, store: Store, notes: Sequence[str], team_id: int) -> tuple[str, ...]:
    """Return a line for each note that is there already, in the author's own words."""
    lines = []
    for note in notes[:COMPARED_MAX]:
        if words := (await known(turn, store, note, team_id)).words:
            lines.append(f"“{shortened(note, 60)}” {words}")
    return tuple(lines)
