"""Who answers for an item: the first of those to ask who is still there."""

from __future__ import annotations

from storage import Store
from storage.items import Item
from storage.reminders import asked_about


async def answers_for(store: Store, item: Item, kind: str) -> str | None:
    """Return whom to ask whether it got done or whether it worked; None if all of them are gone."""
    people = asked_about(item, kind)
    if not people:
        return None
    away = await store.people.nobodies(people) | await store.channels.who_left_team(item.team_id)
    return next((person for person in people if person not in away), None)


def because(item: Item, person: str) -> str:
    """Return why somebody is asked who does not own the item; "" for its owner."""
    if item.owner == person:
        return ""
    owner = "Its owner is gone" if item.owner else "Nobody owns it"
    theirs = "finished it" if item.finished_by == person else "captured it"
    return f"{owner}, so I ask you, who {theirs}."
