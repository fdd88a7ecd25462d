"""A long file on its way in: a piece at a time, behind whatever people do meanwhile."""

from __future__ import annotations

from bot.cards import Card
from bot.turn import NotFound, Reply, Turn
from handlers.backlog.exchange import cards
from handlers.backlog.exchange.actions import IntakeView
from handlers.sources.intake import go_on
from storage import Store

TIMER = "backlog.intake"
"""Rings while a file is on its way in; the key is the intake's id."""


async def save_piece(turn: Turn, store: Store, key: str) -> Reply:
    """Save the next piece of a file on its way in."""
    intake = await store.intakes.locked(int(key))
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is not None and team is not None and intake.step != "done":
        await go_on(store, team, intake)
        if intake.step != "done":
            await store.timers.set(TIMER, key, store.now)
    return None


async def draw(store: Store, shown: IntakeView) -> Card:
    """Draw how far a file is, or what came of it."""
    intake = await store.intakes.find(shown.intake_id)
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is None or team is None:
        raise NotFound("There is no such import here.")
    return cards.progress(intake, team)
