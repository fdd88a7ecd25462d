"""A retro's cards, drawn out of the storage; before the reveal nothing here reads a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import Card
from bot.turn import NotFound, Reply, Show, Turn
from handlers.retro import alone, cards
from handlers.retro.access import are_few, existing, free_from
from handlers.retro.actions import NotesView, ReadNotes, StepView
from handlers.retro.board import Board
from handlers.retro.countdown import time_left
from handlers.rules.focus import focus_of
from handlers.rules.guard import readable
from handlers.ui.views import RetroView
from storage import Store
from storage.items import Item
from storage.retros import CANCELLED, COLLECTING, DONE, VOTING, Retro


async def board(store: Store, view: RetroView) -> Card:
    """Draw a retro as it is now."""
    current = await existing(store, view.retro_id)
    return cards.draw_board(current, await _board(store, current), await _zone(store, current))


async def step(store: Store, view: StepView) -> Card:
    """Draw what the retro's thread is told at a step."""
    current = await existing(store, view.retro_id)
    shown, zone = await _board(store, current), await _zone(store, current)
    if view.alone:
        channel = await store.channels.find(current.channel)
        return alone.step(current, shown, view.step, channel.name if channel else "", zone)
    return cards.draw_step(current, shown, view.step, zone)


async def read_notes(turn: Turn, store: Store, act: ReadNotes) -> Reply:
    """Show a page of all notes to this person, who may read what their team does."""
    retro = await _revealed(store, act.retro_id)
    if await readable(turn, store, retro.team_id) is None:
        raise _no_notes()
    return Show(NotesView(act.retro_id, act.page), replaces=act.turning)


async def notes(store: Store, view: NotesView) -> Card:
    """Draw a page of all notes, never before the reveal."""
    current = await _revealed(store, view.retro_id)
    return alone.notes_page(current, await _board(store, current), view.page)


async def _revealed(store: Store, retro_id: int) -> Retro:
    current = await existing(store, retro_id)
    if current.stage in (COLLECTING, CANCELLED):
        raise _no_notes()
    return current


def _no_notes() -> NotFound:
    return NotFound("There are no revealed notes here.")


async def _board(store: Store, current: Retro) -> Board:
    if current.stage == CANCELLED:
        return Board()
    is_free = _is_free(store, current)
    if current.stage == COLLECTING:
        last, older = await _earlier_improvements(store, current)
        focus = await focus_of(store, current.team_id)
        shown = [item for item in (*last, *older, focus) if item]
        return Board(
            count=await store.notes.count(current.id),
            writers=await store.retros.count_writers(current.id),
            are_few=current.anonymous and await are_few(store, current),
            last=last,
            older=older,
            focus=focus,
            names=await _names(store, [current.facilitator, *(item.owner for item in shown)]),
            known=await store.tracked.known_as([item.number for item in shown]),
            is_free=is_free,
            left=_left(store, current),
        )
    written = await store.notes.of(current.id)
    groups = await store.retros.groups(current.id)
    items: Mapping[int, Item] = {}
    if current.stage == DONE:
        items = await store.items.several([group.item for group in groups if group.item])
    people = [note.author for note in written] + [item.owner for item in items.values()]
    return Board(
        voters=await store.retros.voters(current.id) if current.stage == VOTING else 0,
        groups=groups,
        notes=written,
        items=items,
        names=await _names(store, [current.facilitator, *people]),
        known=await store.tracked.known_as(sorted(items)),
        is_free=is_free,
    )


def _left(store: Store, current: Retro) -> str:
    if current.deadline is None:
        return ""
    words, until = time_left(current.deadline, store.now)
    store.holds_until(until)
    return words


def _is_free(store: Store, current: Retro) -> bool:
    """Whether others may take the retro over by now."""
    free = free_from(current)
    if free is None or free <= store.now:
        return free is not None
    store.holds_until(free)
    return False


async def _earlier_improvements(
    store: Store, current: Retro
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return what came of the last retro, and what is still open of all before it."""
    last, older = await store.retros.improvements(current.team_id, before=current.id)
    items = await store.items.several([*last, *older])
    still_open = [items[n] for n in older if n in items and not items[n].is_finished]
    return [items[n] for n in last if n in items], still_open


async def _names(store: Store, people: list[str | None]) -> Mapping[str, str]:
    return await store.people.named([person for person in dict.fromkeys(people) if person])


async def _zone(store: Store, current: Retro) -> str:
    team = await store.teams.find(current.team_id)
    return team.zone if team else "UTC"
