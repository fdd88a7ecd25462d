"""Linear's issues as remote items."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.remote import RemoteItem, Step
from bot.trackers.values import (
    cards,
    day,
    details,
    dig,
    facts,
    in_order,
    line,
    marker_in,
    moment,
    number,
    person,
    several,
    since_open,
    stamp,
    text,
    without_markers,
)


def is_lost(issue: Any) -> bool:
    """Whether an issue lies in the bin."""
    return bool(dig(issue, "trashed"))


def is_restricted(issue: Any) -> bool:
    """Whether only some people of the company may see it."""
    return bool(dig(issue, "team", "private"))


def item(issue: Any, source: str, states: Collection[str]) -> RemoteItem:
    """Return an issue; `states` are all that its team has."""
    finished = moment(issue, "completedAt") or moment(issue, "canceledAt")
    state = line(issue, "state", "name")
    updated = moment(issue, "updatedAt")
    return RemoteItem(
        source=source,
        id=text(issue, "id"),
        key=text(issue, "identifier"),
        title=line(issue, "title"),
        fields={
            "title": line(issue, "title"),
            "description": details(text(issue, "description")),
            "points": number(issue, "estimate"),
            "due": day(issue, "dueDate"),
            "themes": without_markers(
                line(each, "name") for each in several(issue, "labels", "nodes")
            ),
            **_score(issue),
        },
        state=state,
        category=text(issue, "state", "type"),
        resolution="archived" if dig(issue, "archivedAt") and not finished else "",
        owner=person(line(issue, "assignee", "name"), text(issue, "assignee", "id")),
        part_of=text(issue, "parent", "id"),
        blocked_by=_related(issue, "inverseRelations", "issue"),
        blocks=_related(issue, "relations", "relatedIssue"),
        created=moment(issue, "createdAt"),
        updated=updated,
        finished=finished,
        steps=_steps(issue),
        rank=_rank(issue),
        link=text(issue, "url"),
        facts=_facts(issue),
        version=stamp(updated),
        marker=marker_in([text(issue, "description")]),
        moves=tuple(each for each in states if each != state),
    )


def _score(issue: Any) -> dict[str, int]:
    """Return the cards that stand in our attachment."""
    attached = (dig(each, "metadata") for each in several(issue, "attachments", "nodes"))
    return next((read for each in attached if (read := cards(each))), {})


def _related(issue: Any, name: str, other: str) -> tuple[str, ...]:
    """Return the ids behind relations of the kind `blocks`, in one direction."""
    return tuple(
        text(each, other, "id")
        for each in several(issue, name, "nodes")
        if dig(each, "type") == "blocks"
    )


def _steps(issue: Any) -> tuple[Step, ...]:
    """Return the states it went through, the first of which it had from its beginning."""
    history = several(issue, "history", "nodes")
    told = ((moment(each, "createdAt"), line(each, "toState", "name")) for each in history)
    left = ((moment(each, "createdAt"), line(each, "fromState", "name")) for each in history)
    moves, first = in_order(told), next((step.state for step in in_order(left)), "")
    return since_open(moment(issue, "createdAt"), first, moves) if first else moves


def _rank(issue: Any) -> str | None:
    """Return what orders as its teams do: the smaller first, as text, also below zero."""
    order = number(issue, "sortOrder")
    return None if order is None else f"{order + 1e12:024.6f}"


def _facts(issue: Any) -> dict[str, str]:
    count, priority = text(issue, "cycle", "number"), line(issue, "priorityLabel")
    return facts(
        priority="" if priority == "No priority" else priority,
        sprint=line(issue, "cycle", "name") or (f"Cycle {count}" if count else ""),
    )
