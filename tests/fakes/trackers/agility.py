"""An Agility to test against: it knows only attributes that its own types have."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.trackers.agility.adapter import Agility
from bot.trackers.http import Door
from tests.fakes.trackers.board import ADA, GRACE, HONE, Board, Happened, Json, Refusal, Thing

MEMBERS = {ADA: "Member:20", GRACE: "Member:21", HONE: "Member:22"}
NUMBERS = {
    "ubv": "Custom_UserBusinessValue",
    "tc": "Custom_TimeCriticality",
    "rroe": "Custom_RiskReduction2",
    "size": "Custom_JobSize",
}
OWN = (
    *("Name", "Number", "Description", "Status", "AssetState", "Estimate", "Owners", "Super"),
    *("Dependencies", "TaggedWith", "CreateDateUTC", "ChangeDateUTC", "ClosedDateUTC"),
    *("ChangedBy", "Order", "Scope", "Timebox", "Reference", "Moment", "ID"),
)
_FILTER = re.compile(r"(?P<name>\w+)(?P<how>>=|=)'(?P<value>[^']*)'")


class FakeAgility(Board):
    kind = "agility"
    leaver = "Member:999"
    signs = "each change"
    scope, other_scope, gone_scope = "Scope:10", "Scope:11", "Scope:99"
    states = ("None", "In Progress", "Closed")
    lacks = frozenset({"due", "restriction", "workflows", "screens"})
    creates_at = "/rest-1.v1/Data/Story"

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, Json] = {}

    def remote_id(self, id: int) -> str:
        return f"Story:{id}"

    def account(self, who: str) -> str:
        return MEMBERS[who]

    def tracker(self, door: Door) -> Agility:
        return Agility(self.access(), door)

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        event = {"eventType": "AssetChanged", "targetAsset": {"_oid": f"Story:{id}"}}
        headers = {"authorization": f"Bearer {self.hook_secret}"}
        return headers, json.dumps({"events": [event]}).encode()

    def delete(self, id: int) -> None:
        """Agility keeps what is deleted, as a state."""
        self.tick()
        thing = self.things[id]
        self.deleted[id] = self.now
        thing.updated = self.now
        thing.version += 1

    def routes(self) -> list[web.RouteDef]:
        """Serve the instance at the root, and under its name as Agility's own SDK asks for it."""
        return [
            route
            for root in ("", "/acme")
            for route in (
                web.post(f"{root}/query.v1", self._query),
                web.get(root + "/meta.v1/{kind}", self._meta),
                web.get(root + "/rest-1.v1/Hist/{kind}", self._history),
                web.post(root + "/rest-1.v1/Data/{kind:Story|Epic|Link}", self._create),
                web.post(root + "/rest-1.v1/Data/{kind:Story|Link}/{id}", self._update),
            )
        ]

    async def _meta(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        assert kind in ("Story", "Epic")
        listed: list[Json] = [{"name": name, "attributetype": "Text"} for name in OWN]
        listed += [
            {"name": name, "attributetype": "Numeric", "isreadonly": False}
            for name in NUMBERS.values()
        ]
        attributes = {f"{kind}.{each['name']}": each for each in listed}
        return web.json_response({"_type": "AssetType", "Attributes": attributes})

    # --- query.v1 ---

    async def _query(self, request: web.Request) -> web.Response:
        asked = await request.json()
        known = {"from", "select", "where", "filter", "sort", "page", "find", "asof"}
        assert set(asked) <= known, asked
        match asked["from"]:
            case "Member":
                assert asked["where"] == {"IsSelf": "true"}
                found = [{"_oid": MEMBERS[self.me], "Name": self.people[self.me]}]
            case "Scope":
                found = [
                    {"_oid": "Scope:10", "Name": "Payments"},
                    {"_oid": "Scope:11", "Name": "Web shop"},
                ]
                if "where" in asked:
                    found = [e for e in found if e["_oid"] == asked["where"]["ID"]]
            case "StoryStatus" | "EpicStatus":
                found = [{"_oid": "StoryStatus:1", "Name": "In Progress"}]
            case "Link":
                where = asked["where"]
                found = [
                    {"_oid": oid, **link}
                    for oid, link in self.links.items()
                    if (link["Asset"], link["Name"]) == (where["Asset"], where["Name"])
                ]
            case "PrimaryWorkitem":
                found = self._workitems(asked)
            case _:
                found = []
        return web.json_response([found])

    def _workitems(self, asked: Json) -> list[Json]:
        for name in asked["select"]:
            if name.partition(".")[0] not in {*OWN, *NUMBERS.values()}:
                raise Refusal(400, {"Message": f"Unknown AttributeDefinition: Story.{name}"})
        found = sorted(self.things.values(), key=lambda each: (each.updated, each.id))
        where = asked.get("where", {})
        if "Scope" in where:
            found = [each for each in found if each.scope == where["Scope"]]
        if "ID" in where:
            found = [each for each in found if f"Story:{each.id}" == where["ID"]]
        for condition in asked.get("filter", ()):
            read = _FILTER.fullmatch(condition)
            assert read, condition
            found = [each for each in found if self._meets(each, read)]
        if asked.get("sort") == ["+ID"]:
            found.sort(key=lambda each: each.id)
        if page := asked.get("page"):
            found = found[page["start"] : page["start"] + page["size"]]
        return [
            {"_oid": f"Story:{each.id}"}
            | {name: self._values(each)[name] for name in asked["select"]}
            for each in found
        ]

    def _meets(self, thing: Thing, read: re.Match[str]) -> bool:
        match read["name"], read["how"]:
            case "ChangeDateUTC", ">=":
                since = datetime.fromisoformat(read["value"])
                return thing.updated.replace(tzinfo=None) >= since
            case "Reference", "=":
                return thing.links.get("reference") == read["value"]
        raise AssertionError(read)

    def _state(self, thing: Thing) -> int:
        return 255 if thing.id in self.deleted else 128 if thing.state == "Closed" else 64

    def _values(self, thing: Thing) -> dict[str, Any]:
        owners = [thing.owner] if thing.owner else []
        last = thing.history[-1].who if thing.history else ADA
        return {
            "Name": thing.title,
            "Number": f"S-{thing.id:05}",
            "Description": thing.description,
            "Status.Name": None if thing.state in ("None", "Closed") else thing.state,
            "AssetState": self._state(thing),
            "Estimate": thing.points,
            "Owners": [{"_oid": MEMBERS[each]} for each in owners],
            "Owners.Name": [self.people[each] for each in owners],
            "Super": {"_oid": f"Story:{thing.parent}"} if thing.parent else None,
            "Dependencies": [{"_oid": f"Story:{id}"} for id in thing.blocked_by],
            "TaggedWith": thing.labels,
            "CreateDateUTC": self._time(thing.created),
            "ChangeDateUTC": self._time(thing.updated),
            "ClosedDateUTC": self._time(thing.finished) if thing.finished else None,
            "ChangedBy": {"_oid": MEMBERS[last]},
            "Order": thing.id,
            "Scope": {"_oid": thing.scope},
            "Timebox.Name": "Sprint 1",
            "Reference": thing.links.get("reference"),
            "Moment": thing.version * 1_000 + thing.id,
        } | {home: thing.numbers.get(name) for name, home in NUMBERS.items()}

    def _time(self, at: datetime) -> str:
        return f"{at:%Y-%m-%dT%H:%M:%S.000}"

    async def _history(self, request: web.Request) -> web.Response:
        if request.match_info["kind"] == "Epic":
            return web.json_response({"Assets": []})
        ids = re.findall(r"'Story:(\d+)'", request.query["where"])
        assets = []
        for id in map(int, ids):
            thing = self.things[id]
            state = next((e.before for e in thing.history if e.name == "state"), thing.state)
            born = Happened(thing.created, ADA, "", None, None)
            for moment, each in enumerate([born, *thing.history]):
                state = each.after if each.name == "state" else state
                status = None if state in ("None", "Closed") else state
                values = {
                    "Status.Name": status,
                    "AssetState": 128 if state == "Closed" else 64,
                    "ChangeDateUTC": self._time(each.at),
                }
                told = {name: {"value": value} for name, value in values.items()}
                assets.append({"id": f"Story:{id}:{moment}", "Attributes": told})
        return web.json_response({"Assets": assets})

    # --- rest-1.v1 ---

    async def _create(self, request: web.Request) -> web.Response:
        attributes = (await request.json())["Attributes"]
        kind = request.match_info["kind"]
        values = {name: each["value"] for name, each in attributes.items()}
        if kind == "Link":
            oid = f"Link:{len(self.links) + 1}"
            self.links[oid] = values
            self._noted(values)
            return web.json_response({"id": f"{oid}:1"})
        made = self.add(values["Name"], scope=values["Scope"], description=values["Description"])
        self.things[made].links["reference"] = values["Reference"]
        return web.json_response({"_type": "Asset", "id": f"Story:{made}:1"})

    def _noted(self, link: Json) -> None:
        self.things[int(link["Asset"].partition(":")[2])].links[link["Name"]] = link["URL"]

    async def _update(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if operation := request.query.get("op"):
            state = {"QuickClose": "Closed", "Reactivate": "None"}[operation]
            self.edit(int(id), self.me, state=state)
            return web.json_response({"id": f"Story:{id}:2"})
        body = await request.json()
        if request.match_info["kind"] == "Link":
            link = self.links[f"Link:{id}"]
            link |= {name: each["value"] for name, each in body["Attributes"].items()}
            self._noted(link)
            return web.json_response({"id": f"Link:{id}:2"})
        thing = self.things.get(int(id))
        if thing is None:
            raise Refusal(404, {"Message": "Not Found"})
        if comment := request.query.get("comment"):
            self.note(thing.id, comment)
        changes: Json = {}
        for name, each in body["Attributes"].items():
            self._change(thing, changes, name, each)
        self.edit(thing.id, self.me, **changes)
        return web.json_response({"id": f"Story:{id}:2"})

    def _change(self, thing: Thing, changes: Json, name: str, each: Any) -> None:
        ours = {home: number for number, home in NUMBERS.items()}
        match name:
            case "Name":
                changes["title"] = each["value"]
            case "Estimate":
                changes["points"] = each["value"]
            case "Status":
                assert each["value"] == "StoryStatus:1"
                changes["state"] = "In Progress"
            case "Owners" | "TaggedWith":
                by_oid = {oid: who for who, oid in MEMBERS.items()}
                there = list(thing.labels) if name == "TaggedWith" else [thing.owner]
                assert each["name"] == name
                for one in each["value"]:
                    value = one["idref" if name == "Owners" else "value"]
                    if name == "Owners" and value not in by_oid:
                        raise Refusal(400, {"Message": f"Invalid OID token {value}"})
                    value = by_oid[value] if name == "Owners" else value
                    if one["act"] == "add":
                        there.append(value)
                    else:
                        there.remove(value)
                people = [who for who in there if who]
                changes |= (
                    {"labels": there}
                    if name == "TaggedWith"
                    else {"owner": people[0] if people else ""}
                )
            case _ if name in ours:
                if ours[name] in self.off_screen:
                    raise Refusal(400, {"Message": f"Violation: Story.{name} is read only"})
                changes[ours[name]] = each["value"]
            case _:
                raise Refusal(400, {"Message": f"Unknown AttributeDefinition: Story.{name}"})
