"""Say which cells are worth voting on again: those whose card could change the order.

What an order costs is cost of delay × waiting time, summed over the items; an item waits for the
job sizes of all before it. So a pair in the wrong order costs the difference of two products, cost
of delay × the other's job size, and an order the sum over its wrong pairs. Of a cell, one column of
one item, it is asked what the present order would cost above the best if the cell turned out to be
this card or that, each as often as resamples say so: the value of information. A cell that all
dispute is worth nothing where no card would move the item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from handlers.wsjf.resampling import Steps
from handlers.wsjf.scale import SCALE, Column
from handlers.wsjf.scoring import Key
from handlers.wsjf.steps import nearest_card

CELLS_NAMED: Final = 3
WORTH_FROM: Final = 0.01
"""Of what the best order saves over a random one: less than that is not worth anybody's time."""

RESAMPLES_ASKED: Final = 250
"""They tell how likely a card is to within a few per cent, in a quarter of the time."""

_JOB_SIZE: Final = 3
"""Where the job size stands among an item's four values."""


@dataclass(frozen=True, slots=True)
class Worth:
    """A cell, and what a certain card there would save on average: a share of the cost that lies
    between the best and a random order."""

    item: Key
    column: Column
    share: float


class Contest:
    """Items in their present order, each with its cost of delay and its job size, both above 0."""

    def __init__(self, values: Sequence[Sequence[float]]) -> None:
        self.values = values
        self.items = [(sum(each[:_JOB_SIZE]), each[_JOB_SIZE]) for each in values]
        self.avoidable = _avoidable(self.items)

    def share(self, item: int, column: int, steps: Steps) -> float:
        """Return what knowing this cell's card would save on average, as a share of the avoidable
        cost; 0 where there is no such cost."""
        if not self.avoidable:
            return 0.0
        steps = steps[:RESAMPLES_ASKED]
        drawn: Counter[int] = Counter()
        for step, times in Counter(steps).items():  # few differ, so each is read once
            if step is not None:
                drawn[nearest_card(step)] += times
        cost = sum(times * self._regret(item, column, card) for card, times in drawn.items())
        return cost / len(steps) / self.avoidable

    def _regret(self, item: int, column: int, card: int) -> float:
        """Return what the present order costs more than the best one, did the cell have this card.

        Only pairs with this item can be wrong: the others stand as their values want it.
        """
        values = [*self.values[item]]
        values[column] = float(SCALE[card])
        delay, size = sum(values[:_JOB_SIZE]), values[_JOB_SIZE]
        gains = [delay * other_size - other_delay * size for other_delay, other_size in self.items]
        should_rise = sum(max(0.0, gain) for gain in gains[:item])
        return should_rise + sum(max(0.0, -gain) for gain in gains[item + 1 :])


def _avoidable(items: Sequence[tuple[float, float]]) -> float:
    """Return what the best order saves over a random one, in which half of all pairs are wrong."""
    pairs = combinations(items, 2)
    return (
        sum(abs(delay * size_b - delay_b * size) for (delay, size), (delay_b, size_b) in pairs) / 2
    )


def first(cells: Sequence[Worth]) -> tuple[Worth, ...]:
    """Return the few cells that are worth a talk, the most first."""
    worth = [cell for cell in cells if cell.share >= WORTH_FROM]
    return tuple(sorted(worth, key=lambda cell: -cell.share)[:CELLS_NAMED])
