"""A Jira to test against: Cloud, and Data Center with its other addresses and names of people."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.jira.adapter import Jira
from bot.trackers.tracker import Access
from tests.fakes.trackers.board import Json, Refusal, Thing
from tests.fakes.trackers.jira_shapes import CUSTOM, SYSTEM, TYPES, ZONE, JiraShapes

_JQL = re.compile(
    r"\((?:project = (?P<project>\d+)|filter = (?P<filter>\d+))\)"
    r'(?: AND updated >= "(?P<since>[\d: -]{16})")?(?: AND id = (?P<id>\d+))?'
    r'(?: AND labels = "(?P<label>[\w-]+)")?'
    r"(?: ORDER BY (?P<by>updated|created|id) (?P<way>ASC|DESC))?"
)


class FakeJira(JiraShapes):
    """Jira Cloud with one company-managed project and its board."""

    kind = "jira"
    signs = "each change"
    scope = "project:10000"
    other_scope = "project:10001"
    gone_scope = "project:99999"
    lacks = frozenset({"deletes"})
    scoped_token = False
    """Tokens with scopes are accepted by the gateway only."""

    email = "hone@acme.example"

    def __init__(self) -> None:
        super().__init__()
        self.lag: set[int] = set()
        """Issues that search does not know of yet."""

    def access(self) -> Access:
        return Access(self.host, {"account": self.email, "token": self.token})

    def tracker(self, door: Door) -> Jira:
        return Jira(self.access(), door)

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        body = json.dumps(
            {"webhookEvent": "jira:issue_updated", "issue": {"id": str(id), "key": f"PAY-{id}"}}
        ).encode()
        made = hmac.new(self.hook_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature": f"sha256={made}"}, body

    # --- HTTP ---

    def signed_in(self, request: web.Request) -> bool:
        sent = request.headers.get("Authorization")
        both = b64encode(f"{self.email}:{self.token}".encode()).decode()
        good = sent == f"Basic {both}"
        if self.scoped_token:
            good = (good or sent == f"Bearer {self.token}") and request.path.startswith("/ex/jira/")
        return good

    def is_open(self, request: web.Request) -> bool:
        return request.path == "/_edge/tenant_info"

    def routes(self) -> list[web.RouteDef]:
        found = [web.get("/_edge/tenant_info", self._tenant)]
        for root in ("", "/ex/jira/cloud-1"):
            found += self._api(f"{root}/rest/api/{'3' if self.cloud else '2'}")
            found += [
                web.get(f"{root}/rest/agile/1.0/board", self._boards),
                web.get(root + "/rest/agile/1.0/board/{id}", self._board),
                web.get(root + "/rest/agile/1.0/board/{id}/configuration", self._configuration),
            ]
        return found

    def _api(self, api: str) -> list[web.RouteDef]:
        search = (
            web.post(f"{api}/search/jql", self._search_jql)
            if self.cloud
            else web.post(f"{api}/search", self._search)
        )
        return [
            search,
            web.get(f"{api}/myself", self._myself),
            web.get(f"{api}/field", self._fields),
            web.get(f"{api}/project/search", self._projects),
            web.get(f"{api}/project", self._all_projects),
            web.get(api + "/project/{id}", self._project),
            web.get(f"{api}/mypermissions", self._permissions),
            web.post(f"{api}/changelog/bulkfetch", self._changelogs),
            web.get(api + "/issue/createmeta/{project}/issuetypes", self._types),
            web.get(api + "/issue/createmeta/{project}/issuetypes/{type}", self._new_screen),
            web.post(f"{api}/issue", self._create),
            web.get(api + "/issue/{id}", self._issue),
            web.put(api + "/issue/{id}", self._edit),
            web.get(api + "/issue/{id}/editmeta", self._editmeta),
            web.post(api + "/issue/{id}/transitions", self._transition),
            web.post(api + "/issue/{id}/remotelink", self._remotelink),
        ]

    async def _tenant(self, _: web.Request) -> web.Response:
        return web.json_response({"cloudId": "cloud-1"})

    async def _myself(self, _: web.Request) -> web.Response:
        return web.json_response(self.user(self.me) | {"timeZone": ZONE})

    async def _fields(self, _: web.Request) -> web.Response:
        numbers = [
            {"id": id, "name": name, "custom": True, "schema": {"type": "number", "custom": "x"}}
            for ours, (id, name) in CUSTOM.items()
            if ours not in self.deleted_fields
        ]
        numbers[0]["schema"]["custom"] = "com.pyxis.greenhopper.jira:jsw-story-points"  # type: ignore[index]
        greenhopper = "com.pyxis.greenhopper.jira:"
        special: list[Json] = [
            {
                "id": "customfield_10019",
                "name": "Rank",
                "schema": {"type": "any", "custom": f"{greenhopper}gh-lexo-rank"},
            },
            {
                "id": "customfield_10020",
                "name": "Sprint",
                "schema": {"type": "array", "custom": f"{greenhopper}gh-sprint"},
            },
            {"id": "summary", "name": "Summary", "schema": {"type": "string"}},
        ]
        return web.json_response([*numbers, *special])

    async def _projects(self, request: web.Request) -> web.Response:
        start = int(request.query["startAt"])
        assert int(request.query["maxResults"]) <= 50
        listed = self._known()[start : start + 1]  # a page holds one, so that all are asked for
        more = start + 1 < len(self._known())
        return web.json_response({"values": listed, "isLast": not more, "startAt": start})

    async def _all_projects(self, _: web.Request) -> web.Response:
        return web.json_response(self._known())

    def _known(self) -> list[Json]:
        return [
            {"id": "10000", "key": self.project[0], "name": self.project[1]},
            {"id": "10001", "key": "WEB", "name": "Web shop"},
        ]

    async def _project(self, request: web.Request) -> web.Response:
        if request.match_info["id"] not in ("10000", "10001"):
            raise Refusal(404, {"errorMessages": ["No project could be found"], "errors": {}})
        return web.json_response({"id": request.match_info["id"]})

    async def _boards(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"values": [{"id": 7, "name": "PAY board", "type": "scrum"}], "isLast": True}
        )

    async def _board(self, request: web.Request) -> web.Response:
        if request.match_info["id"] != "7":
            raise Refusal(404, {"errorMessages": ["The requested board cannot be viewed"]})
        return web.json_response({"id": 7, "location": {"projectId": 10000}})

    async def _configuration(self, request: web.Request) -> web.Response:
        if request.match_info["id"] != "7":
            raise Refusal(404, {"errorMessages": ["The requested board cannot be viewed"]})
        return web.json_response({"id": 7, "filter": {"id": "10100"}})

    async def _permissions(self, request: web.Request) -> web.Response:
        asked = request.query["permissions"].split(",")
        may = {name: {"havePermission": name not in self.off_screen} for name in asked}
        return web.json_response({"permissions": may})

    # --- reading ---

    async def _search_jql(self, request: web.Request) -> web.Response:
        body = await request.json()
        known = {"jql", "maxResults", "fields", "expand", "nextPageToken", "reconcileIssues"}
        assert set(body) <= known, body
        assert all(isinstance(id, int) for id in body.get("reconcileIssues", ()))
        assert len(body.get("reconcileIssues", ())) <= 50
        start = 0
        if token := body.get("nextPageToken"):
            jql, _, place = token.partition("|")
            if jql != str(hash(body["jql"])):
                raise Refusal(400, {"errorMessages": ["The next page token is invalid"]})
            start = int(place)
        found = self._matching(body["jql"], {*body.get("reconcileIssues", ())})
        most = min(body["maxResults"], 100 if len(body["fields"]) > 1 else 5_000)
        page = found[start : start + most]
        answer: Json = {"issues": [self.issue(each, body["fields"]) for each in page]}
        if body.get("expand") == "transitions":
            for each in answer["issues"]:
                each["transitions"] = self.transitions(self.things[int(each["id"])])
        if start + most < len(found):
            answer |= {"nextPageToken": f"{hash(body['jql'])}|{start + most}", "isLast": False}
        else:
            answer["isLast"] = True
        return web.json_response(answer)

    async def _search(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body) <= {"jql", "maxResults", "fields", "expand", "startAt"}, body
        found = self._matching(body["jql"], set())
        start = body["startAt"]
        page = found[start : start + min(body["maxResults"], 1_000)]
        issues = [self.issue(each, body["fields"]) for each in page]
        for each in issues:
            if "transitions" in body.get("expand", ()):
                each["transitions"] = self.transitions(self.things[int(each["id"])])
            if "changelog" in body.get("expand", ()):
                each["changelog"] = {"histories": self.histories(self.things[int(each["id"])])}
        return web.json_response({"startAt": start, "total": len(found), "issues": issues})

    def _matching(self, jql: str, reconciled: set[int]) -> list[Thing]:
        read = _JQL.fullmatch(jql)
        assert read, f"this Jira does not know the query {jql}"
        project = read["project"] or ("10000" if read["filter"] == "10100" else "")
        if project not in ("10000", "10001"):
            words = f"The value '{read['project']}' does not exist for the field 'project'."
            raise Refusal(400, {"errorMessages": [words], "errors": {}})
        found = [
            t for t in self.in_scope(f"project:{project}") if t.id not in self.lag - reconciled
        ]
        if read["since"]:
            there = datetime.strptime(read["since"], "%Y-%m-%d %H:%M")
            # Of an hour that comes twice it takes the later one: the worse for who reads.
            since = there.replace(tzinfo=ZoneInfo(ZONE), fold=1).astimezone(UTC)
            found = [each for each in found if each.updated >= since]
        if read["id"]:
            found = [each for each in found if each.id == int(read["id"])]
        if read["label"]:
            found = [each for each in found if read["label"] in each.labels]
        if read["by"] == "id":
            found.sort(key=lambda each: each.id)
        if read["by"] == "created":
            found.sort(key=lambda each: each.created, reverse=read["way"] == "DESC")
        return found

    async def _changelogs(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body) <= {"issueIdsOrKeys", "maxResults", "fieldIds", "nextPageToken"}
        assert 1 <= len(body["issueIdsOrKeys"]) <= 1_000
        logs = [
            {
                "issueId": id,
                "changeHistories": [
                    each
                    for each in self.histories(self.things[int(id)])
                    if not body.get("fieldIds") or each["items"][0]["fieldId"] in body["fieldIds"]
                ],
            }
            for id in body["issueIdsOrKeys"]
        ]
        return web.json_response({"issueChangeLogs": logs})

    async def _issue(self, request: web.Request) -> web.Response:
        thing = self._found(request)
        expand = request.query.get("expand", "").split(",")
        told = self.issue(thing, request.query["fields"].split(","))
        if "transitions" in expand:
            told["transitions"] = self.transitions(thing)
        if "changelog" in expand:
            told["changelog"] = {"histories": self.histories(thing)}
        if "editmeta" in expand:
            told["editmeta"] = {"fields": self.screen()}
        return web.json_response(told)

    def _found(self, request: web.Request) -> Thing:
        thing = self.things.get(int(request.match_info["id"]))
        if thing is None:
            words = "Issue does not exist or you do not have permission to see it."
            raise Refusal(404, {"errorMessages": [words], "errors": {}})
        return thing

    # --- writing ---

    async def _editmeta(self, request: web.Request) -> web.Response:
        self._found(request)
        return web.json_response({"fields": self.screen()})

    async def _types(self, _: web.Request) -> web.Response:
        return web.json_response({"issueTypes" if self.cloud else "values": TYPES})

    async def _new_screen(self, request: web.Request) -> web.Response:
        assert request.match_info["type"] in [each["id"] for each in TYPES]
        fields = [{**each, "fieldId": id} for id, each in self.screen().items()]
        return web.json_response({"fields" if self.cloud else "values": fields})

    async def _transition(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), await request.json()
        offered = {each["id"]: each["to"]["name"] for each in self.transitions(thing)}
        if body["transition"]["id"] not in offered:
            raise Refusal(400, {"errorMessages": ["It is not a valid transition"], "errors": {}})
        self.edit(thing.id, self.me, state=offered[body["transition"]["id"]])
        return web.Response(status=204, content_type="application/json")

    async def _edit(self, request: web.Request) -> web.Response:
        thing, body = self._found(request), await request.json()
        assert set(body) <= {"fields", "historyMetadata", "properties"}
        changes = self._changes(body["fields"])
        self.edit(thing.id, self.me, **changes)
        self.note(thing.id, body.get("historyMetadata", {}).get("description", ""))
        return web.Response(status=204, content_type="application/json")

    def _changes(self, fields: Json) -> Json:
        """Return the changes that fields mean; refused where one is not on the screen."""
        ours = {id: name for name, id in SYSTEM.items()} | {id: n for n, (id, _) in CUSTOM.items()}
        wrong = {
            id: f"Field '{id}' cannot be set. It is not on the appropriate screen, or unknown."
            for id in fields
            if ours.get(id, id) in self.off_screen | self.deleted_fields or id not in ours
        }
        if wrong:
            raise Refusal(400, {"errorMessages": [], "errors": wrong})
        changes: Json = {ours[id]: value for id, value in fields.items()}
        if any(" " in label for label in changes.get("labels", ())):
            raise Refusal(400, {"errors": {"labels": "The label can't contain spaces."}})
        if "owner" in changes:
            name = "accountId" if self.cloud else "name"
            changes["owner"] = changes["owner"][name] if changes["owner"] else ""
            if changes["owner"] not in {"", *self.people}:
                raise Refusal(400, {"errors": {"assignee": "User does not exist."}})
        if changes.get("due"):
            changes["due"] = date.fromisoformat(changes["due"])
        return changes

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        fields = body["fields"]
        project, kind = fields.pop("project")["id"], fields.pop("issuetype")["id"]
        assert kind in [each["id"] for each in TYPES if not each["subtask"]]
        assert not self.cloud or fields["description"]["type"] == "doc"
        changes = self._changes(fields)
        words = changes.pop("description")
        if self.cloud:
            words = "\n".join(
                piece["text"]
                for block in words["content"]
                for piece in block["content"]
                if piece["type"] == "text"
            )
        numbers = {name: changes.pop(name) for name in [*changes] if name in CUSTOM}
        points = numbers.pop("points", None)
        title = changes.pop("title")
        made = self.add(
            title,
            scope=f"project:{project}",
            description=words,
            numbers=numbers,
            points=points,
            **changes,
        )
        return web.json_response({"id": str(made), "key": f"PAY-{made}"}, status=201)

    async def _remotelink(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._found(request).links[body["globalId"]] = body["object"]["url"]
        return web.json_response({"id": 1}, status=201)


class FakeJiraDataCenter(FakeJira):
    """The same company's own server: other addresses, sign-in names, text instead of documents."""

    acts_on = r"\[~\w+"
    cloud = False

    def access(self) -> Access:
        return Access(self.host, {"token": self.token})

    def signed_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"
