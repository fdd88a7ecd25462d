"""Follow improvements through: an owner is asked once whether it got done, and whether it worked.

Both questions come privately, at nine in the morning of the owner's own zone, never on a weekend
and never twice for the same day.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Card, filled
from bot.feature import Feature
from bot.turn import Ask, Direct, Mistake, NotFound, Reply, Turn
from handlers.due import in_words
from handlers.followthrough import cards
from handlers.followthrough.actions import (
    Done,
    OpenDrop,
    OpenEffect,
    OpenLater,
    OpenRecheck,
    SaveDrop,
    SaveEffect,
    SaveLater,
    SaveRecheck,
)
from handlers.views import DueView, EffectView, redrawn
from storage import Store
from storage.items import DROP_REASONS, EFFECTS, Item
from storage.reminders import CHECK, DUE, due_question_at, effect_question_at

YEARS_MAX = 10
"""A day further away is taken for a slip of the finger."""

# --- ask -------------------------------------------------------------------------------------


async def ask_if_done(turn: Turn, store: Store, key: str) -> Reply:
    """Ask the owner whether the item got done, once for this due date."""
    item = await store.items.locked(int(key))
    if item is None or item.owner is None or item.due is None:
        return None
    if due_question_at(item, "UTC") is None:  # answered, moved or dropped since the timer was set
        return None
    item.due_asked = item.due
    return Direct(item.owner, DueView(item.number, item.due.isoformat()))


async def ask_if_it_worked(turn: Turn, store: Store, key: str) -> Reply:
    """Ask the owner whether the metric moved, once for this day."""
    item = await store.items.locked(int(key))
    if item is None or item.owner is None or item.check_on is None:
        return None
    if effect_question_at(item, "UTC", turn.now) is None:
        return None
    item.check_asked = item.check_on
    return Direct(item.owner, EffectView(item.number, item.check_on.isoformat()))


# --- did it get done? ------------------------------------------------------------------------


async def done(turn: Turn, store: Store, act: Done) -> Reply:
    """Mark the item as done."""
    item = await _open(turn, store, act.number)
    await store.items.change(item, {"state": "accepted"}, by=turn.person.id)
    return await redrawn(store, item, turn.place.channel)


async def open_later(turn: Turn, store: Store, act: OpenLater) -> Reply:
    """Ask for the new day."""
    return Ask(cards.later_form(await _open(turn, store, act.number)))


async def save_later(turn: Turn, store: Store, act: SaveLater) -> Reply:
    """Give the item a new due date; on the morning after it Hone asks again."""
    item = await _open(turn, store, act.number)
    day, error = _day_to_come(turn, turn.answers.one("due"))
    if day is None:
        return Ask(filled(cards.later_form(item), turn.answers), {"due": error})
    await store.items.change(item, {"due": day}, by=turn.person.id)
    return await redrawn(store, item, turn.place.channel)


async def open_drop(turn: Turn, store: Store, act: OpenDrop) -> Reply:
    """Ask why the item is dropped."""
    return Ask(cards.drop_form(await _open(turn, store, act.number)))


async def save_drop(turn: Turn, store: Store, act: SaveDrop) -> Reply:
    """Drop the item for a reason."""
    item = await _open(turn, store, act.number)
    reason = turn.answers.one("reason")
    if reason not in DROP_REASONS:
        error = f"Choose one of: {', '.join(DROP_REASONS)}."
        return Ask(cards.drop_form(item), {"reason": error})
    changes = {"state": "dropped", "dropped_because": reason}
    await store.items.change(item, changes, by=turn.person.id)
    return await redrawn(store, item, turn.place.channel)


async def draw_due(store: Store, view: DueView) -> Card:
    """Draw the question while it is open, then what became of it."""
    item = await store.items.find(view.number)
    if item is None:
        return cards.gone(view.number)
    day = date.fromisoformat(view.due)
    waiting = item.due == day and item.state not in ("accepted", "dropped")
    return cards.due_question(item, day) if waiting else cards.due_answered(item, day)


# --- did it work? ----------------------------------------------------------------------------


async def open_effect(turn: Turn, store: Store, act: OpenEffect) -> Reply:
    """Ask for the number that goes with the answer."""
    item = await _hoped_for(turn, store, act.number)
    return Ask(cards.effect_form(item, _known(act.effect)))


async def save_effect(turn: Turn, store: Store, act: SaveEffect) -> Reply:
    """Keep what came of the hypothesis, on the item's card and in the digest's numbers."""
    item = await _hoped_for(turn, store, act.number)
    value = turn.answers.one("value")
    if error := _value_error(value):
        form = cards.effect_form(item, _known(act.effect))
        return Ask(filled(form, turn.answers), {"value": error})
    changes = {"effect": _known(act.effect), "effect_value": value, "effect_at": turn.now}
    await store.items.change(item, changes, by=turn.person.id)
    return await redrawn(store, item, turn.place.channel)


async def open_recheck(turn: Turn, store: Store, act: OpenRecheck) -> Reply:
    """Ask on which day to ask again."""
    return Ask(cards.recheck_form(await _hoped_for(turn, store, act.number)))


async def save_recheck(turn: Turn, store: Store, act: SaveRecheck) -> Reply:
    """Ask again on another day."""
    item = await _hoped_for(turn, store, act.number)
    day, error = _day_to_come(turn, turn.answers.one("day"))
    if day is None:
        return Ask(filled(cards.recheck_form(item), turn.answers), {"day": error})
    await store.items.change(item, {"check_on": day}, by=turn.person.id)
    return await redrawn(store, item, turn.place.channel)


async def draw_effect(store: Store, view: EffectView) -> Card:
    """Draw the question while it is open, then what came of it."""
    item = await store.items.find(view.number)
    if item is None:
        return cards.gone(view.number)
    waiting = item.check_on == date.fromisoformat(view.day) and not item.effect
    return cards.effect_question(item) if waiting else cards.effect_answered(item)


# --- how it is done --------------------------------------------------------------------------


async def _changeable(turn: Turn, store: Store, number: int) -> Item:
    item = await store.items.locked(number)
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    outside = turn.person.role in ("guest", "external")
    if outside and turn.person.id not in (item.created_by, item.owner):
        raise Mistake("Guests can change only what they captured or own themselves.")
    return item


async def _open(turn: Turn, store: Store, number: int) -> Item:
    item = await _changeable(turn, store, number)
    if item.state in ("accepted", "dropped"):
        raise Mistake(f"#{number} is {item.state} already: nothing is left to do.")
    return item


async def _hoped_for(turn: Turn, store: Store, number: int) -> Item:
    item = await _changeable(turn, store, number)
    if not item.metric:
        raise Mistake(f"#{number} has no metric any more, so there is nothing to check.")
    return item


def _known(effect: str) -> str:
    if effect not in EFFECTS:
        raise NotFound("There is no such answer.")
    return effect


def _value_error(value: str) -> str:
    if len(value) > cards.VALUE_MAX_CHARS:
        return f"That is {len(value):,} characters; at most {cards.VALUE_MAX_CHARS} fit."
    if value and not any(map(str.isdecimal, value)):
        return "I need a number there, such as 5 hours, or leave it empty."
    return ""


def _day_to_come(turn: Turn, answer: str) -> tuple[date | None, str]:
    """Return the chosen day, or None and what is wrong with it."""
    today = turn.now.astimezone(ZoneInfo(turn.person.zone)).date()
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        shown = f"“{answer[:40]}” is not a day of the calendar. " if answer else ""
        return None, f"{shown}Write it as 2026-12-01."
    if day <= today:
        return None, f"{in_words(day)} is no day to come."
    if day > today + timedelta(days=366 * YEARS_MAX):
        return None, f"That is more than {YEARS_MAX} years away: check the year."
    return day, ""


FEATURE = Feature(
    name="followthrough",
    actions={
        Done: done,
        OpenLater: open_later,
        SaveLater: save_later,
        OpenDrop: open_drop,
        SaveDrop: save_drop,
        OpenEffect: open_effect,
        SaveEffect: save_effect,
        OpenRecheck: open_recheck,
        SaveRecheck: save_recheck,
    },
    views={DueView: draw_due, EffectView: draw_effect},
    due={DUE: ask_if_done, CHECK: ask_if_it_worked},
)
