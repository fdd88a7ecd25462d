"""Tell the teams whose items hang on an objective that it changed: one post a day each, no more."""

from __future__ import annotations

from typing import Any

from bot.cards import Card
from bot.turn import HONE, NotFound, Post, Turn
from handlers.objectives import cards
from handlers.objectives.actions import ChangeView
from storage import Store
from storage.items import Item
from storage.objectives import Objective, ObjectiveChange
from storage.states import OPEN_STATES

NEWS = ("title", "planned", "committed", "dropped_at")
"""The fields whose change is news; a new theme is not."""


async def tell_teams(
    turn: Turn, store: Store, objective: Objective, changed: dict[str, Any]
) -> tuple[Post, ...]:
    """Remember the change and tell it; a second one on the same day changes the first one's post.

    A team without a channel hears nothing, and what a team has finished does not hang any more.
    """
    news = {name: change for name, change in changed.items() if name in NEWS}
    if not news:
        return ()
    day = store.now.date().isoformat()
    earlier = _of_day(await store.objectives.changes(objective.id), day)
    knowing = {team for change in earlier for team in change.told}
    teams = {item.team_id for item in await _hanging(store, objective)}
    team_ids: dict[int, Post] = {}
    for team in sorted(teams - knowing):
        if channel := await _channel(turn, store, team):
            team_ids[team] = Post(ChangeView(objective.id, team, day), channel=channel)
    await store.objectives.record(objective, news, by=turn.person.id, told=sorted(team_ids))
    return tuple(team_ids.values())


async def draw_change(store: Store, view: ChangeView) -> Card:
    """Draw what the changes of a day come to."""
    objective = await store.objectives.find(view.objective_id)
    team = await store.teams.find(view.team_id)
    if objective is None or team is None:
        raise NotFound("There is no such objective here.")
    changes = _of_day(await store.objectives.changes(objective.id), view.day)
    people = list(dict.fromkeys(change.person for change in changes))
    names = {HONE.id: "your tracker", **await store.people.named(people)}
    by = tuple(names[person] for person in people if person in names)
    items = [item for item in await _hanging(store, objective) if item.team_id == team.id]
    known = await store.tracked.known_as([item.number for item in items])
    return cards.change_card(cards.News(objective, _net(changes), by), team.name, items, known)


def _of_day(changes: Any, day: str) -> list[ObjectiveChange]:
    return [change for change in changes if change.at.date().isoformat() == day]


def _net(changes: list[ObjectiveChange]) -> dict[str, tuple[object, object]]:
    """Return field → (first before, last after), without what was taken back."""
    net: dict[str, tuple[object, object]] = {}
    for change in changes:
        for name, (before, after) in change.changes.items():
            net[name] = (net[name][0] if name in net else before, after)
    return {name: pair for name, pair in net.items() if pair[0] != pair[1]}


async def _hanging(store: Store, objective: Objective) -> list[Item]:
    items = await store.objectives.items([objective.id])
    return [item for item in items if item.state in OPEN_STATES]


async def _channel(turn: Turn, store: Store, team_id: int) -> str | None:
    """Return where a team hears it: here, if this is its channel, else its first one."""
    channels = [channel.id for channel in await store.channels.of_team(team_id)]
    if turn.place.channel in channels:
        return turn.place.channel
    return next(iter(channels), None)
