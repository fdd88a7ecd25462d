"""An Azure DevOps to test against: two projects, a team with an area, a feed of revisions."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from bot.trackers.azure.adapter import Azure
from bot.trackers.http import Door
from bot.trackers.tracker import Access
from tests.fakes.trackers.board import Board, Json, Refusal, Thing

VSTS = "Microsoft.VSTS."
NUMBERS = {
    "points": (f"{VSTS}Scheduling.StoryPoints", "Story Points"),
    "ubv": (f"{VSTS}Common.BusinessValue", "Business Value"),
    "tc": (f"{VSTS}Common.TimeCriticality", "Time Criticality"),
    "rroe": ("Custom.RROE", "RR-OE"),
    "size": ("Custom.JobSize", "Job Size"),
    "wsjf": ("Custom.WSJF", "WSJF"),
}
DUE = f"{VSTS}Scheduling.DueDate"
FIELDS = {
    "System.Title": "title",
    "System.AssignedTo": "owner",
    "System.Tags": "labels",
    "System.State": "state",
    "System.Description": "description",
    DUE: "due",
    **{ref: ours for ours, (ref, _) in NUMBERS.items()},
}
CATEGORIES = {"New": "Proposed", "Active": "InProgress", "Closed": "Completed"}
PROJECTS = {"p-pay": "Payments", "p-web": "Web shop"}
_WIQL = re.compile(
    r"SELECT \[System\.Id\] FROM WorkItems WHERE \[System\.TeamProject\] = @project"
    r"(?: AND \((?P<areas>.*?)\))?(?: AND \[System\.Id\] > (?P<after>\d+))?"
    r"(?: AND \[System\.Tags\] CONTAINS '(?P<tag>[\w-]+)')? ORDER BY \[System\.Id\] (?P<way>\w+)"
)


class FakeAzure(Board):
    """Azure Boards with the Agile process; each change is a revision in the feed."""

    kind = "azure"
    signs = "each score"
    states = ("New", "Active", "Closed")
    scope = "p-pay"
    other_scope = "p-web"
    gone_scope = "p-gone"
    creates_at = "/$User Story"
    lacks = frozenset({"screens", "restriction", "authors", "workflows"})

    def __init__(self) -> None:
        super().__init__()
        self.areas: dict[int, str] = {}
        self.meddle: int | None = None
        """An item that somebody edits just before our next write arrives."""
        self.secret = ""

    def access(self) -> Access:
        return Access(f"{self.host}/acme", {"token": self.token})

    def tracker(self, door: Door) -> Azure:
        return Azure(self.access(), door)

    def account(self, who: str) -> str:
        return f"{who}@acme.example"

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        told = {"eventType": "workitem.updated", "resource": {"id": 3, "workItemId": id}}
        sent = b64encode(f"hone:{self.hook_secret}".encode()).decode()
        return {"authorization": f"Basic {sent}"}, json.dumps(told).encode()

    def signed_in(self, request: web.Request) -> bool:
        sent = request.headers.get("Authorization")
        both = b64encode(f":{self.token}".encode()).decode()
        return sent in (f"Basic {both}", "Bearer of-entra")

    def is_open(self, request: web.Request) -> bool:
        return request.path.endswith("/oauth2/v2.0/token")

    def refused_sign_in(self) -> web.Response:
        return web.Response(status=401)

    def routes(self) -> list[web.RouteDef]:
        wit = "/acme/{project}/_apis/wit"
        return [
            web.post("/{tenant}/oauth2/v2.0/token", self._entra),
            web.get("/acme/_apis/connectionData", self._me),
            web.get("/acme/_apis/projects", self._projects),
            web.get("/acme/_apis/projects/{project}/teams", self._teams),
            web.get("/acme/{project}/{team}/_apis/work/teamsettings/teamfieldvalues", self._areas),
            web.get(wit + "/workitemtypes", self._types),
            web.get(wit + "/reporting/workitemrevisions", self._feed),
            web.post(wit + "/workitemsbatch", self._batch),
            web.post(wit + "/wiql", self._wiql),
            web.get(wit + "/workitems/{id}", self._one),
            web.patch(wit + "/workitems/{id}", self._edit),
            web.post(wit + "/workitems/{type}", self._create),
            web.get(wit + "/workItems/{id}/updates", self._updates),
        ]

    # --- who and what ---

    async def _entra(self, request: web.Request) -> web.Response:
        form = parse_qs(await request.text())
        if form["client_secret"] != [self.secret] or not self.secret:
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": "of-entra", "expires_in": 3_599})

    async def _me(self, _: web.Request) -> web.Response:
        me = {"id": self.me, "customDisplayName": self.people[self.me]}
        return web.json_response({"authenticatedUser": me})

    async def _projects(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"value": [{"id": id, "name": name} for id, name in PROJECTS.items()]}
        )

    async def _teams(self, request: web.Request) -> web.Response:
        here = [{"id": "t-cards", "name": "Cards"}]
        return web.json_response({"value": here if self._known(request) == "p-pay" else []})

    async def _areas(self, _: web.Request) -> web.Response:
        values = [{"value": "Payments\\Cards", "includeChildren": True}]
        return web.json_response({"values": values})

    def _known(self, request: web.Request) -> str:
        project = request.match_info["project"]
        if project not in PROJECTS:
            words = f"TF200016: The following project does not exist: {project}."
            raise Refusal(404, {"message": words})
        return project

    async def _types(self, request: web.Request) -> web.Response:
        self._known(request)
        names = {"System.Title": "Title", "System.State": "State", DUE: "Due Date"}
        names |= dict(NUMBERS.values())
        story = {
            "name": "User Story",
            "fields": [{"referenceName": ref, "name": name} for ref, name in names.items()],
            "states": [{"name": name, "category": kind} for name, kind in CATEGORIES.items()],
            "transitions": {
                state: [{"to": other} for other in self.states] for state in self.states
            },
        }
        return web.json_response({"value": [story, {**story, "name": "Bug"}]})

    # --- reading ---

    async def _feed(self, request: web.Request) -> web.Response:
        project, asked = self._known(request), request.query
        assert asked["includeLatestOnly"] == asked["includeDeleted"] == "true"
        size = int(asked["$maxPageSize"])
        assert size <= 200
        changed = [(t.updated, t.id, t.version) for t in self.things.values() if t.scope == project]
        changed += [(at, id, 99) for id, at in self.deleted.items()]
        changed.sort()
        token = asked.get("continuationToken", "")
        at, _, last = token.partition("|")
        if token:
            after = (datetime.fromisoformat(at), int(last))
            changed = [each for each in changed if each[:2] > after]
        some = changed[:size]
        values = [
            {
                "id": id,
                "rev": rev,
                "fields": {
                    "System.AreaPath": self._area(id, project),
                    "System.IsDeleted": id in self.deleted,
                },
            }
            for _, id, rev in some
        ]
        if some:
            token = f"{some[-1][0].isoformat()}|{some[-1][1]}"
        last_one = len(changed) <= size
        return web.json_response(
            {"values": values, "continuationToken": token, "isLastBatch": last_one}
        )

    def _area(self, id: int, project: str) -> str:
        return self.areas.get(id, PROJECTS[project])

    async def _batch(self, request: web.Request) -> web.Response:
        project, asked = self._known(request), await request.json()
        assert set(asked) <= {"ids", "$expand", "errorPolicy", "fields"}
        assert 1 <= len(asked["ids"]) <= 200
        found = [self.things.get(id) for id in asked["ids"]]
        told = [self.item(t) if t and t.scope == project else None for t in found]
        return web.json_response({"count": len(told), "value": told})

    async def _wiql(self, request: web.Request) -> web.Response:
        project, asked = self._known(request), await request.json()
        read = _WIQL.fullmatch(asked["query"])
        assert read, asked["query"]
        found = sorted(t.id for t in self.things.values() if t.scope == project)
        if read["areas"]:
            path = re.findall(r"UNDER '([^']*)'", read["areas"])[0]
            found = [id for id in found if self._area(id, project).startswith(path)]
        found = [id for id in found if id > int(read["after"] or 0)]
        if read["tag"]:
            found = [id for id in found if read["tag"] in self.things[id].labels]
        if read["way"] == "DESC":
            found.reverse()
        some = found[: int(request.query["$top"])]
        return web.json_response({"workItems": [{"id": id} for id in some]})

    def item(self, thing: Thing) -> Json:
        who = thing.owner
        owner = {"displayName": self.people[who], "uniqueName": self.account(who)} if who else None
        numbers = {**thing.numbers, "points": thing.points}
        fields: Json = {
            "System.TeamProject": PROJECTS[thing.scope],
            "System.AreaPath": self._area(thing.id, thing.scope),
            "System.IterationPath": "Payments\\Sprint 7",
            "System.WorkItemType": "User Story",
            "System.Title": thing.title,
            "System.State": thing.state,
            "System.AssignedTo": owner,
            "System.Tags": "; ".join(thing.labels),
            "System.Description": f"<div>{thing.description}</div>" if thing.description else None,
            "System.CreatedDate": _time(thing.created),
            "System.ChangedDate": _time(thing.updated),
            f"{VSTS}Common.ClosedDate": _time(thing.finished) if thing.finished else None,
            f"{VSTS}Common.StackRank": float(thing.id),
            DUE: f"{thing.due.isoformat()}T00:00:00Z" if thing.due else None,
            **{ref: numbers.get(ours) for ours, (ref, _) in NUMBERS.items()},
        }
        links = [("Hierarchy-Reverse", thing.parent)] if thing.parent else []
        links += [("Dependency-Reverse", id) for id in thing.blocked_by]
        relations = [
            {"rel": f"System.LinkTypes.{sort}", "url": f"https://dev.azure.com/acme/_apis/{id}"}
            for sort, id in links
        ]
        relations += [{"rel": "Hyperlink", "url": url} for url in thing.links.values()]
        told = {name: value for name, value in fields.items() if value not in (None, "")}
        return {"id": thing.id, "rev": thing.version, "fields": told, "relations": relations}

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["id"]))
        if thing is None or thing.scope != self._known(request):
            raise Refusal(404, {"message": "TF401232: Work item does not exist."})
        return thing

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response(self.item(self._found(request)))

    async def _updates(self, request: web.Request) -> web.Response:
        thing, skip = self._found(request), int(request.query["$skip"])
        born: Json = {
            "fields": {
                "System.State": {"newValue": self.states[0]},
                "System.ChangedDate": {"newValue": _time(thing.created)},
            }
        }
        moves = [
            {
                "fields": {
                    "System.State": {"oldValue": each.before, "newValue": each.after},
                    "System.ChangedDate": {"newValue": _time(each.at)},
                }
            }
            for each in thing.history
            if each.name == "state"
        ]
        return web.json_response({"value": [born, *moves][skip : skip + 200]})

    # --- writing ---

    async def _create(self, request: web.Request) -> web.Response:
        project, operations = self._known(request), await _patch(request)
        assert request.match_info["type"] == "$User Story"
        id = self.add("", scope=project)
        self._take(self.things[id], operations)
        return web.json_response(self.item(self.things[id]))

    async def _edit(self, request: web.Request) -> web.Response:
        thing, operations = self._found(request), await _patch(request)
        if request.query.get("validateOnly") == "true":
            return web.json_response(self.item(thing))
        if self.meddle == thing.id:
            self.meddle = None
            self.edit(thing.id, points=1)
        tests = [each for each in operations if each["op"] == "test"]
        assert tests, "every write says which revision it means"
        if any(each["value"] != thing.version for each in tests):
            raise Refusal(412, {"message": "VS403351: Test Operation for path /rev failed."})
        self.tick()
        self._take(thing, [each for each in operations if each["op"] != "test"])
        return web.json_response(self.item(thing))

    def _take(self, thing: Thing, operations: list[Json]) -> None:
        people = {self.account(who): who for who in self.people}
        for each in operations:
            if each["path"] == "/fields/System.AssignedTo" and each["value"] not in ("", *people):
                words = f"The identity value '{each['value']}' is an unknown identity."
                rule = {"fieldReferenceName": "System.AssignedTo", "errorMessage": words}
                told = {"customProperties": {"RuleValidationErrors": [rule]}, "message": words}
                raise Refusal(400, told)
        for each in operations:
            assert each["op"] == "add"
            if each["path"] == "/relations/-":
                assert each["value"]["rel"] == "Hyperlink"
                thing.links[each["value"]["url"]] = each["value"]["url"]
                continue
            ref, value = each["path"].removeprefix("/fields/"), each["value"]
            if ref == "System.History":
                self.note(thing.id, value)
                continue
            if ref == "System.AreaPath":
                self.areas[thing.id] = value
                continue
            name = FIELDS[ref]
            match name:
                case "owner":
                    value = people[value] if value else ""
                case "labels":
                    value = [tag for tag in value.split("; ") if tag]
                case "due":
                    value = date.fromisoformat(value) if value else None
                case "description":
                    value = value.removeprefix("<div>").removesuffix("</div>")
                case _ if value == "":
                    value = None
            self.set(thing, name, value, self.me)


async def _patch(request: web.Request) -> list[Json]:
    assert request.content_type == "application/json-patch+json"
    operations: Any = json.loads(await request.text())
    return list(operations)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
