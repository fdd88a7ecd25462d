"""A Rally to test against: its errors arrive with HTTP 200, its people named types and states.

Ids beyond 1,000 are portfolio items: `add(…, portfolio=…)` of the tests is `feature`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.rally.adapter import Rally
from tests.fakes.trackers.board import ADA, HONE, NUMBERS, Board, Json, Refusal, Thing

STORY, FEATURE = "HierarchicalRequirement", "PortfolioItem/Feature"
TYPES = {STORY: 1, "Defect": 2, FEATURE: 3}
CARDS = {
    "ubv": "UserBusinessValue",
    "tc": "TimeCriticality",
    "rroe": "RROEValue",
    "size": "JobSize",
}
CUSTOM = {
    "ubv": ("c_UserBusinessValue", "User Business Value"),
    "tc": ("c_TimeCriticality", "Time Criticality"),
    "rroe": ("c_RROEValue", "RROE Value"),
    "size": ("c_JobSize", "Job Size"),
    "wsjf": ("c_WSJF", "WSJF"),
}
_QUERY = re.compile(r'\((?P<name>\w+) (?P<how>>=|=|contains) "?(?P<value>[^"]*)"?\)')


def uuid(number: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"rally/{number}"))


class FakeRally(Board):
    """One workspace; its stories have custom fields for scores, its features Rally's own."""

    kind = "rally"
    scope, other_scope = "10", "11"
    states = ("Defined", "In-Progress", "Accepted")
    lacks = frozenset({"deletes", "due", "restriction", "backlinks", "workflows", "hooks"}) | {
        "authors",
        "screens",
    }
    creates_at = "/create"

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[int, str] = {}
        self.tags: list[str] = []
        self.without_lookback = False

    def remote_id(self, id: int) -> str:
        return uuid(id)

    def account(self, who: str) -> str:
        return f"user-{who}"

    def tracker(self, door: Door) -> Rally:
        return Rally(self.access(), door)

    def signed_in(self, request: web.Request) -> bool:
        return request.headers.get("ZSESSIONID") == self.token

    def refused_sign_in(self) -> web.Response:
        return web.Response(status=401, text="<html>Not authorized</html>")

    def routes(self) -> list[web.RouteDef]:
        root = "/slm/webservice/v2.0"
        lookback = "/analytics/v2.0/service/rally/workspace/1/artifact/snapshot/query.js"
        kinds = "{kind:HierarchicalRequirement|Defect|PortfolioItem/Feature}"
        return [
            web.get(f"{root}/user", self._user_called),
            web.get(f"{root}/project", self._projects),
            web.get(root + "/project/{id}", self._project),
            web.get(f"{root}/artifact", self._artifacts),
            web.get(f"{root}/typedefinition", self._types),
            web.get(root + "/typedefinition/{id}/Attributes", self._attributes),
            web.get(root + "/attributedefinition/{id}/AllowedValues", self._allowed),
            web.get(f"{root}/state", self._states),
            web.get(f"{root}/tag", self._tags),
            web.post(f"{root}/Tag/create", self._new_tag),
            web.get(f"{root}/{kinds}/{{id}}/Predecessors", self._predecessors),
            web.get(f"{root}/conversationpost", self._posts),
            web.post(root + "/ConversationPost/{id}", self._post),
            web.post(f"{root}/{kinds}/create", self._create),
            web.post(f"{root}/{kinds}/{{id}}", self._update),
            web.post(f"{root}/{kinds}/{{id}}/Tags/{{way:add|remove}}", self._tag),
            web.post(lookback, self._lookback),
        ]

    # --- answers ---

    def _listed(self, request: web.Request, found: list[Json]) -> web.Response:
        start, most = int(request.query["start"]), int(request.query["pagesize"])
        assert start >= 1
        assert 1 <= most <= 2_000
        result = {
            "Errors": [],
            "Warnings": [],
            "TotalResultCount": len(found),
            "StartIndex": start,
            "Results": found[start - 1 : start - 1 + most],
        }
        return web.json_response({"QueryResult": result})

    def _done(self, name: str, told: Json | None, *errors: str) -> web.Response:
        return web.json_response({name: {"Errors": errors, "Warnings": [], "Object": told}})

    async def _user_called(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"User": {"_refObjectUUID": self.account(HONE), "DisplayName": "Hone"}}
        )

    async def _projects(self, request: web.Request) -> web.Response:
        assert request.query["query"] == '(State = "Open")'
        names = {"10": "Payments", "11": "Web shop"}
        return self._listed(request, [{"ObjectID": int(i), "Name": n} for i, n in names.items()])

    async def _project(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"Project": {"Workspace": {"_ref": f"http://{self.host}/workspace/1"}}}
        )

    async def _types(self, request: web.Request) -> web.Response:
        read = _QUERY.fullmatch(request.query["query"])
        assert read
        found = [{"ElementName": k, "ObjectID": i} for k, i in TYPES.items() if k == read["value"]]
        return self._listed(request, list(found))

    async def _attributes(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        customs = [
            {"ElementName": id, "Name": name, "AttributeType": "DECIMAL", "ObjectID": 900 + number}
            for number, (id, name) in enumerate(CUSTOM.values())
        ]
        state = {"ElementName": "ScheduleState", "AttributeType": "STATE", "ObjectID": 800}
        return self._listed(request, [state, *(customs if id == "1" else [])])

    async def _allowed(self, request: web.Request) -> web.Response:
        assert request.match_info["id"] == "800"
        return self._listed(request, [{"StringValue": each} for each in self.states])

    async def _states(self, request: web.Request) -> web.Response:
        listed = [
            {"Name": name, "ObjectID": 700 + n, "TypeDef": {"_refObjectName": "Feature"}}
            for n, name in enumerate(self.states)
        ]
        other = {"Name": "Funnel", "ObjectID": 790, "TypeDef": {"_refObjectName": "Epic"}}
        return self._listed(request, [*listed, other])

    # --- reading ---

    async def _artifacts(self, request: web.Request) -> web.Response:
        query = request.query
        assert query["types"] == "HierarchicalRequirement,Defect,PortfolioItem"
        assert query["projectScopeDown"] == query["projectScopeUp"] == "false"
        scope = query["project"].removeprefix("/project/")
        if scope not in (self.scope, self.other_scope):
            words = "Could not read: could not read all instances of class project"
            result = {"Errors": [words], "Warnings": [], "Results": [], "TotalResultCount": 0}
            return web.json_response({"QueryResult": result})
        found = self.in_scope(scope)
        if condition := query.get("query"):
            read = _QUERY.fullmatch(condition)
            assert read, condition
            found = [each for each in found if self._meets(each, read)]
        return self._listed(request, [self._item(each) for each in found])

    def _meets(self, thing: Thing, read: re.Match[str]) -> bool:
        match read["name"], read["how"]:
            case "LastUpdateDate", ">=":
                return thing.updated >= datetime.fromisoformat(read["value"])
            case "ObjectUUID", "=":
                return uuid(thing.id) == read["value"]
            case "Description", "contains":
                return read["value"] in thing.description
        raise AssertionError(read)

    def kind_of(self, id: int) -> str:
        return self.kinds.get(id, STORY)

    def _item(self, thing: Thing) -> Json:
        kind = self.kind_of(thing.id)
        prefix = "F" if kind == FEATURE else "US"
        parent = self._ref(thing.parent) if thing.parent else None
        told: Json = {
            "_type": kind,
            "ObjectID": thing.id,
            "ObjectUUID": uuid(thing.id),
            "FormattedID": f"{prefix}{thing.id}",
            "Name": thing.title,
            "Description": thing.description,
            "VersionId": str(thing.version),
            "CreationDate": self._time(thing.created),
            "LastUpdateDate": self._time(thing.updated),
            "Owner": self._person(thing.owner) if thing.owner else None,
            "Tags": {"Count": 0, "_tagsNameArray": [self._tag_ref(t) for t in thing.labels]},
            "Predecessors": {"Count": len(thing.blocked_by)},
            "Project": {"_ref": f"http://{self.host}/project/{thing.scope}"},
            "Parent": parent,
            "DragAndDropRank": f"P!{thing.id:04}",
        }
        finished = self._time(thing.finished) if thing.finished else None
        if kind == FEATURE:
            told |= {"State": {"_refObjectName": thing.state}, "RefinedEstimate": thing.points}
            told |= {CARDS[name]: thing.numbers.get(name) for name in CARDS}
            return told | {"ActualEndDate": finished}
        told |= {"ScheduleState": thing.state, "PlanEstimate": thing.points}
        told |= {id: thing.numbers.get(name) for name, (id, _) in CUSTOM.items()}
        return told | {"AcceptedDate": finished}

    def _ref(self, id: int) -> Json:
        return {"_ref": f"http://{self.host}/{id}", "_refObjectUUID": uuid(id)}

    def _person(self, who: str) -> Json:
        return {"_refObjectUUID": self.account(who), "_refObjectName": self.people[who]}

    def _tag_ref(self, name: str) -> Json:
        if name not in self.tags:
            self.tags.append(name)
        return {"Name": name, "_ref": f"http://{self.host}/tag/{self.tags.index(name)}"}

    def _time(self, at: datetime) -> str:
        return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    async def _predecessors(self, request: web.Request) -> web.Response:
        thing = self.things[int(request.match_info["id"])]
        return self._listed(request, [{"ObjectUUID": uuid(id)} for id in thing.blocked_by])

    async def _lookback(self, request: web.Request) -> web.Response:
        if self.without_lookback:
            raise Refusal(403, {"Errors": ["Lookback is not available"]})
        ids = (await request.json())["find"]["ObjectID"]["$in"]
        found = [
            {"ObjectID": id, "ScheduleState": each.after, "_ValidFrom": self._time(each.at)}
            for id in ids
            for each in self.things[id].history
            if each.name == "state"
        ]
        return web.json_response({"Results": found, "TotalResultCount": len(found)})

    # --- writing ---

    async def _update(self, request: web.Request) -> web.Response:
        kind, id = request.match_info["kind"], int(request.match_info["id"])
        thing = self.things.get(id)
        if thing is None or self.kind_of(id) != kind:
            return self._done("OperationResult", None, "Cannot find object to update")
        changes = self._changes((await request.json())[kind], kind)
        if isinstance(changes, str):
            return self._done("OperationResult", None, changes)
        self.edit(id, self.me, **changes)
        return self._done("OperationResult", self._item(thing))

    def _changes(self, fields: Json, kind: str) -> Json | str:
        """Return the changes that fields mean, or Rally's words why not."""
        homes = {id: name for name, (id, _) in CUSTOM.items()} if kind == STORY else {}
        homes |= {id: name for name, id in CARDS.items()} if kind == FEATURE else {}
        changes: Json = {}
        for name, value in fields.items():
            match name:
                case "Name" | "Description":
                    changes["title" if name == "Name" else "description"] = value
                case "Owner":
                    owners = {f"/user/{self.account(each)}": each for each in self.people}
                    if value and value not in owners:
                        return "Validation error: Owner is not a user of this project"
                    changes["owner"] = owners[value] if value else ""
                case "PlanEstimate" | "RefinedEstimate":
                    changes["points"] = value
                case "ScheduleState" if kind == STORY:
                    changes["state"] = value
                case "State" if kind == FEATURE:
                    changes["state"] = self.states[int(value.rpartition("/")[2]) - 700]
                case "PlannedEndDate" if kind == FEATURE:
                    changes["due"] = date.fromisoformat(value[:10]) if value else None
                case _ if name in homes:
                    if homes[name] in self.off_screen:
                        return f"Validation error: {name} is read only"
                    changes[homes[name]] = value
                case _:
                    return f"Could not convert: Cannot find attribute {name}"
        return changes

    async def _create(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        fields: dict[str, Any] = (await request.json())[kind]
        scope = fields.pop("Project").removeprefix("/project/")
        changes = self._changes(fields, kind)
        assert isinstance(changes, dict)
        assert not set(changes) & set(NUMBERS)
        made = self.add(changes.pop("title"), scope=scope, **changes)
        self.kinds[made] = kind
        return self._done("CreateResult", self._item(self.things[made]))

    async def _posts(self, request: web.Request) -> web.Response:
        read = re.fullmatch(r"\(Artifact\.ObjectID = (\d+)\)", request.query["query"])
        assert read
        found = [
            {
                "ObjectID": each["id"],
                "Text": each["body"],
                "User": {"_refObjectUUID": self.account(each.get("who", ADA))},
            }
            for each in self.notes.get(int(read[1]), [])
        ]
        return self._listed(request, found)

    async def _post(self, request: web.Request) -> web.Response:
        fields = (await request.json())["ConversationPost"]
        if request.match_info["id"] == "create":
            id = int(fields["Artifact"].rpartition("/")[2])
            made = self.note(id, fields["Text"])
            made |= {"id": id * 1_000 + made["id"], "who": HONE}
            return self._done("CreateResult", made)
        asked = int(request.match_info["id"])
        (known,) = (e for notes in self.notes.values() for e in notes if e["id"] == asked)
        known["body"] = fields["Text"]
        return self._done("OperationResult", known)

    async def _tags(self, request: web.Request) -> web.Response:
        read = _QUERY.fullmatch(request.query["query"])
        assert read
        return self._listed(request, [self._tag_ref(t) for t in self.tags if t == read["value"]])

    async def _new_tag(self, request: web.Request) -> web.Response:
        return self._done("CreateResult", self._tag_ref((await request.json())["Tag"]["Name"]))

    async def _tag(self, request: web.Request) -> web.Response:
        thing = self.things[int(request.match_info["id"])]
        items = (await request.json())["CollectionItems"]
        names = [self.tags[int(each["_ref"].rpartition("/")[2])] for each in items]
        rest = [each for each in thing.labels if each not in names]
        after = [*thing.labels, *names] if request.match_info["way"] == "add" else rest
        self.edit(thing.id, self.me, labels=after)
        return self._done("OperationResult", None)
