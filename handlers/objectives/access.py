"""Who may plan, and the plans that can still be changed."""

from __future__ import annotations

from bot.cards import (
    Typed,
)
from bot.turn import Mistake, NotFound, Turn
from handlers.phrases import shortened
from handlers.rules import guard
from handlers.rules.access import Permission
from handlers.rules.guard import require
from storage import Store
from storage.objectives import CLOSED, Objective, PlanningInterval
from storage.teams import Team


async def member(turn: Turn, store: Store) -> Team:
    """Return the team of somebody who may take part in planning."""
    require(turn, Permission.JOIN_PLANNING)
    return await store.teams.resolve(turn.place.channel, turn.person.id)


async def lead_team(turn: Turn, store: Store, team_id: int) -> Team:
    """Return a team if this person may change its plan."""
    require(turn, Permission.JOIN_PLANNING)
    team = await store.teams.find(team_id)
    if team is None:
        raise NotFound("There is no such team here.")
    await guard.lead_team(turn, store, team)
    return team


async def lead_train(turn: Turn, store: Store, train_id: int) -> None:
    """Make sure that this person may change the plan of the whole train."""
    require(turn, Permission.JOIN_PLANNING)
    await guard.lead_train(turn, store, train_id)


async def planned(store: Store, team: Team) -> PlanningInterval:
    """Return the PI that the team's train is in."""
    pi = await store.objectives.current(team.train_id)
    if pi is None:
        raise Mistake("There is no planning interval yet. Set one up with ", Typed("pi setup"), ".")
    return pi


async def open_pi(store: Store, pi_id: int, *, lock: bool = False) -> PlanningInterval:
    """Return a PI that is not closed yet."""
    pi = await store.objectives.pi(pi_id, lock=lock)
    if pi is None:
        raise NotFound("There is no such planning interval here.")
    if pi.state == CLOSED:
        raise Mistake(f"{shown(pi.name)} is closed: its plan stays as it was.")
    return pi


async def live_objective(store: Store, objective_id: int, *, lock: bool = False) -> Objective:
    """Return an objective that can still be changed."""
    objective = await store.objectives.find(objective_id, lock=lock)
    if objective is None:
        raise NotFound("There is no such objective here.")
    await open_pi(store, objective.pi_id)
    if objective.dropped_at is not None:
        raise Mistake("This objective was dropped.")
    return objective


def shown(words: str, limit: int = 60) -> str:
    """Return words on one line, shortened to `limit` characters."""
    return shortened(words, limit)
