"""What Azure takes from Hone: operations on fields, behind a test of the revision we have read."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bot.records import Record
from bot.trackers.azure.read import Type, tags_of
from bot.trackers.rich import as_html
from bot.trackers.values import dig, labels_after, line, number, several, text
from bot.trackers.writing import LeftOut, Part, Value, signed, unmovable

SYSTEM: Final = {
    "title": "System.Title",
    "owner": "System.AssignedTo",
    "labels": "System.Tags",
    "state": "System.State",
}
DISCUSSION: Final = "System.History"
"""A field that is never read back: what is written there stands as a comment."""


def part_for(told: Any, kind: Type, name: str, value: Value) -> Part:
    """Return what a field of Hone's sets on a work item, {} where it stands there already."""
    fields = dig(told, "fields") or {}
    state = line(fields, "System.State")
    moves = kind.transitions.get(state, ())
    ref = SYSTEM.get(name) or kind.homes.get(name, ("", ""))[0]
    if not ref:
        raise LeftOut(f"{kind.name} has no field for it in Azure Boards.")
    if name == "state" and value not in (*moves, state):
        raise LeftOut(unmovable(text(told, "id"), value, moves))
    plain = _plain(name, value, fields)
    return {} if _is_so(fields, ref, plain) else {ref: plain}


def _plain(name: str, value: Value, fields: Any) -> str | int | float:
    """Return a value as Azure takes it; "" empties a field."""
    match value:
        case tuple():
            return "; ".join(labels_after(tags_of(fields), value))
        case date():
            return value.isoformat()
        case None:
            return ""
        case _:
            return value


def _is_so(there: Any, ref: str, value: str | float) -> bool:
    told = dig(there, ref)
    if ref == SYSTEM["owner"]:
        return text(told, "uniqueName") == value
    if isinstance(value, int | float):
        return number(told) == value
    return (line(told)[:10] if "Date" in ref else line(told)) == value


def operations(part: Part) -> list[Part]:
    return [{"op": "add", "path": f"/fields/{ref}", "value": v} for ref, v in part.items()]


def tested(rev: Any, changes: list[Part]) -> list[Part]:
    """Return changes that happen only to the revision we have read."""
    return [{"op": "test", "path": "/rev", "value": rev}, *changes]


def link_back(record: Record, told: Any) -> list[Part]:
    """Return the operation that links to Hone, unless the item has the link already."""
    links = (text(each, "url") for each in several(told, "relations"))
    if not record.backlink or record.backlink in links:
        return []
    value = {"rel": "Hyperlink", "url": record.backlink, "attributes": {"comment": "Hone"}}
    return [{"op": "add", "path": "/relations/-", "value": value}]


def new_item(record: Record, area: str) -> list[Part]:
    """Return the operations that create an item, with its marker among its tags."""
    given = {
        "System.Title": record.change.fields.get("title"),
        "System.Description": as_html(signed(record)),
        "System.Tags": record.marker,
        "System.AreaPath": area,
    }
    return operations({ref: value for ref, value in given.items() if value})
