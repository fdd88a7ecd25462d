"""What Agility takes from Hone: attributes in one call, its own operations to close and reopen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.records import Record
from bot.trackers.agility.read import CLOSED_WORD, Shape, oid_of
from bot.trackers.tracker import Rejected, Written
from bot.trackers.values import (
    CALLED,
    CARDS,
    as_html,
    dig,
    labels_after,
    line,
    number,
    several,
    text,
)
from bot.trackers.writing import Plan, part_of, send_parts, signed, unmovable

if TYPE_CHECKING:
    from bot.trackers.agility.adapter import Agility


class Writing:
    """One record on its way into Agility."""

    def __init__(self, agility: Agility, record: Record) -> None:
        self.agility = agility
        self.client = agility.client
        self.record = record
        self.plan = Plan(dict(record.change.fields))

    async def create(self, scope: str) -> Written:
        """Create a story, or for a feature an epic; its marker is its reference."""
        kind = "Epic" if self.record.kind == "feature" else "Story"
        oid = await self.client.save(
            kind,
            {
                "Name": _set(self.record.change.fields.get("title")),
                "Scope": _set(scope),
                "Description": _set(as_html(signed(self.record))),
                "Reference": _set(self.record.marker),
            },
        )
        self.plan.fields.pop("title", None)
        return await self.change(await self.agility.found(scope, oid) or {"_oid": oid})

    async def change(self, asset: Any) -> Written:
        oid = text(asset, "_oid")
        kind = "Epic" if oid.startswith("Epic:") else "PrimaryWorkitem"
        shape = await self.agility.shape(kind)
        parts = self._parts(asset, shape)
        operation = await self._state(asset, kind, parts) if "state" in self.plan.fields else ""

        async def send(several: Sequence[dict[str, Any]]) -> None:
            attributes = {name: value for part in several for name, value in part.items()}
            await self.client.save(oid, attributes, self.record.by)

        await send_parts(self.plan, parts, send)
        if operation:
            try:
                await self.client.operate(oid, operation)
            except Rejected as error:
                self.plan.leave_out("state", str(error))
        if self.record.backlink:
            await self._link_back(oid)
        return self.agility.written(asset, self.plan.left_out)

    def _parts(self, asset: Any, shape: Shape) -> dict[str, dict[str, Any]]:
        """Return Hone's field → what it sets; the four cards go together."""
        key = text(asset, "Number") or text(asset, "_oid")
        parts: dict[str, dict[str, Any]] = {}
        for name, value in list(self.plan.fields.items()):
            match name:
                case "title":
                    parts[name] = {"Name": _set(value)}
                case "points":
                    parts[name] = {shape.points: _set(number(value))}
                case "owner":
                    parts[name] = {"Owners": _owners(asset, str(value or ""))}
                case "labels" if "TaggedWith" in shape.attributes:
                    parts[name] = {"TaggedWith": _tags(asset, value)}
                case "state":
                    pass
                case _ if name in shape.homes:
                    parts.setdefault(part_of(name), {})[shape.homes[name]] = _set(number(value))
                case _:
                    why = f"Agility has no place for {CALLED[name]} on {key}."
                    self.plan.leave_out(name, why)
        if not any(name in self.plan.fields for name in CARDS):
            parts.pop("score", None)
        return {name: part for name, part in parts.items() if all(part.values())}

    async def _state(self, asset: Any, kind: str, parts: dict[str, dict[str, Any]]) -> str:
        """Add the status to what is set; return the operation that the state needs, if any."""
        wanted = str(self.plan.fields["state"] or "")
        closed = number(asset, "AssetState") == 128
        if wanted == CLOSED_WORD:
            return "" if closed else "QuickClose"
        by_name = {name: oid for oid, name in await self.agility.statuses(kind)}
        if wanted not in by_name:
            key = text(asset, "Number") or text(asset, "_oid")
            self.plan.leave_out("state", unmovable(key, wanted, [*by_name, CLOSED_WORD]))
            return ""
        parts["state"] = {"Status": _set(by_name[wanted])}
        return "Reactivate" if closed else ""

    async def _link_back(self, oid: str) -> None:
        """Keep one link to Hone, known by its name."""
        name = f"Hone #{self.record.number}"
        found = await self.client.query("Link", ["URL", "Name"], where={"Asset": oid, "Name": name})
        link = {"Name": _set(name), "URL": _set(self.record.backlink)}
        if not found:
            await self.client.save("Link", {**link, "Asset": _set(oid), "OnMenu": _set(True)})
        elif text(dig(found, 0), "URL") != self.record.backlink:
            await self.client.save(text(dig(found, 0), "_oid"), link)


def _set(value: Any) -> dict[str, Any]:
    return {"value": value, "act": "set"}


def _owners(asset: Any, wanted: str) -> dict[str, Any]:
    """Return what makes one person the first owner, or takes all away; others stay beside them."""
    there = [text(each, "_oid") for each in several(asset, "Owners")]
    if wanted:
        first = oid_of(several(asset, "Owners"))
        gone = [first] if first and first != wanted else []
        added = [wanted] if wanted not in there else []
    else:
        gone, added = there, []
    return _changed("Owners", "idref", gone, added)


def _tags(asset: Any, changes: Any) -> dict[str, Any]:
    tags = dig(asset, "TaggedWith")
    there = [line(each) for each in (tags if isinstance(tags, list) else [tags]) if line(each)]
    after = labels_after(there, changes if isinstance(changes, tuple) else ())
    gone = [tag for tag in there if tag not in after]
    return _changed("TaggedWith", "value", gone, [tag for tag in after if tag not in there])


def _changed(name: str, kind: str, gone: list[str], added: list[str]) -> dict[str, Any]:
    """Return how an attribute of many values changes, {} where it does not."""
    acts = [{kind: each, "act": "remove"} for each in gone]
    acts += [{kind: each, "act": "add"} for each in added]
    return {"name": name, "value": acts} if acts else {}
