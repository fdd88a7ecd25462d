"""What Hone asks of Rally: projects, what changed there, what of a score has a home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.records import Record
from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope, Step
from bot.trackers.http import Door
from bot.trackers.rally.client import WSAPI, RallyClient
from bot.trackers.rally.read import (
    FETCHED,
    ON_PORTFOLIO,
    STORY,
    custom_homes,
    is_portfolio,
    item_of,
    link_of,
    steps_of,
)
from bot.trackers.rally.write import NO_SCORES, Writing
from bot.trackers.tracker import (
    NOTHING,
    PAGE_ITEMS_MAX,
    Access,
    Ids,
    Lost,
    Missing,
    Page,
    TrackerError,
    Written,
)
from bot.trackers.values import (
    dig,
    line,
    moment,
    number,
    several,
    spoken,
    text,
)
from bot.trackers.watermark import watermark_in
from bot.trackers.writing import born

TYPES: Final = f"{STORY},Defect,PortfolioItem"
OVERLAP: Final = timedelta(minutes=5)
IDS_MAX: Final = 1_000


class Rally:
    """One Rally subscription."""

    kind = "rally"
    signs = "one post of its discussion"
    leads_back = "the same post"

    def __init__(self, access: Access, door: Door) -> None:
        self.source = f"rally:{access.site}"
        self.client = RallyClient(door, access)
        self.site = self.client.root
        self._moves: dict[str, list[str]] = {}
        self._customs: dict[str, str] | None = None
        self._workspaces: dict[str, str] = {}

    async def account(self) -> Account:
        told = dig(await self.client.get(f"{WSAPI}/user", fetch="UserName,DisplayName"), "User")
        name = line(told, "DisplayName") or line(told, "_refObjectName")
        return Account(text(told, "_refObjectUUID") or text(told, "ObjectUUID"), name)

    async def scopes(self) -> tuple[Scope, ...]:
        found = await self.client.all(
            "project", "Name,ObjectID,State", query='(State = "Open")', order="Name"
        )
        return tuple(Scope(text(each, "ObjectID"), line(each, "Name")) for each in found)

    # --- reading ---

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return what changed since, by Rally's clock, each page from where the last one ended."""
        at = watermark_in(cursor)
        condition = f"(LastUpdateDate >= {at.since:%Y-%m-%dT%H:%M:%S.%fZ})" if at.since else ""
        found, total = await self._query(scope, condition, at.skip + 1, PAGE_ITEMS_MAX)
        changed = {text(each, "ObjectUUID"): moment(each, "LastUpdateDate") for each in found}
        more = bool(found) and at.skip + len(found) < total
        fresh = at.fresh(changed)
        items = await self._items(scope, [e for e in found if text(e, "ObjectUUID") in fresh])
        return Page(items, at.after(changed, OVERLAP, more=more).cursor, more)

    async def _query(
        self, scope: str, condition: str, start: int, most: int, fetch: str = FETCHED
    ) -> tuple[list[Any], int]:
        """Return items of a project alone, oldest change first; raises Missing without it."""
        if not scope.isascii() or not scope.isdecimal():
            raise Missing("Rally has no such project.")
        return await self.client.query(
            "artifact",
            ",".join([fetch, *(await self.customs()).values()]),
            start,
            most,
            types=TYPES,
            project=f"/project/{scope}",
            projectScopeUp="false",
            projectScopeDown="false",
            order="LastUpdateDate ASC,ObjectID ASC",
            **({"query": condition} if condition else {}),
        )

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        if (item := await self.found(scope, id)) is None:
            return Lost()
        return (await self._items(scope, [item]))[0]

    async def found(self, scope: str, id: str) -> Any:
        """Return an item of the scope as Rally tells it, None if it is not there."""
        if len(id) > 40 or not id.isascii() or not id.replace("-", "").isalnum():
            return None
        found, _ = await self._query(scope, f'(ObjectUUID = "{id}")', 1, 1)
        return dig(found, 0)

    async def ids(self, scope: str, cursor: str) -> Ids:
        skip = int(number(cursor) or 0)
        found, total = await self._query(scope, "", skip + 1, IDS_MAX, "ObjectUUID")
        end = skip + len(found)
        ids = frozenset(text(each, "ObjectUUID") for each in found)
        return Ids(ids, str(end) if found and end < total else "")

    async def _items(self, scope: str, found: Sequence[Any]) -> tuple[RemoteItem, ...]:
        histories = await self._histories(scope, found)
        return tuple(
            [
                item_of(
                    each,
                    source=self.source,
                    site=self.site,
                    steps=histories.get(text(each, "ObjectID"), ()),
                    waits_for=await self._waits_for(each),
                    customs=await self.customs(),
                    moves=await self.moves(each),
                )
                for each in found
            ]
        )

    async def _waits_for(self, item: Any) -> list[str]:
        if not number(item, "Predecessors", "Count"):
            return []
        kind, id = text(item, "_type"), text(item, "ObjectID")
        found, _ = await self.client.query(f"{kind}/{id}/Predecessors", "ObjectUUID")
        return [text(each, "ObjectUUID") for each in found]

    async def _histories(self, scope: str, found: Sequence[Any]) -> Mapping[str, tuple[Step, ...]]:
        """Ask Lookback for all of a page at once; where it is turned off, nothing is known."""
        ids = [number(each, "ObjectID") for each in found]
        if not ids:
            return {}
        path = f"/analytics/v2.0/service/rally/workspace/{await self._workspace(scope)}"
        changed = [
            {f"_PreviousValues.{name}": {"$exists": True}} for name in ("ScheduleState", "State")
        ]
        body = {
            "find": {"ObjectID": {"$in": ids}, "$or": changed},
            "fields": ["ObjectID", "ScheduleState", "State", "_ValidFrom"],
            "hydrate": ["ScheduleState", "State"],
            "sort": {"_ValidFrom": 1},
            "start": 0,
            "pagesize": 20_000,
        }
        try:
            told = await self.client.post(f"{path}/artifact/snapshot/query.js", body)
        except TrackerError:
            return {}
        return steps_of(several(told, "Results"))

    async def _workspace(self, scope: str) -> str:
        if scope not in self._workspaces:
            told = await self.client.get(f"{WSAPI}/project/{scope}", fetch="Workspace,ObjectID")
            reference = text(told, "Project", "Workspace", "_ref")
            self._workspaces[scope] = reference.rpartition("/")[2]
        return self._workspaces[scope]

    async def _attributes(self, kind: str) -> list[Any]:
        """Return the attributes of a type: their names, sorts and allowed values."""
        types, _ = await self.client.query(
            "typedefinition", "ElementName,ObjectID,TypePath", query=f'(ElementName = "{kind}")'
        )
        id = text(dig(types, 0), "ObjectID")
        if not id:
            return []
        fetch = "ElementName,Name,AttributeType,ReadOnly,ObjectID,AllowedValues"
        return await self.client.all(f"typedefinition/{id}/Attributes", fetch)

    async def customs(self) -> dict[str, str]:
        """Return Hone's field → the custom field that stories have for it."""
        if self._customs is None:
            self._customs = custom_homes(await self._attributes(STORY))
        return self._customs

    async def moves(self, item: Any) -> list[str]:
        """Return the states that items of this type may have: its people named them."""
        kind = text(item, "_type")
        if kind not in self._moves:
            if is_portfolio(item):
                listed = [line(each, "Name") for each in await self.states(kind)]
            else:
                attributes = await self._attributes(kind)
                named = (e for e in attributes if text(e, "ElementName") == "ScheduleState")
                path = f"attributedefinition/{text(next(named, None), 'ObjectID')}/AllowedValues"
                values = await self.client.all(path, "StringValue") if attributes else []
                listed = [line(each, "StringValue") for each in values]
            self._moves[kind] = [state for state in listed if state]
        return self._moves[kind]

    async def states(self, kind: str) -> list[Any]:
        """Return the states of a type of portfolio items, each with its reference."""
        found = await self.client.all("state", "Name,TypeDef,OrderIndex,ObjectID")
        own = kind.rpartition("/")[2]
        return [e for e in found if text(e, "TypeDef", "_refObjectName").replace(" ", "") == own]

    # --- writing ---

    async def abilities(self, scope: str) -> Abilities:
        """Return the homes: portfolio items have their own four fields, stories custom ones."""
        self._customs = None  # an admin may have added one since
        found, _ = await self._query(scope, "", 1, PAGE_ITEMS_MAX)
        customs = await self.customs()
        homes = {
            "title": FieldHome("Name"),
            "owner": FieldHome("Owner"),
            "labels": FieldHome("Tags"),
            "points": FieldHome("Plan Estimate"),
            "state": FieldHome("Schedule State"),
        }
        portfolio = any(map(is_portfolio, found)) or not found
        if portfolio and found:
            homes["due"] = FieldHome("Planned End Date")
        stories_can = set(ON_PORTFOLIO) <= set(customs)
        why = "" if portfolio or stories_can else NO_SCORES
        homes |= {ours: FieldHome(spoken(name), why) for ours, name in ON_PORTFOLIO.items()}
        if "wsjf" in customs:
            homes["wsjf"] = FieldHome("WSJF")
        return Abilities(homes)

    async def find(self, scope: str, marker: str) -> Written | None:
        found, _ = await self._query(scope, f'(Description contains "{marker}")', 1, 1)
        return self.written(found[0]) if found else None

    async def create(self, scope: str, record: Record) -> Written:
        id = await Writing(self, await self.customs()).create(scope, record)
        return await self.write(scope, born(record, id))

    async def write(self, scope: str, record: Record) -> Written:
        item = await self.found(scope, record.id or "")
        if item is None:
            raise Missing("Rally does not have this item in this project any more.")
        return await Writing(self, await self.customs()).change(item, record)

    def written(self, item: Any, left_out: Mapping[str, str] = NOTHING) -> Written:
        link = link_of(self.site, item)
        return Written(text(item, "ObjectUUID"), text(item, "FormattedID"), link, "", left_out)
