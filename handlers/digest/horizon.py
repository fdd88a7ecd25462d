"""What matters now, and how fast the team goes: the horizon and the velocity that sizes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Final, Literal

from handlers.digest.facts import Backlog, ItemFacts, Iteration, ranked
from handlers.digest.metric import Metric, not_available
from storage.states import WAITING_STATES

HORIZON_ITEMS: Final = 10
HORIZON_MAX: Final = 100
"""Nobody looks further ahead, however small the items are beside the velocity."""
VELOCITY_ITERATIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Horizon:
    """The items that matter now, best first, and the rule that chose them."""

    items: tuple[ItemFacts, ...]
    rule: Literal["twice the velocity", "top items"]


def horizon(backlog: Backlog) -> Horizon:
    """Return the top of the backlog up to 2 × velocity, else the top 10.

    Both hold items that nobody has started, in backlog order. On the way to 2 × velocity an item
    without points weighs as much as the median of those the velocity was made of.
    """
    waiting = ranked(i for i in backlog.items if i.state in WAITING_STATES)[:HORIZON_MAX]
    sizes = _sizes(_accepted(backlog.items, _last(backlog.iterations, backlog.now)))
    if any(sizes):
        pace = velocity(backlog.items, backlog.iterations, backlog.now).value or 0
        return Horizon(_fitting(waiting, 2 * pace, median(sizes)), "twice the velocity")
    return Horizon(tuple(waiting[:HORIZON_ITEMS]), "top items")


def _fitting(
    items: Sequence[ItemFacts], points: Fraction | int, usual: float
) -> tuple[ItemFacts, ...]:
    """Return the first items that fit into `points` together; always at least one."""
    total: float | Fraction = 0
    for taken, item in enumerate(items):
        total += usual if item.points is None else item.points
        if total > points and taken:
            return tuple(items[:taken])
    return tuple(items)


def velocity(items: Iterable[ItemFacts], iterations: Sequence[Iteration], now: datetime) -> Metric:
    """Return points accepted per iteration, the mean of the last three that have ended.

    An item counts in the iteration of its last acceptance. Zero accepted points is a velocity of
    0; accepted items without any points give n/a.
    """
    last = _last(iterations, now)
    if not last:
        reason = "no iteration has ended yet" if iterations else "no iterations are set"
        return not_available("velocity", "points", reason)
    accepted = _accepted(items, last)
    sized = _sizes(accepted)
    if accepted and not sized:
        return not_available("velocity", "points", "no accepted item has points")
    return Metric(
        name="velocity",
        value=Fraction(sum(sized), len(last)),
        unit="points",
        note=without_points(len(accepted) - len(sized), "accepted"),
    )


def _last(iterations: Sequence[Iteration], now: datetime) -> list[Iteration]:
    ended = sorted((i for i in iterations if i.ends_at <= now), key=lambda i: i.ends_at)
    return ended[-VELOCITY_ITERATIONS:]


def _accepted(items: Iterable[ItemFacts], iterations: Sequence[Iteration]) -> list[ItemFacts]:
    return [item for item in items if any(i.accepted(item) for i in iterations)]


def _sizes(items: Iterable[ItemFacts]) -> list[int]:
    return [item.points for item in items if item.points is not None]


def without_points(unsized: int, what: str) -> str:
    """Return the note about items that a sum of points leaves out, "" if there are none."""
    if not unsized:
        return ""
    return f"{unsized} {what} {'item has' if unsized == 1 else 'items have'} no points"
