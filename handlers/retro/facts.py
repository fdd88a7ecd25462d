"""What the team's own items tell it at the opening: sent back, oldest, unplanned, moved.

They are worked out once, at the start: what changes while people write would only distract them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from handlers.phrases import counted, listed, shortened
from storage import Store
from storage.items import Item, ItemEvent
from storage.states import TAKEN_ON_STATES, is_rework
from storage.teams import Team

LOOKS_BACK = timedelta(weeks=4)
"""How far, for a team that has held no retro yet."""

NAMED = 3
TITLE_SHOWN_CHARS = 60


async def facts_for(store: Store, team: Team) -> list[str]:
    """Return the lines a retro opens with, about the time since the team's last one."""
    since = await store.retros.last_closed_at(team.id) or store.now - LOOKS_BACK
    events = await store.looking_back.events(team.id, since)
    items = await store.items.several(sorted({event.number for event in events}))
    lines = [
        _named("Sent back", _sent_back(events), items),
        await _oldest(store, team),
        await _unplanned(store, team, events),
        *_checked(events, items),
    ]
    found = [line for line in lines if line]
    return found or ["Nothing was sent back, nothing is under way, and no metric was checked."]


def _sent_back(events: Iterable[ItemEvent]) -> list[int]:
    moves = ((e.number, e.kind, *e.changes.get("state", ("", ""))) for e in events)
    back = [n for n, kind, before, after in moves if kind != "undone" and is_rework(before, after)]
    return list(dict.fromkeys(back))


async def _oldest(store: Store, team: Team) -> str:
    found = await store.looking_back.longest_under_way(team.id)
    if found is None:
        return ""
    item, began = found
    return f"Longest under way: {_name(item)}, for {counted((store.now - began).days, 'day')}."


async def _unplanned(store: Store, team: Team, events: Iterable[ItemEvent]) -> str:
    """Tell what was taken on besides what was planned when the latest iteration began."""
    iterations = await store.iterations.of_team(team.id, store.now - LOOKS_BACK)
    begun = [each for each in iterations if each.starts_at <= store.now]
    if not begun:
        return ""
    taken = _taken_on(events, begun[-1].starts_at) - set(begun[-1].planned)
    planned = counted(len(begun[-1].planned), "item")
    if not taken:
        return f"This iteration began with {planned} planned, and nothing came on top."
    numbers = [f"#{number}" for number in sorted(taken)]
    return f"This iteration began with {planned} planned; on top came {listed(numbers, NAMED)}."


def _taken_on(events: Iterable[ItemEvent], since: datetime) -> set[int]:
    return {
        event.number
        for event in events
        if event.at > since and event.changes.get("state", ("", ""))[1] in TAKEN_ON_STATES
    }


def _checked(events: Iterable[ItemEvent], items: Mapping[int, Item]) -> list[str]:
    """Tell which metrics were looked at since, and whether they moved."""
    answered = {e.number for e in events if e.changes.get("effect", ("", ""))[1]}
    known = [items[number] for number in sorted(answered & items.keys())]
    return [
        f"{word}: {listed([_metric(item) for item in found], NAMED)}."
        for word, effect in (("Moved", "moved"), ("Did not move", "not moved"))
        if (found := [item for item in known if item.effect == effect])
    ]


def _metric(item: Item) -> str:
    return f"{shortened(item.metric, TITLE_SHOWN_CHARS)} (#{item.number})"


def _named(word: str, numbers: Collection[int], items: Mapping[int, Item]) -> str:
    names = [_name(items[number]) for number in numbers if number in items]
    return f"{word}: {listed(names, NAMED)}." if names else ""


def _name(item: Item) -> str:
    return f"#{item.number} {shortened(item.title, TITLE_SHOWN_CHARS)}"
