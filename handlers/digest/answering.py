"""Do what the digest asks, from the digest: assign, drop or snooze; refine is another feature's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards import (
    Span,
    Typed,
    filled,
)
from bot.turn import Ask, Mistake, Refresh, Reply, Turn, whisper
from handlers.digest import cards
from handlers.digest.actions import AnswerAsk, DigestView, OpenAsk, Snooze
from handlers.rules.guard import unfinished
from handlers.ui.details import details_in
from handlers.ui.forms import unlisted
from storage import Store
from storage.items import Item
from storage.states import DROP_REASONS, WORKING_STATES


async def open_ask(turn: Turn, store: Store, act: OpenAsk) -> Reply:
    """Open the form that answers an ask."""
    item = await _askable(turn, store, act)
    if act.kind not in cards.ASKED_BY_FORM:
        return _as_it_is_now(act), whisper(*_refining(act.number))
    return Ask(cards.ask_form(act, item))


async def answer_ask(turn: Turn, store: Store, act: AnswerAsk) -> Reply:
    """Assign or drop the item as the form says."""
    item = await _askable(turn, store, act)
    if act.kind not in cards.ASKED_BY_FORM:  # a form from before an upgrade: its words are kept
        changes = {"description": details_in(turn.answers, item)}
        await store.items.change(item, changes, by=turn.person.id)
        return _as_it_is_now(act), whisper("Saved the details. ", *_refining(act.number))
    changes, errors = _changes(act.kind, turn)
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


def _changes(kind: str, turn: Turn) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the form changes, and what is wrong with it by field."""
    answers = turn.answers
    if kind == "assign":
        owner = answers.one("owner")
        return {"owner": owner}, {} if owner else {"owner": "Choose who owns it."}
    reason = answers.one("reason")
    known = reason in DROP_REASONS
    why = {} if known else {"reason": f"Choose one of: {', '.join(DROP_REASONS)}."}
    return {"state": "dropped", "dropped_because": reason}, why


async def _askable(turn: Turn, store: Store, act: OpenAsk | AnswerAsk) -> Item:
    """Return the item, if what the ask asks for still fits: what was begun is not dropped here."""
    item = await unfinished(turn, store, act.number)
    if act.kind == "drop" and item.state in WORKING_STATES:
        move = f"backlog move #{item.number}"
        raise Mistake(f"#{item.number} is under way now. To drop it all the same: ", Typed(move))
    return item


def _as_it_is_now(act: OpenAsk | AnswerAsk) -> Refresh:
    return Refresh(DigestView(act.channel, act.week, act.level))


def _refining(number: int) -> tuple[Span, ...]:
    return "To see what it lacks to be ready: ", Typed(f"refine #{number}")
