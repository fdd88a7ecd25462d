"""What a retro's card is drawn from, besides the retro itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cards import Span
from handlers.ui.elsewhere import known_ending
from storage.items import Item
from storage.notes import Note
from storage.retros import RetroGroup
from storage.tracked import KnownAs

STATE_WORDS = {"accepted": "done"}
"""What an item's state is called where one looks back."""


@dataclass(frozen=True, slots=True)
class Board:
    """What is known of a retro when its card is drawn.

    `count` of notes while they are private, how many `writers` are done, and whether few people may
    have written them; `groups` and `notes` after the reveal. `names` knows people by id; `last` are
    the improvements of the team's last retro, `older` those that are still open from before it, and
    `focus` is what it improves now. `is_free`: who leads it has been away so long that others may
    go on. `left` says how long people may still write, "" as long as there is time enough. `known`
    is what all these items are called in other tools.
    """

    count: int = 0
    writers: int = 0
    are_few: bool = False
    voters: int = 0
    groups: Sequence[RetroGroup] = ()
    notes: Sequence[Note] = ()
    items: Mapping[int, Item] | None = None
    last: Sequence[Item] = ()
    older: Sequence[Item] = ()
    is_free: bool = False
    left: str = ""
    focus: Item | None = None
    names: Mapping[str, str] | None = None
    known: Mapping[int, KnownAs] = field(default_factory=dict)

    def key(self, item: Item) -> tuple[Span, ...]:
        """Return what ends a line about an item: what it is called where its work lives."""
        return known_ending(self.known.get(item.number))

    def name(self, person: str | None) -> str:
        return (self.names or {}).get(person or "", "someone")

    def said_in(self, group: RetroGroup) -> list[Note]:
        return [note for note in self.notes if note.group == group.no]
