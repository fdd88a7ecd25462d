"""Azure's work items as remote items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.remote import RemoteItem, Step
from bot.trackers.rich import words_of_html
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
    text,
    without_markers,
)

POINTS: Final = "Microsoft.VSTS.Scheduling.StoryPoints"
EFFORT: Final = "Microsoft.VSTS.Scheduling.Effort"
SIZE: Final = "Microsoft.VSTS.Scheduling.Size"
BUSINESS_VALUE: Final = "Microsoft.VSTS.Common.BusinessValue"
TIME_CRITICALITY: Final = "Microsoft.VSTS.Common.TimeCriticality"
DUE: Final = "Microsoft.VSTS.Scheduling.DueDate"
TARGET: Final = "Microsoft.VSTS.Scheduling.TargetDate"
_PARENT: Final = "System.LinkTypes.Hierarchy-Reverse"
_PREDECESSOR: Final = "System.LinkTypes.Dependency-Reverse"
_SUCCESSOR: Final = "System.LinkTypes.Dependency-Forward"
_CLOSED: Final = "Microsoft.VSTS.Common.ClosedDate"
_RANKS: Final = ("Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Common.BacklogPriority")


@dataclass(frozen=True, slots=True)
class Type:
    """A type of work items: its states by name, where each may go, and Hone's field → its home.

    A home is (reference name, name for people). `numbers` are names that a card could go to.
    """

    name: str
    categories: Mapping[str, str]
    transitions: Mapping[str, tuple[str, ...]]
    homes: Mapping[str, tuple[str, str]]
    numbers: tuple[str, ...] = ()


def type_of(told: Any, called: Mapping[str, str]) -> Type:
    fields = {
        text(each, "referenceName"): line(each, "name")
        for each in [*several(told, "fields"), *several(told, "fieldInstances")]
    }
    moves = dig(told, "transitions")
    return Type(
        line(told, "name"),
        {line(each, "name"): text(each, "category") for each in several(told, "states")},
        {
            state: tuple(to for each in several(moves, state) if (to := line(each, "to")) != state)
            for state in (moves if isinstance(moves, dict) else {})
        },
        _homes(fields, called),
        tuple(name for ref, name in fields.items() if not ref.startswith("System.")),
    )


def _homes(fields: Mapping[str, str], called: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return Hone's field → its home: by the process' own fields, else by what a field is called.

    Effort is the job size of whatever has a time criticality, too, and the points of all else.
    """
    homes = homes_by_name(fields.items(), called)
    known = {"ubv": BUSINESS_VALUE, "tc": TIME_CRITICALITY, "due": DUE}
    homes |= {
        ours: (ref, fields[ref])
        for ours, ref in known.items()
        if ref in fields and ours not in called
    }
    if "due" not in homes and TARGET in fields:
        homes["due"] = (TARGET, fields[TARGET])
    points = next((ref for ref in (POINTS, EFFORT, SIZE) if ref in fields), "")
    if points == EFFORT and TIME_CRITICALITY in fields and "size" not in {*homes, *called}:
        homes["size"] = (EFFORT, fields[EFFORT])
    elif points:
        homes["points"] = (points, fields[points])
    return homes


def item(
    told: Any, source: str, site: str, kind: Type | None, updates: Sequence[Any]
) -> RemoteItem:
    """Return a work item; `updates` are all that ever changed on it."""
    fields, id = dig(told, "fields"), text(told, "id")
    state, title = line(fields, "System.State"), line(fields, "System.Title")
    homes = kind.homes if kind else {}
    numbers = {ours: number(fields, ref) for ours, (ref, _) in homes.items() if ours != "due"}
    score = cards(numbers)
    html = text(fields, "System.Description") or text(fields, "Microsoft.VSTS.TCM.ReproSteps")
    changed = moment(fields, "System.ChangedDate")
    project = line(fields, "System.TeamProject")
    return RemoteItem(
        source=source,
        id=id,
        key=id,
        title=title,
        fields={
            "title": title,
            "description": details(words_of_html(html)),
            "themes": without_markers(tags_of(fields)),
            **({"points": numbers["points"]} if "points" in homes else {}),
            **({"due": day(fields, homes["due"][0])} if "due" in homes else {}),
            **score,
        },
        kind=line(fields, "System.WorkItemType") or None,
        state=state or None,
        category=_spaced(kind.categories.get(state, "")) if kind else "",
        resolution=line(fields, "System.Reason") if _is_removed(kind, state) else "",
        owner=_owner(fields),
        part_of=next(iter(_related(told, _PARENT)), text(fields, "System.Parent")),
        blocked_by=_related(told, _PREDECESSOR),
        blocks=_related(told, _SUCCESSOR),
        created=moment(fields, "System.CreatedDate"),
        updated=changed,
        finished=moment(fields, _CLOSED),
        steps=steps_of(updates),
        rank=_rank(fields),
        link=f"{site}/{project.replace(' ', '%20')}/_workitems/edit/{id}",
        facts=_facts(fields),
        version=f"{number(told, 'rev') or 0:010.0f}",
        marker=marker_in(tags_of(fields)),
        moves=kind.transitions.get(state, ()) if kind else (),
    )


def tags_of(fields: Any) -> list[str]:
    return [tag.strip() for tag in line(fields, "System.Tags").split(";") if tag.strip()]


def _owner(fields: Any) -> str:
    someone = dig(fields, "System.AssignedTo")
    return person(line(someone, "displayName"), text(someone, "uniqueName"))


def _related(told: Any, sort: str) -> tuple[str, ...]:
    ends = (
        text(each, "url").rpartition("/")[2]
        for each in several(told, "relations")
        if text(each, "rel") == sort
    )
    return tuple(id for id in ends if id.isdecimal())


def _is_removed(kind: Type | None, state: str) -> bool:
    return kind is not None and kind.categories.get(state) == "Removed"


def _spaced(category: str) -> str:
    """Return a group of states in words: `InProgress` is "in progress"."""
    return "in progress" if category == "InProgress" else category.lower()


def _rank(fields: Any) -> str | None:
    order = next((rank for ref in _RANKS if (rank := number(fields, ref)) is not None), None)
    return None if order is None else f"{order:024.6f}"


def _facts(fields: Any) -> dict[str, str]:
    _, below, sprint = line(fields, "System.IterationPath").rpartition("\\")
    priority = text(fields, "Microsoft.VSTS.Common.Priority")
    return facts(priority=priority, sprint=sprint if below else "")


def steps_of(updates: Sequence[Any]) -> tuple[Step, ...]:
    """Return the states an item went through, from its beginning on."""
    told = (dig(each, "fields") for each in updates)
    return in_order(
        (
            moment(each, "System.ChangedDate", "newValue"),
            line(each, "System.State", "newValue"),
        )
        for each in told
    )
