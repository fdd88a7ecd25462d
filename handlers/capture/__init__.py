"""Capture what should get better as a backlog item, from a command, a form or a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.cards import Card, Form, filled
from bot.feature import CommandSpec, Feature
from bot.turn import (
    Answers,
    Ask,
    Command,
    Intent,
    Mistake,
    NotFound,
    Post,
    Refresh,
    Reply,
    Shortcut,
    Turn,
    Whisper,
    whisper,
)
from handlers.capture import cards
from handlers.capture.actions import (
    Assign,
    Drop,
    Edit,
    Finish,
    Join,
    OpenNew,
    Save,
    SaveDrop,
    SaveEdit,
    SaveOwner,
    Undo,
)
from handlers.capture.reading import Reading, read, title_problem
from handlers.likeness import alike
from handlers.views import ItemView
from storage import Store
from storage.items import KINDS, LEVELS, Item

LINK_MAX_CHARS = 1_000
_THEME = re.compile(r"#?([\w-]{1,40})", re.UNICODE)


# --- capture ---------------------------------------------------------------------------------


async def improve(turn: Turn, store: Store, line: str) -> Reply:
    """Save what was typed after the command; without words, open the form."""
    assert isinstance(turn.intent, Command)
    quoted = turn.intent.quote
    if not line and quoted is None:
        return Ask(cards.new_form())
    if not line:
        assert quoted is not None
        return Ask(cards.new_form(details=quoted.text, link=_link(quoted.link)))
    today = turn.now.astimezone(ZoneInfo(turn.person.zone)).date()
    reading = read(line, today, turn.intent.mentions)
    if reading.problem:
        raise Mistake(reading.problem)
    draft = _draft_of(reading, link=_link(quoted.link) if quoted else "")
    if reading.anonymous:
        item = await _add_unsigned(turn, store, draft)
        told = cards.saved(item, reading.understood, (*reading.notes, cards.UNSIGNED_NOTE))
        return Post(ItemView(item.number)), Whisper(told)
    if offered := await _offer_alike(turn, store, draft):
        return Ask(offered)
    item = await _add(turn, store, draft)
    told = cards.saved(item, reading.understood, reading.notes)
    return Post(ItemView(item.number)), Whisper(told)


async def open_new(turn: Turn, store: Store, _: OpenNew) -> Reply:
    """Open the empty form."""
    return Ask(cards.new_form())


async def log_message(turn: Turn, store: Store) -> Reply:
    """Open the form with a message of the channel quoted in it."""
    assert isinstance(turn.intent, Shortcut)
    quoted = turn.intent.quote
    if quoted is None:
        return Ask(cards.new_form())
    said = f"{quoted.author}: {quoted.text}" if quoted.author else quoted.text
    details = cards.shortened(said, cards.DETAILS_MAX_CHARS)
    title = cards.one_line(quoted.text)
    return Ask(cards.new_form(title=title, details=details, link=_link(quoted.link)))


async def save(turn: Turn, store: Store, act: Save) -> Reply:
    """Save the form as a new item, once items that look alike have been offered."""
    draft, errors = _draft_from(turn.answers, act.link)
    form = filled(cards.new_form(link=act.link), turn.answers)
    if errors:
        return Ask(form, errors)
    if not act.alike_shown and (offered := await _offer_alike(turn, store, draft)):
        return Ask(filled(offered, turn.answers))
    item = await _add(turn, store, draft)
    return Post(ItemView(item.number)), Whisper(cards.saved(item, (), ()))


async def join(turn: Turn, store: Store, act: Join) -> Reply:
    """Keep the person's words under the item that says the same already."""
    item = await _changeable(turn, store, act.number)
    said = turn.answers.one("title") or turn.answers.one("details")
    if not said:
        raise Mistake("There is nothing to add: the form was empty.")
    await store.items.add_voice(item.number, turn.person.id, said)
    return (
        Refresh(ItemView(item.number)),
        whisper(f"Added your words to #{item.number} {cards.one_line(item.title)}."),
    )


# --- change ----------------------------------------------------------------------------------


async def edit(turn: Turn, store: Store, act: Edit) -> Reply:
    """Open the item's form."""
    return Ask(cards.edit_form(await _changeable(turn, store, act.number)))


