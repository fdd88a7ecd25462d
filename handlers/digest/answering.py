"""Do what the digest asks, from the digest: assign, refine, drop or snooze."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards import filled
from bot.turn import Ask, Reply, Turn, whisper
from handlers.digest import cards
from handlers.digest.actions import AnswerAsk, OpenAsk, Snooze
from handlers.rules.guard import unfinished
from handlers.rules.limits import DETAILS_MAX_CHARS, too_long
from handlers.ui.forms import details_in, unlisted
from storage import Store
from storage.states import DROP_REASONS


async def open_ask(turn: Turn, store: Store, act: OpenAsk) -> Reply:
    """Open the form that answers an ask."""
    return Ask(cards.ask_form(act, await unfinished(turn, store, act.number)))


async def answer_ask(turn: Turn, store: Store, act: AnswerAsk) -> Reply:
    """Assign, refine or drop the item as the form says."""
    item = await unfinished(turn, store, act.number)
    changes, errors = _changes(act.kind, turn, item)
    errors |= await unlisted(store, "owner", changes.get("owner"))
    if errors:
        return Ask(filled(cards.ask_form(act, item), turn.answers), errors)
    await store.items.change(item, changes, by=turn.person.id)
    return None


async def snooze(turn: Turn, store: Store, act: Snooze) -> Reply:
    """Leave an item in peace for two weeks."""
    item = await unfinished(turn, store, act.number)
    today = turn.now.astimezone(ZoneInfo(turn.person.zone)).date()
    until = today + timedelta(days=cards.SNOOZE_DAYS)
    await store.items.change(item, {"snoozed_until": until}, by=turn.person.id)
    return whisper(f"I'll leave #{item.number} in peace until {until:%d %b}.")


def _changes(kind: str, turn: Turn, item: Item) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the form changes, and what is wrong with it by field."""
    answers = turn.answers
    if kind == "assign":
        owner = answers.one("owner")
        return {"owner": owner}, {} if owner else {"owner": "Choose who owns it."}
    if kind == "drop":
        reason = answers.one("reason")
        known = reason in DROP_REASONS
        why = {} if known else {"reason": f"Choose one of: {', '.join(DROP_REASONS)}."}
        return {"state": "dropped", "dropped_because": reason}, why
    if wrong := too_long(answers.one("details"), DETAILS_MAX_CHARS):
        return {}, {"details": wrong}
    state = "ready" if answers.on("ready") else "refining"
    return {"description": details_in(answers, item), "state": state}, {}
