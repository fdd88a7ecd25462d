"""A tracker's planning intervals and objectives: whether a team wants them, and what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.cards import Choice, Option
from bot.remote import Planned
from bot.turn import Answers, Turn
from handlers.phrases import shortened
from handlers.rules.guard import lead_train
from handlers.tracker.cards import Followed
from handlers.tracker.told import Outlook
from storage import Store

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
        name=shortened(news.pi.name, 60),
        starts=news.pi.starts.isoformat(),
        objectives=len(news.objectives),
        stretches=sum(each.committed is False for each in news.objectives),
    )


async def waits_for(store: Store, each: Followed) -> str:
    """Return the name of the PI that is open here and another one than the tracker's, or ""."""
    if not each.scope.plan or await store.plans.open_pi(each.scope.id) is not None:
        return ""
    running = await store.objectives.current(each.team.train_id)
    return shortened(running.name, 60) if running else ""
