"""A Jira Align to test against, made of its documentation alone: nothing independent exists."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web

from bot.trackers.align.adapter import Align
from bot.trackers.http import Door
from tests.fakes.trackers.board import ADA, GRACE, HONE, Board, Json, Refusal, Thing

USERS = {ADA: 5, GRACE: 6, HONE: 7}
CUSTOM = {
    "ubv": ("customfield_101", "User Business Value"),
    "tc": ("customfield_102", "Time Criticality"),
    "rroe": ("customfield_103", "RR-OE"),
    "size": ("customfield_104", "Job Size"),
    "wsjf": ("customfield_105", "WSJF"),
}
STATES = ("Pending Approval", "Ready to Start", "In Progress", "Dev Complete", "Test Complete")
_FILTER = re.compile(
    r"primaryProgramId eq (?P<program>\d+)(?: and lastUpdatedDate ge (?P<since>\S+)Z)?"
    r"(?: and contains\(description,'(?P<words>[\w-]+)'\))?"
)

_PLANNED = {
    "teams": re.compile(r"(programId) eq (\d+)"),
    "releases": re.compile(r"(programIds)/any\(p: p eq (\d+)\)"),
    "objectives": re.compile(r"(releaseIds)/any\(r: r eq (\d+)\)"),
}


class FakeAlign(Board):
    kind = "align"
    leaver = "999"
    signs = ""
    states = ("Pending Approval", "In Progress", "Accepted")
    lacks = frozenset(
        {"labels", "links", "restriction", "backlinks", "workflows", "screens", "hooks", "authors"}
        | {"parents"}
    )
    creates_at = "/features"

    def __init__(self) -> None:
        super().__init__()
        self.twins: dict[int, str] = {}
        """Items that are in Jira, too, by their key there."""
        self.teams: list[Json] = [{"id": 31, "title": "Checkout", "programId": 1}]
        self.releases: list[Json] = []
        self.objectives: list[Json] = []
        self.knows_filters = True
        """Whether it can look for PIs and objectives by what they belong to."""

    def remote_id(self, id: int) -> str:
        return f"features:{id}"

    def account(self, who: str) -> str:
        return str(USERS[who])

    def tracker(self, door: Door) -> Align:
        return Align(self.access(), door)

    def delete(self, id: int) -> None:
        """Align keeps what is deleted in its recycle bin."""
        self.tick()
        self.deleted[id] = self.now
        self.things[id].updated = self.now

    def routes(self) -> list[web.RouteDef]:
        root = "/rest/align/api/2"
        return [
            web.get(f"{root}/users/current", self._current),
            web.get(f"{root}/users", self._users),
            web.get(f"{root}/programs", self._programs),
            web.get(root + "/programs/{id}", self._program),
            web.get(root + "/{kind:teams|releases|objectives}", self._plans),
            web.get(root + "/{kind:epics|capabilities|features}", self._list),
            web.get(root + "/features/{id}", self._show),
            web.get(root + "/features/{id}/editmeta", self._editmeta),
            web.post(f"{root}/features", self._create),
            web.patch(root + "/features/{id}", self._update),
        ]

    async def _current(self, _: web.Request) -> web.Response:
        return web.json_response({"id": 7, "firstName": "Hone", "lastName": ""})

    async def _users(self, request: web.Request) -> web.Response:
        ids = [int(each) for each in re.findall(r"id eq (\d+)", request.query["$filter"])]
        found = []
        for who, id in USERS.items():
            first, _, last = self.people[who].partition(" ")
            if id in ids:
                found.append({"id": id, "firstName": first, "lastName": last})
        return web.json_response(found)

    async def _programs(self, _: web.Request) -> web.Response:
        return web.json_response([{"id": 1, "title": "Payments"}, {"id": 2, "title": "Web shop"}])

    async def _program(self, request: web.Request) -> web.Response:
        if request.match_info["id"] not in ("1", "2"):
            raise Refusal(404, {"message": "Not found"})
        return web.json_response({"id": int(request.match_info["id"])})

    def plan(self, id: int, title: str, starts: str, ends: str, program: int = 1) -> int:
        """Let the program have a PI."""
        row = {"id": id, "title": title, "startDate": f"{starts}T00:00:00Z"}
        row |= {"endDate": f"{ends}T00:00:00Z", "programIds": [program]}
        self.releases.append(row)
        return id

    def aim(self, id: int, title: str, pi: int, **more: Any) -> int:
        """Let the program have an objective in a PI."""
        row = {"id": id, "title": title, "releaseIds": [pi], "programId": 1, "teamIds": []}
        self.objectives.append({**row, **more})
        return id

    def change(self, id: int, **more: Any) -> None:
        next(each for each in self.objectives if each["id"] == id).update(more)

    async def _plans(self, request: web.Request) -> web.Response:
        query, kind = request.query, request.match_info["kind"]
        rows: list[Json] = getattr(self, kind)
        if asked := query.get("$filter", ""):
            if not self.knows_filters:
                raise Refusal(400, {"message": "Could not find a property named that."})
            name, id = _PLANNED[kind].fullmatch(asked).groups()  # type: ignore[union-attr]
            rows = [e for e in rows if int(id) in (e[name] if name[-1] == "s" else [e[name]])]
        start, most = int(query["$skip"]), int(query["$top"])
        return web.json_response(rows[start : start + most])

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        assert 1 <= int(query["$top"]) <= 100
        if request.match_info["kind"] != "features":
            return web.json_response([])
        read = _FILTER.fullmatch(query["$filter"])
        assert read, query["$filter"]
        found = self.in_scope(read["program"])
        if read["since"]:
            since = datetime.fromisoformat(read["since"]).replace(tzinfo=UTC)
            found = [each for each in found if each.updated.replace(microsecond=0) >= since]
        if read["words"]:
            found = [each for each in found if read["words"] in each.description]
        if query["$orderby"].startswith("id"):
            found.sort(key=lambda each: each.id)
        start = int(query["$skip"])
        page = found[start : start + int(query["$top"])]
        return web.json_response([self._row(each) for each in page])

    def _row(self, thing: Thing) -> Json:
        reached = {e.after: self._time(e.at) for e in thing.history if e.name == "state"}
        return {
            "id": thing.id,
            "title": thing.title,
            "description": thing.description,
            "state": 5 if thing.state == "Accepted" else STATES.index(thing.state),
            "ownerId": USERS[thing.owner] if thing.owner else None,
            "points": thing.points,
            "targetCompletionDate": f"{thing.due}T00:00:00Z" if thing.due else None,
            "primaryProgramId": int(thing.scope),
            "createDate": self._time(thing.created),
            "lastUpdatedDate": self._time(thing.updated),
            "inProgressDate": reached.get("In Progress"),
            "acceptedDate": self._time(thing.finished) if thing.finished else None,
            "inRecycleBin": thing.id in self.deleted,
            "externalKey": self.twins.get(thing.id),
            "customFields": [
                {id: [{"value": thing.numbers[ours]}] if ours in thing.numbers else None}
                for ours, (id, _) in CUSTOM.items()
            ],
        }

    def _time(self, at: datetime) -> str:
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["id"]))
        if thing is None:
            raise Refusal(404, {"message": "Not found"})
        return thing

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._row(self._found(request)))

    async def _editmeta(self, _: web.Request) -> web.Response:
        fields = [{id: [{"name": name, "type": "Number"}]} for id, name in CUSTOM.values()]
        return web.json_response({"title": {"required": True}, "customFields": fields})

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body) == {"title", "description", "primaryProgramId", "state"}
        scope = str(body["primaryProgramId"])
        made = self.add(body["title"], scope=scope, description=body["description"])
        return web.json_response({"id": made}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        thing = self._found(request)
        assert request.headers["Content-Type"] == "application/json-patch+json"
        changes: Json = {}
        for each in await request.json():
            assert each["op"] == "replace"
            self._change(changes, each["path"], each["value"])
        self.edit(thing.id, self.me, **changes)
        return web.Response(status=204)

    def _change(self, changes: Json, path: str, value: Any) -> None:
        by_place = dict(enumerate(CUSTOM.items()))
        match path.split("/")[1:]:
            case ["title"]:
                changes["title"] = value
            case ["points"]:
                changes["points"] = value
            case ["ownerId"]:
                people = {id: who for who, id in USERS.items()}
                if value and value not in people:
                    raise Refusal(400, {"errors": {"ownerId": ["The user does not exist."]}})
                changes["owner"] = people[value] if value else ""
            case ["state"]:
                changes["state"] = "Accepted" if value == 5 else STATES[value]
            case ["targetCompletionDate"]:
                changes["due"] = date.fromisoformat(value[:10]) if value else None
            case ["customFields", place, id]:
                ours, (known, _) = by_place[int(place)]
                assert id == known
                if ours in self.off_screen:
                    raise Refusal(400, {"errors": {id: ["The field is read only."]}})
                changes[ours] = value[0]["value"]
            case _:
                raise AssertionError(path)
