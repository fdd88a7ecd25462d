"""How work flows: mix, velocity, time, load, efficiency and aging, from the history of states.

Work starts when an item first enters `in progress` (or `in review`) and ends when it is accepted.
Only `in progress` is active time: an item in review, or sent back to the backlog, waits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Final

from handlers.digest.facts import ItemFacts
from handlers.digest.metric import Metric, not_available, with_unit
from storage.states import WORKING_STATES

WINDOW: Final = timedelta(days=90)
VELOCITY_WEEKS: Final = 4
AGING_PERCENTILE: Final = Fraction(85, 100)
AGING_ITEMS_MIN: Final = 10

_NONE_ACCEPTED: Final = "nothing was accepted in 90 days"
_NO_TIMES: Final = "no item was started and accepted in 90 days"
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


def flow_distribution(items: Iterable[ItemFacts], now: datetime) -> Metric:
    """Return how many items were accepted in 90 days; `parts` give each kind's share."""
    kinds = Counter(item.kind for item in _finished(items, now, WINDOW))
    total = kinds.total()
    if not total:
        return not_available("flow distribution", "items", _NONE_ACCEPTED)
    return Metric(
        name="flow distribution",
        value=total,
        unit="items",
        parts=tuple((kind, Fraction(n, total)) for kind, n in kinds.most_common()),
    )


def flow_velocity(items: Sequence[ItemFacts], now: datetime) -> Metric:
    """Return items accepted per week, over four weeks; n/a if none was in 90 days."""
    if not _finished(items, now, WINDOW):
        return not_available("flow velocity", "items a week", _NONE_ACCEPTED)
    recent = _finished(items, now, timedelta(weeks=VELOCITY_WEEKS))
    value = Fraction(len(recent), VELOCITY_WEEKS)
    return Metric(name="flow velocity", value=value, unit="items a week")


def flow_time(items: Iterable[ItemFacts], now: datetime) -> Metric:
    """Return the median days from start to acceptance of items accepted in 90 days."""
    times = _flow_times(items, now)
    if not times:
        return not_available("flow time", "days", _NO_TIMES)
    return Metric(name="flow time", value=median(map(_days, times)), unit="days")


def flow_load(items: Sequence[ItemFacts], now: datetime) -> Metric:
    """Return how many items are in progress or in review, the longest under way first.

    None at all is 0 for a team that started something in 90 days, and n/a for others: they may not
    use these states.
    """
    working = sorted(
        (i for i in items if i.state in WORKING_STATES), key=lambda i: i.started_at or i.created_at
    )
    starts = (move.at for item in items for move in item.history if move.target in WORKING_STATES)
    if not working and not any(now - WINDOW < start <= now for start in starts):
        return not_available("flow load", "items", "no item was started in 90 days")
    numbers = tuple(item.number for item in working)
    return Metric(name="flow load", value=len(numbers), unit="items", items=numbers)


def flow_efficiency(items: Iterable[ItemFacts], now: datetime) -> Metric:
    """Return active ÷ total time, summed over items accepted in 90 days."""
    total = active = timedelta(0)
    for item in _finished(items, now, WINDOW):
        start, end = item.started_at, item.accepted_at
        if start is not None and end is not None:
            total += end - start
            active += _active_time(item, end)
    if not total:
        return not_available("flow efficiency", "share", _NO_TIMES)
    return Metric(name="flow efficiency", value=_days(active) / _days(total), unit="share")


def aging(items: Sequence[ItemFacts], now: datetime) -> Metric:
    """Return how much work in progress is older than the P85 of the last 90 days' flow time.

    P85 is the nearest rank: the shortest time within which 85 % of the items were finished.
    `items` holds the oldest first, `note` tells the P85.
    """
    times = sorted(_flow_times(items, now))
    if len(times) < AGING_ITEMS_MIN:
        reason = f"fewer than {AGING_ITEMS_MIN} items were finished in 90 days"
        return not_available("aging", "items", reason)
    limit = times[math.ceil(AGING_PERCENTILE * len(times)) - 1]
    old = sorted(
        (start, item.number)
        for item in items
        if item.state in WORKING_STATES and (start := item.started_at) and now - start > limit
    )
    return Metric(
        name="aging",
        value=len(old),
        unit="items",
        items=tuple(number for _, number in old),
        note=f"85 % of finished items took at most {with_unit(_days(limit), 'days')}",
    )


def _finished(items: Iterable[ItemFacts], now: datetime, within: timedelta) -> list[ItemFacts]:
    return [
        item
        for item in items
        if (accepted := item.accepted_at) is not None and now - within < accepted <= now
    ]


def _flow_times(items: Iterable[ItemFacts], now: datetime) -> list[timedelta]:
    return [
        end - start
        for item in _finished(items, now, WINDOW)
        if (start := item.started_at) is not None and (end := item.accepted_at) is not None
    ]


def _active_time(item: ItemFacts, until: datetime) -> timedelta:
    active = timedelta(0)
    since: datetime | None = None
    for change in sorted(item.history, key=lambda t: t.at):
        if since is not None:
            active += min(change.at, until) - since
        since = change.at if change.target == "in progress" and change.at < until else None
    return active


def _days(duration: timedelta) -> Fraction:
    return Fraction(duration // _MICROSECOND, _DAY // _MICROSECOND)
