"""Writes what a conversation or a form came to, and tells what it says now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.turn import Named, Post, Said, Turn, Whisper
from handlers.coach import cards, plan
from handlers.coach.questions import read_answer
from handlers.reader.turns import asked_in
from handlers.rules.guard import changeable
from handlers.rules.hypothesis import sentence
from handlers.ui.views import ItemView
from storage import Store
from storage.items import Item


async def save_item(
    turn: Turn,
    store: Store,
    item: Item | None,
    team_id: int,
    drafted: Mapping[str, Any],
    answers: Mapping[str, str],
) -> tuple[Item, tuple[Any, ...]]:
    """Write the item and return it with what to tell about it."""
    if item is not None:
        item = await changeable(turn, store, item.number)
    if "title" in answers:
        drafted = {**drafted, "title": answers["title"]}
    saved = await plan.save(
        store, item, team_id, drafted, answers, by=turn.person.id, today=today(turn)
    )
    hypothesis = sentence(
        saved.experiment, saved.metric, saved.metric_from, saved.metric_to, saved.check_on
    )
    in_focus = await store.teams.has_in_focus(saved.team_id, saved.number)
    card = cards.saved(saved, hypothesis, can_be_focus=not in_focus)
    if item is None:
        return saved, (Post(ItemView(saved.number)), Whisper(card))
    return saved, (Whisper(card),)


async def read_said(turn: Turn, store: Store, step: str, text: str) -> str:
    people: list[Any] = []
    if step == "owner":
        named = turn.intent.mentions if isinstance(turn.intent, Said) else ()
        people = [*named, *await store.people.all()]
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    asked = await asked_in(turn, store, team, text)
    me = Named(turn.person.id, turn.person.name)
    return read_answer(step, text, asked, me=me, people=people)


def today(turn: Turn) -> date:
    return turn.now.astimezone(ZoneInfo(turn.person.zone)).date()