async def save_edit(turn: Turn, store: Store, act: SaveEdit) -> Reply:
    """Save what was edited; the live cards follow wherever they stand."""
    item = await _changeable(turn, store, act.number)
    draft, errors = _draft_from(turn.answers, item.link)
    if errors:
        return Ask(filled(cards.edit_form(item), turn.answers), errors)
    return await _change(turn, store, item, draft.fields())


async def assign(turn: Turn, store: Store, act: Assign) -> Reply:
    """Ask who owns the item, and by when."""
    return Ask(cards.owner_form(await _changeable(turn, store, act.number)))


async def save_owner(turn: Turn, store: Store, act: SaveOwner) -> Reply:
    """Give the item its owner and due date."""
    item = await _changeable(turn, store, act.number)
    due, error = _day(turn.answers.one("due"))
    if error:
        return Ask(filled(cards.owner_form(item), turn.answers), {"due": error})
    return await _change(
        turn, store, item, {"owner": turn.answers.one("owner") or None, "due": due}
    )


async def finish(turn: Turn, store: Store, act: Finish) -> Reply:
    """Mark the item as done."""
    item = await _changeable(turn, store, act.number)
    return await _change(turn, store, item, {"state": "accepted", "dropped_because": ""})


async def drop(turn: Turn, store: Store, act: Drop) -> Reply:
    """Ask why the item is dropped."""
    return Ask(cards.drop_form(await _changeable(turn, store, act.number)))


async def save_drop(turn: Turn, store: Store, act: SaveDrop) -> Reply:
    """Drop the item for a reason."""
    item = await _changeable(turn, store, act.number)
    reason = turn.answers.one("reason")
    if reason not in cards.DROP_REASONS:
        error = f"Choose one of: {', '.join(cards.DROP_REASONS)}."
        return Ask(cards.drop_form(item), {"reason": error})
    return await _change(turn, store, item, {"state": "dropped", "dropped_because": reason})


async def undo(turn: Turn, store: Store, act: Undo) -> Reply:
    """Take back the last change, within ten minutes, by the person who made it."""
    item = await _found(store, act.number, lock=True)
    event = await store.items.last_event(item.number)
    if event is None or store.now - event.at >= cards.UNDO_FOR:
        raise Mistake("Undo works for ten minutes after a change. Use Edit instead.")
    if event.person != turn.person.id:
        raise Mistake("Only the person who made the last change can undo it. Use Edit instead.")
    await store.items.undo(item, event, by=turn.person.id)
    await _settle_later(turn, store, item)
    return Refresh(ItemView(item.number))


async def settle(turn: Turn, store: Store, key: str) -> Reply:
    """Draw the card again once its Undo has run out."""
    return Refresh(ItemView(int(key)))


async def draw(store: Store, view: ItemView) -> Card:
    """Draw an item as it is now."""
    item = await _found(store, view.number)
    return await cards.draw_item(store, item, await store.items.last_event(item.number))


# --- how it is done --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """An item that is not saved yet."""

    title: str
    details: str = ""
    themes: tuple[str, ...] = ()
    owner: str | None = None
    due: date | None = None
    kind: str = "improvement"
    level: str = "team"
    link: str = ""

    def fields(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "description": self.details,
            "themes": list(self.themes),
            "owner": self.owner,
            "due": self.due,
            "kind": self.kind,
            "level": self.level,
        }


def _draft_of(reading: Reading, link: str) -> _Draft:
    return _Draft(
        title=reading.title,
        themes=reading.themes,
        owner=reading.owner.id if reading.owner else None,
        due=reading.due,
        kind=reading.kind or "improvement",
        level=reading.level,
        link=link,
    )


def _draft_from(answers: Answers, link: str) -> tuple[_Draft, dict[str, str]]:
    """Read the form; returns the draft and what is wrong, by field."""
    errors: dict[str, str] = {}
    if problem := title_problem(answers.one("title")):
        errors["title"] = problem
    details = answers.one("details")
    if len(details) > cards.DETAILS_MAX_CHARS:
        errors["details"] = (
            f"The details have {len(details):,} characters; at most "
            f"{cards.DETAILS_MAX_CHARS:,} fit."
        )
    words = answers.one("themes").replace(",", " ").split()
    themes = [match[1].casefold() for word in words if (match := _THEME.fullmatch(word))]
    if len(themes) < len(words):
        errors["themes"] = "A theme is one word of letters, digits and dashes: #test-data"
    due, error = _day(answers.one("due"))
    if error:
        errors["due"] = error
    kind, level = answers.one("kind") or "improvement", answers.one("level") or "team"
    if kind not in KINDS:
        errors["kind"] = f"Choose one of: {', '.join(KINDS)}."
    if level not in LEVELS:
        errors["level"] = "Choose this team's backlog or the whole train's."
    owner = answers.one("owner") or None
    title = answers.one("title")
    unique = tuple(dict.fromkeys(themes))
    return _Draft(title, details, unique, owner, due, kind, level, link), errors


