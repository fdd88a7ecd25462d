"""A team's backlog as rows of a file: everything that `make_plan` can read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from handlers.sources.keys import key_for
from storage import Store
from storage.items import Item, ItemEvent
from storage.states import STATES
from storage.teams import Team
from storage.tracked import KnownAs


async def export_rows(store: Store, team: Team) -> list[dict[str, Any]]:
    """Return a row for each item of the team, finished ones too, in the order of their numbers."""
    items = await store.items.of_team(team.id, states=STATES)
    names = {person.id: person.name for person in await store.people.all()}
    histories = await store.imports.histories(team.id)
    known = await store.tracked.keys_of_team(team.id)
    there = await store.tracked.known_as([item.number for item in items])
    keys = {i.number: known.get(i.number) or key_for(store.workspace, i.number) for i in items}
    return [
        _row(item, names, histories.get(item.number, []), keys) | _there(there.get(item.number))
        for item in items
    ]


def _there(known: KnownAs | None) -> dict[str, str]:
    """Return where the item's work lives, and how far it is there."""
    return {"state_there": known.state if known else "", "url": known.link if known else ""}


def _row(
    item: Item, names: dict[str, str], events: Sequence[ItemEvent], keys: dict[int, str]
) -> dict[str, Any]:
    whole = item.part_of
    scored = item.wsjf is not None
    return {
        "key": keys[item.number],
        "number": item.number,
        "title": item.title,
        "kind": item.kind,
        "level": item.level,
        "state": item.state,
        "points": item.points,
        "owner": names.get(item.owner, "") if item.owner else "",
        "due": item.due.isoformat() if item.due else None,
        "themes": list(item.themes),
        "description": item.description,
        "criteria": [dict(criterion) for criterion in item.criteria],
        "metric": item.metric,
        "metric_from": item.metric_from,
        "metric_to": item.metric_to,
        "user_business_value": item.ubv if scored else None,
        "time_criticality": item.tc if scored else None,
        "risk_reduction": item.rroe if scored else None,
        "job_size": item.size if scored else None,
        "part_of": keys.get(whole) or key_for(item.workspace, whole) if whole else "",
        "dropped_because": " ".join(item.dropped_because.split()),
        "created": _instant(item.created_at),
        "updated": _instant(item.touched_at),
        "history": list(_history(events)),
    }


def _history(events: Sequence[ItemEvent]) -> Iterable[dict[str, str]]:
    """Return the states an item reached, without what was undone at once."""
    steps: list[tuple[str, dict[str, str]]] = []
    for event in events:
        before, after = event.changes.get("state", (None, None))
        if after is None or (before is None and after == "captured"):
            continue
        if event.kind == "undone" and steps and steps[-1][0] == after:
            steps.pop()
            continue
        dropped = event.changes.get("dropped_because", ("", ""))[1] if after == "dropped" else ""
        reason = " ".join((event.reason or dropped or "").split())
        steps.append((before, {"at": _instant(event.at), "state": after, "reason": reason}))
    return [step for _, step in steps]


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
