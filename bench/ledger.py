"""What was sent and what was acknowledged, to be held against what a database kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Cell = tuple[str, str, str]
"""A voter, a poll, and the column and item of one card, such as `ubv.3`."""


@dataclass(slots=True)
class Ballot:
    """One form a voter sent: their cards, and whether they were told it was saved."""

    cards: Mapping[Cell, str]
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many acknowledged acts the database does not show, and how many it shows twice."""

    lost: int
    doubled: int


@dataclass(slots=True)
class Ledger:
    """Everything people did, in the order in which each of them did it."""

    ballots: list[Ballot] = field(default_factory=list)
    items: dict[str, bool] = field(default_factory=dict)
    """Title → whether its author was told that it was saved."""

    @property
    def votes_acknowledged(self) -> int:
        return sum(ballot.acknowledged for ballot in self.ballots)

    @property
    def items_acknowledged(self) -> int:
        return sum(self.items.values())

    @property
    def acknowledged(self) -> int:
        return self.votes_acknowledged + self.items_acknowledged

    def compare(self, cards: Iterable[tuple[Cell, str]], titles: Iterable[str]) -> Verdict:
        """Hold the ledger against every card and every title that the database keeps.

        A cell must show its newest acknowledged card or one that was sent after it: what was not
        acknowledged may have been saved, or not. A card nobody sent makes its ballot a lost one.
        """
        kept: dict[Cell, list[str]] = defaultdict(list)
        for cell, card in cards:
            kept[cell].append(card)
        captured = Counter(titles)
        return Verdict(
            lost=self._lost_ballots(kept)
            + sum(told and not captured[title] for title, told in self.items.items()),
            doubled=sum(len(found) > 1 for found in kept.values())
            + sum(times > 1 for times in captured.values()),
        )

    def _lost_ballots(self, kept: Mapping[Cell, list[str]]) -> int:
        newest: dict[Cell, int] = {}
        allowed: dict[Cell, set[str]] = defaultdict(set)
        for index, ballot in enumerate(self.ballots):
            for cell, card in ballot.cards.items():
                if ballot.acknowledged:
                    newest[cell] = index
                    allowed[cell] = set()
                allowed[cell].add(card)
        lost = {
            index
            for cell, index in newest.items()
            if cell not in kept or not allowed[cell].issuperset(kept[cell])
        }
        return len(lost)
