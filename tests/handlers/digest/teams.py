"""Small words for describing items in tests: when, how far, whose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.digest.facts import PROGRESS, ItemFacts, Transition

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning; the week is 2026-W48."""

TODAY = date(2026, 11, 23)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def moves(
    *steps: tuple[float, str], reason: str = "", origin: str = "captured"
) -> tuple[Transition, ...]:
    """Return the history that enters each state so many days ago: `moves((9, "ready"), …)`."""
    history = []
    for days, state in steps:
        history.append(Transition(ago(days), origin, state, reason))
        origin = state
    return tuple(history)


def item(number: int, state: str = "captured", *, age: float = 10, **facts: Any) -> ItemFacts:
    """Return an item captured `age` days ago that is in `state`; touched then unless told."""
    return ItemFacts(number=number, state=state, created_at=ago(age), **facts)


def finished(number: int, *, started: float, done: float, **facts: Any) -> ItemFacts:
    """Return an accepted item with the days since its start and since its acceptance."""
    history = moves((started, "in progress"), (done, "accepted"))
    return item(number, "accepted", age=max(started, 100), history=history, **facts)


def walked(number: int, state: str, *, entered: float, age: float, **facts: Any) -> ItemFacts:
    """Return an item that went through every state on the way, a day each, ending `entered` ago."""
    path = PROGRESS[1 : PROGRESS.index(state) + 1]
    steps = [(min(age, entered + len(path) - 1 - place), step) for place, step in enumerate(path)]
    return item(number, state, age=age, history=moves(*steps), **facts)
