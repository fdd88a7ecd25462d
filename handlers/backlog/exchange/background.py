"""A long file on its way in: a piece at a time, behind whatever people do meanwhile."""

from __future__ import annotations

from bot.cards import Card
from bot.turn import Due, NotFound, Reply, Turn
from handlers.backlog.exchange import cards
from handlers.backlog.exchange.actions import IntakeView
from handlers.backlog.exchange.looking import Looked, Useless, look_behind, settle
from handlers.sources.intake import go_on
from storage import Store

TIMER = "backlog.intake"
"""Rings while a file is on its way in; the key is the intake's id."""


async def look(turn: Turn, store: Store, key: str) -> object:
    """Look at a long file that nobody has looked at; there is nothing to see in any other."""
    intake = await store.intakes.find(int(key))
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is None or team is None or intake.step not in ("read", "look"):
        return None
    return await look_behind(store, team, intake)


async def save_piece(turn: Turn, store: Store, key: str) -> Reply:
    """Keep what a look has found, or save the next piece of a file that was agreed to."""
    assert isinstance(turn.intent, Due)
    intake = await store.intakes.locked(int(key))
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is None or team is None:
        return None
    if intake.step in ("read", "look") and isinstance(turn.intent.precomputed, Looked | Useless):
        await settle(store, intake, turn.intent.precomputed)
    elif intake.step in ("items", "links"):
        told = await go_on(store, team, intake)
        if intake.step != "done":
            await store.timers.set(TIMER, key, store.now)
        return told
    return None


async def draw(store: Store, shown: IntakeView) -> Card:
    """Draw how far a file is, or what came of it."""
    intake = await store.intakes.find(shown.intake_id)
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is None or team is None:
        raise NotFound("There is no such import here.")
    return cards.progress(intake, team)
