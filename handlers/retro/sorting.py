"""Put the groups right before the vote: move notes, merge groups, split one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Form, filled
from bot.turn import Ask, Mistake, NotFound, Reply, Turn
from handlers.retro import forms
from handlers.retro.access import STAGE_NOTES, held, may_lead
from handlers.retro.actions import (
    ChooseSplit,
    Merge,
    OpenMerge,
    OpenSort,
    OpenSplit,
    SortNotes,
    Split,
)
from handlers.retro.grouping import title_of
from handlers.retro.reading import themes_in
from handlers.rules.limits import too_long
from storage import Store
from storage.notes import Note
from storage.retros import GROUPING, Retro, RetroGroup


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
    _leave(group, [*leave.values()], stay)
    await store.notes.change(
        retro.id, lambda note: replace(note, group=new) if note.id in leave else note
    )
    return None


async def open_sort(turn: Turn, store: Store, act: OpenSort) -> Reply:
    """Ask which notes go where."""
    retro = await _grouping(turn, store, act.retro_id)
    return Ask(await _sort_form(store, retro))


async def sort_notes(turn: Turn, store: Store, act: SortNotes) -> Reply:
    """Move the chosen notes to a group, or into one of their own."""
    retro = await _grouping(turn, store, act.retro_id)
    groups = {group.no: group for group in await store.retros.groups(retro.id)}
    notes = await store.notes.of(retro.id)
    chosen = {id for field in forms.NOTE_MENUS for id in turn.answers.many(field)}
    moved = [note for note in notes if note.id in chosen]
    to = turn.answers.one("to")
    target = next((no for no in groups if str(no) == to), None)
    errors: dict[str, str] = {}
    if not moved:
        errors[forms.NOTE_MENUS[0]] = "Choose the notes that stand in the wrong place."
    if target is None and to != forms.NEW_GROUP:
        errors["to"] = "Choose one of these groups."
    if errors:
        return Ask(filled(await _sort_form(store, retro), turn.answers), errors)
    texts = [note.text for note in moved]
    if target is None:
        target = max(groups) + 1
        home = groups[moved[0].group].column_no
        new = {"no": target, "column_no": home, "title": title_of(texts)}
        await store.retros.add_groups(retro.id, [{**new, "themes": list(themes_in(texts))}])
    else:
        groups[target].themes = list(dict.fromkeys((*groups[target].themes, *themes_in(texts))))
    await _move(store, retro, [note for note in moved if note.group != target], target)
    return None


async def _move(store: Store, retro: Retro, moved: Sequence[Note], target: int) -> None:
    """Give notes their new group; one that is left by all of its notes is gone."""
    notes, ids = await store.notes.of(retro.id), {note.id for note in moved}
    emptied = []
    for group in await store.retros.groups(retro.id):
        leave = [n.text for n in notes if n.group == group.no and n.id in ids]
        stay = [n.text for n in notes if n.group == group.no and n.id not in ids]
        if leave and stay:
            _leave(group, leave, stay)
        elif leave:
            emptied.append(group.no)
    await store.notes.change(
        retro.id, lambda note: replace(note, group=target) if note.id in ids else note
    )
    if emptied:
        await store.retros.drop_groups(retro.id, emptied)


def _leave(group: RetroGroup, leave: Sequence[str], stay: Sequence[str]) -> None:
    """Name a group anew if its name was one of the notes that leave it."""
    if group.title in [title_of([text]) for text in leave]:
        group.title = title_of(stay)
    group.themes = list(themes_in(stay))


async def _sort_form(store: Store, retro: Retro) -> Form:
    return forms.sort_form(
        retro, await store.retros.groups(retro.id), await store.notes.of(retro.id)
    )


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
