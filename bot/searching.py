"""What somebody searches for while they write elsewhere, drawn as a card to drop there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards import Buttons, Card, When, subtle
from bot.feature import Found
from bot.router import Router
from bot.turn import Turn
from bot.wire import encode


@dataclass(frozen=True, slots=True)
class Hit:
    """A found thing and its card, as it is now: where it is dropped nobody can draw it again."""

    found: Found
    card: Card


async def search(router: Router, turn: Turn, words: str) -> Sequence[Hit]:
    """Return what the features find for the turn's person; raises Mistake and Unavailable."""
    async with router.database.read(turn.workspace, turn.now) as store:
        found = [
            each
            for feature in router.features
            if feature.find is not None
            for each in await feature.find(turn, store, words)
        ]
        return [
            Hit(each, _as_it_was((await router.draw(store, encode(each.view))).card, turn))
            for each in found
        ]


def _as_it_was(card: Card, turn: Turn) -> Card:
    """Return the card to be read only, with the time that it was true."""
    kept = tuple(node for node in card.nodes if not isinstance(node, Buttons))
    now = When(turn.now, turn.person.zone)
    return replace(card, nodes=(*kept, subtle("As it was: ", now, ".")))
