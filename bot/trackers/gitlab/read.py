"""GitLab's issues as remote items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.remote import RemoteItem, Step
from bot.trackers.values import (
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

OPENED: Final = "opened"
CLOSED: Final = "closed"
_STEPS: Final = {"reopened": OPENED, "closed": CLOSED}
_WORKFLOW: Final = ("workflow::", "status::", "state::")
"""Labels of which an issue has one at a time: what teams have for states, GitLab has but two."""


def id_of(issue: Any) -> str:
    """Return what names an issue for ever: its project, and its number there."""
    return f"{text(issue, 'project_id')}-{text(issue, 'iid')}"


def path_of(id: str) -> str:
    """Return where GitLab has the issue; "" for an id that is none of its."""
    project, dash, iid = id.partition("-")
    is_one = dash and project.isdigit() and iid.isdigit()
    return f"/projects/{project}/issues/{iid}" if is_one else ""


def is_restricted(issue: Any) -> bool:
    """Whether only members of its project may see the issue."""
    return dig(issue, "confidential") is not False


def is_gone(issue: Any) -> bool:
    """Whether the issue went to another project, where it is another one."""
    return dig(issue, "moved_to_id") is not None


def workflow(labels: Sequence[str]) -> str:
    """Return the label that tells an issue's state, "" if none does."""
    return next((label for label in labels if label.lower().startswith(_WORKFLOW)), "")


def item(issue: Any, source: str, events: Sequence[Any], links: Sequence[Any]) -> RemoteItem:
    """Return an issue; `events` are its changes of state, `links` the issues it is linked to."""
    labels = [line(label) for label in several(issue, "labels")]
    closed, updated = text(issue, "state") == CLOSED, moment(issue, "updated_at")
    on_board = workflow(labels)
    return RemoteItem(
        source=source,
        id=id_of(issue),
        key=text(issue, "references", "full") or f"#{text(issue, 'iid')}",
        title=line(issue, "title"),
        fields={
            "title": line(issue, "title"),
            "description": details(text(issue, "description")),
            "points": number(issue, "weight"),
            "due": day(issue, "due_date"),
            "themes": without_markers(label for label in labels if label != on_board),
        },
        kind=_kind(text(issue, "issue_type")),
        state=CLOSED if closed else on_board.partition("::")[2].strip() or OPENED,
        category="done" if closed else "",
        owner=_owner(issue),
        part_of=text(issue, "epic", "id"),
        blocked_by=_linked(links, "is_blocked_by"),
        blocks=_linked(links, "blocks"),
        created=moment(issue, "created_at"),
        updated=updated,
        finished=moment(issue, "closed_at") if closed else None,
        steps=_steps(issue, events),
        link=text(issue, "web_url"),
        facts=facts(sprint=line(issue, "iteration", "title") or line(issue, "milestone", "title")),
        version=stamp(updated),
        marker=marker_in([str(dig(issue, "description"))]),
        moves=(OPENED,) if closed else (CLOSED,),
    )


def _kind(told: str) -> str | None:
    return told.replace("_", " ").lower() or None


def _owner(issue: Any) -> str:
    first = dig(issue, "assignees", 0) or dig(issue, "assignee")
    return person(line(first, "name"), text(first, "id"))


def _linked(links: Sequence[Any], kind: str) -> tuple[str, ...]:
    return tuple(id_of(each) for each in links if text(each, "link_type") == kind)


def _steps(issue: Any, events: Sequence[Any]) -> tuple[Step, ...]:
    told = ((moment(each, "created_at"), _STEPS.get(text(each, "state"), "")) for each in events)
    return since_open(moment(issue, "created_at"), OPENED, in_order(told))
