"""How fast a team goes, and how far ahead matters: its velocity, and the horizon that it sizes.

One rule for the digest, for refining and for lists, so that no two of them tell different numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Final, Literal

from handlers.rules.timeboxes import Timebox

VELOCITY_ITERATIONS: Final = 3
LOOKS_BACK: Final = timedelta(days=120)
"""Whatever ended longer ago is in no velocity: the longest window is four iterations of four weeks,
the one that runs and three that have ended, and a week's slack."""

HORIZON_ITEMS: Final = 10
HORIZON_MAX: Final = 100
"""Nobody looks further ahead, however small the items are beside the velocity."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An item that stays accepted, since when; `points` are None where it has none."""

    at: datetime
    points: float | None


@dataclass(frozen=True, slots=True)
class Velocity:
    """Points accepted per iteration; without a `value`, `reason_if_na` says why.

    `sizes` are the points it was made of, `unsized` counts accepted items that have none.
    """

    value: Fraction | None = None
    reason_if_na: str = ""
    sizes: tuple[float, ...] = ()
    unsized: int = 0


NO_ITERATIONS: Final = Velocity(reason_if_na="no iterations are set")


def velocity(
    accepted: Iterable[Accepted], iterations: Iterable[Timebox], now: datetime
) -> Velocity:
    """Return the mean of the last three iterations that have ended, each of the team's own length.

    Zero accepted points is a velocity of 0; accepted items without any points give n/a.
    """
    known = list(iterations)
    ended = sorted((each for each in known if each.ends_at <= now), key=lambda each: each.ends_at)
    last = ended[-VELOCITY_ITERATIONS:]
    if not last:
        return Velocity(reason_if_na="no iteration has ended yet") if known else NO_ITERATIONS
    points = [
        item.points
        for item in accepted
        if any(each.starts_at <= item.at < each.ends_at for each in last)
    ]
    sizes = tuple(size for size in points if size is not None)
    if points and not sizes:
        return Velocity(reason_if_na="no accepted item has points", unsized=len(points))
    return Velocity(total(sizes) / len(last), "", sizes, len(points) - len(sizes))


def total(points: Iterable[float | None]) -> Fraction:
    """Return the exact sum of points, some of which may be halves or tenths."""
    return sum((Fraction(str(each)) for each in points if each), Fraction(0))


Rule = Literal["twice the velocity", "top items"]


def horizon(points: Sequence[float | None], pace: Velocity) -> tuple[int, Rule]:
    """Return how many of the items that nobody has started matter now, and the rule that says so.

    `points` are theirs, in backlog order. They are the top up to 2 × velocity, at least one, else
    the top 10. An item without points weighs as much as the median of those the velocity was made
    of.
    """
    waiting = points[:HORIZON_MAX]
    if not pace.value:
        return len(waiting[:HORIZON_ITEMS]), "top items"
    usual: float = median(pace.sizes)
    total: float = 0
    for taken, size in enumerate(waiting):
        total += usual if size is None else size
        if total > 2 * pace.value and taken:
            return taken, "twice the velocity"
    return len(waiting), "twice the velocity"
