"""Capture what should get better as a backlog item, from a command, a form or a message."""

from __future__ import annotations

from typing import Any

from bot.cards import Card, filled
from bot.feature import CommandSpec, Feature
from bot.turn import (
    Ask,
    Command,
    Mistake,
    Post,
    Reply,
    Shortcut,
    Turn,
    Whisper,
    whisper,
)
from handlers.capture import (
    by_number,
    cards,
    focus,
    forms,
    known,
    on_page,
    outcome,
    proposal,
    theming,
    unsigned,
)
from handlers.capture.actions import (
    Assign,
    Drop,
    DropDraft,
    Edit,
    Finish,
    FocusNowView,
    FocusView,
    Join,
    JoinDraft,
    KeepFocus,
    OpenThemes,
    ReadAll,
    Save,
    SaveDraft,
    SaveDrop,
    SaveEdit,
    SaveOutcome,
    SaveOwner,
    SavePieces,
    SaveTheme,
    SetFocusAside,
    SetTheme,
    TakeBack,
    TakeOffer,
    Undo,
)
from handlers.capture.dividing import is_table, problems
from handlers.capture.draft import (
    Draft,
    add,
    draft_from,
    draft_of,
    offer_alike,
    read_here,
    respelled,
    safe_link,
    words_of,
)
from handlers.capture.offered import take_offer
from handlers.capture.reading import Reading, title_problem
from handlers.rules.guard import changeable, found_item, joinable, locked_item, readable_item
from handlers.rules.hypothesis import renewed, written
from handlers.ui.actions import MakeFocus, OpenNew, OpenOutcome
from handlers.ui.details import details_in
from handlers.ui.forms import day_in, unlisted
from handlers.ui.verbs import NumberVerb
from handlers.ui.views import DraftView, ItemView
from storage import Store
from storage.items import Item
from storage.states import DROP_REASONS

# --- capture ---------------------------------------------------------------------------------


async def improve(turn: Turn, store: Store, line: str) -> Reply:
    """Save what was typed after the command; without words, open the form."""
    assert isinstance(turn.intent, Command)
    quoted = turn.intent.quote
    link = safe_link(quoted.link) if quoted else ""
    if not line and quoted and quoted.text:
        return await proposal.propose_quoted(turn, store, quoted)
    if not line:
        return Ask(cards.new_form(link=link))
    if is_table(line):
        raise Mistake(*proposal.TABLE)
    reading = await read_here(turn, store, line)
    if reading.problem:
        raise Mistake(reading.problem)
    draft = draft_of(reading, line, link, words_of(quoted) if quoted else "")
    if reading.anonymous:
        team = await store.teams.resolve(turn.place.channel, turn.person.id)
        notes = await known.alike_unsigned(turn, store, draft.title, team.id)
        item, token = await unsigned.add_unsigned(turn, store, draft)
        card = cards.saved_unsigned(item, reading.understood, (*reading.notes, *notes), token)
        return Post(ItemView(item.number)), Whisper(card)
    if pieces := problems(line):
        return await proposal.propose(turn, store, draft, reading, pieces)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if offered := await offer_alike(store, draft, team.id, reading.notes):
        return Ask(offered)
    item = await add(turn, store, draft, team.id)
    card = await _saved(turn, store, draft, item, reading)
    return Post(ItemView(item.number)), Whisper(card)


async def open_new(turn: Turn, store: Store, act: OpenNew) -> Reply:
    """Open the empty form, for the message behind the link if there is one."""
    return Ask(cards.new_form(link=safe_link(act.link)))


async def log_message(turn: Turn, store: Store) -> Reply:
    """Open the form with a message of the channel quoted in it."""
    assert isinstance(turn.intent, Shortcut)
    quoted = turn.intent.quote
    if quoted is None:
        return Ask(cards.new_form())
    title, details = cards.one_line(quoted.text), words_of(quoted)
    return Ask(cards.new_form(title=title, details=details, link=safe_link(quoted.link)))


async def offer_to_log(turn: Turn, store: Store) -> Reply:
    """Ask somebody who reacted to a message whether to log it. Its words are not known here."""
    assert isinstance(turn.intent, Shortcut)
    quoted = turn.intent.quote
    return Whisper(cards.offer_to_log(safe_link(quoted.link) if quoted else ""))


async def save(turn: Turn, store: Store, act: Save) -> Reply:
    """Save the form as a new item, once items that look alike have been offered."""
    draft, errors = draft_from(turn, act.link)
    errors |= await unlisted(store, "owner", draft.owner)
    form = filled(cards.new_form(link=act.link), turn.answers)
    if errors:
        return Ask(form, errors)
    team = await store.teams.resolve(turn.place.channel, turn.person.id)
    if not act.alike_shown and (offered := await offer_alike(store, draft, team.id)):
        return Ask(filled(offered, turn.answers))
    item = await add(turn, store, draft, team.id)
    return Post(ItemView(item.number)), Whisper(await _saved(turn, store, draft, item))


async def join(turn: Turn, store: Store, act: Join) -> Reply:
    """Keep the person's words under the item that says the same already."""
    item = await joinable(turn, store, act.number)
    words = turn.answers.one("title") or turn.answers.one("details")
    if not words:
        raise Mistake("There is nothing to add: the form was empty.")
    if problem := title_problem(words):
        raise Mistake(problem)
    await store.voices.add(item.number, turn.person.id, words)
    return whisper(f"Added your words to #{item.number} {cards.one_line(item.title)}.")


# --- change ----------------------------------------------------------------------------------


