"""Reveal all notes at once, by a press or at the deadline, and put the groups right."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.cards import filled
from bot.turn import Ask, Mistake, NotFound, Post, Reply, Turn, Whisper
from handlers.likeness.similar import topics_of
from handlers.retro import alone, forms
from handlers.retro.access import STAGE_NOTES, are_few, held, may_lead, moved_on
from handlers.retro.actions import (
    Cancel,
    ChooseSplit,
    Merge,
    OpenMerge,
    OpenSplit,
    RetroView,
    Reveal,
    Split,
    StepView,
)
from handlers.retro.grouping import Written, divide, title_of
from handlers.retro.reading import themes_in
from handlers.rules.crowd import is_crowd
from handlers.rules.edit_token import EDIT_FOR
from handlers.rules.limits import too_long
from storage import Store
from storage.notes import Note
from storage.retros import CANCELLED, COLLECTING, GROUPING, Retro, RetroGroup

DEADLINE, SOON, TOKENS = "retro.deadline", "retro.soon", "retro.tokens"
"""The timers' kinds; the key is the retro's id."""

REMINDED_FROM = timedelta(hours=4)
"""A retro that is open for less than this needs no reminder."""


async def set_timers(store: Store, retro: Retro) -> None:
    """Set what happens by itself: the reveal, one reminder before it, and tokens that end."""
    key = str(retro.id)
    if retro.deadline is not None:
        await store.timers.set(DEADLINE, key, retro.deadline, retro.channel)
        lasts = retro.deadline - store.now
        if lasts >= REMINDED_FROM:
            await store.timers.set(SOON, key, retro.deadline - lasts / 4, retro.channel)
    await _expire_later(store, retro)


async def _expire_later(store: Store, retro: Retro) -> None:
    """Clear tokens every hour at the same minute, so that the timer tells nothing of a note."""
    hour = store.to_the_hour().now
    at = hour + timedelta(hours=1) + EDIT_FOR  # no token of the hour before is alive any more
    await store.timers.set(TOKENS, str(retro.id), at, retro.channel)


async def expire_tokens(turn: Turn, store: Store, key: str) -> Reply:
    """Take away the means to change notes without a name, once it has ended for all of an hour."""
    retro = await held(store, int(key))
    if retro.stage == COLLECTING:
        hour = store.to_the_hour().now
        await store.notes.expire_tokens(retro.id, hour - timedelta(hours=1))
        await _expire_later(store, retro)
    return None


async def remind(turn: Turn, store: Store, key: str) -> Reply:
    """Say once, in the thread, that the reveal comes nearer."""
    retro = await held(store, int(key))
    if retro.stage != COLLECTING:
        return None
    return Post(StepView(retro.id, "soon"), RetroView(retro.id), retro.channel)


async def reveal_at_deadline(turn: Turn, store: Store, key: str) -> Reply:
    """Reveal by itself, whoever is missing; a retro in which nobody wrote is cancelled."""
    retro = await held(store, int(key))
    if retro.stage != COLLECTING:
        return None
    if not await store.notes.count(retro.id):
        return await _cancel(store, retro)
    return await _reveal(store, retro)


async def reveal(turn: Turn, store: Store, act: Reveal) -> Reply:
    """Show all notes to everybody, in groups of those that say the same."""
    retro = await held(store, act.retro_id)
    if retro.stage != COLLECTING:
        return moved_on(retro, " already")
    await may_lead(turn, store, retro)
    notes = await store.notes.of(retro.id)
    if not notes:
        raise Mistake("Nobody has written a note yet, so there is nothing to reveal.")
    unsigned = any(note.author is None for note in notes)
    if unsigned and not act.sure and (not is_crowd(len(notes)) or await are_few(store, retro)):
        return Whisper(alone.before_revealing(retro))
    return await _reveal(store, retro)


async def cancel(turn: Turn, store: Store, act: Cancel) -> Reply:
    """End the retro before the reveal and delete its notes unread."""
    retro = await held(store, act.retro_id)
    if retro.stage != COLLECTING:
        return moved_on(retro, " already")
    await may_lead(turn, store, retro)
    return await _cancel(store, retro)


async def _reveal(store: Store, retro: Retro) -> Reply:
    notes = await store.notes.of(retro.id)
    written = [Written(note.id, note.column, note.text) for note in notes]
    topics = await topics_of(store, [note.text for note in notes])
    groups = await asyncio.to_thread(divide, written, topics)
    group_of = {note_id: group.no for group in groups for note_id in group.notes}
    await store.notes.seal(retro.id, lambda note: replace(note, group=group_of[note.id]))
    await store.retros.add_groups(
        retro.id,
        [
            {"no": g.no, "column_no": g.column, "title": g.title, "themes": list(g.themes)}
            for g in groups
        ],
    )
    retro.stage, retro.revealed_at = GROUPING, store.now
    await _stop_timers(store, retro)
    view = RetroView(retro.id)
    return Post(StepView(retro.id, "revealed"), view, retro.channel)


async def _cancel(store: Store, retro: Retro) -> Reply:
    await store.notes.change(retro.id, lambda note: None)
    retro.stage, retro.closed_at = CANCELLED, store.now
    await _stop_timers(store, retro)
    return None


async def _stop_timers(store: Store, retro: Retro) -> None:
    for kind in (DEADLINE, SOON, TOKENS):
        await store.timers.cancel(kind, str(retro.id))


# --- merge and split -------------------------------------------------------------------------


async def open_merge(turn: Turn, store: Store, act: OpenMerge) -> Reply:
    """Ask which groups say the same."""
    retro = await _grouping(turn, store, act.retro_id)
    groups = await store.retros.groups(retro.id)
    if len(groups) < 2:
        raise Mistake("There is only one group, so there is nothing to merge.")
    return Ask(forms.merge_form(retro, groups))


async def merge(turn: Turn, store: Store, act: Merge) -> Reply:
    """Make one group of several."""
    retro = await _grouping(turn, store, act.retro_id)
    groups = await store.retros.groups(retro.id)
    chosen = [group for group in groups if str(group.no) in turn.answers.many("groups")]
    title = " ".join(turn.answers.one("title").split())
    errors: dict[str, str] = {}
    if len(chosen) < 2:
        errors["groups"] = "Choose at least two groups."
    if wrong := too_long(title, forms.GROUP_TITLE_MAX_CHARS):
        errors["title"] = wrong
    if errors:
        return Ask(filled(forms.merge_form(retro, groups), turn.answers), errors)
    first, gone = chosen[0], {group.no for group in chosen[1:]}
    await store.notes.change(
        retro.id, lambda note: replace(note, group=first.no) if note.group in gone else note
    )
    first.title = title or first.title
    first.themes = list(dict.fromkeys(theme for group in chosen for theme in group.themes))
    await store.retros.drop_groups(retro.id, sorted(gone))
    return None


async def open_split(turn: Turn, store: Store, act: OpenSplit) -> Reply:
    """Ask which group holds notes that say different things."""
    retro = await _grouping(turn, store, act.retro_id)
    several = await _with_several(store, retro)
    if not several:
        raise Mistake("Every group is a single note, so there is nothing to split.")
    return Ask(forms.split_form(retro, several))


async def choose_split(turn: Turn, store: Store, act: ChooseSplit) -> Reply:
    """Ask which notes leave the group."""
    retro = await _grouping(turn, store, act.retro_id)
    several = await _with_several(store, retro)
    chosen = next((g for g in several if str(g.no) == turn.answers.one("group")), None)
    if chosen is None:
        if not several:
            raise Mistake("Every group is a single note, so there is nothing to split.")
        return Ask(forms.split_form(retro, several), {"group": "Choose one of these groups."})
    return Ask(forms.move_form(retro, chosen, await _notes_in(store, retro, chosen.no)))


async def split(turn: Turn, store: Store, act: Split) -> Reply:
    """Move the chosen notes into a group of their own."""
    retro = await _grouping(turn, store, act.retro_id)
    groups = await store.retros.groups(retro.id)
    group = next((each for each in groups if each.no == act.group), None)
    if group is None:
        raise NotFound("There is no such group here.")
    notes = await _notes_in(store, retro, group.no)
    leave = {note.id: note.text for note in notes if note.id in turn.answers.many("notes")}
    if not 0 < len(leave) < len(notes):
        form = filled(forms.move_form(retro, group, notes), turn.answers)
        return Ask(form, {"notes": "Choose some of the notes, and leave at least one."})
    new = max(each.no for each in groups) + 1
    title, themes = title_of([*leave.values()]), list(themes_in([*leave.values()]))
    stay = [note.text for note in notes if note.id not in leave]
    await store.retros.add_groups(
        retro.id,
        [{"no": new, "column_no": group.column_no, "title": title, "themes": themes}],
    )
    if group.title not in stay:
        group.title = title_of(stay)
    group.themes = list(themes_in(stay))
    await store.notes.change(
        retro.id, lambda note: replace(note, group=new) if note.id in leave else note
    )
    return None


async def _grouping(turn: Turn, store: Store, retro_id: int) -> Retro:
    retro = await held(store, retro_id)
    await may_lead(turn, store, retro)
    if retro.stage != GROUPING:
        raise Mistake(f"This retro {STAGE_NOTES[retro.stage]}: its groups stay as they are.")
    return retro


async def _notes_in(store: Store, retro: Retro, group: int) -> list[Note]:
    return [note for note in await store.notes.of(retro.id) if note.group == group]


async def _with_several(store: Store, retro: Retro) -> Sequence[RetroGroup]:
    notes = await store.notes.of(retro.id)
    groups = await store.retros.groups(retro.id)
    return [group for group in groups if sum(n.group == group.no for n in notes) > 1]
