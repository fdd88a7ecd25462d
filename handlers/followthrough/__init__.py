"""Follow items through: an owner is asked once whether it got done, and whether it worked.

Whether it worked is asked of everything that states a metric, whatever door it came through: of its
owner, else of who finished it, else of its author. Both questions come privately, at nine in the
morning of that person's own zone, never on a weekend and never twice for the same day. All
questions of one morning stand in one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cards import Card, filled
from bot.feature import Feature, Question
from bot.turn import Ask, Direct, Due, Mistake, NotFound, Reply, Turn, Whisper
from handlers.followthrough import cards, forms, nexts, on_page, who
from handlers.followthrough.actions import (
    Done,
    OpenDrop,
    OpenEffect,
    OpenLater,
    OpenNext,
    OpenRecheck,
    SaveDrop,
    SaveEffect,
    SaveLater,
    SaveNext,
    SaveRecheck,
)
from handlers.reader.answers import DAY_EXAMPLES
from handlers.reader.names import in_words
from handlers.rules.guard import changeable, unfinished
from handlers.rules.limits import REASON_MAX_CHARS, VALUE_MAX_CHARS, too_long
from handlers.ui.forms import day_in
from handlers.ui.views import MorningView
from storage import Store
from storage.asked import Asked
from storage.items import Item
from storage.reminders import ASKED_AT, CHECK, DUE, due_question_at, effect_question_at
from storage.states import DROP_REASONS, EFFECTS

# --- ask -------------------------------------------------------------------------------------


async def ask(turn: Turn, store: Store, key: str) -> Reply:
    """Ask a person all that is due by now, in one message; once for each day."""
    assert isinstance(turn.intent, Due)
    item = await store.items.find(int(key))
    person = await who.answers_for(store, item, turn.intent.kind) if item else None
    if item is None or person is None:
        return None
    asked = await store.people.held(person)  # replicas may ring for one person at once
    zone = asked.zone if asked else "UTC"
    morning = turn.now.astimezone(ZoneInfo(zone)).date()
    before = await store.asked.on(person, morning)
    due = [(turn.intent.kind, item.number), *await store.asked.take_due(person)]
    days = [await _ask(turn, store, person, morning, kind, number) for kind, number in due]
    if not any(days):
        return None
    view = MorningView(person, morning.isoformat())
    return None if before else Direct(person, view)


async def _ask(
    turn: Turn, store: Store, person: str, morning: date, kind: str, number: int
) -> date | None:
    """Note the question and return the day it is about; None if it needs no asking any more."""
    item = await store.items.locked(number)
    if item is None or await who.answers_for(store, item, kind) != person:
        return None
    if kind == DUE and due_question_at(item, "UTC") is not None:
        day = item.due_asked = item.due
    elif kind == CHECK and effect_question_at(item, "UTC", turn.now) is not None:
        day = item.check_asked = item.check_on
    else:  # answered, moved or dropped since the timer was set
        return None
    assert day is not None, "without a day there is no question"
    await store.asked.add(person, morning, kind, number, day)
    return day


async def asks(turn: Turn, store: Store) -> Question | None:
    """Find this morning's question; of several, no yes tells which one is meant."""
    if not turn.place.private:
        return None
    zone = ZoneInfo(turn.person.zone)
    morning = turn.now.astimezone(zone).date()
    waiting = [each for each in await _asked_on(store, turn.person.id, morning) if each.is_open]
    if not waiting:
        return None
    at = datetime.combine(morning, ASKED_AT, zone)
    if len(waiting) > 1:
        which = cards.which_one([each.item.number for each in waiting])
        return Question(at, which, which)
    [only] = waiting
    n = only.item.number
    if only.about_due:
        return Question(at, Done(n), cards.not_done(n))
    return Question(at, SaveEffect(n, "moved"), SaveEffect(n, "not moved"))


async def _asked_on(store: Store, person: str, morning: date) -> list[cards.Question]:
    asked = await store.asked.on(person, morning)
    items = await store.items.several([each.number for each in asked])
    return [
        await _question(store, items[each.number], each) for each in asked if each.number in items
    ]


async def _question(store: Store, item: Item, asked: Asked) -> cards.Question:
    about_due = asked.kind == DUE
    return cards.Question(
        item,
        asked.day,
        about_due,
        theirs=await who.answers_for(store, item, asked.kind) == asked.person,
        because=who.because(item, asked.person),
        put_off=tuple(await store.asked.put_off(item.number, "due" if about_due else "check_on")),
        known=(await store.tracked.known_as([item.number])).get(item.number),
    )


async def draw(store: Store, view: MorningView) -> Card:
    """Draw what is still open of a morning's questions, and what became of the others."""
    morning = date.fromisoformat(view.morning)
    return cards.morning(await _asked_on(store, view.person, morning))


# --- did it get done? ------------------------------------------------------------------------


async def done(turn: Turn, store: Store, act: Done) -> Reply:
    """Mark the item as done."""
    item = await unfinished(turn, store, act.number)
    await store.items.change(item, {"state": "accepted"}, by=turn.person.id)
    return None


async def open_later(turn: Turn, store: Store, act: OpenLater) -> Reply:
    """Ask for the new day."""
    item = await unfinished(turn, store, act.number)
    return Ask(forms.later_form(item, await store.asked.put_off(item.number, "due")))


