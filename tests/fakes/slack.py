"""A Slack to test against: a workspace, with the limits and refusals Hone must live with.

Nothing here looks into Hone. It knows tokens, people, channels, messages, triggers and modals, and
answers like Slack: `ok` and an error code, or 429 with `Retry-After`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from tests.fakes.slack_blocks import home_problems, message_problems, view_problems
from tests.fakes.slack_server import Json, Refusal, SlackServer
from tests.fakes.slack_workspace import BOT_USER as BOT_USER
from tests.fakes.slack_workspace import TEAM as TEAM
from tests.fakes.slack_workspace import Message as Message
from tests.fakes.slack_workspace import SlackWorkspace
from tests.fakes.slack_workspace import direct as direct

BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
CLIENT_ID = "1234.5678"
CLIENT_SECRET = "very-secret"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_ID = "B0HONE"
NEWER_BLOCKS = ("table", "data_table", "data_visualization")

TRIGGER_LIVES_S = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_LIVES_S = 30 * 60
PUBLISHED_A_MINUTE = 100
"""Home tabs, in the whole workspace: `views.publish` is of tier 4."""


@dataclass(slots=True)
class View:
    """A modal on a person's screen, and what was typed into it: block id → element state."""

    id: str
    person: str
    drawn: Json
    hash: str
    typed: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class _Use:
    person: str
    channel: str
    at: datetime
    uses: int = 0
    message: Message | None = None


