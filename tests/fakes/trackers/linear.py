"""A Linear to test against: two teams, attachments, labels, ids that the caller chooses."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.linear import queries
from bot.trackers.linear.adapter import Linear
from bot.trackers.tracker import Access
from tests.fakes.trackers.board import Board, Json, Thing

TYPES = {"Todo": "unstarted", "In Progress": "started", "Done": "completed"}
TEAMS = {"team-pay": "Payments", "team-web": "Web"}
UPDATABLE = {"title", "assigneeId", "dueDate", "labelIds", "estimate", "stateId"}
CREATABLE = UPDATABLE | {"id", "teamId", "description", "createAsUser"}


class FakeLinear(Board):
    """Linear's API as far as it is asked; `make trackers` holds the queries against its schema."""

    kind = "linear"
    states = ("Todo", "In Progress", "Done")
    scope = "team-pay"
    other_scope = "team-web"
    gone_scope = "team-gone"
    creates_at = "/graphql"
    lacks = frozenset({"screens", "workflows", "backlinks", "authors", "restriction"})

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[int, str] = {}
        self.labels: dict[str, str] = {}
        self.binned: dict[int, Thing] = {}

    def access(self) -> Access:
        return Access(f"{self.host}/acme", {"token": self.token})

    def tracker(self, door: Door) -> Linear:
        return Linear(self.access(), door)

    def remote_id(self, id: int) -> str:
        return self.ids.setdefault(id, str(UUID(int=id)))

    def delete(self, id: int) -> None:
        thing = self.things[id]
        super().delete(id)
        thing.updated = self.now
        self.binned[id] = thing

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        told = {
            "type": "Issue",
            "action": "update",
            "data": {"id": self.remote_id(id)},
            "webhookTimestamp": int(self.now.timestamp() * 1000),
        }
        body = json.dumps(told).encode()
        made = hmac.new(self.hook_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"linear-signature": made}, body

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/graphql", self._graphql)]

    def refused_sign_in(self) -> web.Response:
        error = {"message": "Not authenticated", "extensions": {"code": "AUTHENTICATION_ERROR"}}
        return web.json_response({"errors": [error]}, status=400)

    async def _graphql(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert asked["query"] in queries.ALL
        name = re.match(r"\s*(?:query|mutation) (\w+)", asked["query"])
        assert name
        answers: dict[str, Callable[..., Json | None]] = {
            "Viewer": self._viewer,
            "Teams": self._teams,
            "Team": self._team,
            "Page": self._page,
            "One": self._one,
            "Ids": self._ids,
            "Create": self._create,
            "Update": self._update,
            "Attach": self._attach,
            "NewLabel": self._new_label,
        }
        data = answers[name[1]](**asked["variables"])
        if data is None:
            return web.json_response({"errors": [_not_found()]}, status=200)
        return web.json_response({"data": data})

    # --- reading ---

    def _viewer(self) -> Json:
        me = {"id": self.me, "name": self.people[self.me]}
        return {"viewer": me, "organization": {"name": "Acme", "urlKey": "acme"}}

    def _teams(self, after: str | None) -> Json:
        known = [{"id": id, "name": name, "private": False} for id, name in TEAMS.items()]
        hidden = {"id": "team-board", "name": "Board", "private": True}
        return {"teams": _page([*known, hidden], after, 1)}

    def _team(self, id: str) -> Json | None:
        if id not in TEAMS:
            return None
        states = [{"id": f"s-{name}", "name": name, "type": kind} for name, kind in TYPES.items()]
        labels = [{"id": key, "name": name} for name, key in self.labels.items()]
        return {
            "team": {
                "id": id,
                "private": False,
                "issueEstimationType": "fibonacci",
                "states": {"nodes": states},
                "labels": {"nodes": labels},
            }
        }

    def _all(self, team: str) -> list[Thing]:
        found = [t for t in (*self.things.values(), *self.binned.values()) if t.scope == team]
        return sorted(found, key=lambda t: (t.updated, t.id), reverse=True)

    def _page(self, team: str, since: str, after: str | None) -> Json:
        begins = datetime.fromisoformat(since)
        found = [t for t in self._all(team) if t.updated >= begins]
        return {"issues": _page([self.issue(t) for t in found], after, 50)}

    def _one(self, id: str) -> Json | None:
        thing = self._known(id)
        return {"issue": self.issue(thing)} if thing else None

    def _known(self, id: str) -> Thing | None:
        own = next((ours for ours in (*self.things, *self.binned) if self.remote_id(ours) == id), 0)
        return self.things.get(own) or self.binned.get(own)

    def _ids(self, team: str, after: str | None) -> Json:
        told = [
            {"id": self.remote_id(t.id), "trashed": t.id in self.binned} for t in self._all(team)
        ]
        return {"issues": _page(told, after, 100)}

    def issue(self, thing: Thing) -> Json:
        for name in thing.labels:
            self.labels.setdefault(name, f"l-{name}")
        person = {"id": thing.owner, "name": self.people[thing.owner]} if thing.owner else None
        blockers = [
            {"type": "blocks", "issue": {"id": self.remote_id(id)}} for id in thing.blocked_by
        ]
        history = [
            {
                "createdAt": _time(each.at),
                "fromState": {"name": each.before},
                "toState": {"name": each.after},
            }
            for each in thing.history
            if each.name == "state"
        ]
        score = [{"metadata": thing.numbers}] if thing.numbers else []
        return {
            "id": self.remote_id(thing.id),
            "identifier": f"PAY-{thing.id}",
            "title": thing.title,
            "description": thing.description or None,
            "url": f"https://linear.app/acme/issue/PAY-{thing.id}",
            "priorityLabel": "High",
            "estimate": thing.points,
            "dueDate": thing.due.isoformat() if thing.due else None,
            "sortOrder": -float(thing.id),
            "trashed": thing.id in self.binned or None,
            "createdAt": _time(thing.created),
            "updatedAt": _time(thing.updated),
            "completedAt": _time(thing.finished) if thing.finished else None,
            "canceledAt": None,
            "archivedAt": None,
            "state": {"id": "s", "name": thing.state, "type": TYPES[thing.state]},
            "assignee": person,
            "parent": {"id": self.remote_id(thing.parent)} if thing.parent else None,
            "cycle": {"name": None, "number": 4},
            "team": {"id": thing.scope, "private": False},
            "labels": {"nodes": [{"name": name} for name in thing.labels]},
            "attachments": {"nodes": score},
            "relations": {"nodes": []},
            "inverseRelations": {"nodes": blockers},
            "history": {"nodes": history},
        }

    # --- writing ---

    def _create(self, input: Json) -> Json:
        assert set(input) <= CREATABLE, input
        thing = self._known(input["id"])
        if thing is None:
            id = self.add(input["title"], scope=input["teamId"])
            self.ids[id] = str(UUID(input["id"]))
            thing = self.things[id]
            thing.description = input.get("description", "")
            self._take(thing, input)
        return {"issueCreate": {"success": True, "issue": self.issue(thing)}}

    def _update(self, id: str, input: Json) -> Json | None:
        assert set(input) <= UPDATABLE, input
        thing = self._known(id)
        if thing is None:
            return None
        if (owner := input.get("assigneeId")) and owner not in self.people:
            return None
        self.tick()
        self._take(thing, input)
        return {"issueUpdate": {"success": True, "issue": self.issue(thing)}}

    def _take(self, thing: Thing, input: Json) -> None:
        names = {key: name for name, key in self.labels.items()}
        read: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "title": ("title", str),
            "assigneeId": ("owner", lambda id: id or ""),
            "dueDate": ("due", lambda day: date.fromisoformat(day) if day else None),
            "estimate": ("points", lambda points: points),
            "stateId": ("state", lambda id: id.removeprefix("s-")),
            "labelIds": ("labels", lambda ids: [names[id] for id in ids]),
        }
        for name, value in input.items():
            if name in read:
                ours, reading = read[name]
                self.set(thing, ours, reading(value), self.me)

    def _attach(self, input: Json) -> Json | None:
        assert set(input) <= {"issueId", "url", "title", "subtitle", "metadata"}
        thing = self._known(input["issueId"])
        if thing is None:
            return None
        for name, value in input["metadata"].items():
            self.set(thing, name, value, self.me)
        told = {"id": input["url"], "body": f"{input['title']} {input['subtitle']}"}
        kept = [each for each in self.notes.get(thing.id, []) if each["id"] != input["url"]]
        self.notes[thing.id] = [*kept, told]
        return {"attachmentCreate": {"success": True, "attachment": {"id": "a"}}}

    def _new_label(self, input: Json) -> Json:
        self.labels[input["name"]] = f"l-{input['name']}"
        made = {"id": f"l-{input['name']}", "name": input["name"]}
        return {"issueLabelCreate": {"success": True, "issueLabel": made}}


def _page(rows: list[Json], after: str | None, size: int) -> Json:
    start = int(after or 0)
    end = start + size
    info = {"hasNextPage": end < len(rows), "endCursor": str(end)}
    return {"nodes": rows[start:end], "pageInfo": info}


def _not_found() -> Json:
    return {
        "message": "Entity not found",
        "extensions": {"code": "INPUT_ERROR", "userPresentableMessage": "Entity not found: Issue"},
    }


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
