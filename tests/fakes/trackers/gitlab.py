"""A GitLab to test against: two projects, weights, confidential issues, comments."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from aiohttp import web

from bot.trackers.gitlab.adapter import GitLab
from bot.trackers.http import Door
from tests.fakes.trackers.board import MARKDOWN, Board, Json, Refusal, Thing

API = "/api/v4"
PROJECTS = {"projects/34": "acme/pay", "projects/35": "acme/web"}
EDITABLE = {"title", "assignee_ids", "due_date", "labels", "weight", "state_event"}
PEOPLE = {"ada": 1, "grace": 2, "hone-bot": 3}


class FakeGitLab(Board):
    """GitLab as its REST API has it. An issue keeps the address that it was born with."""

    kind = "gitlab"
    acts_on = MARKDOWN
    leaver = "999"
    states = ("opened", "closed")
    scope = "projects/34"
    other_scope = "projects/35"
    gone_scope = "projects/999"
    creates_at = "/issues"
    lacks = frozenset(
        {
            *("history", "screens", "workflows", "backlinks", "authors", "deletes", "parents"),
            "cards read back",
        }
    )
    comments = True
    weighs = True
    """Weights are part of the paid plans."""

    def __init__(self) -> None:
        super().__init__()
        self.born: dict[int, str] = {}

    def tracker(self, door: Door) -> GitLab:
        return GitLab(self.access(), door)

    def add(self, title: str, **more: Any) -> int:
        id = super().add(title, **more)
        self.born[id] = self.things[id].scope
        return id

    def remote_id(self, id: int) -> str:
        return f"{self.born[id].partition('/')[2]}-{id}"

    def account(self, who: str) -> str:
        return str(PEOPLE[who])

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        project = int(self.born[id].partition("/")[2])
        told = {
            "object_kind": "issue",
            "project": {"id": project},
            "object_attributes": {"iid": id},
        }
        return {"x-gitlab-token": self.hook_secret}, json.dumps(told).encode()

    def routes(self) -> list[web.RouteDef]:
        issue = API + "/projects/{project}/issues/{iid}"
        return [
            web.get(f"{API}/user", self._user),
            web.get(f"{API}/personal_access_tokens/self", self._token),
            web.get(f"{API}/groups", self._groups),
            web.get(f"{API}/projects", self._projects),
            web.get(API + "/{sort:projects|groups}/{project}", self._place),
            web.get(API + "/{sort:projects|groups}/{project}/issues", self._list),
            web.post(API + "/projects/{project}/issues", self._create),
            web.get(issue, self._one),
            web.put(issue, self._edit),
            web.get(issue + "/resource_state_events", self._events),
            web.get(issue + "/links", self._links),
            web.get(issue + "/notes", self._notes),
            web.post(issue + "/notes", self._comment),
            web.put(issue + "/notes/{note}", self._edit_comment),
        ]

    # --- reading ---

    async def _user(self, _: web.Request) -> web.Response:
        return web.json_response({"id": PEOPLE[self.me], "name": self.people[self.me]})

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"expires_at": "2027-11-30", "scopes": ["api"]})

    async def _groups(self, request: web.Request) -> web.Response:
        here = [{"id": 7, "full_name": "Acme"}] if request.query["page"] == "1" else []
        return web.json_response(here)

    async def _projects(self, request: web.Request) -> web.Response:
        known = [
            {
                "id": int(scope.partition("/")[2]),
                "name_with_namespace": path,
                "issues_enabled": True,
            }
            for scope, path in PROJECTS.items()
        ]
        return web.json_response(known if request.query["page"] == "1" else [])

    def _known(self, request: web.Request) -> list[str]:
        sort = request.match_info.get("sort", "projects")
        scope = f"{sort}/{request.match_info['project']}"
        if scope == "groups/7":
            return list(PROJECTS)
        if scope not in PROJECTS:
            raise Refusal(404, {"message": "404 Project Not Found"})
        return [scope]

    async def _place(self, request: web.Request) -> web.Response:
        self._known(request)
        role = {"project_access": {"access_level": 30}, "group_access": None}
        return web.json_response({"id": 34, "full_path": "acme", "permissions": role})

    async def _list(self, request: web.Request) -> web.Response:
        asked, scopes = request.query, self._known(request)
        assert asked["scope"] == "all"
        found = [t for t in self.things.values() if self.born[t.id] in scopes]
        if since := asked.get("updated_after"):
            found = [t for t in found if t.updated >= datetime.fromisoformat(since)]
        if "confidential" in asked:
            assert asked["confidential"] == "false"
            found = [t for t in found if not t.restricted]
        if words := asked.get("search"):
            assert asked["in"] == "description"
            found = [t for t in found if words in t.description]
        by_change = asked.get("order_by") == "updated_at"
        found.sort(key=lambda t: (t.updated if by_change else t.created, t.id))
        size, page = int(asked.get("per_page", 20)), int(asked.get("page", 1))
        assert size <= 100
        return web.json_response([self.issue(t) for t in found[(page - 1) * size : page * size]])

    def issue(self, thing: Thing) -> Json:
        scope = self.born[thing.id]
        moved = thing.scope != scope
        owner = (
            {"id": PEOPLE[thing.owner], "name": self.people[thing.owner]} if thing.owner else None
        )
        return {
            "id": 9_000 + thing.id,
            "iid": thing.id,
            "project_id": int(scope.partition("/")[2]),
            "title": thing.title,
            "description": thing.description or None,
            "state": "closed" if moved else thing.state,
            "moved_to_id": 9_999 if moved else None,
            "confidential": thing.restricted,
            "labels": thing.labels,
            "assignees": [owner] if owner else [],
            "issue_type": "issue",
            "due_date": thing.due.isoformat() if thing.due else None,
            "created_at": _time(thing.created),
            "updated_at": _time(thing.updated),
            "closed_at": _time(thing.finished) if thing.finished else None,
            "references": {"full": f"{PROJECTS[scope]}#{thing.id}"},
            "web_url": f"https://gitlab.com/{PROJECTS[scope]}/-/issues/{thing.id}",
        } | ({"weight": thing.points} if self.weighs else {})

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["iid"]))
        if thing is None or self.born[thing.id] not in self._known(request):
            raise Refusal(404, {"message": "404 Not found"})
        return thing

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response(self.issue(self._found(request)))

    async def _events(self, request: web.Request) -> web.Response:
        told = [
            {
                "state": "closed" if each.after == "closed" else "reopened",
                "created_at": _time(each.at),
            }
            for each in self._found(request).history
            if each.name == "state"
        ]
        return web.json_response(told if request.query["page"] == "1" else [])

    async def _links(self, request: web.Request) -> web.Response:
        found = [
            self.issue(self.things[id]) | {"link_type": "is_blocked_by"}
            for id in self._found(request).blocked_by
        ]
        return web.json_response(found if request.query["page"] == "1" else [])

    # --- writing ---

    async def _create(self, request: web.Request) -> web.Response:
        (scope,), body = self._known(request), await request.json()
        assert set(body) <= {"title", "description", "assignee_ids", "due_date", "labels", "weight"}
        id = self.add(body["title"], scope=scope, description=body.get("description") or "")
        self._take(self.things[id], body)
        return web.json_response(self.issue(self.things[id]), status=201)

    async def _edit(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), await request.json()
        assert set(body) <= EDITABLE, body
        self.tick()
        self._take(thing, body)
        return web.json_response(self.issue(thing))

    def _take(self, thing: Thing, body: Json) -> None:
        people = {number: who for who, number in PEOPLE.items()}
        for name, value in body.items():
            match name:
                case "title":
                    self.set(thing, "title", value, self.me)
                case "assignee_ids":
                    known = [people[each] for each in value if each in people]  # others: silence
                    if known or not value:
                        self.set(thing, "owner", "".join(known), self.me)
                case "due_date":
                    due = date.fromisoformat(value) if value else None
                    self.set(thing, "due", due, self.me)
                case "labels":
                    labels = [each for each in value.split(",") if each]
                    self.set(thing, "labels", labels, self.me)
                case "weight" if self.weighs:
                    assert value is None or isinstance(value, int)
                    self.set(thing, "points", value, self.me)
                case "state_event":
                    state = {"close": "closed", "reopen": "opened"}[value]
                    self.set(thing, "state", state, self.me)

    async def _notes(self, request: web.Request) -> web.Response:
        notes = self.notes.get(self._found(request).id, [])
        return web.json_response(notes if request.query["page"] == "1" else [])

    async def _comment(self, request: web.Request) -> web.Response:
        if not self.comments:
            raise Refusal(403, {"message": "403 Forbidden"})
        made = self.note(self._found(request).id, (await request.json())["body"])
        return web.json_response(made, status=201)

    async def _edit_comment(self, request: web.Request) -> web.Response:
        note = self.notes[self._found(request).id][int(request.match_info["note"]) - 1]
        note["body"] = (await request.json())["body"]
        return web.json_response(note)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"
