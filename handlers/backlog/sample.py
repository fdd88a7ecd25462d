"""A small team's backlog with two months of history, so that the local room is not empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.wire import encode
from handlers.ui.views import ItemView
from storage import Store
from storage.states import DROP_REASONS


@dataclass(frozen=True, slots=True)
class Past:
    """An item as it was captured, and when it became ready, done or dropped, in weeks ago."""

    weeks_ago: float
    title: str
    themes: tuple[str, ...] = ()
    owner: int | None = None
    due_in_days: int | None = None
    ready: float | None = None
    done: float | None = None
    dropped: float | None = None


BACKLOG = (
    Past(7.6, "Code reviews wait for two days", ("reviews",), owner=1, ready=3.5),
    Past(7.4, "Nobody knows who owns the staging database", ("ownership",)),
    Past(
        7.1,
        "Deploys wait for one person",
        ("deploys",),
        owner=1,
        due_in_days=21,
        ready=5.8,
        done=4.2,
    ),
    Past(
        6.6,
        "Flaky checkout test blocks merges",
        ("tests",),
        owner=2,
        due_in_days=14,
        ready=6.1,
        done=5.1,
    ),
    Past(6.2, "Stories arrive without acceptance criteria", ("refinement",), owner=0, ready=2.4),
    Past(
        5.5,
        "Stand-up takes thirty minutes",
        ("meetings",),
        owner=2,
        due_in_days=7,
        ready=4.6,
        done=3.3,
    ),
    Past(5.0, "Test data is refreshed by hand", ("test-data",), owner=1, due_in_days=42, ready=1.8),
    Past(4.4, "Error budget report nobody reads", ("reporting",), dropped=2.0),
    Past(
        3.8,
        "Dependencies on payments show up in the middle of the sprint",
        ("dependencies",),
        owner=0,
    ),
    Past(2.3, "Retro actions are forgotten by Thursday", ("follow-through",), 0, 14, done=1.2),
    Past(2.3, "Feature flags are never removed", ("cleanup",), owner=2, due_in_days=30),
    Past(1.4, "On-call handover has no checklist", ("on-call",), due_in_days=20),
    Past(0.6, "Waiting for test data from payments again", ("test-data",)),
)
SHOWN = (1, 2)
"""Items whose cards stand in the channel at first."""


async def furnish(store: Store, channel: str, people: Mapping[str, str], zone: str) -> None:
    """Write the backlog into the channel's team, unless the workspace has items already.

    `people` are at least three, id → name.
    """
    team = (await store.channels.ensure(channel, channel, zone)).team_id
    if await store.items.find(1):
        return
    await store.workspaces.ensure()
    await store.people.meet(people)
    for person in people:
        await store.people.join(person, team)
    ids = list(people)
    for past in BACKLOG:
        await remember(store, team, past, ids)
    for number in SHOWN:
        await store.posts.add(encode(ItemView(number)), channel=channel)


async def remember(store: Store, team: int, past: Past, people: Sequence[str]) -> None:
    """Capture an item at its time, and move it on as it went."""
    then = weeks_before(store, past.weeks_ago)
    owner = None if past.owner is None else people[past.owner]
    due = None
    if past.due_in_days is not None:
        due = (then.now + timedelta(days=past.due_in_days)).date()
    author = people[len(past.title) % len(people)]
    item = await then.items.add(
        team, past.title, by=author, themes=list(past.themes), owner=owner, due=due
    )
    if past.ready is not None:
        later = weeks_before(store, past.ready)
        await later.items.change(item, {"state": "ready"}, by=owner or author)
    if past.done is not None:
        later = weeks_before(store, past.done)
        await later.items.change(item, {"state": "accepted"}, by=owner or author)
    if past.dropped is not None:
        later = weeks_before(store, past.dropped)
        gone = {"state": "dropped", "dropped_because": DROP_REASONS[0]}
        await later.items.change(item, gone, by=author)


def weeks_before(store: Store, weeks: float) -> Store:
    """Return the same transaction as if it happened so many weeks ago."""
    return store.at(store.now - timedelta(weeks=weeks))
