"""A Redmine to test against: it takes what we may not change with a 204, and does not change it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.redmine.adapter import Redmine
from tests.fakes.trackers.board import ADA, GRACE, HONE, MARKDOWN, Board, Json, Refusal, Thing

PEOPLE = {ADA: 5, GRACE: 6, HONE: 7}
CUSTOM = {
    "points": (1, "Story Points"),
    "ubv": (2, "Business Value"),
    "tc": (3, "Time Criticality"),
    "rroe": (4, "RR-OE"),
    "size": (5, "Job Size"),
    "wsjf": (6, "WSJF"),
}
KNOWN = {
    *("project_id", "subproject_id", "status_id", "sort", "offset", "limit", "updated_on"),
    "description",
}


class FakeRedmine(Board):
    kind = "redmine"
    acts_on = MARKDOWN
    leaver = "999"
    signs = "each change"
    states = ("New", "In Progress", "Closed")
    lacks = frozenset({"deletes", "labels", "screens", "backlinks", "hooks"})
    creates_at = "/issues.json"

    def account(self, who: str) -> str:
        return str(PEOPLE[who])

    def tracker(self, door: Door) -> Redmine:
        return Redmine(self.access(), door)

    def signed_in(self, request: web.Request) -> bool:
        return request.headers.get("X-Redmine-API-Key") == self.token

    def refused_sign_in(self) -> web.Response:
        return web.Response(status=401)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/current.json", self._current),
            web.get("/projects.json", self._projects),
            web.get("/projects/{id}.json", self._project),
            web.get("/issue_statuses.json", self._statuses),
            web.get("/issues.json", self._list),
            web.post("/issues.json", self._create),
            web.get("/issues/{id}.json", self._show),
            web.put("/issues/{id}.json", self._update),
        ]

    async def _current(self, _: web.Request) -> web.Response:
        return web.json_response({"user": {"id": 7, "login": "hone", "firstname": "Hone"}})

    async def _projects(self, request: web.Request) -> web.Response:
        known = [{"id": 1, "name": "Payments"}, {"id": 2, "name": "Web shop"}]
        start = int(request.query["offset"])
        return web.json_response({"projects": known[start : start + 1], "total_count": 2})

    async def _project(self, request: web.Request) -> web.Response:
        self._check_project(request.match_info["id"])
        assert request.query["include"] == "trackers,issue_custom_fields"
        fields = [{"id": id, "name": name} for id, name in CUSTOM.values()]
        trackers = [{"id": 1, "name": "Bug"}, {"id": 2, "name": "Feature"}]
        return web.json_response({"project": {"trackers": trackers, "issue_custom_fields": fields}})

    def _check_project(self, id: str) -> None:
        if id not in ("1", "2"):
            raise Refusal(404)

    async def _statuses(self, _: web.Request) -> web.Response:
        listed = [
            {"id": number, "name": name, "is_closed": name == "Closed"}
            for number, name in enumerate(self.states, 1)
        ]
        return web.json_response({"issue_statuses": listed})

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        assert set(query) <= KNOWN, set(query)
        self._check_project(query["project_id"])
        found = self.in_scope(query["project_id"])
        if query["sort"].startswith("id"):
            found.sort(key=lambda each: each.id, reverse=query["sort"] == "id:desc")
        if since := query.get("updated_on"):
            read = re.fullmatch(r">=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z", since)
            assert read, since
            at = datetime.fromisoformat(read[1]).replace(tzinfo=UTC)
            found = [each for each in found if each.updated.replace(microsecond=0) >= at]
        if words := query.get("description"):
            assert words[0] == "~"
            found = [each for each in found if words[1:] in each.description]
        start, most = int(query["offset"]), min(int(query["limit"]), 100)
        page = [self._issue(each) for each in found[start : start + most]]
        return web.json_response({"issues": page, "total_count": len(found)})

    async def _show(self, request: web.Request) -> web.Response:
        thing = self._found(request)
        assert request.query["include"] == "journals,relations,allowed_statuses"
        relations = [
            {"issue_id": id, "issue_to_id": thing.id, "relation_type": "blocks"}
            for id in thing.blocked_by
        ]
        relations += [
            {"issue_id": thing.id, "issue_to_id": other.id, "relation_type": "blocks"}
            for other in self.things.values()
            if thing.id in other.blocked_by
        ]
        allowed = [thing.state] if thing.id in self.stuck else self.states
        told = self._issue(thing) | {
            "relations": relations,
            "allowed_statuses": [self._state(each) for each in allowed],
            "journals": [
                {
                    "user": self._user(each.who),
                    "created_on": self._time(each.at),
                    "details": [
                        {
                            "property": "attr",
                            "name": "status_id" if each.name == "state" else each.name,
                            "new_value": str(self.states.index(each.after) + 1)
                            if each.name == "state"
                            else str(each.after),
                        }
                    ],
                }
                for each in thing.history
            ],
        }
        return web.json_response({"issue": told})

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["id"]))
        if thing is None:
            raise Refusal(404)
        return thing

    def _issue(self, thing: Thing) -> Json:
        values = thing.numbers | ({"points": thing.points} if thing.points is not None else {})
        told: Json = {
            "id": thing.id,
            "project": {"id": int(thing.scope)},
            "tracker": {"id": 2, "name": "Feature"},
            "status": self._state(thing.state),
            "priority": {"id": 1, "name": "Normal"},
            "subject": thing.title,
            "description": thing.description,
            "due_date": thing.due.isoformat() if thing.due else None,
            "is_private": thing.restricted,
            "created_on": self._time(thing.created),
            "updated_on": self._time(thing.updated),
            "closed_on": self._time(thing.finished) if thing.finished else None,
            "custom_fields": [
                {"id": id, "name": name, "value": str(values.get(ours, ""))}
                for ours, (id, name) in CUSTOM.items()
            ],
        }
        if thing.owner:
            told["assigned_to"] = self._user(thing.owner)
        if thing.parent:
            told["parent"] = {"id": thing.parent}
        return told

    def _state(self, name: str) -> Json:
        return {"id": self.states.index(name) + 1, "name": name}

    def _user(self, who: str) -> Json:
        return {"id": PEOPLE[who], "name": self.people[who]}

    def _time(self, at: datetime) -> str:
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"

    # --- writing ---

    async def _update(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), (await request.json())["issue"]
        if words := body.pop("notes", ""):
            self.note(thing.id, words)
        changes = self._changes(body)
        if thing.id in self.stuck:
            changes.pop("state", None)
        for name in self.off_screen:
            changes.pop(name, None)
        self.edit(thing.id, self.me, **changes)
        return web.Response(status=204)

    def _changes(self, body: Json) -> Json:
        changes: Json = {}
        names = {"subject": "title", "description": "description"}
        for name, value in body.items():
            match name:
                case "subject" | "description":
                    changes[names[name]] = value
                case "due_date":
                    changes["due"] = date.fromisoformat(value) if value else None
                case "assigned_to_id":
                    by_id = {str(id): who for who, id in PEOPLE.items()}
                    if value and str(value) not in by_id:
                        raise Refusal(422, {"errors": ["Assignee is invalid"]})
                    changes["owner"] = by_id[str(value)] if value else ""
                case "status_id":
                    changes["state"] = self.states[value - 1]
                case "custom_fields":
                    by_field = {id: ours for ours, (id, _) in CUSTOM.items()}
                    for each in value:
                        assert isinstance(each["value"], str)
                        number: Any = float(each["value"]) if each["value"] else None
                        changes[by_field[each["id"]]] = number
                case _:
                    raise AssertionError(name)
        return changes

    async def _create(self, request: web.Request) -> web.Response:
        body = (await request.json())["issue"]
        scope, tracker = body.pop("project_id"), body.pop("tracker_id")
        assert tracker in (1, 2)
        if not body.get("subject"):
            raise Refusal(422, {"errors": ["Subject cannot be blank"]})
        changes = self._changes(body)
        made = self.add(changes.pop("title"), scope=str(scope), **changes)
        return web.json_response({"issue": {"id": made}}, status=201)
