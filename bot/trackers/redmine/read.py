"""An issue as Redmine tells it, as a remote item. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.remote import RemoteItem
from bot.trackers.values import (
    cards,
    day,
    details,
    dig,
    facts,
    homes_by_name,
    in_order,
    line,
    marker_in,
    moment,
    number,
    person,
    several,
    stamp,
    text,
)


@dataclass(frozen=True, slots=True)
class States:
    """The site's states: id → name, and which of them are closed."""

    names: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    def id_of(self, name: str) -> str:
        """Return the id of a state, "" for a name that none has."""
        return next((id for id, each in self.names.items() if each == name), "")


def is_private(issue: Any) -> bool:
    """Whether not all of its project may see an issue; one that says so oddly is not shown."""
    return dig(issue, "is_private") not in (None, False)


def states_of(told: Any) -> States:
    listed = several(told, "issue_statuses")
    names = {text(each, "id"): line(each, "name") for each in listed}
    closed = (text(each, "id") for each in listed if dig(each, "is_closed") is True)
    return States(names, frozenset(closed))


def item_of(
    issue: Any, states: States, source: str, site: str, own: str, called: Mapping[str, str]
) -> RemoteItem:
    """Return an issue, asked for with its journals, relations and allowed states."""
    id = text(issue, "id")
    title = line(issue, "subject") or f"#{id}"
    homes = homes_by_name(customs_of(issue), called)
    values = {text(each, "id"): dig(each, "value") for each in several(issue, "custom_fields")}
    told = {ours: values.get(home) for ours, (home, _) in homes.items()}
    description = text(issue, "description")
    points = {"points": number(told["points"])} if "points" in told else {}
    state = text(issue, "status", "id")
    updated = moment(issue, "updated_on")
    return RemoteItem(
        source=source,
        id=id,
        key=id,
        title=title,
        fields={
            "title": title,
            "description": details(description),
            "due": day(issue, "due_date"),
            **points,
            **cards(told),
        },
        kind=line(issue, "tracker", "name") or None,
        state=line(issue, "status", "name") or None,
        category="done" if state in states.closed else "",
        owner=person(line(issue, "assigned_to", "name"), text(issue, "assigned_to", "id")),
        part_of=text(issue, "parent", "id"),
        blocked_by=tuple(_ends(issue, "issue_to_id", "issue_id")),
        blocks=tuple(_ends(issue, "issue_id", "issue_to_id")),
        created=moment(issue, "created_on"),
        updated=updated,
        finished=moment(issue, "closed_on") if state in states.closed else None,
        steps=in_order(_moves(issue, states)),
        link=f"{site}/issues/{id}",
        facts=facts(
            priority=line(issue, "priority", "name"), sprint=line(issue, "fixed_version", "name")
        ),
        version=stamp(updated),
        moves=tuple(
            line(each, "name")
            for each in several(issue, "allowed_statuses")
            if text(each, "id") != state
        ),
        by_hone=text(_last_journal(issue), "user", "id") == own,
        marker=marker_in([description]),
    )


def customs_of(issue: Any) -> Iterator[tuple[str, str]]:
    """Yield (id, name) of the custom fields that an issue has."""
    for each in several(issue, "custom_fields"):
        yield text(each, "id"), line(each, "name")


def _ends(issue: Any, mine: str, other: str) -> Iterator[str]:
    for relation in several(issue, "relations"):
        if text(relation, "relation_type") == "blocks" and text(relation, mine) == text(
            issue, "id"
        ):
            yield text(relation, other)


def _moves(issue: Any, states: States) -> Iterator[tuple[datetime | None, str]]:
    for journal in several(issue, "journals"):
        for detail in several(journal, "details"):
            if text(detail, "name") == "status_id":
                name = states.names.get(text(detail, "new_value"), "")
                yield moment(journal, "created_on"), name


def _last_journal(issue: Any) -> Any:
    """Return what the issue was last changed by, None if that was its creation."""
    journal = dig(issue, "journals", -1)
    return journal if text(journal, "created_on") == text(issue, "updated_on") else None
