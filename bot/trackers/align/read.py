"""An epic, capability or feature as Jira Align tells it, as a remote item. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.remote import CARDS, RemoteItem
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
    stamp,
    text,
)

STATES: Final = (
    "Pending Approval",
    "Ready to Start",
    "In Progress",
    "Dev Complete",
    "Test Complete",
    "Accepted",
)
"""What Align's numbers of states mean, from 0 on."""

_DATES: Final = {
    "readyToStartDate": "Ready to Start",
    "inProgressDate": "In Progress",
    "devCompleteDate": "Dev Complete",
    "testCompleteDate": "Test Complete",
    "acceptedDate": "Accepted",
}
_PARENTS: Final = {"features": "epics", "capabilities": "epics"}
_KINDS: Final = {"epics": "Epic", "capabilities": "Capability", "features": "Feature"}
_PAGES: Final = {
    "epics": ("EpicDetail", "EpicID"),
    "capabilities": ("FeatureDetail", "CapabilityID"),
    "features": ("FeatureDetail", "FeatureID"),
}


def id_of(kind: str, row: Any) -> str:
    """Return what names an item for ever: numbers are counted by kind there."""
    return f"{kind}:{text(row, 'id')}"


def key_of(kind: str, row: Any) -> str:
    return f"{_KINDS[kind]} {text(row, 'id')}"


def link_of(site: str, kind: str, row: Any) -> str:
    page, asked = _PAGES[kind]
    return f"{site}/{page}?{asked}={text(row, 'id')}"


def is_gone(row: Any) -> bool:
    return any(dig(row, name) in (True, 1) for name in ("inRecycleBin", "isRecycled"))


def customs_of(row: Any) -> Iterator[tuple[str, int, Any]]:
    """Yield each custom field's id, its place in the list, and its value."""
    for place, each in enumerate(several(row, "customFields")):
        for id, values in each.items() if isinstance(each, dict) else ():
            yield str(id), place, dig(values, 0, "value")


def homes_in(told: Any, called: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return Hone's field → id and label of the custom field of its name, as it can be edited."""
    found = homes_by_name(named_in(told), called)
    return {ours: home for ours, home in found.items() if ours in (*CARDS, "wsjf")}


def named_in(told: Any) -> Iterator[tuple[str, str]]:
    """Yield each custom field with its label, wherever it stands: Align nests them in lists."""
    if isinstance(told, list):
        for each in told:
            yield from named_in(each)
    elif isinstance(told, dict):
        for id, value in told.items():
            if id.startswith("customfield_"):
                label = dig(value, 0) if isinstance(value, list) else value
                names = (line(label, name) for name in ("name", "label", "title", "fieldName"))
                yield id, next(filter(None, names), "")
            else:
                yield from named_in(value)


def item_of(
    kind: str,
    row: Any,
    *,
    source: str,
    site: str,
    homes: Mapping[str, tuple[str, str]],
    people: Mapping[str, str],
) -> RemoteItem:
    key = key_of(kind, row)
    title = line(row, "title") or key
    state = number(row, "state")
    known = isinstance(state, int) and 0 <= state < len(STATES)
    owner = text(row, "ownerId")
    values = {custom: value for custom, _, value in customs_of(row)}
    description = words_of_html(str(dig(row, "description") or ""))
    updated = moment(row, "lastUpdatedDate")
    parent = text(row, "parentId")
    return RemoteItem(
        source=source,
        id=id_of(kind, row),
        key=key,
        title=title,
        fields={
            "title": title,
            "description": details(description),
            "points": number(row, "points"),
            "due": day(row, "targetCompletionDate"),
            **cards({ours: values.get(custom) for ours, (custom, _) in homes.items()}),
        },
        kind=_KINDS[kind],
        state=STATES[int(state)] if known and state is not None else f"State {text(row, 'state')}",
        category="done" if state == STATES.index("Accepted") else "",
        owner=person(people.get(owner, ""), owner) if owner and owner != "0" else "",
        part_of=f"{_PARENTS[kind]}:{parent}" if kind in _PARENTS and parent else "",
        created=moment(row, "createDate"),
        updated=updated,
        finished=moment(row, "acceptedDate"),
        steps=in_order((moment(row, date), name) for date, name in _DATES.items()),
        link=link_of(site, kind, row),
        facts=facts(Jira=line(row, "externalKey")),
        twin=line(row, "externalKey"),
        version=stamp(updated),
        moves=tuple(each for number_, each in enumerate(STATES) if number_ != state),
        marker=marker_in([description]),
    )
