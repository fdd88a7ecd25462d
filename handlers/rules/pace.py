"""How fast a team goes and what it comes to next, as its records say now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.rules.timeboxes import DEFAULT_PI, iteration_length, stale_after
from handlers.rules.velocity import (
    HORIZON_MAX,
    LOOKS_BACK,
    Accepted,
    Velocity,
    horizon,
    velocity,
)
from storage import Store
from storage.items import Item
from storage.teams import Team


async def velocity_of(store: Store, team_id: int) -> Velocity:
    """Return the team's velocity."""
    since = store.now - LOOKS_BACK
    accepted = [Accepted(at, points) for at, points in await store.backlog.accepted(team_id, since)]
    return velocity(accepted, await store.iterations.of_team(team_id, since), store.now)


async def horizon_of(store: Store, team_id: int) -> Sequence[Item]:
    """Return the items that come next, best first."""
    waiting = await store.backlog.top_waiting(team_id, HORIZON_MAX)
    count, _ = horizon([item.points for item in waiting], await velocity_of(store, team_id))
    return waiting[:count]


async def stale_since(store: Store, team: Team) -> tuple[datetime, datetime]:
    """Return since when an untouched item is stale: the team's own, and one of the whole train."""
    iterations = await store.iterations.of_team(team.id, store.now - LOOKS_BACK)
    length = iteration_length(iterations)
    planned = await store.objectives.current(team.train_id)
    pi = planned.length if planned else DEFAULT_PI
    return (
        store.now - stale_after("team", length, pi),
        store.now - stale_after("train", length, pi),
    )
