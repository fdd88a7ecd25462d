"""What Agility takes from Hone: attributes in one call, its own operations to close and reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.records import Record
from bot.trackers.agility.read import CLOSED, CLOSED_WORD, key_of, kind_of, tags_of
from bot.trackers.rich import as_html
from bot.trackers.tracker import Rejected, Written
from bot.trackers.values import CALLED, dig, labels_after, number, several, text
from bot.trackers.writing import LeftOut, Part, Plan, Value, send_parts, signed, unmovable

if TYPE_CHECKING:
    from bot.trackers.agility.adapter import Agility


class Writing:
    """One record on its way into Agility."""

    def __init__(self, agility: Agility, record: Record) -> None:
        self.agility = agility
        self.client = agility.client
        self.record = record

    async def create(self, scope: str) -> str:
        """Create a story, or for a feature an epic; its marker is its reference. Return its id."""
        return await self.client.save(
            "Epic" if self.record.kind == "feature" else "Story",
            {
                "Name": _set(self.record.change.fields.get("title")),
                "Scope": _set(scope),
                "Description": _set(as_html(signed(self.record))),
                "Reference": _set(self.record.marker),
            },
        )

    async def change(self, asset: Any) -> Written:
        oid, plan = text(asset, "_oid"), Plan(dict(self.record.change.fields))
        kind = kind_of(oid)
        shape = await self.agility.shape(kind)
        statuses = {name: id for id, name in await self.agility.statuses(kind)}
        is_closed = number(asset, "AssetState") == CLOSED

        def told(name: str, value: Value) -> Part:
            match name:
                case "title":
                    return {"Name": _set(value)}
                case "points":
                    return {shape.points: _set(number(value))}
                case "owner":
                    return _owners(asset, str(value or ""))
                case "labels" if "TaggedWith" in shape.attributes:
                    return _tags(asset, value)
                case "state" if value == CLOSED_WORD:
                    return {}
                case "state" if value in statuses:
                    return {"Status": _set(statuses[str(value)])}
                case "state":
                    raise LeftOut(unmovable(key_of(asset), value, [*statuses, CLOSED_WORD]))
                case _ if name in shape.homes:
                    return {shape.homes[name]: _set(number(value))}
                case _:
                    raise LeftOut(f"Agility has no place for {CALLED[name]} on {key_of(asset)}.")

        async def send(part: Part) -> None:
            await self.client.save(oid, part, self.record.by)

        await send_parts(plan, plan.parts(told), send)
        closes = plan.fields.get("state") == CLOSED_WORD
        if "state" in plan.fields and closes != is_closed:
            try:
                await self.client.operate(oid, "QuickClose" if closes else "Reactivate")
            except Rejected as error:
                plan.leave_out("state", str(error))
        if self.record.backlink:
            await self._link_back(oid)
        return self.agility.written(asset, plan.left_out)

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


def _owners(asset: Any, wanted: str) -> Part:
    """Return what makes one person the first owner, or takes all away; others stay beside them."""
    there = [text(each, "_oid") for each in several(asset, "Owners")]
    if wanted:
        gone = [each for each in there[:1] if each != wanted]
        added = [wanted] if wanted not in there else []
    else:
        gone, added = there, []
    return _changed("Owners", "idref", gone, added)


def _tags(asset: Any, changes: Value) -> Part:
    there = tags_of(asset)
    after = labels_after(there, changes if isinstance(changes, tuple) else ())
    gone = [tag for tag in there if tag not in after]
    return _changed("TaggedWith", "value", gone, [tag for tag in after if tag not in there])


def _changed(name: str, kind: str, gone: list[str], added: list[str]) -> Part:
    """Return how an attribute of many values changes, {} where it does not."""
    acts = [{kind: each, "act": "remove"} for each in gone]
    acts += [{kind: each, "act": "add"} for each in added]
    return {name: {"name": name, "value": acts}} if acts else {}
