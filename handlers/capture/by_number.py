"""What people ask of an item, and want done with it, in a line that names it by its number.

These are verbs of `backlog`; the buttons of the item's card do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.cards import (
    Span,
    Typed,
)
from bot.text import alike
from bot.turn import Ask, Command, Mistake, Named, Reply, Turn, whisper
from handlers.capture import cards, forms
from handlers.capture.dividing import bare_title
from handlers.capture.reading import title_problem
from handlers.reader.answers import read_day, read_person
from handlers.reader.asked import Asked
from handlers.reader.deadlines import begins_a_phrase, is_lead
from handlers.reader.moments import Unreadable, read_alone
from handlers.reader.names import day_words
from handlers.reader.people import Mention
from handlers.reader.turns import asked_by, asked_in
from handlers.rules.access import Permission, Relation
from handlers.rules.guard import changeable, locked_item, readable_item, require, unfinished
from handlers.rules.naming import items_named
from handlers.ui.lately import changed_lately
from handlers.ui.verbs import NumberVerb
from handlers.ui.views import UNDO_FOR
from storage import Store
from storage.edits import typed
from storage.items import Item, ItemEvent
from storage.states import DROP_REASONS, FINISHED_STATES

NOBODY = frozenset({"nobody", "noone", "no one", "none", "-", "niemand", "nadie", "personne"})

# --- read, or write when something follows ---------------------------------------------------


async def owner(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Say who owns an item, or give it to somebody, with a day where one is named."""
    [number] = _one(numbers)
    if not words:
        return await _tell_owner(turn, store, number)
    item = await changeable(turn, store, number)
    name, day = _name_and_day(words, asked_by(turn))
    changes: dict[str, Any] = {}
    told: list[str] = []
    if alike(name) in NOBODY:
        changes["owner"] = None
        told.append("belongs to nobody now")
    else:
        person = await _person(turn, store, name)
        changes["owner"] = person.id
        told.append(f"belongs to {person.name} now")
    if day:
        changes["due"] = await _day(turn, store, day)
        told.append(f"is due {day_words(changes['due'])}")
    await store.items.change(item, changes, by=turn.person.id)
    return whisper(f"#{number} {' and '.join(told)}.")


