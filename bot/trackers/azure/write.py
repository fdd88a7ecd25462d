"""What Azure takes from Hone: operations on fields, behind a test of the revision we have read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.records import Record
from bot.trackers.azure.read import Type, tags_of
from bot.trackers.values import (
    CARDS,
    as_html,
    dig,
    labels_after,
    line,
    number,
    several,
    text,
)
from bot.trackers.writing import signed

SYSTEM: Final = {
    "title": "System.Title",
    "owner": "System.AssignedTo",
    "labels": "System.Tags",
    "state": "System.State",
}
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "feature": ("Feature", "Epic"),
    "story": ("User Story", "Product Backlog Item", "Requirement", "Issue", "Task"),
}


def type_for(kind: str, there: Mapping[str, Type]) -> Type | None:
    """Return the type that a new item of Hone's kind gets."""
    names = (*KINDS.get(kind, ()), *KINDS["story"])
    return next((there[name] for name in names if name in there), next(iter(there.values()), None))


class Operations:
    """A record as operations; what is left out is gathered with why."""

    def __init__(self, record: Record, told: Any, kind: Type) -> None:
        self._told = told
        self._kind = kind
        self.left_out: dict[str, str] = {}
        self.fields: dict[str, tuple[str, Any]] = {}
        """Reference name → Hone's name and the value."""
        for name, value in record.change.fields.items():
            self._add(name, value)
        self._whole_score()

    def _add(self, name: str, value: Any) -> None:
        ref = SYSTEM.get(name) or self._kind.homes.get(name, ("", ""))[0]
        if not ref:
            self.left_out[name] = f"{self._kind.name} has no field for it in Azure Boards."
        elif name == "state" and not self._may_become(str(value)):
            moves = ", ".join(self._moves()) or "nothing"
            self.left_out[name] = (
                f"This {self._kind.name} can't go to {value} from where it is: it may become "
                f"{moves}."
            )
        else:
            self.fields[ref] = (name, self._value(name, value))

    def _moves(self) -> tuple[str, ...]:
        return self._kind.transitions.get(line(self._told, "fields", "System.State"), ())

    def _may_become(self, state: str) -> bool:
        return state in (*self._moves(), line(self._told, "fields", "System.State"))

    def _value(self, name: str, value: Any) -> Any:
        match name:
            case "labels":
                return "; ".join(labels_after(tags_of(dig(self._told, "fields")), value or ()))
            case "due":
                return value.isoformat() if isinstance(value, date) else ""
            case "owner":
                return value or ""
            case _:
                return "" if value is None else value

    def _whole_score(self) -> None:
        """Leave all four cards out where one is: three of them would say something else."""
        lacking = next((self.left_out[name] for name in CARDS if name in self.left_out), "")
        if lacking:
            self.leave_out(
                {ref: lacking for ref, (name, _) in self.fields.items() if name in CARDS}
            )

    def leave_out(self, refused: Mapping[str, str]) -> bool:
        """Leave fields out that were refused, with why; False if none of them was ours."""
        ours = [ref for ref in refused if ref in self.fields]
        for ref in ours:
            name, _ = self.fields.pop(ref)
            self.left_out[name] = refused[ref]
        if any(self.left_out.get(name) for name in CARDS):
            for ref, (name, _) in list(self.fields.items()):
                if name in CARDS:
                    del self.fields[ref]
                    self.left_out[name] = next(w for n, w in self.left_out.items() if n in CARDS)
        return bool(ours)

    def patch(self) -> list[dict[str, Any]]:
        """Return what changes: a field that says so already is not written again."""
        there = dig(self._told, "fields") or {}
        return [
            {"op": "add", "path": f"/fields/{ref}", "value": value}
            for ref, (_, value) in self.fields.items()
            if not _is_so(there, ref, value)
        ]


def _is_so(there: Any, ref: str, value: Any) -> bool:
    told = dig(there, ref)
    if ref == SYSTEM["owner"]:
        return text(told, "uniqueName") == str(value)
    if isinstance(value, int | float):
        return number(told) == value
    return (line(told)[:10] if "Date" in ref else line(told)) == str(value)


def link_back(record: Record, told: Any) -> list[dict[str, Any]]:
    """Return the operation that links to Hone, unless the item has the link already."""
    links = (text(each, "url") for each in several(told, "relations"))
    if not record.backlink or record.backlink in links:
        return []
    value = {"rel": "Hyperlink", "url": record.backlink, "attributes": {"comment": "Hone"}}
    return [{"op": "add", "path": "/relations/-", "value": value}]


def tested(rev: Any, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return operations that happen only to the revision we have read."""
    return [{"op": "test", "path": "/rev", "value": rev}, *operations]


def new_item(record: Record, operations: Operations, area: str) -> list[dict[str, Any]]:
    """Return the operations that create an item, with its marker among its tags."""
    tags = next((str(v) for name, v in operations.fields.values() if name == "labels"), "")
    given = {ref: value for ref, (name, value) in operations.fields.items() if value != ""}
    given |= {
        "System.Description": as_html(signed(record)),
        "System.Tags": "; ".join(filter(None, (tags, record.marker))),
        "System.AreaPath": area,
    }
    return [
        {"op": "add", "path": f"/fields/{ref}", "value": value}
        for ref, value in given.items()
        if value
    ]
