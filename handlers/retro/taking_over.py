"""Whoever leads a retro is away: after a day somebody is told, and anybody of the team goes on."""

from __future__ import annotations

from bot.turn import Direct, Mistake, Post, Reply, Turn, whisper
from handlers.retro.access import (
    free_from,
    goes_on,
    held,
    may_take_part,
    moved_on,
)
from handlers.retro.actions import StepView, TakeOver
from handlers.rules.access import Permission
from handlers.rules.guard import leaders_of, require
from handlers.ui.views import RetroView
from storage import Store
from storage.retros import OPEN_STAGES, Retro


async def tell(turn: Turn, store: Store, key: str) -> Reply:
    """Tell the thread, and one person directly, once for each wait, how the retro goes on."""
    retro = await held(store, int(key))
    free = free_from(retro)
    if free is None or free > turn.now:
        return None
    told = Post(StepView(retro.id, "away"), RetroView(retro.id), retro.channel)
    person = await stands_in(store, retro)
    if person is None:
        return told
    return told, Direct(person, StepView(retro.id, "away", alone=True))


async def take_over(turn: Turn, store: Store, act: TakeOver) -> Reply:
    """Lead the retro from now on."""
    retro = await held(store, act.retro_id)
    if retro.stage not in OPEN_STAGES:
        return moved_on(retro)
    require(turn, Permission.TAKE_OVER_RETRO)
    await may_take_part(turn, store, retro)
    if retro.facilitator == turn.person.id:
        return whisper("You lead this retro already.")
    free = free_from(retro)
    if free is None or free > turn.now:
        names = await store.people.named([retro.facilitator])
        name = names.get(retro.facilitator, "Whoever leads this retro")
        raise Mistake(f"{name} has been here within a day. Ask them to go on.")
    retro.facilitator = turn.person.id
    await goes_on(store, retro)
    told = whisper("You lead this retro now: its buttons are yours.")
    return Post(StepView(retro.id, "taken"), RetroView(retro.id), retro.channel), told


async def stands_in(store: Store, retro: Retro) -> str | None:
    """Return who is told first: a facilitator or an admin of the team, else one of its people."""
    leaders = await leaders_of(store, retro.team_id)
    people = [person.id for person in await store.people.of_team(retro.team_id)]
    asked = [*sorted(leaders.facilitators), *sorted(leaders.admins), *people]
    gone = await store.people.nobodies(asked) | await store.channels.who_left(retro.channel)
    away = gone | {retro.facilitator}
    return next((person for person in asked if person not in away), None)