async def edit(turn: Turn, store: Store, act: Edit) -> Reply:
    """Open the item's form."""
    return Ask(cards.edit_form(await changeable(turn, store, act.number)))


async def save_edit(turn: Turn, store: Store, act: SaveEdit) -> Reply:
    """Save what was edited; the live cards follow wherever they stand."""
    item = await changeable(turn, store, act.number)
    draft, errors = draft_from(turn, item.link)
    errors |= await unlisted(store, "owner", draft.owner)
    if errors:
        return Ask(filled(cards.edit_form(item), turn.answers), errors)
    fields = draft.fields() | {"description": details_in(turn.answers, item)}
    if draft.metric == written(item.metric, item.metric_from, item.metric_to):
        for name in ("metric", "metric_from", "metric_to"):
            del fields[name]  # one field has no place for a goal without a start
    return await _change(turn, store, item, renewed(item, fields))


async def read_all(turn: Turn, store: Store, act: ReadAll) -> Reply:
    """Show the item's details in whole."""
    return Whisper(cards.whole(await readable_item(turn, store, act.number)))


async def assign(turn: Turn, store: Store, act: Assign) -> Reply:
    """Ask who owns the item, and by when."""
    return Ask(forms.owner_form(await changeable(turn, store, act.number)))


async def save_owner(turn: Turn, store: Store, act: SaveOwner) -> Reply:
    """Give the item its owner and due date."""
    item = await changeable(turn, store, act.number)
    owner = turn.answers.one("owner") or None
    due, error = day_in(turn, turn.answers.one("due"))
    errors = await unlisted(store, "owner", owner) | ({"due": error} if error else {})
    if errors:
        return Ask(filled(forms.owner_form(item), turn.answers), errors)
    return await _change(turn, store, item, {"owner": owner, "due": due})


async def finish(turn: Turn, store: Store, act: Finish) -> Reply:
    """Mark the item as done."""
    item = await changeable(turn, store, act.number)
    return await _change(turn, store, item, {"state": "accepted", "dropped_because": ""})


async def drop(turn: Turn, store: Store, act: Drop) -> Reply:
    """Ask why the item is dropped."""
    return Ask(forms.drop_form(await changeable(turn, store, act.number)))


async def save_drop(turn: Turn, store: Store, act: SaveDrop) -> Reply:
    """Drop the item for a reason."""
    item = await changeable(turn, store, act.number)
    reason = turn.answers.one("reason")
    if reason not in DROP_REASONS:
        error = f"Choose one of: {', '.join(DROP_REASONS)}."
        return Ask(forms.drop_form(item), {"reason": error})
    return await _change(turn, store, item, {"state": "dropped", "dropped_because": reason})


async def undo(turn: Turn, store: Store, act: Undo) -> Reply:
    """Take back the last change, within ten minutes, by the person who made it."""
    await by_number.take_back_change(turn, store, await locked_item(store, act.number))
    return None


async def draw(store: Store, view: ItemView) -> Card:
    """Draw an item as it is now."""
    item = await found_item(store, view.number)
    return await cards.draw_item(store, item, await store.items.last_event(item.number))


# --- how it is done --------------------------------------------------------------------------


async def _change(turn: Turn, store: Store, item: Item, changes: dict[str, Any]) -> Reply:
    await store.items.change(item, changes, by=turn.person.id)
    return None


async def _saved(
    turn: Turn, store: Store, draft: Draft, item: Item, reading: Reading | None = None
) -> Card:
    """Tell what was saved, which theme it may have, and who else has this."""
    notes = [
        *(reading.notes if reading else ()),
        *respelled(draft, item),
        *await known.elsewhere(turn, store, item.title, item.team_id),
    ]
    theme = await theming.suggestion(turn, store, item)
    understood, offers = (reading.understood, reading.offers) if reading else ((), ())
    return cards.saved(item, understood, notes, offers, theme)


BY_NUMBER = {
    **by_number.VERBS,
    "theme": NumberVerb(theming.choose, "backlog theme #42", "says what it is about"),
}
"""What `backlog` can do with an item."""

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
        ReadAll: read_all,
        SaveEdit: save_edit,
        Assign: assign,
        SaveOwner: save_owner,
        Finish: finish,
        Drop: drop,
        SaveDrop: save_drop,
        Undo: undo,
        TakeBack: unsigned.take_back,
        TakeOffer: take_offer,
        MakeFocus: focus.make_focus,
        KeepFocus: focus.keep_focus,
        SetFocusAside: focus.set_aside,
        OpenOutcome: outcome.open_outcome,
        SaveOutcome: outcome.save_outcome,
        SaveDraft: proposal.save_draft,
        JoinDraft: proposal.join_draft,
        DropDraft: proposal.drop_draft,
        SavePieces: proposal.save_pieces,
        SetTheme: theming.set_theme,
        OpenThemes: theming.open_themes,
        SaveTheme: theming.save_theme,
    },
    views={
        ItemView: draw,
        DraftView: proposal.draw,
        FocusNowView: focus.draw_now,
        FocusView: focus.draw,
    },
    shortcuts={
        "log_improvement": log_message,
        "new_improvement": log_message,
        "offer_to_log": offer_to_log,
    },
    due={
        focus.ENDED: focus.ended,
        proposal.EXPIRED: proposal.expired,
        unsigned.TIMER: unsigned.expired,
    },
    on_message=proposal.on_message,
    asks=proposal.asks,
    is_anonymous=unsigned.is_anonymous,
    on_page=on_page.entries,
)
