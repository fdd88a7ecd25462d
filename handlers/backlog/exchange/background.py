"""A long file on its way in: a piece at a time, behind whatever people do meanwhile."""

from __future__ import annotations

from bot.cards import Card
from bot.feature import Reads
from bot.turn import Due, NotFound, Reply, Turn
from handlers.backlog.exchange import cards
from handlers.backlog.exchange.actions import IntakeView
from handlers.backlog.exchange.looking import Looked, look_behind, settle
from handlers.sources.apart import Useless
from handlers.sources.intake import Batch, go_on, next_batch
from storage import Store

TIMER = "backlog.intake"
"""Rings while a file is on its way in; the key is the intake's id."""


async def look(turn: Turn, reads: Reads, key: str) -> object:
    """Look at a long file that nobody has looked at, or read what is to be saved next."""
    async with reads() as store:
        intake = await store.intakes.find(int(key))
        team = await store.teams.find(intake.team_id) if intake else None
        if intake is None or team is None:
            return None
        if intake.step in ("items", "links"):
            return await next_batch(store, team, intake)
    return await look_behind(reads, team, intake) if intake.step in ("read", "look") else None


async def save_piece(turn: Turn, store: Store, key: str) -> Reply:
    """Keep what a look has found, or save the next batch of a file that was agreed to."""
    assert isinstance(turn.intent, Due)
    ready = turn.intent.precomputed
    intake = await store.intakes.locked(int(key))
    team = await store.teams.find(intake.team_id) if intake else None
    if intake is None or team is None:
        return None
    if intake.step in ("read", "look") and isinstance(ready, Looked | Useless):
        await settle(store, intake, ready)
    elif intake.step in ("items", "links"):
        told = await go_on(store, team, intake, ready if isinstance(ready, Batch) else None)
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
