"""Did the vote pay off? Of what shipped, ask whether high ranks moved their metric more often.

An item counts with the half it had in its own vote, as cards of different votes do not compare: in
the upper half if most of the vote's others lie below it. Job size is read against the days from
start to accepted. Small numbers say little, so each figure comes with its counts, and a difference
that chance alone would often give is called no sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import comb
from statistics import median
from typing import Final

from storage.scores import Score
from storage.shipped import Shipped

LOOK_BACK: Final = timedelta(days=365)
FEWEST_CHECKED: Final = 5
"""Of fewer checked effects nothing is concluded."""

FEWEST_A_CARD: Final = 3
"""So many items must share a job size before its days are told."""

CHANCE_BELOW: Final = 0.1
"""What chance alone gives less often than that is called a sign."""

AS_LONG: Final = 1.1
"""A larger card took as long as a smaller one if it took less than this times its days."""

COLUMNS: Final[Mapping[str, str]] = {
    "wsjf": "WSJF",
    "ubv": "Value",
    "tc": "Time criticality",
    "rroe": "Risk / opportunity",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A shipped item: whether its metric moved (None: not checked, or nobody can tell), in which
    columns it lay in the upper half of its vote (left out: in the middle), its job size, and the
    days from start to accepted."""

    moved: bool | None
    upper: Mapping[str, bool]
    size: int
    days: float | None


@dataclass(frozen=True, slots=True)
class Halves:
    """How many moved, of how many, in the upper and in the lower half by a column."""

    upper: tuple[int, int]
    lower: tuple[int, int]

    @property
    def chance(self) -> float:
        """Return how often chance alone puts at least as many of those that moved into the upper
        half, 0–1: Fisher's exact test, one-sided."""
        (hits, above), (rest, below) = self.upper, self.lower
        moved, total = hits + rest, above + below
        most = min(moved, above)
        ways = sum(comb(above, k) * comb(below, moved - k) for k in range(hits, most + 1))
        return ways / comb(total, moved)


@dataclass(frozen=True, slots=True)
class Payoff:
    """`shipped` items, of which `checked` had their effect checked and `moved` moved their metric.

    `halves` by column; `days` is job size → (items, median days), smallest first.
    """

    shipped: int
    checked: int
    moved: int
    halves: Mapping[str, Halves]
    days: Mapping[int, tuple[int, float]]


def payoff(shipped: Iterable[Shipped]) -> Payoff:
    """Count what came of these items."""
    return counted([_outcome(each) for each in shipped])


def _outcome(shipped: Shipped) -> Outcome:
    item, started = shipped.item, shipped.started
    upper = {column: _upper(column, shipped.score, shipped.vote) for column in COLUMNS}
    days = None
    if started is not None and item.finished_at is not None:
        days = (item.finished_at - started).total_seconds() / 86_400
    return Outcome(
        moved={"moved": True, "not moved": False}.get(item.effect),
        upper={column: half for column, half in upper.items() if half is not None},
        size=shipped.score.size,
        days=days,
    )


def _upper(column: str, score: Score, vote: Sequence[Score]) -> bool | None:
    own, others = _place(column, score), [_place(column, each) for each in vote]
    below, above = sum(each < own for each in others), sum(each > own for each in others)
    return None if below == above else below > above


def _place(column: str, score: Score) -> float:
    if column == "wsjf":
        return score.wsjf
    return float(score.steps[column] if score.steps else getattr(score, column))


def counted(outcomes: Sequence[Outcome]) -> Payoff:
    """Count these outcomes."""
    checked = [each for each in outcomes if each.moved is not None]
    sizes = sorted({each.size for each in outcomes})
    timed = {
        size: [each.days for each in outcomes if each.size == size and each.days is not None]
        for size in sizes
    }
    return Payoff(
        shipped=len(outcomes),
        checked=len(checked),
        moved=sum(bool(each.moved) for each in checked),
        halves={column: _halves(column, checked) for column in COLUMNS},
        days={size: (len(days), median(days)) for size, days in timed.items() if days},
    )


def _halves(column: str, checked: Sequence[Outcome]) -> Halves:
    def count(upper: bool) -> tuple[int, int]:
        own = [each for each in checked if each.upper.get(column) is upper]
        return sum(bool(each.moved) for each in own), len(own)

    return Halves(count(True), count(False))


def verdict(result: Payoff) -> str:
    """Say in one sentence whether high ranks moved their metric more often."""
    if result.checked < FEWEST_CHECKED:
        return (
            f"{result.checked} of {result.shipped} shipped items had their effect checked: too few "
            f"to say whether the order paid off; {FEWEST_CHECKED} would be a start."
        )
    halves = result.halves["wsjf"]
    (hits, above), (rest, below) = halves.upper, halves.lower
    return (
        f"Of the upper half by WSJF {hits} of {above} moved their metric, of the lower {rest} of "
        f"{below}: {sign(halves)}."
    )


def sign(halves: Halves) -> str:
    """Say what the two halves show, as far as so few can show anything."""
    (hits, above), (rest, below) = halves.upper, halves.lower
    if not above or not below:
        return "n/a, as all lie in one half"
    if hits * below <= rest * above:
        return "no sign that high meant more"
    if halves.chance < CHANCE_BELOW:
        return "high moved more often"
    return "high moved more often, but so few may be chance"


def advice(result: Payoff) -> list[str]:
    """Say what the next vote could learn, at most two sentences; empty where nothing is sure."""
    told = []
    known = [(size, days) for size, (count, days) in result.days.items() if count >= FEWEST_A_CARD]
    for (small, quick), (large, slow) in pairwise(known):
        if slow < AS_LONG * quick:
            told.append(
                f"Your {large}s in Job size took as long as your {small}s ({slow:.0f} and "
                f"{quick:.0f} days): compare them closer."
            )
            break
    if result.checked >= FEWEST_CHECKED:
        blind = [
            name
            for column, name in COLUMNS.items()
            if column != "wsjf" and sign(result.halves[column]).startswith("no sign")
        ]
        if blind:
            told.append(
                f"High cards in {blind[0]} moved no more than low ones: ask what they stood for."
            )
    return told


def lines(result: Payoff) -> list[str]:
    """Return the payoff in three lines at most, for whoever closes a period."""
    sizes = [f"{size}: {days:.0f} d ({count})" for size, (count, days) in result.days.items()]
    told = [verdict(result)]
    if sizes:
        told.append(f"Days from start to accepted by job size, median (items): {', '.join(sizes)}.")
    return [*told, *advice(result)[:1]][:3]
