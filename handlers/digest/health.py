"""The metrics of backlog health, each a function over plain values.

A metric is a value with its evidence, or "n/a" with the reason; a missing number is never 0.
Shares keep both counts, because "3 of 4" says more than 75 %. Flow metrics are in `flow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.digest.facts import (
    NO_REST,
    Backlog,
    Dependency,
    ItemFacts,
    Iteration,
    Rest,
    ranked,
)
from handlers.digest.flow import (
    WINDOW,
    aging,
    flow_distribution,
    flow_efficiency,
    flow_load,
    flow_time,
    flow_velocity,
)
from handlers.digest.horizon import horizon, velocity, without_points
from handlers.digest.metric import Metric, count, not_available, share
from handlers.rules.predictability import Objective
from handlers.rules.predictability import predictability as reached
from handlers.rules.velocity import total
from storage.states import READY_STATES, REWORK_REASONS, UNREADY_STATES, is_rework

_DAY: Final = timedelta(days=1)


# --- is enough of it ready? ------------------------------------------------------------------


def readiness_rate(chosen: Sequence[ItemFacts]) -> Metric:
    """Return ready items in the horizon ÷ items in it; planned or started ones are ready too."""
    unready = [i.number for i in chosen if i.state in UNREADY_STATES]
    return share(
        "readiness rate",
        len(chosen) - len(unready),
        len(chosen),
        "no item is waiting",
        items=unready,
    )


def ready_runway(items: Iterable[ItemFacts], pace: Metric, rest: Rest = NO_REST) -> Metric:
    """Return ready story points ÷ velocity, in iterations. `pace` is the velocity metric."""
    name = "ready runway"
    points = [item.points for item in items if item.state in READY_STATES]
    ready = len(points) + rest.ready
    unsized = points.count(None) + rest.unsized
    if pace.value is None:
        return not_available(name, "iterations", pace.reason_if_na)
    if pace.value == 0:
        return not_available(name, "iterations", "no points were accepted lately")
    if ready and ready == unsized:
        return not_available(name, "iterations", "no ready item has points")
    return Metric(
        name=name,
        value=total([*points, rest.points]) / pace.value,
        unit="iterations",
        note=without_points(unsized, "ready"),
    )


def acceptance_rate(
    items: Iterable[ItemFacts], iterations: Sequence[Iteration], now: datetime
) -> Metric:
    """Return accepted ÷ planned at the start, for the last iteration that has ended.

    What was taken out stays in the denominator; what was added is only reported in `parts`.
    """
    ended = [i for i in iterations if i.ends_at <= now]
    if not ended:
        reason = "no iteration has ended yet" if iterations else "no iterations are set"
        return not_available("acceptance rate", "share", reason)
    iteration = max(ended, key=lambda i: i.ends_at)
    done = {item.number for item in items if iteration.accepted(item)}
    planned, added = iteration.planned, iteration.added - iteration.planned
    metric = share(
        "acceptance rate",
        len(planned & done),
        len(planned),
        "nothing was planned",
        items=sorted(planned - done),
    )
    if metric.value is None:
        return metric
    parts = (
        ("removed", len(iteration.removed & planned)),
        ("added", len(added)),
        ("added and accepted", len(added & done)),
    )
    return replace(metric, parts=parts)


# --- is it good, and looked after? -----------------------------------------------------------


def rework_ratio(items: Iterable[ItemFacts], since: datetime | None = None) -> Metric:
    """Return distinct items sent back ÷ distinct items that reached review, since an instant.

    An item sent back has reached review, even if that was before `since`. `parts` count items per
    reason; an item sent back for two reasons stands in both.
    """
    reached: set[int] = set()
    sent_back: set[int] = set()
    by_reason: dict[str, set[int]] = {reason: set() for reason in REWORK_REASONS}
    for item in items:
        for change in item.history:
            if since is not None and change.at < since:
                continue
            if change.target == "in review":
                reached.add(item.number)
            if is_rework(change.origin, change.target):
                reached.add(item.number)
                sent_back.add(item.number)
                reason = change.reason if change.reason in by_reason else "other"
                by_reason[reason].add(item.number)
    metric = share(
        "rework ratio",
        len(sent_back),
        len(reached),
        "no item reached review",
        items=sorted(sent_back),
    )
    if metric.value is None:
        return metric
    return replace(metric, parts=tuple((why, len(them)) for why, them in by_reason.items() if them))


def stale(backlog: Backlog) -> Metric:
    """Return how many open items nobody touched for two iterations (train level: one PI)."""
    return count("stale", [item.number for item in untouched(backlog)], backlog.rest.open)


def untouched(backlog: Backlog) -> list[ItemFacts]:
    """Return the stale items, the longest untouched first."""
    lying = (
        (touched_at, item.number, item)
        for item in backlog.items
        if item.is_open
        and backlog.now - (touched_at := item.touched_at) >= backlog.stale_after(item)
    )
    return [item for _, _, item in sorted(lying, key=lambda entry: entry[:2])]


def unowned(items: Iterable[ItemFacts], rest: Rest = NO_REST) -> Metric:
    """Return how many open improvements past `captured` have no owner, in backlog order."""
    return count("unowned", [item.number for item in ownerless(items)], rest.unowned)


def ownerless(items: Iterable[ItemFacts]) -> list[ItemFacts]:
    """Return the unowned items in backlog order."""
    return ranked(
        i
        for i in items
        if i.kind == "improvement" and i.is_open and i.state != "captured" and i.owner is None
    )


def blocked(dependencies: Sequence[Dependency] | None, now: datetime) -> Metric:
    """Return how many links to other teams' items are open; `parts` give each one's age in days."""
    if dependencies is None:
        return not_available("blocked", "items", "dependencies are not recorded")
    links = sorted(
        (d for d in dependencies if d.resolved_at is None or d.resolved_at > now),
        key=lambda d: (d.since, d.item),
    )
    return Metric(
        name="blocked",
        value=len(links),
        unit="items",
        parts=tuple((f"#{d.item} waits for {d.team}", (now - d.since) // _DAY) for d in links),
        items=tuple(dict.fromkeys(d.item for d in links)),
    )


# --- do improvements lead anywhere? ----------------------------------------------------------


def follow_through(
    items: Iterable[ItemFacts],
    today: date,
    zone: str = "UTC",
    since: date = date.min,
    rest: Rest = NO_REST,
) -> Metric:
    """Return improvements done by their due day ÷ improvements due, from `since` on.

    An improvement is due once its day is over. Dropped ones are excluded if a reason was given
    (a duplicate is one); done counts by the calendar day in `zone`.
    """
    due = [
        item
        for item in items
        if item.kind == "improvement"
        and item.due is not None
        and since <= item.due < today
        and not item.drop_reason
    ]
    kept = sum(_done_by(item, item.due, zone) for item in due)
    all_due = len(due) + rest.late(today, since)
    return share("follow-through", kept, all_due, "no improvement was due")


def _done_by(item: ItemFacts, day: date | None, zone: str) -> bool:
    accepted = item.accepted_at
    return (
        accepted is not None
        and day is not None
        and accepted.astimezone(ZoneInfo(zone)).date() <= day
    )


def effect_checked(items: Iterable[ItemFacts]) -> Metric:
    """Return improvements rechecked after shipping ÷ done improvements with a hypothesis."""
    shipped = [
        (item.number, item.accepted_at, item.rechecked_at)
        for item in items
        if item.kind == "improvement" and item.state == "accepted" and item.hypothesis
    ]
    unchecked = [
        number
        for number, accepted, rechecked in shipped
        if rechecked is None or (accepted is not None and rechecked < accepted)
    ]
    return share(
        "effect checked",
        len(shipped) - len(unchecked),
        len(shipped),
        "no finished improvement has a hypothesis",
        items=unchecked,
    )


# --- does it serve a goal? -------------------------------------------------------------------


def aligned(chosen: Sequence[ItemFacts]) -> Metric:
    """Return items in the horizon linked to a PI objective ÷ items in it."""
    return _known_share("aligned", chosen, lambda i: i.objective, "no objectives are set")


def outcome_framed(chosen: Sequence[ItemFacts]) -> Metric:
    """Return items in the horizon with a hypothesis ÷ items in it."""
    return _known_share(
        "outcome-framed", chosen, lambda i: i.hypothesis, "hypotheses are not recorded"
    )


def predictability(objectives: Sequence[Objective] | None) -> Metric:
    """Return Σ actual ÷ Σ planned business value of committed objectives (ART predictability)."""
    name = "predictability"
    reached_value = reached(objectives or ())
    if reached_value.value is None:
        return not_available(name, "share", reached_value.reason_if_na)
    counts = (reached_value.actual, reached_value.planned)
    return Metric(
        name=name, value=reached_value.value, unit="share", counts=counts, note=reached_value.note
    )


# --- the whole table -------------------------------------------------------------------------


def measure(backlog: Backlog) -> tuple[Metric, ...]:
    """Return every metric of the health table, in its order.

    Rework and follow-through look back 90 days, acceptance at the last iteration that ended.
    """
    items, now, today = backlog.items, backlog.now, backlog.today
    chosen = horizon(backlog).items
    pace = velocity(items, backlog.iterations, now)
    return (
        readiness_rate(chosen),
        ready_runway(items, pace, backlog.rest),
        acceptance_rate(items, backlog.iterations, now),
        rework_ratio(items, now - WINDOW),
        stale(backlog),
        unowned(items, backlog.rest),
        blocked(backlog.dependencies, now),
        follow_through(items, today, backlog.zone, today - WINDOW, backlog.rest),
        effect_checked(items),
        aligned(chosen),
        outcome_framed(chosen),
        aging(items, now),
        flow_distribution(items, now),
        pace,
        flow_velocity(items, now),
        flow_time(items, now),
        flow_load(items, now),
        flow_efficiency(items, now),
        predictability(backlog.objectives),
    )


def _known_share(
    name: str,
    chosen: Sequence[ItemFacts],
    known: Callable[[ItemFacts], bool | None],
    unrecorded: str,
) -> Metric:
    if chosen and all(known(item) is None for item in chosen):
        return not_available(name, "share", unrecorded)
    without = [item.number for item in chosen if not known(item)]
    return share(name, len(chosen) - len(without), len(chosen), "no item is waiting", items=without)
