"""What the words of one source mean to one team: known, answered once, or guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.remote import RemoteItem
from handlers.sources.owners import Owners, written
from handlers.sources.reading import CARDS
from handlers.sources.states import Translated, kind_of_item, state_of


@dataclass(frozen=True, slots=True)
class Words:
    """How to translate what a tool says."""

    tool: str
    owners: Owners
    states: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def state(self, remote: RemoteItem) -> Translated | None:
        """Return the state an item is in; None where the source does not say.

        A word that nobody knows is taken for done where the source says when it was finished.
        """
        if remote.state is not None:
            category = remote.category or ("done" if remote.finished else "")
            return state_of(self.tool, remote.state, self.states, category, remote.resolution)
        if remote.finished is not None:
            return state_of(self.tool, "accepted", {}, "", remote.resolution)
        return self.step(remote.steps[-1].state) if remote.steps else None

    def step(self, word: str) -> Translated:
        """Return a state that an item went through."""
        return state_of(self.tool, word, self.states)

    def fields(self, remote: RemoteItem) -> dict[str, Any]:
        """Return the item's fields as Hone has them, those that the source tells."""
        told = dict(remote.fields)
        told.pop("dropped_because", None)
        if remote.kind is not None:
            told["kind"] = kind_of_item(remote.kind, self.kinds).ours
        if remote.owner == "":
            told["owner"] = None
        elif remote.owner is not None:
            owner = self.owners.sure(written(remote.owner))
            if owner is not None:
                told["owner"] = owner or None
        return told


def scored(fields: Mapping[str, Any]) -> float | None:
    """Return the WSJF that an item's four cards make, None if one is missing."""
    cards = [fields.get(name) for name in CARDS.values()]
    if not all(cards):
        return None
    return float((fields["ubv"] + fields["tc"] + fields["rroe"]) / fields["size"])
