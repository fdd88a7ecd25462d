"""A GitHub to test against: an organisation with number fields, two repositories and a project."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
from aiohttp import web

from bot.trackers.github.adapter import GitHub
from bot.trackers.http import Door
from tests.fakes.trackers.board import MARKDOWN, Board, Json, Refusal, Thing

API = "/api/v3"
FIELDS = {
    "points": (11, "Story Points"),
    "ubv": (12, "Business Value"),
    "tc": (13, "Time Criticality"),
    "rroe": (14, "RR-OE"),
    "size": (15, "Job Size"),
    "wsjf": (16, "WSJF"),
}
OURS = {id: name for name, (id, _) in FIELDS.items()}
PATCHABLE = {"title", "assignees", "labels", "state", "state_reason"}


class FakeGitHub(Board):
    """GitHub as its REST description has it; of GraphQL it knows the two queries we ask."""

    kind = "github"
    acts_on = MARKDOWN
    states = ("open", "closed")
    scope = "acme/pay"
    other_scope = "acme/web"
    gone_scope = "acme/gone"
    creates_at = "/issues"
    lacks = frozenset(
        {"due", "history", "restriction", "screens", "workflows", "backlinks", "authors", "deletes"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.reasons: dict[int, str] = {}
        self.status: dict[int, str] = {}
        """What an issue's project says; an item without one has no status."""
        self.types: dict[int, str] = {}
        self.renamed: set[str] = set()
        """Names that repositories had before: GitHub sends on from there."""
        self.hides_projects = False
        self.pull_requests: set[int] = set()

    def tracker(self, door: Door) -> GitHub:
        return GitHub(self.access(), door)

    def remote_id(self, id: int) -> str:
        return f"I_{id}"

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        body = json.dumps({"action": "edited", "issue": {"node_id": f"I_{id}"}}).encode()
        made = hmac.new(self.hook_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature-256": f"sha256={made}"}, body

    def routes(self) -> list[web.RouteDef]:
        issue = API + "/repos/{owner}/{name}/issues/{number}"
        return [
            web.get(f"{API}/user", self._user),
            web.post(API + "/app/installations/{id}/access_tokens", self._installed),
            web.get(f"{API}/user/repos", self._repositories),
            web.get(API + "/orgs/{org}/issue-fields", self._fields),
            web.get(API + "/repos/{owner}/{name}", self._repository),
            web.get(API + "/repos/{owner}/{name}/issues", self._list),
            web.post(API + "/repos/{owner}/{name}/issues", self._create),
            web.get(issue, self._one),
            web.patch(issue, self._edit),
            web.get(issue + "/events", self._events),
            web.get(issue + "/dependencies/blocked_by", self._blockers),
            web.post(issue + "/issue-field-values", self._set_values),
            web.delete(issue + "/issue-field-values/{field}", self._empty_value),
            web.get(issue + "/comments", self._comments),
            web.post(issue + "/comments", self._comment),
            web.patch(API + "/repos/{owner}/{name}/issues/comments/{id}", self._edit_comment),
            web.post("/api/graphql", self._graphql),
        ]

    def is_open(self, request: web.Request) -> bool:
        return request.path.endswith("/access_tokens")

    async def _installed(self, request: web.Request) -> web.Response:
        signed = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(signed, options={"verify_signature": False})
        assert claims["iss"] == "7"
        assert claims["exp"] - claims["iat"] <= 600
        ends = self.now + timedelta(hours=1)
        return web.json_response({"token": self.token, "expires_at": _time(ends)}, status=201)

    # --- reading ---

    async def _user(self, _: web.Request) -> web.Response:
        return web.json_response({"login": self.people[self.me], "id": 1})

    def _known(self, request: web.Request) -> str:
        scope = f"{request.match_info['owner']}/{request.match_info['name']}"
        if scope in self.renamed:
            raise Refusal(301, {"message": "Moved Permanently"})
        if scope not in (self.scope, self.other_scope):
            raise Refusal(404, {"message": "Not Found"})
        return scope

    async def _repositories(self, request: web.Request) -> web.Response:
        names = (self.scope, self.other_scope) if request.query["page"] == "1" else ()
        return web.json_response([{"full_name": name, "has_issues": True} for name in names])

    async def _repository(self, request: web.Request) -> web.Response:
        return web.json_response({"full_name": self._known(request), "permissions": {"push": True}})

    async def _fields(self, _: web.Request) -> web.Response:
        there = [
            {"id": id, "name": name, "data_type": "number"}
            for ours, (id, name) in FIELDS.items()
            if ours not in self.off_screen
        ]
        return web.json_response([*there, {"id": 9, "name": "Team", "data_type": "single_select"}])

    async def _list(self, request: web.Request) -> web.Response:
        asked = request.query
        assert asked["state"] == "all"
        assert int(asked["per_page"]) <= 100
        found = self.in_scope(self._known(request))
        if since := asked.get("since"):
            found = [t for t in found if t.updated >= datetime.fromisoformat(since)]
        if asked["sort"] == "created":
            found.sort(key=lambda t: t.created)
        if asked["direction"] == "desc":
            found.reverse()
        size, page = int(asked["per_page"]), int(asked.get("page", 1))
        return web.json_response([self.issue(t) for t in found[(page - 1) * size : page * size]])

    def issue(self, thing: Thing) -> Json:
        people = [{"login": thing.owner, "id": 5}] if thing.owner else []
        numbers = {**thing.numbers, "points": thing.points}
        return {
            "node_id": f"I_{thing.id}",
            "number": thing.id,
            "title": thing.title,
            "body": thing.description or None,
            "state": thing.state,
            "state_reason": self.reasons.get(thing.id),
            "labels": [{"name": name} for name in thing.labels],
            "assignee": people[0] if people else None,
            "assignees": people,
            "milestone": None,
            "type": {"name": self.types[thing.id]} if thing.id in self.types else None,
            "created_at": _time(thing.created),
            "updated_at": _time(thing.updated),
            "closed_at": _time(thing.finished) if thing.finished else None,
            "html_url": f"https://github.com/{thing.scope}/issues/{thing.id}",
            "repository_url": f"http://{self.host}{API}/repos/{thing.scope}",
            **({"pull_request": {}} if thing.id in self.pull_requests else {}),
            "issue_dependencies_summary": {"total_blocked_by": len(thing.blocked_by)},
            "issue_field_values": [
                {
                    "issue_field_id": id,
                    "issue_field_name": name,
                    "data_type": "number",
                    "value": numbers[ours],
                }
                for ours, (id, name) in FIELDS.items()
                if numbers.get(ours) is not None
            ],
        }

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["number"]))
        if thing is None or thing.scope != self._known(request):
            raise Refusal(410, {"message": "This issue was deleted"})
        return thing

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response(self.issue(self._found(request)))

    async def _events(self, request: web.Request) -> web.Response:
        told = [
            {
                "event": "closed" if each.after == "closed" else "reopened",
                "created_at": _time(each.at),
            }
            for each in self._found(request).history
            if each.name == "state"
        ]
        return web.json_response(told if request.query["page"] == "1" else [])

    async def _blockers(self, request: web.Request) -> web.Response:
        found = [self.issue(self.things[id]) for id in self._found(request).blocked_by]
        return web.json_response(found if request.query["page"] == "1" else [])

    async def _graphql(self, request: web.Request) -> web.Response:
        asked = await request.json()
        variables = asked["variables"]
        if "query Where" in asked["query"]:
            return web.json_response(self._where(variables["id"]))
        assert "query More" in asked["query"]
        assert len(variables["ids"]) <= 100
        if self.hides_projects:
            error = {"type": "FORBIDDEN", "message": "Resource not accessible by token"}
            return web.json_response({"data": None, "errors": [error]})
        nodes = [self._more(self.things[int(id[2:])]) for id in variables["ids"]]
        return web.json_response({"data": {"nodes": nodes}})

    def _where(self, id: str) -> Json:
        thing = self.things.get(int(id[2:])) if id.startswith("I_") else None
        if thing is None:
            error = {"type": "NOT_FOUND", "message": "Could not resolve to a node"}
            return {"data": {"node": None}, "errors": [error]}
        where = {"number": thing.id, "repository": {"nameWithOwner": thing.scope}}
        return {"data": {"node": where}}

    def _more(self, thing: Thing) -> Json:
        status = self.status.get(thing.id)
        named = {"login": thing.owner, "name": self.people.get(thing.owner)}
        return {
            "id": f"I_{thing.id}",
            "parent": {"id": f"I_{thing.parent}"} if thing.parent else None,
            "assignees": {"nodes": [named] if thing.owner else []},
            "projectItems": {
                "nodes": [{"status": {"name": status}, "iteration": {"title": "Iteration 3"}}]
                if status
                else []
            },
        }

    # --- writing ---

    async def _create(self, request: web.Request) -> web.Response:
        scope, body = self._known(request), await request.json()
        assert set(body) <= {"title", "body", "assignees", "labels"}, body
        id = self.add(body["title"], scope=scope, description=body.get("body") or "")
        thing = self.things[id]
        thing.labels = list(body.get("labels", ()))
        thing.owner = next(iter(body.get("assignees", ())), "")
        return web.json_response(self.issue(thing), status=201)

    async def _edit(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), await request.json()
        assert set(body) <= PATCHABLE, body
        if not {*body.get("assignees", ())} <= self.people.keys():
            raise Refusal(422, {"message": "Validation Failed: assignees is invalid"})
        self.tick()
        for name, value in body.items():
            match name:
                case "assignees":
                    self.set(thing, "owner", next(iter(value), ""), self.me)
                case "state_reason":
                    self.reasons[thing.id] = value
                case _:
                    self.set(thing, name, value, self.me)
        return web.json_response(self.issue(thing))

    async def _set_values(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), await request.json()
        self.tick()
        assert len(body["issue_field_values"]) <= 25
        for each in body["issue_field_values"]:
            assert isinstance(each["field_id"], int)
            self._set(thing, OURS[each["field_id"]], each["value"])
        return web.json_response([])

    async def _empty_value(self, request: web.Request) -> web.Response:
        thing, name = self._found(request), OURS[int(request.match_info["field"])]
        self._set(thing, name, None)
        return web.Response(status=204)

    async def _comments(self, request: web.Request) -> web.Response:
        notes = self.notes.get(self._found(request).id, [])
        return web.json_response(notes if request.query["page"] == "1" else [])

    async def _comment(self, request: web.Request) -> web.Response:
        thing = self._found(request)
        made = self.note(thing.id, (await request.json())["body"])
        made["id"] += thing.id * 1_000  # comments are numbered over all issues
        return web.json_response(made, status=201)

    async def _edit_comment(self, request: web.Request) -> web.Response:
        asked = int(request.match_info["id"])
        (made,) = (e for notes in self.notes.values() for e in notes if e["id"] == asked)
        made["body"] = (await request.json())["body"]
        return web.json_response(made)

    def _set(self, thing: Thing, name: str, value: Any) -> None:
        self.set(thing, name, value, self.me)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
