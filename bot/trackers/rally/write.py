"""What Rally takes from Hone: fields of an item, its tags, one post of its discussion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.records import Record
from bot.remote import CARDS
from bot.trackers.rally.client import WSAPI
from bot.trackers.rally.read import ON_PORTFOLIO, STORY, is_portfolio
from bot.trackers.rich import as_html
from bot.trackers.tracker import Missing, NotAllowed, Rejected, Written
from bot.trackers.values import CALLED, dig, labels_after, line, number, several, text
from bot.trackers.writing import (
    LeftOut,
    Part,
    Plan,
    Value,
    marked,
    note_in,
    send_parts,
    unmovable,
)

if TYPE_CHECKING:
    from bot.trackers.rally.adapter import Rally

NO_SCORES: Final = (
    "Rally keeps the four numbers of WSJF on portfolio items only: a Rally admin can add number "
    "fields of these names to stories."
)


class Writing:
    """Records on their way into Rally; `customs` are what its stories have for scores."""

    def __init__(self, rally: Rally, customs: Mapping[str, str]) -> None:
        self.rally = rally
        self.client = rally.client
        self.customs = customs

    async def create(self, scope: str, record: Record) -> str:
        """Create a story, or for a feature a portfolio item of the lowest type; return its id."""
        fields = {
            "Name": record.change.fields.get("title"),
            "Description": as_html(marked(record)),
            "Project": f"/project/{scope}",
        }
        kind = "PortfolioItem/Feature" if record.kind == "feature" else STORY
        return text(await self.client.save(kind, "create", fields), "ObjectUUID")

    async def change(self, item: Any, record: Record) -> Written:
        plan = Plan(dict(record.change.fields))
        homes = self._homes(item)
        states = await self._states(item) if "state" in plan.fields else {}

        def told(name: str, value: Value) -> Part:
            if name == "labels":
                return {}
            if name == "state":
                if value not in states:
                    raise LeftOut(unmovable(text(item, "FormattedID"), value, states))
                return states[str(value)]
            if name not in homes:
                why = f"Rally has no place for {CALLED[name]} on {text(item, 'FormattedID')}."
                raise LeftOut(NO_SCORES if name in CARDS else why)
            return {homes[name]: _plain(name, value)}

        async def send(part: Part) -> None:
            await self.client.save(text(item, "_type"), text(item, "ObjectID"), part)

        await send_parts(plan, plan.parts(told), send)
        try:
            await self._tag(item, plan.fields.get("labels"))
        except (Rejected, NotAllowed) as error:
            plan.leave_out("labels", str(error))
        await self._note(item, note_in(record, plan))
        return self.rally.written(item, plan.left_out)

    def _homes(self, item: Any) -> dict[str, str]:
        """Return Hone's field → the item's own: stories and portfolio items differ."""
        if not is_portfolio(item):
            return {"title": "Name", "owner": "Owner", "points": "PlanEstimate", **self.customs}
        known = {"title": "Name", "owner": "Owner", "points": "RefinedEstimate"}
        return {**known, "due": "PlannedEndDate", **self.customs, **ON_PORTFOLIO}

    async def _states(self, item: Any) -> dict[str, Part]:
        """Return the states that an item may be taken to, each with what sets it."""
        if not is_portfolio(item):
            return {name: {"ScheduleState": name} for name in await self.rally.moves(item)}
        return {
            line(each, "Name"): {"State": f"/state/{text(each, 'ObjectID')}"}
            for each in await self.rally.states(text(item, "_type"))
        }

    async def _tag(self, item: Any, changes: Value) -> None:
        """Add and take away tags; one that Rally has not yet is made."""
        there = {line(each, "Name"): each for each in several(item, "Tags", "_tagsNameArray")}
        after = labels_after(list(there), changes if isinstance(changes, tuple) else ())
        added = [await self._tag_of(name) for name in after if name not in there]
        gone = [text(tag, "_ref") for name, tag in there.items() if name not in after]
        path = f"{WSAPI}/{text(item, '_type')}/{text(item, 'ObjectID')}/Tags"
        for way, tags in (("add", added), ("remove", gone)):
            if tags:
                refs = [{"_ref": each} for each in tags]
                await self.client.post(f"{path}/{way}", {"CollectionItems": refs})

    async def _tag_of(self, name: str) -> str:
        quoted = name.replace("\\", "").replace('"', '\\"')
        found, _ = await self.client.query("tag", "Name", query=f'(Name = "{quoted}")')
        made = dig(found, 0) or await self.client.save("Tag", "create", {"Name": name})
        return text(made, "_ref")

    async def _note(self, item: Any, note: str) -> None:
        """Keep one post in the item's discussion: the one that is there, or a first one."""
        if not note:
            return
        kind, words = "ConversationPost", as_html(note)
        item_id = text(item, "ObjectID")
        try:
            query = f"(Artifact.ObjectID = {item_id})"
            found, _ = await self.client.query("conversationpost", "Text,User", query=query)
            own = (await self.rally.account()).id
            ours = (each for each in found if text(each, "User", "_refObjectUUID") == own)
            there = next((each for each in ours if text(each, "Text").startswith("WSJF")), None)
            if there is None:
                artifact = f"/{text(item, '_type')}/{item_id}"
                await self.client.save(kind, "create", {"Artifact": artifact, "Text": words})
            elif text(there, "Text") != words:
                await self.client.save(kind, text(there, "ObjectID"), {"Text": words})
        except (Rejected, NotAllowed, Missing):
            return  # where discussions are closed to us, the score stands there all the same


def _plain(name: str, value: Value) -> Any:
    match name:
        case "title":
            return value
        case "owner":
            return f"/user/{value}" if value else None
        case "due":
            return f"{value.isoformat()}T12:00:00.000Z" if isinstance(value, date) else None
        case _:
            return number(value)
