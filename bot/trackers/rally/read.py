"""A story, defect or portfolio item as Rally tells it, as a remote item. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.remote import CARDS, RemoteItem, Step
from bot.text import alike
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

STORY: Final = "HierarchicalRequirement"
FETCHED: Final = (
    "ObjectID,ObjectUUID,FormattedID,Name,Description,ScheduleState,State,PlanEstimate,"
    "RefinedEstimate,Owner,PlannedEndDate,Tags,Parent,PortfolioItem,Predecessors,CreationDate,"
    "LastUpdateDate,AcceptedDate,ActualEndDate,DragAndDropRank,Iteration,Project,VersionId,"
    "UserBusinessValue,TimeCriticality,RROEValue,JobSize"
)
ON_PORTFOLIO: Final = {
    "ubv": "UserBusinessValue",
    "tc": "TimeCriticality",
    "rroe": "RROEValue",
    "size": "JobSize",
}
"""Where portfolio items keep the four cards: Rally makes its own WSJF score of them."""

_DONE: Final = frozenset({"accepted", "released", "done"})


def is_portfolio(item: Any) -> bool:
    return text(item, "_type").startswith("PortfolioItem")


def custom_homes(attributes: Iterable[Any]) -> dict[str, str]:
    """Return Hone's field → the custom field of a story that has its name."""
    numbers = (
        (text(each, "ElementName"), line(each, "Name"))
        for each in attributes
        if text(each, "AttributeType") in ("INTEGER", "DECIMAL", "QUANTITY")
        and text(each, "ElementName").startswith("c_")
    )
    return {ours: id for ours, (id, _) in homes_by_name(numbers, {}).items()}


def item_of(
    item: Any,
    *,
    source: str,
    site: str,
    steps: Sequence[Step],
    waits_for: Sequence[str],
    customs: Mapping[str, str],
    moves: Sequence[str],
) -> RemoteItem:
    portfolio = is_portfolio(item)
    state = line(item, "State", "_refObjectName") if portfolio else line(item, "ScheduleState")
    homes = {**customs, **(ON_PORTFOLIO if portfolio else {})}
    title = line(item, "Name") or text(item, "FormattedID")
    description = words_of_html(str(dig(item, "Description") or ""))
    done = alike(state) in _DONE
    fields: dict[str, Any] = {
        "title": title,
        "description": details(description),
        "points": number(item, "RefinedEstimate" if portfolio else "PlanEstimate"),
        "themes": without_markers(
            line(each, "Name") for each in several(item, "Tags", "_tagsNameArray")
        ),
        **cards({ours: dig(item, homes[ours]) for ours in CARDS if ours in homes}),
    }
    if portfolio:
        fields["due"] = day(item, "PlannedEndDate")
    return RemoteItem(
        source=source,
        id=text(item, "ObjectUUID"),
        key=text(item, "FormattedID"),
        title=title,
        fields=fields,
        kind=text(item, "_type").rpartition("/")[2] or None,
        state=state or ("No state" if portfolio else None),
        category="done" if done else "",
        owner=person(line(item, "Owner", "_refObjectName"), text(item, "Owner", "_refObjectUUID")),
        part_of=text(item, "Parent", "_refObjectUUID")
        or text(item, "PortfolioItem", "_refObjectUUID"),
        blocked_by=tuple(waits_for),
        created=moment(item, "CreationDate"),
        updated=moment(item, "LastUpdateDate"),
        finished=(moment(item, "AcceptedDate") or moment(item, "ActualEndDate")) if done else None,
        steps=tuple(steps),
        rank=text(item, "DragAndDropRank") or None,
        link=link_of(site, item),
        facts=facts(sprint=line(item, "Iteration", "_refObjectName")),
        version=f"{number(item, 'VersionId') or 0:010}",
        moves=tuple(each for each in moves if each != state),
        marker=marker_in([description]),
    )


def link_of(site: str, item: Any) -> str:
    kind = text(item, "_type")
    page = "userstory" if kind == STORY else kind.lower()
    return f"{site}/#/detail/{page}/{text(item, 'ObjectID')}"


def steps_of(snapshots: Iterable[Any]) -> dict[str, tuple[Step, ...]]:
    """Return ObjectID → the states it went through, out of Lookback's snapshots."""
    found: dict[str, list[tuple[datetime | None, str]]] = {}
    for each in snapshots:
        state = line(each, "ScheduleState") or line(each, "State")
        found.setdefault(text(each, "ObjectID"), []).append((moment(each, "_ValidFrom"), state))
    return {id: in_order(steps) for id, steps in found.items()}
