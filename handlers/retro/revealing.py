"""Reveal all notes at once, by a press or at the deadline; what comes later joins them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.turn import Direct, Mistake, Post, Reply, Turn, Whisper
from handlers.likeness.similar import topics_of
from handlers.retro import alone
from handlers.retro.access import are_few, goes_on, held, may_join, may_lead, moved_on
from handlers.retro.actions import Cancel, Reveal, StepView
from handlers.retro.grouping import Written, belongs_to, divide, title_of
from handlers.retro.reading import themes_in
from handlers.rules.crowd import is_crowd
from handlers.rules.edit_token import EDIT_FOR
from handlers.ui.views import RetroView
from storage import Store
from storage.notes import Note
from storage.retros import CANCELLED, COLLECTING, GROUPING, Retro

DEADLINE, SOON, TOKENS = "retro.deadline", "retro.soon", "retro.tokens"
"""The timers' kinds; the key is the retro's id."""

REMINDED_FROM = timedelta(minutes=10)
"""A retro that is open for less than this needs no reminder."""

IN_THE_THREAD_FROM = timedelta(hours=4)
"""The thread is told of one that is open for so long; else those who have no note there yet."""

REMINDED_MAX = 30
"""People told each for themselves; of more the thread is told."""


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
    """Say once that the reveal comes nearer: in the thread, or to those who may want to know.

    Nobody else learns who they are. Of anonymous notes Hone does not know it either.
    """
    retro = await held(store, int(key))
    if retro.stage != COLLECTING or retro.deadline is None:
        return None
    told = Post(StepView(retro.id, "soon"), RetroView(retro.id), retro.channel)
    if retro.anonymous or retro.deadline - retro.opened_at >= IN_THE_THREAD_FROM:
        return told
    people = await _without_a_note(store, retro)
    if len(people) > REMINDED_MAX:
        return told
    return tuple(Direct(person, StepView(retro.id, "soon", alone=True)) for person in people)


async def _without_a_note(store: Store, retro: Retro) -> list[str]:
    """Return who of the team may write and has neither signed a note nor said to be done."""
    members = await store.people.of_team(retro.team_id)
    people = [each.id for each in members if await may_join(store, retro, each)]
    heard = {note.author for note in await store.notes.of(retro.id)}
    heard |= set(await store.retros.writers(retro.id))
    heard |= await store.people.nobodies(people) | await store.channels.who_left(retro.channel)
    return [person for person in people if person not in heard]


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
    await store.retros.forget_writers(retro.id)
    await _stop_timers(store, retro)
    await goes_on(store, retro)
    view = RetroView(retro.id)
    return Post(StepView(retro.id, "revealed"), view, retro.channel)


async def join(store: Store, retro: Retro, new: Sequence[Note]) -> None:
    """Add notes that come after the reveal, each to the group that says the same, or as a new one.

    There is no way to change them any more: they are on the table.
    """
    before, groups = await store.notes.of(retro.id), await store.retros.groups(retro.id)
    topics = await topics_of(store, [note.text for note in (*before, *new)])
    said = {g.no: [note.text for note in before if note.group == g.no] for g in groups}
    column_of = {group.no: group.column_no for group in groups}
    added, fresh = [], []
    for note in new:
        here = {no: texts for no, texts in said.items() if column_of[no] == note.column and texts}
        no = belongs_to(Written("", note.column, note.text), here, topics)
        if no is None:
            no = max(column_of, default=0) + 1
            said[no], column_of[no] = [], note.column
            title, themes = title_of([note.text]), list(themes_in([note.text]))
            fresh.append({"no": no, "column_no": note.column, "title": title, "themes": themes})
        said[no].append(note.text)
        added.append(replace(note, group=no))
    await store.retros.add_groups(retro.id, fresh)
    await store.notes.add(retro.id, added)


async def _cancel(store: Store, retro: Retro) -> Reply:
    await store.notes.change(retro.id, lambda note: None)
    await store.retros.forget_writers(retro.id)
    retro.stage, retro.closed_at = CANCELLED, store.now
    await _stop_timers(store, retro)
    return None


async def _stop_timers(store: Store, retro: Retro) -> None:
    for kind in (DEADLINE, SOON, TOKENS):
        await store.timers.cancel(kind, str(retro.id))
