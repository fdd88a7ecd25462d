"""Assets of Agility as records, out of `rest-1.v1/Data` or `query.v1`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from handlers.sources.rows import Cell, Record

_CLOSED, _DELETED = "128", "255"
"""Of `AssetState`: 0 is to come, 64 is active."""

_CALLED: Final[Mapping[str, Sequence[str]]] = {
    "title": ("Name",),
    "number": ("Number",),
    "estimate pts": ("Estimate", "Swag"),
    "status": ("Status.Name",),
    "description": ("Description",),
    "create date utc": ("CreateDateUTC", "CreateDate"),
    "change date utc": ("ChangeDateUTC", "ChangeDate"),
    "owners": ("Owners.Name",),
    "tagged with": ("TaggedWith",),
    "sprint": ("Timebox.Name",),
    "priority": ("Priority.Name",),
    "rank": ("Order",),
}
"""What a column of its own export is called → the attributes that hold it, the likelier first."""

_READ: Final = frozenset(
    [each for names in _CALLED.values() for each in names]
    + ["AssetState", "ClosedDateUTC", "ClosedDate", "Super", "Super.Number", "Dependencies"]
)


def is_asset(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("Attributes"), dict) or isinstance(item.get("_oid"), str)


def asset_of(item: Mapping[str, Any], one: Callable[[Any], str]) -> Record:
    """Return the record of an asset; `one` reads a plain value.

    What is closed is done, whatever its status says, and what is open was not finished.
    """
    told = item.get("Attributes")
    values = dict(told) if isinstance(told, dict) else dict(item)
    values = {name: _value(name, attribute) for name, attribute in values.items()}
    oid = one(item.get("id") or item.get("_oid"))
    state = one(values.get("AssetState"))
    record: Record = {"oid": oid, "asset type": oid.partition(":")[0]}
    for called, names in _CALLED.items():
        found = next((values[name] for name in names if values.get(name) is not None), None)
        record[called] = _flat(found, one)
    if state == _CLOSED:
        record["status"] = "Closed"
        record["closed date utc"] = one(values.get("ClosedDateUTC") or values.get("ClosedDate"))
    record["archived"] = one(state == _DELETED)
    record["parent"] = _named(values.get("Super")) or one(values.get("Super.Number"))
    if "Dependencies" in values:
        record["depends on"] = tuple(filter(None, map(_named, _several(values["Dependencies"]))))
    others = (pair for pair in values.items() if pair[0] not in _READ and pair[0] != "_oid")
    return record | {name: _flat(value, one) for name, value in others}


def _value(name: str, attribute: Any) -> Any:
    """Return what an attribute holds; an instant of UTC does not say so itself."""
    is_held = isinstance(attribute, dict) and "value" in attribute
    value = attribute["value"] if is_held else attribute
    bare = name.endswith("UTC") and isinstance(value, str) and value[-1:].isdigit()
    return f"{value}Z" if bare and "+" not in value else value


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flat(value: Any, one: Callable[[Any], str]) -> Cell:
    return tuple(filter(None, map(one, value))) if isinstance(value, list) else one(value)


def _named(other: Any) -> str:
    """Return the name of an asset that another leads to."""
    named = other.get("idref") or other.get("_oid") if isinstance(other, dict) else ""
    return named if isinstance(named, str) and not named.endswith(":NULL") else ""
