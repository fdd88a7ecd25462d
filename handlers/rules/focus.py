"""The one small improvement a team makes now: what every place that shows it says of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.phrases import shortened
from storage import Store
from storage.items import Item

FOCUS = "Our focus"
"""What stands before it, wherever it is shown."""


async def focus_of(store: Store, team_id: int) -> Item | None:
    """Return what a team improves now; None for nothing, or for what was dropped meanwhile."""
    team = await store.teams.find(team_id)
    item = await store.items.find(team.focus) if team and team.focus else None
    return item if item and item.state != "dropped" else None


def how_it_stands(number: int, title: str, state: str) -> str:
    """Return `#42 Pair on reviews: in progress`; what is accepted is done."""
    return f"#{number} {shortened(title)}: {'done' if state == 'accepted' else state}"


def streak(past: Sequence[int], done: Collection[int]) -> int:
    """Return how many iterations in a row, up to the last of these, got their improvement done."""
    count = 0
    for number in reversed(past):
        if number not in done:
            break
        count += 1
    return count


def streak_words(count: int) -> str:
    """Return what is said of a streak; nothing of none, since a miss is not mentioned."""
    if count == 0:
        return ""
    return f"{count} iterations in a row with an improvement." if count > 1 else "One more done."