def _day(answer: str) -> tuple[date | None, str | None]:
    if not answer:
        return None, None
    try:
        return date.fromisoformat(answer), None
    except ValueError:
        return None, f"“{answer[:40]}” is not a day of the calendar. Write it as 2026-12-01."


async def _offer_alike(turn: Turn, store: Store, draft: _Draft) -> Form | None:
    team = await store.teams.here(turn.place.channel, turn.person.id)
    found = alike(draft.title, await store.items.open_titles(team.id))
    if not found:
        return None
    form = cards.new_form(
        title=draft.title,
        details=draft.details,
        themes=draft.themes,
        owner=draft.owner,
        due=draft.due,
        kind=draft.kind,
        level=draft.level,
        link=draft.link,
    )
    return cards.alike_form(form, draft.link, [(match.id, match.text) for match in found])


async def _add(turn: Turn, store: Store, draft: _Draft) -> Item:
    team = await store.teams.here(turn.place.channel, turn.person.id)
    item = await store.items.add(team.id, by=turn.person.id, link=draft.link, **draft.fields())
    await _settle_later(turn, store, item)
    return item


async def _add_unsigned(turn: Turn, store: Store, draft: _Draft) -> Item:
    """Save an item without its author, and no closer in time than the hour."""
    team = await store.teams.here(turn.place.channel, turn.person.id)
    return await store.to_the_hour().items.add(team.id, by=None, link=draft.link, **draft.fields())


def _is_unsigned(intent: Intent) -> bool:
    """Whether this is `improve … --anon`: nothing is kept of who typed it."""
    if not isinstance(intent, Command) or intent.name != "improve":
        return False
    return read(intent.text, date(2000, 1, 1), intent.mentions).anonymous


async def _change(turn: Turn, store: Store, item: Item, changes: dict[str, Any]) -> Reply:
    if await store.items.change(item, changes, by=turn.person.id):
        await _settle_later(turn, store, item)
    return Refresh(ItemView(item.number))


async def _settle_later(turn: Turn, store: Store, item: Item) -> None:
    at = turn.now + cards.UNDO_FOR
    await store.timers.set("capture.settle", str(item.number), at, turn.place.channel)


async def _found(store: Store, number: int, *, lock: bool = False) -> Item:
    find = store.items.locked if lock else store.items.find
    item = await find(number)
    if item is None:
        raise NotFound(f"There is no item #{number} here.")
    return item


async def _changeable(turn: Turn, store: Store, number: int) -> Item:
    """Return the item if this person may change it: guests only what they captured themselves."""
    item = await _found(store, number, lock=True)
    outside = turn.person.role in ("guest", "external")
    if outside and item.created_by != turn.person.id:
        raise Mistake("Guests can change only what they captured themselves.")
    return item


def _link(url: str) -> str:
    """A link back that fits into a button, or none. The local room has no certificate."""
    opens = url.startswith(("https://", "http://"))
    return url if opens and len(url) <= LINK_MAX_CHARS else ""


FEATURE = Feature(
    name="capture",
    commands={
        "improve": CommandSpec(
            summary="Log what should get better",
            run=improve,
            example="improve Estimation runs long #estimation @Grace by Friday",
            what="saves an item with its theme, owner and due date; alone, opens a form",
            free_text=True,
        )
    },
    actions={
        OpenNew: open_new,
        Save: save,
        Join: join,
        Edit: edit,
        SaveEdit: save_edit,
        Assign: assign,
        SaveOwner: save_owner,
        Finish: finish,
        Drop: drop,
        SaveDrop: save_drop,
        Undo: undo,
    },
    views={ItemView: draw},
    shortcuts={"log_improvement": log_message},
    due={"capture.settle": settle},
    unseen=_is_unsigned,
)
