"""What a tracker says of a PI and of objectives, beside what stands here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bot.cards import Button, Buttons, Card, heading, text
from bot.turn import NotFound
from handlers.objectives.access import shown
from handlers.objectives.actions import DiffersView, OpenChange, OpenSetup
from handlers.objectives.cards import span
from handlers.sources.merge import plain
from handlers.ui.elsewhere import tool_of
from storage import Store
from storage.objectives import CLOSED, Objective, PlanningInterval

STAYS: Final = "What was set here stays: I write nothing of a plan there."


async def beside_pi(store: Store, pi: PlanningInterval) -> str:
    """Return what a tracker says otherwise of a PI, "" for nothing."""
    known = await store.plans.of_pi(pi.id)
    if known is None:
        return ""
    row, kind = known
    here = {"name": pi.name, "starts": plain(pi.starts), "weeks": pi.weeks}
    if not (row.base and row.base != here):
        return ""
    days = span(date.fromisoformat(row.base["starts"]), row.base["weeks"])
    return f"In {tool_of(kind)} it is {shown(row.base['name'])}, {days}. {STAYS}"


async def beside_objective(store: Store, objective: Objective) -> str:
    """Return what a tracker says of an objective: it knows it, too, says otherwise, or lost it."""
    known = await store.plans.of_objective(objective.id)
    if known is None:
        return ""
    row, kind = known
    tool = tool_of(kind)
    if row.gone_at is not None:
        return f"It is not in {tool} any more. It stays here until somebody drops it."
    otherwise = list(_otherwise(objective, row.base))
    if not otherwise:
        return f"Followed in {tool}."
    return f"In {tool}: {', '.join(otherwise)}. {STAYS}"


def _otherwise(objective: Objective, base: Mapping[str, Any]) -> Iterator[str]:
    for name, there in base.items():
        if there == getattr(objective, name):
            continue
        match name:
            case "title":
                yield f"“{shown(there, 120)}”"
            case "planned":
                yield f"{there} planned"
            case "actual":
                yield f"{there} reached"
            case "committed":
                yield "committed" if there else "uncommitted"


async def draw(store: Store, view: DiffersView) -> Card:
    """Draw what differs, as it is now, with the way to decide."""
    pi = await store.objectives.pi(view.pi_id)
    objective = await store.objectives.find(view.objective_id) if view.objective_id else None
    if pi is None or (view.objective_id and objective is None):
        raise NotFound("There is no such plan here.")
    if objective is None:
        name, said = pi.name, await beside_pi(store, pi)
        change = Button("Change", OpenSetup(), opens_form=True)
    else:
        name, said = objective.title, await beside_objective(store, objective)
        change = Button("Change", OpenChange(objective.id), opens_form=True)
    summary = f"Your tracker and Hone on: {shown(name, 120)}"
    settled = pi.state == CLOSED or (objective is not None and objective.dropped_at is not None)
    if settled or not said:
        return Card(summary, (heading(summary), text("There is nothing left to decide.")))
    return Card(summary, (heading(summary), text(said), Buttons((change,))))