class FakeSlack(SlackServer, SlackWorkspace):
    """One workspace with people and channels. Started by `async with`; it tells its `api_url`."""

    def __init__(self, clock: Callable[[], datetime], team: str = TEAM) -> None:
        SlackServer.__init__(self, clock)
        SlackWorkspace.__init__(self, clock, team)
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        """What stands in people's Home tabs."""
        self.has_home_tabs = True
        self.teams_by_token: dict[str, str] = {BOT_TOKEN: team}
        self.revoked: set[str] = set()
        self.callers: list[tuple[str, str]] = []
        """Every call's team, by its token, and its method."""
        self._grants: dict[str, Json] = {}
        self._caller = team
        self.knows_blocks = {*NEWER_BLOCKS, "table"}
        """Which of the blocks that came late this Slack takes."""
        self._triggers: dict[str, tuple[str, datetime]] = {}
        self._replies: dict[str, _Use] = {}
        self._published: list[datetime] = []
        self.files: dict[str, bytes] = {}
        """What files hold, by id."""
        self.foreign_files: list[Json] = []
        self.may_read_files = True
        """Whether the installation was granted `files:read`."""
        self.may_pin = True
        """Whether the installation was granted `pins:write`."""
        self.pins: set[str] = set()
        """What is pinned, by its `ts`."""
        self.files_wait: asyncio.Event | None = None
        """Files arrive once it is set."""

    # --- the workspace ---

    def upload(self, name: str, content: bytes, **more: object) -> Json:
        """Take a person's file; return it as Slack describes it."""
        id = self._new("F")
        self.files[id] = content
        url = f"{self.api_url}files-pri/{id}/{name}"
        told = {"id": id, "name": name, "title": name, "mode": "hosted", "size": len(content)}
        return told | {"url_private": url, "url_private_download": url, **more}

    def agree(self, team: str, token: str, granted: Json | None = None) -> str:
        """Let an admin add Hone to a team; return the code that Slack sends back with them."""
        code = f"code-{next(self._numbers)}"
        self.teams_by_token[token] = team
        self._grants[code] = {
            "access_token": token,
            "token_type": "bot",
            "bot_user_id": BOT_USER,
            "team": {"id": team, "name": f"{team}'s"},
            "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": False,
        } | (granted or {})
        return code

    # --- what a client of Slack needs ---

    def trigger(self, person: str) -> str:
        made = f"{next(self._numbers)}.{self.team}.trigger"
        self._triggers[made] = person, self.clock()
        return made

    def response_url(self, person: str, channel: str, message: Message | None = None) -> str:
        key = f"R{next(self._numbers)}"
        self._replies[key] = _Use(person, channel, self.clock(), message=message)
        return f"{self.api_url}response/{key}"

    def tell(self, channel: str, person: str, payload: Json, replaced: Message | None) -> Message:
        """Show a private message, in place of another one or as the newest."""
        if replaced is not None:
            replaced.text, replaced.blocks = payload["text"], payload.get("blocks", [])
            replaced.edits += 1
            return replaced
        message = self._new_message(payload | {"channel": channel})
        message.only_for = person
        return message

    # --- HTTP ---

    def _application(self) -> web.Application:
        app = super()._application()
        app.router.add_post("/api/response/{key}", self._respond)
        app.router.add_get("/api/files-pri/{id}/{name}", self._hand_over)
        return app

    async def _hand_over(self, request: web.Request) -> web.Response:
        """Give a file to who may read it; anybody else is sent to sign in."""
        if self.files_wait:
            await self.files_wait.wait()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.teams_by_token or not self.may_read_files:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.files[request.match_info["id"]])

    def _check_token(self, request: web.Request, method: str, arguments: Json) -> None:
        given = request.headers.get("Authorization", "")
        if method == "apps.connections.open":
            known = given == f"Bearer {APP_TOKEN}"
        elif method == "oauth.v2.access":
            app = arguments.pop("client_id"), arguments.pop("client_secret")
            known = app == (CLIENT_ID, CLIENT_SECRET)
        else:
            token = given.removeprefix("Bearer ")
            if token in self.revoked:
                raise Refusal("token_revoked")
            known = token in self.teams_by_token
            self._caller = self.teams_by_token.get(token, "")
            self.callers.append((self._caller, method))
        if not known:
            raise Refusal("invalid_auth")

    async def _respond(self, request: web.Request) -> web.Response:
        reply = self._replies.get(request.match_info["key"])
        if reply is None or (self.clock() - reply.at).total_seconds() > RESPONSE_URL_LIVES_S:
            return web.Response(status=404, text="expired_url")
        reply.uses += 1
        if reply.uses > RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url")
        payload = await request.json()
        self.calls.append(("response_url", payload))
        if self._block_problems(payload):
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        replaced = reply.message if payload.get("replace_original") else None
        self.tell(reply.channel, reply.person, payload, replaced)
        return web.Response(text="ok")

    # --- methods ---

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": "https://hone-test.slack.com/",
            "team_id": self._caller,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
        }

    def _oauth_v2_access(self, arguments: Json) -> Json:
        if arguments["code"] not in self._grants:
            raise Refusal("invalid_code")
        return self._grants.pop(arguments["code"])

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": str(self._server.make_url("/socket")).replace("http:", "ws:")}

    def _users_info(self, arguments: Json) -> Json:
        if arguments["user"] not in self.people:
            raise Refusal("user_not_found")
        return {"user": self.people[arguments["user"]]}

    def _conversations_info(self, arguments: Json) -> Json:
        """Public channels are shown to every app with `channels:read`."""
        channel = arguments["channel"]
        if channel not in self.names:
            raise Refusal("channel_not_found")
        return {"channel": {"id": channel, "name": self.names[channel]}}

    def _conversations_open(self, arguments: Json) -> Json:
        if arguments["users"] not in self.people:
            raise Refusal("user_not_found")
        return {"channel": {"id": direct(arguments["users"])}}

    def _chat_postMessage(self, arguments: Json) -> Json:
        self._check_message(arguments)
        message = self._new_message(arguments)
        return {"channel": message.channel, "ts": message.ts}

    def _chat_postEphemeral(self, arguments: Json) -> Json:
        self._check_message(arguments)
        if arguments["user"] not in self.channels[arguments["channel"]]:
            raise Refusal("user_not_in_channel")
        message = self._new_message(arguments)
        message.only_for = arguments["user"]
        return {"message_ts": message.ts}

    def _chat_update(self, arguments: Json) -> Json:
        self._check_message(arguments)
        message = self.message(arguments["channel"], arguments["ts"])
        if message.author != BOT_USER or message.only_for:
            raise Refusal("cant_update_message")
        message.text, message.blocks = arguments["text"], arguments["blocks"]
        message.edits += 1
        return {"channel": message.channel, "ts": message.ts}

    def _pins_add(self, arguments: Json) -> Json:
        self._check_pin(arguments, pinned=False)
        self.pins.add(arguments["timestamp"])
        return {}

    def _pins_remove(self, arguments: Json) -> Json:
        self._check_pin(arguments, pinned=True)
        self.pins.remove(arguments["timestamp"])
        return {}

    def _check_pin(self, arguments: Json, *, pinned: bool) -> None:
        if not self.may_pin:
            raise Refusal("missing_scope")
        ts = self.message(arguments["channel"], arguments["timestamp"]).ts
        if (ts in self.pins) is not pinned:
            raise Refusal("no_pin" if pinned else "already_pinned")

    def _files_info(self, arguments: Json) -> Json:
        """Tell of a file that came with its id only, as other companies' do."""
        found = [f for f in self.foreign_files if f["id"] == arguments["file"]]
        if not found:
            raise Refusal("file_not_found")
        return {"file": found[0]}

    def _views_open(self, arguments: Json) -> Json:
        elements = [block.get("element", {}) for block in arguments["view"]["blocks"]]
        if not self.may_read_files and any(e.get("type") == "file_input" for e in elements):
            raise Refusal("missing_scope")
        person, made = self._triggers.get(arguments["trigger_id"], (None, None))
        if person is None or made is None:
            raise Refusal("invalid_trigger_id")
        if (self.clock() - made).total_seconds() > TRIGGER_LIVES_S:
            raise Refusal("expired_trigger_id")
        self._triggers[arguments["trigger_id"]] = "", made
        if not person:
            raise Refusal("exchanged_trigger_id")
        self.views[person] = View(
            self._new("V"), person, self._checked(arguments["view"]), self._new("h")
        )
        return {"view": {"id": self.views[person].id}}

    def _views_update(self, arguments: Json) -> Json:
        view = next((each for each in self.views.values() if each.id == arguments["view_id"]), None)
        if view is None:
            raise Refusal("not_found")
        if arguments.get("hash") not in (None, view.hash):
            raise Refusal("hash_conflict")
        self.redraw(view, arguments["view"])
        return {"view": {"id": view.id}}

    def _views_publish(self, arguments: Json) -> Json:
        person, now = arguments["user_id"], self.clock()
        lately = [at for at in self._published if (now - at).total_seconds() < 60]
        if len(lately) >= PUBLISHED_A_MINUTE:
            raise Refusal("ratelimited", 429, 60 - (now - lately[0]).total_seconds())
        if not self.has_home_tabs:
            raise Refusal("not_enabled")
        if person not in self.people:
            raise Refusal("user_not_found")
        if problems := home_problems(arguments["view"]):
            raise Refusal(f"invalid_arguments: {problems}")
        self._published = [*lately, now]
        self.homes[person] = View(self._new("V"), person, arguments["view"], self._new("h"))
        return {"view": {"id": self.homes[person].id}}

    # --- parts ---

    def message(self, channel: str, ts: str) -> Message:
        for each in self.messages:
            if (each.channel, each.ts) == (channel, ts):
                return each
        raise Refusal("message_not_found")

    def redraw(self, view: View, drawn: Json) -> None:
        """Change a modal; what was typed stays where block and action ids stay."""
        view.drawn, view.hash = self._checked(drawn), self._new("h")

    def _checked(self, view: Json) -> Json:
        if problems := view_problems(view):
            raise Refusal(f"invalid_arguments: {problems}")
        return view

    def _check_message(self, arguments: Json) -> None:
        channel = arguments["channel"]
        if channel not in self.channels:
            raise Refusal("channel_not_found")
        if channel in self.archived:
            raise Refusal("is_archived")
        if BOT_USER not in self.channels[channel]:
            raise Refusal("not_in_channel")
        if not arguments.get("text"):
            raise Refusal("no_text")
        if self._block_problems(arguments):
            raise Refusal("invalid_blocks")

    def _block_problems(self, arguments: Json) -> list[str]:
        blocks = arguments.get("blocks", [])
        unknown = [kind for kind in NEWER_BLOCKS if kind not in self.knows_blocks]
        refused = [f"no {b['type']} here" for b in blocks if b["type"] in unknown]
        return [*refused, *message_problems(blocks)]

    def _new_message(self, arguments: Json) -> Message:
        message = Message(
            self._ts(),
            arguments["channel"],
            arguments["text"],
            arguments.get("blocks", []),
            thread_ts=arguments.get("thread_ts"),
        )
        if not self.is_a_reply(message.channel, message.thread_ts):
            self.messages.append(message)  # else it is taken, and stands nowhere
        return message

    def _new(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"
