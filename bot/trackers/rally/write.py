"""What Rally takes from Hone: fields of an item in one call, then its tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.records import Record
from bot.trackers.rally.client import WSAPI
from bot.trackers.rally.read import ON_PORTFOLIO, is_portfolio
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
    from bot.trackers.rally.adapter import Rally

NO_SCORES: Final = (
    "Rally keeps the four numbers of WSJF on portfolio items only: a Rally admin can add number "
    "fields of these names to stories."
)


class Writing:
    """One record on its way into Rally."""

    def __init__(self, rally: Rally, record: Record, customs: Mapping[str, str]) -> None:
        self.rally = rally
        self.client = rally.client
        self.record = record
        self.customs = customs
        self.plan = Plan(dict(record.change.fields))

    async def change(self, item: Any) -> Written:
        parts = self._parts(item)
        if "state" in self.plan.fields and (state := await self._state(item)):
            parts["state"] = state

        async def send(several: Sequence[dict[str, Any]]) -> None:
            fields = {home: value for part in several for home, value in part.items()}
            await self.client.save(text(item, "_type"), text(item, "ObjectID"), fields)

        await send_parts(self.plan, parts, send)
        if "labels" in self.plan.fields:
            await self._tag(item)
        return self.rally.written(item, self.plan.left_out)

    async def create(self, scope: str) -> Written:
        """Create a story, or for a feature a portfolio item of the lowest type."""
        kind = (
            "PortfolioItem/Feature" if self.record.kind == "feature" else "HierarchicalRequirement"
        )
        back = f"\n\n{self.record.backlink}" if self.record.backlink else ""
        words = f"{signed(self.record)}{back}\n{self.record.marker}"
        fields: dict[str, Any] = {
            "Name": self.record.change.fields.get("title"),
            "Description": as_html(words),
            "Project": f"/project/{scope}",
        }
        made = await self.client.save(kind, "create", fields)
        item = {"_type": kind, **(made or {})}
        self.plan.fields.pop("title", None)
        whole = await self.rally.found(scope, text(item, "ObjectUUID")) or item
        return await self.change(whole)

    def _parts(self, item: Any) -> dict[str, dict[str, Any]]:
        """Return what goes into the item's own fields; what it has no field for is left out."""
        portfolio = is_portfolio(item)
        homes = {
            "title": "Name",
            "owner": "Owner",
            "points": "RefinedEstimate" if portfolio else "PlanEstimate",
            **self.customs,
            **(ON_PORTFOLIO if portfolio else {}),
            **({"due": "PlannedEndDate"} if portfolio else {}),
        }
        for name in list(self.plan.fields):
            if name not in homes and name not in ("state", "labels"):
                why = f"Rally has no place for {CALLED[name]} on {text(item, 'FormattedID')}."
                self.plan.leave_out(name, NO_SCORES if name in CARDS else why)
        parts: dict[str, dict[str, Any]] = {}
        for name, value in self.plan.fields.items():
            if name in homes:
                parts.setdefault(part_of(name), {})[homes[name]] = self._value(name, value)
        return parts

    def _value(self, name: str, value: Any) -> Any:
        match name:
            case "title":
                return value
            case "owner":
                return f"/user/{value}" if value else None
            case "due":
                return f"{value.isoformat()}T12:00:00.000Z" if isinstance(value, date) else None
            case _:
                return number(value)

    async def _state(self, item: Any) -> dict[str, Any]:
        wanted = str(self.plan.fields["state"] or "")
        offered = await self.rally.moves(item)
        if wanted not in offered:
            self.plan.leave_out("state", unmovable(text(item, "FormattedID"), wanted, offered))
            return {}
        if not is_portfolio(item):
            return {"ScheduleState": wanted}
        own = text(item, "_type").rpartition("/")[2]
        for each in await self.client.all("state", "Name,TypeDef,ObjectID", 500):
            named = text(each, "TypeDef", "_refObjectName").replace(" ", "")
            if line(each, "Name") == wanted and named == own:
                return {"State": f"/state/{text(each, 'ObjectID')}"}
        return {}

    async def _tag(self, item: Any) -> None:
        """Add and take away tags; one that Rally has not yet is made."""
        changes = self.plan.fields["labels"]
        there = {line(each, "Name"): each for each in several(item, "Tags", "_tagsNameArray")}
        after = labels_after(list(there), changes if isinstance(changes, tuple) else ())
        added = [name for name in after if name not in there]
        gone = [text(tag, "_ref") for name, tag in there.items() if name not in after]
        path = f"{WSAPI}/{text(item, '_type')}/{text(item, 'ObjectID')}/Tags"
        try:
            if added:
                refs = [{"_ref": await self._tag_of(name)} for name in added]
                await self.client.post(f"{path}/add", {"CollectionItems": refs})
            if gone:
                await self.client.post(
                    f"{path}/remove", {"CollectionItems": [{"_ref": each} for each in gone]}
                )
        except Rejected as error:
            self.plan.leave_out("labels", str(error))

    async def _tag_of(self, name: str) -> str:
        quoted = name.replace("\\", "").replace('"', '\\"')
        found, _ = await self.client.query("tag", "Name", query=f'(Name = "{quoted}")')
        made = dig(found, 0) or await self.client.save("Tag", "create", {"Name": name})
        return text(made, "_ref")
