"""GitHub's issues as remote items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.remote import CARDS, RemoteItem, Step
from bot.trackers.values import (
    cards,
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
    since_open,
    stamp,
    text,
    without_markers,
)

OPEN: Final = "open"
CLOSED: Final = "closed"
NOT_PLANNED: Final = "closed as not planned"


def is_issue(issue: Any) -> bool:
    """Whether it is one: GitHub lists pull requests among them."""
    return dig(issue, "pull_request") is None


def path_of(issue: Any) -> str:
    """Return where the API has an issue: `/repos/acme/pay/issues/7`."""
    return f"/repos/{repository_of(issue)}/issues/{text(issue, 'number')}"


def repository_of(issue: Any) -> str:
    return text(issue, "repository_url").partition("/repos/")[2]


def key_of(issue: Any) -> str:
    return f"{repository_of(issue)}#{text(issue, 'number')}"


def item(
    issue: Any,
    source: str,
    events: Sequence[Any],
    more: Any,
    blocked_by: Sequence[Any],
    called: Mapping[str, str],
) -> RemoteItem:
    """Return an issue; `more` is what its projects and its parent tell of it."""
    closed, updated = text(issue, "state") == CLOSED, moment(issue, "updated_at")
    status, sprint = _in_projects(more)
    told = _numbers(several(issue, "issue_field_values"), called)
    labels = [text(each, "name") or text(each) for each in several(issue, "labels")]
    return RemoteItem(
        source=source,
        id=text(issue, "node_id"),
        key=key_of(issue),
        title=line(issue, "title"),
        fields={
            "title": line(issue, "title"),
            "description": details(text(issue, "body")),
            "themes": without_markers(labels),
            **({"points": told["points"]} if "points" in told else {}),
            **(cards(told) if CARDS[0] in told else {}),
        },
        kind=line(issue, "type", "name") or None,
        state=CLOSED if closed else status or OPEN,
        category="done" if closed else "",
        resolution=text(issue, "state_reason").replace("_", " ") if closed else "",
        owner=_owner(issue, more),
        part_of=text(more, "parent", "id"),
        blocked_by=tuple(text(each, "node_id") for each in blocked_by),
        created=moment(issue, "created_at"),
        updated=updated,
        finished=moment(issue, "closed_at") if closed else None,
        steps=_steps(issue, events),
        link=text(issue, "html_url"),
        facts=facts(sprint=sprint or line(issue, "milestone", "title")),
        version=stamp(updated),
        marker=marker_in([str(dig(issue, "body"))]),
        moves=(OPEN,) if closed else (CLOSED, NOT_PLANNED),
    )


def _owner(issue: Any, more: Any) -> str:
    """Return who has the issue, by their real name where they tell it."""
    login = text(dig(issue, "assignees", 0) or dig(issue, "assignee"), "login")
    known = dig(more, "assignees", "nodes", 0)
    name = line(known, "name") if text(known, "login") == login else ""
    return person(name or login, login)


def _numbers(values: Sequence[Any], called: Mapping[str, str]) -> Mapping[str, Any]:
    """Return Hone's field → the number that the organisation's field of that name holds."""
    there = [
        (text(each, "issue_field_id"), line(each, "issue_field_name"))
        for each in values
        if text(each, "data_type") == "number"
    ]
    by_id = {text(each, "issue_field_id"): number(each, "value") for each in values}
    return {ours: by_id[id] for ours, (id, _) in homes_by_name(there, called).items()}


def _in_projects(more: Any) -> tuple[str, str]:
    """Return the status and the iteration that an issue has in the first project with one."""
    items = several(more, "projectItems", "nodes")
    status = next(filter(None, (line(each, "status", "name") for each in items)), "")
    sprint = next(filter(None, (line(each, "iteration", "title") for each in items)), "")
    return status, sprint


def _steps(issue: Any, events: Sequence[Any]) -> tuple[Step, ...]:
    moves = {"closed": CLOSED, "reopened": OPEN}
    told = ((moment(each, "created_at"), moves.get(text(each, "event"), "")) for each in events)
    return since_open(moment(issue, "created_at"), OPEN, in_order(told))