async def due(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Say when an item is due, or set the day."""
    [number] = _one(numbers)
    if not words:
        item = await readable_item(turn, store, number)
        if item.due is None:
            return _told(
                item, "has no due date. To set one: ", Typed(f"backlog due #{number} Friday")
            )
        return _told(item, f"is due {day_words(item.due)}.")
    item = await changeable(turn, store, number)
    if alike(words) in NOBODY | {"never", "no date"}:
        await store.items.change(item, {"due": None}, by=turn.person.id)
        return whisper(f"#{number} has no due date now.")
    day = await _day(turn, store, words)
    await store.items.change(item, {"due": day}, by=turn.person.id)
    return whisper(f"#{number} is due {day_words(day)}.")


# --- change ----------------------------------------------------------------------------------


async def rename(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Give an item another title; without one, open its form."""
    [number] = _one(numbers)
    item = await changeable(turn, store, number)
    if not words:
        return Ask(cards.edit_form(item))
    title = bare_title(words)
    if problem := title_problem(title):
        raise Mistake(problem)
    await store.items.change(item, {"title": title}, by=turn.person.id)
    return whisper(f"#{number} is called “{cards.one_line(title)}” now.")


async def finish(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Mark items as done."""
    named = items_named(f"{' '.join(f'#{number}' for number in numbers)} {words}")
    if named.rest:
        raise Mistake("Name items by number, such as: ", Typed("backlog finish #14"), ".")
    items = [await changeable(turn, store, number) for number in named.numbers]
    closed = [item for item in items if item.is_finished]
    if len(closed) == len(items):
        await unfinished(turn, store, items[0].number)
    for item in items:
        if item not in closed:
            done = {"state": "accepted", "dropped_because": ""}
            await store.items.change(item, done, by=turn.person.id)
    done_now = ", ".join(f"#{item.number}" for item in items if item not in closed)
    before = "".join(f" #{item.number} was {item.state} already." for item in closed)
    return whisper(f"Done: {done_now}.{before} If that was wrong: ", Typed("backlog undo"), ".")


async def drop(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Drop an item for the reason that follows; without one, ask why."""
    [number] = _one(numbers)
    item = await unfinished(turn, store, number)
    reason = next((known for known in DROP_REASONS if known in alike(words)), None)
    if reason is None:
        return Ask(forms.drop_form(item))
    dropped = {"state": "dropped", "dropped_because": reason}
    await store.items.change(item, dropped, by=turn.person.id)
    return whisper(f"#{number} is dropped: {reason}.")


# --- undo ------------------------------------------------------------------------------------


async def undo(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Take back the person's last change of an item: of this one, or of any."""
    number = _one(numbers)[0] if numbers else (await _last_change(turn, store)).number
    item = await locked_item(store, number)
    what = await take_back_change(turn, store, item)
    return whisper(f"Taken back: #{number} {what}.")


async def meant(turn: Turn, store: Store, numbers: Sequence[int], words: str) -> Reply:
    """Take the person's last change back, and do it to the item that was meant instead."""
    [number] = _one(numbers)
    last = await _last_change(turn, store)
    if last.number == number:
        return whisper(f"#{number} is what you changed.")
    if last.kind == "created":
        raise Mistake(f"You captured #{last.number} last: to take that back, ", Typed("undo"), ".")
    wanted = {name: typed(name, change[1]) for name, change in last.changes.items()}
    is_over = wanted.get("state") in FINISHED_STATES
    other = await (unfinished if is_over else changeable)(turn, store, number)
    what = await take_back_change(turn, store, await locked_item(store, last.number))
    if "state" in wanted and not is_over:
        return whisper(f"#{last.number} {what}. Now say it of #{number}.")
    await store.items.change(other, wanted, by=turn.person.id)
    return whisper(f"#{last.number} {what}, and #{number} was changed instead.")


async def _last_change(turn: Turn, store: Store) -> ItemEvent:
    last = await changed_lately(turn, store)
    if last is None:
        raise Mistake(
            "I find no change of an item that you made in the last ten minutes: only that can be "
            "taken back in words. What a vote or a retro decided is undone on its card."
        )
    return last


async def take_back_change(turn: Turn, store: Store, item: Item) -> str:
    """Undo the last change of an item for whoever made it; return what the item is then."""
    event = await store.items.last_event(item.number)
    if event is None or store.now - event.at >= UNDO_FOR:
        raise Mistake("Undo works for ten minutes after a change. Use Edit instead.")
    held = {Relation.CHANGED_IT} if event.person == turn.person.id else ()
    require(turn, Permission.UNDO, held)
    await store.items.undo(item, event, by=turn.person.id)
    return "is dropped" if event.kind == "created" else "is as it was before"


# --- how it is done --------------------------------------------------------------------------


def _one(numbers: Sequence[int]) -> Sequence[int]:
    if len(numbers) != 1:
        raise Mistake("One item at a time, please: name it by its number.")
    return numbers


async def _tell_owner(turn: Turn, store: Store, number: int) -> Reply:
    item = await readable_item(turn, store, number)
    if item.owner is None:
        return _told(
            item, "belongs to nobody yet. To take it: ", Typed(f"backlog owner #{number} me")
        )
    names = await store.people.named([item.owner])
    return _told(item, f"belongs to {names.get(item.owner, 'someone')}.")


def _told(item: Item, *said: Span) -> Reply:
    return whisper(f"#{item.number} {cards.one_line(item.title)} ", *said)


def _name_and_day(words: str, asked: Asked) -> tuple[str, str]:
    """Divide `Grace by Friday`; the name is at least one word, and Li Mei has no day of May."""
    said = words.split()
    for at in range(1, len(said)):
        rest = " ".join(said[at:])
        is_day = begins_a_phrase(said[at]) and (is_lead(said[at]) or _names_a_day(rest, asked))
        if is_day:
            return " ".join(said[:at]), rest
    return words, ""


def _names_a_day(words: str, asked: Asked) -> bool:
    when = read_alone(words, asked)
    return when is not None and (when.day is not None or len(words.split()) > 1)


async def _person(turn: Turn, store: Store, name: str) -> Mention:
    assert isinstance(turn.intent, Command)
    me = Named(turn.person.id, turn.person.name)
    try:
        return read_person(name, me, [*turn.intent.mentions, *await store.people.all()])
    except Unreadable as error:
        raise Mistake(str(error)) from None


async def _day(turn: Turn, store: Store, words: str) -> date:
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    try:
        return read_day(words, await asked_in(turn, store, team, words), to_come=True)
    except Unreadable as error:
        raise Mistake(str(error)) from None


VERBS = {
    "owner": NumberVerb(owner, "backlog owner #42 @Grace", "tells who owns it, or gives it away"),
    "due": NumberVerb(due, "backlog due #42 Friday", "tells by when, or sets the day"),
    "rename": NumberVerb(rename, "backlog rename #42 A better title", "gives it another title"),
    "finish": NumberVerb(finish, "backlog finish #42", "marks it as done"),
    "drop": NumberVerb(drop, "backlog drop #42", "takes it out, and asks why"),
    "undo": NumberVerb(
        undo, "backlog undo", "takes back your last change, for ten minutes", bare=True
    ),
    "meant": NumberVerb(
        meant, "backlog meant #42", "takes your last change back, and does it to this item"
    ),
}
