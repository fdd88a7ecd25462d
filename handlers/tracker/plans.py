"""A tracker's planning intervals and objectives: whether a team wants them, and what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.cards import Choice, Option
from bot.remote import Planned
from bot.turn import Answers, Turn
from handlers.phrases import shortened
from handlers.rules.guard import lead_train
from handlers.rules.timeboxes import are_one
from handlers.tracker.cards import Followed
from handlers.tracker.told import Outlook
from storage import Store
from storage.objectives import CLOSED

FIELD: Final = "plan"
STAYS: Final = "stays"
OFFERED_MAX: Final = 99
"""A choice has at most 100 options on Slack; one says that they stay there."""


# --- what the team wants ---------------------------------------------------------------------


def choices(each: Followed) -> Iterator[Choice]:
    """Ask whose objectives come into the team's planning interval, where the tracker keeps any."""
    plans = each.told.abilities.plans[:OFFERED_MAX]
    if not plans:
        return
    options = (
        Option(f"Stay in {each.kind.name}", STAYS),
        *(
            Option(shortened(f"Come into pi: those of {plan.name}", 70), str(place))
            for place, plan in enumerate(plans)
        ),
    )
    chosen = next((str(place) for place, p in enumerate(plans) if p.id == each.scope.plan), STAYS)
    hint = "They are read, and never written there."
    yield Choice(FIELD, "The PI and its objectives", options, (chosen,), hint=hint)


async def choose(turn: Turn, store: Store, each: Followed, answers: Answers) -> bool:
    """Keep what the team wants; False if that is not new. Who may plan the train lets it in."""
    places = {str(place): plan.id for place, plan in enumerate(each.told.abilities.plans)}
    answer = answers.one(FIELD)
    plan = "" if answer == STAYS else places.get(answer, each.scope.plan)
    if plan == each.scope.plan:
        return False
    if plan:
        await lead_train(turn, store, each.team.train_id)
    await store.plans.leave(each.scope.id)
    each.scope.plan = plan
    await store.audit.add(turn.person.id, f"tracker scope {each.scope.id}: plan {plan or 'stays'}")
    return True


# --- what it is told -------------------------------------------------------------------------


def outlook(news: Planned) -> Outlook:
    """Return what is kept of a PI that was read, to tell of it."""
    if news.pi is None:
        return Outlook(why=news.why)
    return Outlook(
        id=news.pi.id,
        name=shortened(news.pi.name, 60),
        starts=news.pi.starts.isoformat(),
        objectives=len(news.objectives),
        stretches=sum(each.committed is False for each in news.objectives),
    )


async def held_off(store: Store, each: Followed) -> str:
    """Return why the tracker's PI does not come in, as the rest of a sentence; "" where it does."""
    found = each.told.outlook
    if not each.scope.plan or found is None or not found.id:
        return ""
    row = await store.plans.pi(each.scope.id, found.id)
    known = await store.objectives.pi(row.pi_id) if row else None
    if known is not None and known.train_id == each.team.train_id:
        closed = f"was closed here: what changes in {each.kind.name} stays there"
        return closed if known.state == CLOSED else ""
    running = await store.objectives.current(each.team.train_id)
    if running is None or are_one(running, found.name, date.fromisoformat(found.starts)):
        return ""
    return f"comes into pi once {shortened(running.name, 60)} is closed here"
