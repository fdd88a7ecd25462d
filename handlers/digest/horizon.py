"""The horizon and the velocity of a backlog, by the rules that hold everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.digest.facts import Backlog, ItemFacts, Iteration, ranked
from handlers.digest.metric import Metric, not_available
from handlers.rules import velocity as rules
from storage.states import WAITING_STATES


@dataclass(frozen=True, slots=True)
class Horizon:
    """The items that matter now, best first, and the rule that chose them."""

    items: tuple[ItemFacts, ...]
    rule: rules.Rule


def horizon(backlog: Backlog) -> Horizon:
    """Return the items that come next: those nobody has started, as far ahead as matters."""
    waiting = ranked(item for item in backlog.items if item.state in WAITING_STATES)
    pace = _velocity(backlog.items, backlog.iterations, backlog.now)
    count, rule = rules.horizon([item.points for item in waiting], pace)
    return Horizon(tuple(waiting[:count]), rule)


def velocity(items: Iterable[ItemFacts], iterations: Sequence[Iteration], now: datetime) -> Metric:
    """Return points accepted per iteration; an item counts in that of its last acceptance."""
    pace = _velocity(items, iterations, now)
    if pace.value is None:
        return not_available("velocity", "points", pace.reason_if_na)
    note = without_points(pace.unsized, "accepted")
    return Metric(name="velocity", value=pace.value, unit="points", note=note)


def _velocity(
    items: Iterable[ItemFacts], iterations: Sequence[Iteration], now: datetime
) -> rules.Velocity:
    accepted = [
        rules.Accepted(at, item.points) for item in items if (at := item.accepted_at) is not None
    ]
    return rules.velocity(accepted, iterations, now)


def without_points(unsized: int, what: str) -> str:
    """Return the note about items that a sum of points leaves out, "" if there are none."""
    if not unsized:
        return ""
    return f"{unsized} {what} {'item has' if unsized == 1 else 'items have'} no points"