async def save_later(turn: Turn, store: Store, act: SaveLater) -> Reply:
    """Give the item a new due date; on the morning after it Hone asks again."""
    item = await unfinished(turn, store, act.number)
    before = await store.asked.put_off(item.number, "due")
    day, why, errors = _put_off(turn, "due", before)
    if errors:
        return Ask(filled(forms.later_form(item, before), turn.answers), errors)
    await store.items.change(item, {"due": day}, by=turn.person.id, reason=why)
    return None


async def open_drop(turn: Turn, store: Store, act: OpenDrop) -> Reply:
    """Ask why the item is dropped."""
    return Ask(forms.drop_form(await unfinished(turn, store, act.number)))


async def save_drop(turn: Turn, store: Store, act: SaveDrop) -> Reply:
    """Drop the item for a reason."""
    item = await unfinished(turn, store, act.number)
    reason = turn.answers.one("reason")
    if reason not in DROP_REASONS:
        error = f"Choose one of: {', '.join(DROP_REASONS)}."
        return Ask(forms.drop_form(item), {"reason": error})
    changes = {"state": "dropped", "dropped_because": reason}
    await store.items.change(item, changes, by=turn.person.id)
    return None


# --- did it work? ----------------------------------------------------------------------------


async def open_effect(turn: Turn, store: Store, act: OpenEffect) -> Reply:
    """Ask for the number that goes with the answer."""
    item = await _unanswered(turn, store, act.number)
    return Ask(forms.effect_form(item, _known(act.effect)))


async def save_effect(turn: Turn, store: Store, act: SaveEffect) -> Reply:
    """Keep what came of the hypothesis, on the item's card and in the digest's numbers."""
    item = await _unanswered(turn, store, act.number)
    value = turn.answers.one("value")
    if error := _value_error(value):
        form = forms.effect_form(item, _known(act.effect))
        return Ask(filled(form, turn.answers), {"value": error})
    changes = {"effect": _known(act.effect), "effect_value": value, "effect_at": turn.now}
    await store.items.change(item, changes, by=turn.person.id)
    return Whisper(cards.what_next(item)) if act.effect == "not moved" else None


async def open_recheck(turn: Turn, store: Store, act: OpenRecheck) -> Reply:
    """Ask on which day to ask again."""
    item = await _unanswered(turn, store, act.number)
    return Ask(forms.recheck_form(item, await store.asked.put_off(item.number, "check_on")))


async def save_recheck(turn: Turn, store: Store, act: SaveRecheck) -> Reply:
    """Ask again on another day."""
    item = await _unanswered(turn, store, act.number)
    before = await store.asked.put_off(item.number, "check_on")
    day, why, errors = _put_off(turn, "day", before)
    if errors:
        return Ask(filled(forms.recheck_form(item, before), turn.answers), errors)
    await store.items.change(item, {"check_on": day}, by=turn.person.id, reason=why)
    return None


# --- how it is done --------------------------------------------------------------------------


async def _unanswered(turn: Turn, store: Store, number: int) -> Item:
    """Return the item; raises Mistake if nobody can tell any more, or somebody told already."""
    item = await changeable(turn, store, number)
    if not item.metric:
        raise Mistake(f"#{number} has no metric any more, so there is nothing to check.")
    if item.effect:
        value = f": {item.effect_value}" if item.effect_value else ""
        raise Mistake(f"#{number} is answered already: {cards.EFFECT_WORDS[item.effect]}{value}.")
    return item


def _known(effect: str) -> str:
    if effect not in EFFECTS:
        raise NotFound("There is no such answer.")
    return effect


def _value_error(value: str) -> str:
    if wrong := too_long(value, VALUE_MAX_CHARS):
        return wrong
    if value and not any(map(str.isdecimal, value)):
        return "I need a number there, such as 5 hours, or leave it empty."
    return ""


def _put_off(
    turn: Turn, field: str, before: Sequence[str]
) -> tuple[date | None, str, dict[str, str]]:
    """Return the new day, why it is put off, and what is wrong, by field.

    Once is nothing to explain; who puts it off again says what is in the way.
    """
    errors: dict[str, str] = {}
    day, error = _day_to_come(turn, turn.answers.one(field))
    if day is None:
        errors[field] = error
    why = " ".join(turn.answers.one("why").split())
    if wrong := too_long(why, REASON_MAX_CHARS):
        errors["why"] = wrong
    elif before and not why:
        errors["why"] = "Say in a few words what is in the way."
    return day, why, errors


def _day_to_come(turn: Turn, answer: str) -> tuple[date | None, str]:
    """Return the chosen day, or None and what is wrong with it."""
    day, wrong = day_in(turn, answer)
    if day is None:
        return None, wrong or f"Write {DAY_EXAMPLES}."
    today = turn.now.astimezone(ZoneInfo(turn.person.zone)).date()
    if day <= today:
        return None, f"{in_words(day)} is no day to come."
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
        OpenNext: nexts.open_next,
        SaveNext: nexts.save_next,
    },
    views={MorningView: draw},
    due={DUE: ask, CHECK: ask},
    asks=asks,
    on_page=on_page.entries,
)
