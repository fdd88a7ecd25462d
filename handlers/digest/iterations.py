"""What happened in a team's iterations: what was added and taken out while they ran."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers.digest.facts import ItemFacts, Iteration
from storage.states import STATES, TAKEN_ON_STATES

_TAKEN_ON: Final = frozenset({*TAKEN_ON_STATES, "accepted"})
_PUT_BACK: Final = frozenset(STATES) - _TAKEN_ON


def iteration(
    starts_at: datetime, ends_at: datetime, planned: Collection[int], items: Iterable[ItemFacts]
) -> Iteration:
    """Return an iteration with what was planned at its start and what its items did in it.

    Added is what was taken on later, even if only to be finished at once; removed is what was put
    back or dropped and not taken on again by the end.
    """
    added, removed = set(), set()
    for item in items:
        targets = [
            change.target
            for change in sorted(item.history, key=lambda change: change.at)
            if starts_at < change.at <= ends_at
        ]
        if starts_at < item.created_at <= ends_at:
            targets.insert(0, _first_state(item))
        if item.number not in planned and not _TAKEN_ON.isdisjoint(targets):
            added.add(item.number)
        if item.number in planned and targets and targets[-1] in _PUT_BACK:
            removed.add(item.number)
    return Iteration(
        starts_at=starts_at,
        ends_at=ends_at,
        planned=frozenset(planned),
        added=frozenset(added),
        removed=frozenset(removed),
    )


def together(own: Sequence[Iteration], others: Iterable[Iteration]) -> tuple[Iteration, ...]:
    """Return a team's iterations with what other teams did in the very same time boxes."""
    merged = {(box.starts_at, box.ends_at): box for box in own}
    for other in others:
        box = merged.get((other.starts_at, other.ends_at))
        if box is not None:
            merged[box.starts_at, box.ends_at] = replace(
                box,
                planned=box.planned | other.planned,
                added=box.added | other.added,
                removed=box.removed | other.removed,
            )
    return tuple(merged.values())


def _first_state(item: ItemFacts) -> str:
    first = min(item.history, key=lambda change: change.at, default=None)
    return first.origin if first else item.state
