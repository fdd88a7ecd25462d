"""Teams' cloud on loopback: its keys, its sign-in and its connector, as strict as the real one.

    async with FakeTeams() as teams:
        adapter = TeamsAdapter(**teams.settings(), …)
        ana = teams.person("Ana", hone_url)      # see teams_person.py
        await ana.says("@Hone improve Estimation runs long")
        assert "Saved" in ana.sees()

It accepts only calls that carry the token it gave out, keeps every message with all its versions,
and answers with errors on demand.
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from tests.fakes.teams_person import TeamsPerson

Json = dict[str, Any]

APP_ID = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
PASSWORD = "s3cret"
BOT = f"28:{APP_ID}"
TEAM = "19:team@thread.tacv2"
CHANNEL = "19:refinement@thread.tacv2"
GROUP_CHAT = "19:c0ffee@thread.v2"
"""Such chats, meetings' among them, have no threads."""

_KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@dataclass(slots=True)
class Message:
    """A message as it stands, and every card it ever showed."""

    id: str
    conversation: str
    cards: list[Json]
    summary: str = ""
    deleted: bool = False

    @property
    def card(self) -> Json:
        return self.cards[-1]


@dataclass(slots=True)
class Failure:
    """An answer to give instead of doing what was asked."""

    status: int
    code: str = "Failed"
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeTeams:
    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.members: dict[str, Json] = {}
        self.team_name = "Payments"
        self.channel_names: dict[str, str | None] = {TEAM: None}
        """What the channels of the team are called by id; its first one has the team's own."""
        self.chats: dict[str, list[str]] = {}
        """Who is in a conversation, by id."""
        self.calls: Counter[str] = Counter()
        self.failures: deque[Failure] = deque()
        """Answers of the connector's next calls, oldest first; none means all goes well."""
        self.member_failure: Failure | None = None
        """What looking up a member answers, if it fails."""
        self.deleted_roots: set[str] = set()
        """Messages that began a thread, and were deleted with it."""
        self.files: dict[str, bytes] = {}
        self.published = [0]
        self.endorsements = ["msteams", "skype"]
        """The channels that Microsoft says its keys are for."""
        """Which of the two signing keys are public."""
        self.token = "token-1"
        self.token_lives_s = 3600
        self._ids = count(1_700_000_000_000)
        self._server = TestServer(self._app())

    async def __aenter__(self) -> FakeTeams:
        await self._server.start_server()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.close()

    # --- what a test asks of it ---

    @property
    def origin(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    @property
    def service_url(self) -> str:
        return f"{self.origin}/emea/"

    def settings(self) -> dict[str, Any]:
        """Return what `TeamsAdapter` must know of this cloud."""
        return {
            "app_id": APP_ID,
            "app_password": PASSWORD,
            "tenant_id": TENANT,
            "openid_url": f"{self.origin}/openid",
            "token_url": self.origin + "/{tenant}/token",
            "service_urls": (self.origin,),
        }

    def person(self, name: str, hone_url: str, **settings: Any) -> TeamsPerson:
        """Return a member of the tenant who talks in the channel; see TeamsPerson."""
        from tests.fakes.teams_person import TeamsPerson

        return TeamsPerson(self, hone_url, name, **settings)

    def bearer(self, key: int = 0, kid: str | None = None, **claims: Any) -> str:
        """Return an Authorization header as Teams sends it; a claim given as None is left out."""
        told = {
            "iss": "https://api.botframework.com",
            "aud": APP_ID,
            "serviceurl": self.service_url,
            "exp": int(time.time()) + 600,
        } | claims
        told = {name: value for name, value in told.items() if value is not None}
        headers = {"kid": kid or f"key-{key}"}
        return "Bearer " + jwt.encode(told, _KEYS[key], algorithm="RS256", headers=headers)

    def admit(self, person: str, conversation: str) -> None:
        """Let somebody into a conversation, and list a channel that is new."""
        there = self.chats.setdefault(conversation, [])
        there += [] if person in there else [person]
        if is_channel(conversation):
            word = conversation.removeprefix("19:").partition("@")[0]
            self.channel_names.setdefault(conversation, word.capitalize())

    def rotate_keys(self) -> None:
        self.published = [1]

    def throttle(self, times: int, seconds: int = 7) -> None:
        self.failures.extend([Failure(429, "Throttled", {"Retry-After": str(seconds)})] * times)

    def next_id(self) -> str:
        return str(next(self._ids))

    def in_conversation(self, conversation: str) -> Iterator[Message]:
        """Yield the messages that stand in a conversation or in any thread of a channel."""
        for message in self.messages.values():
            at = message.conversation
            if not message.deleted and conversation in (at, at.partition(";messageid=")[0]):
                yield message

    # --- sign-in ---

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/openid", self._openid),
                web.get("/keys", self._keys),
                web.post("/{tenant}/token", self._token),
                web.post("/emea/v3/conversations", self._open),
                web.post("/emea/v3/conversations/{conversation}/activities", self._post),
                web.put("/emea/v3/conversations/{conversation}/activities/{id}", self._put),
                web.delete("/emea/v3/conversations/{conversation}/activities/{id}", self._delete),
                web.get("/emea/v3/conversations/{conversation}/members/{id}", self._member),
                web.get("/emea/v3/conversations/{conversation}/pagedmembers", self._members),
                web.get("/emea/v3/teams/{team}/conversations", self._channels),
                web.get("/emea/v3/teams/{team}", self._team),
                web.get("/sites/{file}", self._file),
            ]
        )
        return app

    def upload(self, name: str, content: bytes, url: str = "") -> Json:
        """Keep a person's file; return it as Teams attaches it."""
        self.files[name] = content
        where = {"downloadUrl": url or f"{self.origin}/sites/{name}", "uniqueId": "1150D938"}
        kind = "application/vnd.microsoft.teams.file.download.info"
        return {"contentType": kind, "name": name, "content": where}

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        if name.startswith("moved-"):  # somewhere else, as its name says
            raise web.HTTPFound(f"http://{name.removeprefix('moved-')}")
        return web.Response(body=self.files[name])

    async def _openid(self, request: web.Request) -> web.Response:
        self.calls["openid"] += 1
        return web.json_response({"jwks_uri": f"{self.origin}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.calls["keys"] += 1
        keys = [_public(number, self.endorsements) for number in self.published]
        return web.json_response({"keys": keys})

    async def _token(self, request: web.Request) -> web.Response:
        self.calls["token"] += 1
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != (APP_ID, PASSWORD):
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": self.token, "expires_in": self.token_lives_s})

    # --- the connector ---

    def _check(self, request: web.Request, call: str) -> None:
        self.calls[call] += 1
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPUnauthorized
        if self.failures and call in ("open", "post", "put", "delete"):
            failure = self.failures.popleft()
            raise _as_error(failure)

    async def _open(self, request: web.Request) -> web.Response:
        self._check(request, "open")
        wanted = await request.json()
        (member,) = wanted["members"]
        assert wanted["bot"]["id"] == BOT
        assert wanted["channelData"]["tenant"]["id"] == wanted["tenantId"] == TENANT
        return web.json_response({"id": direct_with(member["id"])}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        self._check(request, "post")
        activity = await request.json()
        conversation = request.match_info["conversation"]
        channel, _, root = conversation.partition(";messageid=")
        if root and not is_channel(channel):
            raise _as_error(Failure(404, "ConversationNotFound"))
        if root in self.deleted_roots:
            raise _as_error(Failure(400, "BadArgument"))
        message = Message(
            self.next_id(),
            conversation,
            [_card_of(activity)],
            activity.get("summary", ""),
        )
        self.messages[message.id] = message
        return web.json_response({"id": message.id}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        self._check(request, "put")
        message = self._standing(request)
        message.cards.append(_card_of(await request.json()))
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.Response:
        self._check(request, "delete")
        self._standing(request).deleted = True
        return web.Response()

    async def _channels(self, request: web.Request) -> web.Response:
        self._check(request, "channels")
        assert request.match_info["team"] == TEAM
        listed = [{"id": id, "name": name} for id, name in self.channel_names.items()]
        return web.json_response({"conversations": listed})

    async def _team(self, request: web.Request) -> web.Response:
        self._check(request, "team")
        assert request.match_info["team"] == TEAM
        return web.json_response({"id": TEAM, "name": self.team_name, "aadGroupId": "g1"})

    async def _members(self, request: web.Request) -> web.Response:
        self._check(request, "members")
        there = self.chats[request.match_info["conversation"]]
        return web.json_response({"members": [self.members[person] for person in there]})

    async def _member(self, request: web.Request) -> web.Response:
        self._check(request, "member")
        if self.member_failure:
            raise _as_error(self.member_failure)
        member = self.members.get(request.match_info["id"])
        if member is None:
            raise _as_error(Failure(404, "MemberNotFoundInConversation"))
        return web.json_response(member)

    def _standing(self, request: web.Request) -> Message:
        message = self.messages.get(request.match_info["id"])
        if message is None or message.deleted:
            raise _as_error(Failure(404, "ActivityNotFoundInConversation"))
        return message


def is_channel(conversation: str) -> bool:
    """Whether it is a team's channel, which has threads; chats and meetings have none."""
    return conversation.endswith("@thread.tacv2")


def direct_with(person: str) -> str:
    """Return the one-to-one conversation of Hone and a person."""
    return f"a:direct-{person}"


def _public(number: int, endorsements: list[str]) -> Json:
    key: Json = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEYS[number].public_key()))
    return key | {"kid": f"key-{number}", "endorsements": endorsements}


def _card_of(activity: Json) -> Json:
    (attachment,) = activity["attachments"]
    assert activity["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: Json = attachment["content"]
    return card


def _as_error(failure: Failure) -> web.HTTPException:
    kinds = {
        400: web.HTTPBadRequest,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        412: web.HTTPPreconditionFailed,
        429: web.HTTPTooManyRequests,
        500: web.HTTPInternalServerError,
        502: web.HTTPBadGateway,
    }
    body = {"error": {"code": failure.code, "message": "never to be shown or logged"}}
    return kinds[failure.status](
        text=json.dumps(body), content_type="application/json", headers=dict(failure.headers)
    )
