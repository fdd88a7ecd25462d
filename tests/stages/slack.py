"""The Slack stage: signed requests into Hone's own server, and a fake Web API that Hone calls."""

from __future__ import annotations

import html
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.test_utils import TestServer

from bot.server import make_app
from bot.slack.adapter import PATH, SlackAdapter
from bot.slack.install import OwnApp
from bot.vault import Vault
from storage import Database
from tests.fakes.slack import (
    BOT_TOKEN,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    TEAM,
    FakeSlack,
    Message,
    View,
    direct,
)
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson
from tests.fakes.slack_screen import shown
from tests.fakes.slack_server import Json
from tests.stages.stage import ZONE, Answer, Clock, Player, Stage, Written

FORMS = ("views.open", "views.update")


class _Line(SlackLine):
    """Keeps what Hone answered."""

    def __init__(self, slack: FakeSlack, http: aiohttp.ClientSession, url: str) -> None:
        super().__init__(slack, http, url)
        self.answers: list[bytes] = []

    async def deliver(self, raw: bytes, content_type: str, **headers: str) -> bytes:
        self.answers.append(await super().deliver(raw, content_type, **headers))
        return self.answers[-1]


class SlackStage(Stage):
    workspace = f"slack:{TEAM}"
    channel = "C0DEV"
    url = ""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        slack: FakeSlack,
        http: aiohttp.ClientSession,
        vault: Vault | None = None,
    ) -> None:
        """Hone has the workspace's token; with a `vault` workspaces install it themselves."""
        super().__init__(database, clock)
        if self.channel not in slack.channels:
            slack.add_channel(self.channel, name="dev")
        self.slack, self.http = slack, http
        self.adapter = SlackAdapter(
            bot_token="" if vault else BOT_TOKEN,
            app=OwnApp(CLIENT_ID, CLIENT_SECRET, "https://hone.example") if vault else None,
            vault=vault,
            signing_secret=SIGNING_SECRET,
            api_url=slack.api_url,
            router=self.router,
            database=database,
            http=http,
            clock=self.clock,
            on_removed=_stays,
        )
        self.connect(self.adapter)

    def use(self, line: _Line) -> None:
        self.line = line

    def person(
        self,
        name: str,
        team: str = "",
        channel: str = "",
        thread: str | None = None,
        **more: object,
    ) -> SlackPlayer:
        id = f"U0{name.upper()}"
        channel = channel or (f"C0{team.upper()}" if team else self.channel)
        if channel not in self.slack.channels:
            self.slack.add_channel(channel, name=team.lower())
        self.slack.add_person(id, name, ZONE, **more)
        self.slack.channels[channel].add(id)
        return SlackPlayer(self, SlackPerson(self.line, id, channel), name, thread)

    def guest(self, name: str) -> SlackPlayer:
        return self.person(name, is_restricted=True)

    def group_chat(self, *names: str) -> list[Player]:
        chat = "G0CHAT"
        self.slack.add_channel(chat, name=f"mpdm-{'--'.join(names).lower()}-1", private=True)
        return [self.person(name, channel=chat) for name in names]

    def in_a_thread(self, *names: str) -> list[Player]:
        begun = self.slack.add_message("U0ADA", self.channel, "Where do builds lose their time?")
        return [self.person(name, thread=begun.ts) for name in names]

    @asynccontextmanager
    async def replica(self, database: Database) -> AsyncIterator[SlackStage]:
        async with _serving(SlackStage(database, self.clock, self.slack, self.http)) as stage:
            yield stage

    async def changes_id(self, channel: str, to: str) -> str:
        """Give a channel another id, and return that."""
        self.slack.change_id(channel, to)
        await self.tells({"type": "channel_id_changed", "old_channel_id": channel}, to)
        return to

    async def tells(self, event: Json, new_id: str) -> None:
        await self.line.event(event | {"new_channel_id": new_id})
        await self.settle()

    def shown(self) -> list[str]:
        sent = [json.dumps(said) for method, said in self.slack.calls if method not in FORMS]
        answers = [answer.decode() for answer in self.line.answers]
        return sent + [answer for answer in answers if "response_action" not in answer]

    async def settle(self) -> None:
        await self.adapter.settled()
        await super().settle()


class SlackPlayer:
    def __init__(
        self, stage: SlackStage, person: SlackPerson, name: str, thread: str | None = None
    ) -> None:
        self._stage = stage
        self._person = person
        self._thread = thread
        self._before: dict[str, int] = {}
        self.name = self.called = name

    @property
    def id(self) -> str:
        return self._person.id

    def alone(self) -> SlackPlayer:
        person = SlackPerson(self._stage.line, self.id, direct(self.id))
        return SlackPlayer(self._stage, person, self.name)

    # --- doing ---

    async def chats(self, text: str) -> None:
        self._begins()
        await self._person.writes(text)
        await self._stage.settle()

    async def says(self, line: str, *mentions: Player) -> None:
        self._begins()
        for person in mentions:
            line = line.replace(f"@{person.called}", f"<@{person.id}|{person.called}>")
        await self._person.types(f"/{line}")
        await self._stage.settle()

    async def sends(self, name: str, content: bytes) -> None:
        await self.shares(self._stage.slack.upload(name, content))

    async def shares(self, *files: Json) -> None:
        """Send files that were uploaded before."""
        self._begins()
        await self._person.shares(*files)
        await self._stage.settle()

    async def calls(self, text: str) -> None:
        self._begins()
        await self._person.mentions(text, self._thread)
        await self._stage.settle()

    async def writes(self, text: str) -> Written:
        escaped = html.escape(text, quote=False)  # as Slack keeps what people type
        message = self._stage.slack.add_message(self.id, self._stage.channel, escaped)
        archive = f"https://hone-test.slack.com/archives/{message.channel}"
        return Written(message.ts, text, self.name, f"{archive}/p{message.ts.replace('.', '')}")

    async def logs(self, message: Written) -> None:
        self._begins()
        on = self._stage.slack.message(self._stage.channel, message.id)
        await self._person.uses("log_improvement", on)
        await self._stage.settle()

    async def clicks(self, label: str) -> None:
        self._begins()
        await self._person.clicks(label)
        await self._stage.settle()

    async def fills(self, answers: Mapping[str, Answer], press: str = "") -> None:
        self._begins()
        given = {field: "" if answer is None else answer for field, answer in answers.items()}
        if press:
            await self._person.fills(given)
            await self._person.clicks(press)
        else:
            await self._person.submits(given)
        await self._stage.settle()

    async def hands(self, *files: Json) -> None:
        """Choose files in the open form, and send it."""
        await self._person.fills({"file": files})
        await self.fills({})

    async def adds_hone(self) -> None:
        self._begins()
        await self._person.invites_hone()
        await self._stage.settle()

    async def renames_channel(self, name: str) -> None:
        await self._person.renames_channel(name)
        await self._stage.settle()

    async def leaves(self) -> None:
        await self._person.leaves()
        await self._stage.settle()

    async def comes_back(self) -> None:
        await self._person.comes_back()
        await self._stage.settle()

    async def is_deactivated(self, gone: bool = True) -> None:
        await self._person.changes(deleted=gone)
        await self._stage.settle()

    async def is_called(self, name: str) -> None:
        await self._person.changes(profile={"display_name": name, "real_name": name})
        await self._stage.settle()

    async def opens_chat(self) -> None:
        await self._person.opens_home("messages")
        await self._stage.settle()

    async def opens_page(self) -> Player:
        await self._person.opens_home()
        await self._stage.settle()
        return _AtHome(self._stage, self._person, self.name)

    # --- seeing ---

    async def sees(self) -> str:
        slack = self._stage.slack
        return "\n".join(
            shown(message.blocks) or message.said
            for message in slack.in_channel(self._person.channel)
        )

    @property
    def told(self) -> str:
        changed = (m for m in self._private() if m.edits != self._before.get(m.ts, -1))
        farewell = self._view is not None and "submit" not in self._view.drawn
        return "\n".join(
            [*(shown(message.blocks) for message in changed), *([self.form] if farewell else [])]
        )

    @property
    def form(self) -> str:
        if self._view is None:
            return ""
        drawn = self._view.drawn
        lines = [drawn["title"]["text"], shown(drawn["blocks"]), *self._person.errors.values()]
        return "\n".join([*lines, *([f"[{drawn['submit']['text']}]"] if "submit" in drawn else [])])

    def prefilled(self, field: str) -> str:
        assert self._view is not None, "no form is open"
        state = self._person.prefilled(field)
        return ",".join(_prefilled(state))

    @property
    def _view(self) -> View | None:
        return self._person.form

    def _begins(self) -> None:
        self._before = {message.ts: message.edits for message in self._private()}

    def _private(self) -> list[Message]:
        chat = direct(self.id)
        messages = self._stage.slack.messages
        mine = [m for m in messages if m.author == BOT_USER]
        return [m for m in mine if m.only_for == self.id or m.channel == chat]


class _AtHome(SlackPlayer):
    """The same person in the Home tab."""

    async def clicks(self, label: str) -> None:
        self._begins()
        await self._person.clicks_at_home(label)
        await self._stage.settle()

    async def sees(self) -> str:
        assert self._person.home is not None, "nothing was published"
        return shown(self._person.home.drawn["blocks"])


def _prefilled(state: Json) -> list[str]:
    options = [state.get("selected_option"), *(state.get("selected_options") or ())]
    chosen = [option["value"] for option in options if option]
    single = [state.get(key) for key in ("value", "selected_date", "selected_user")]
    return [*chosen, *(each for each in single if each), *(state.get("selected_users") or ())]


async def _stays(_: str) -> None:
    raise AssertionError("nobody removes Hone here")


@asynccontextmanager
async def _serving(stage: SlackStage) -> AsyncIterator[SlackStage]:
    async with TestServer(make_app(stage.database, stage.adapter.routes(), stage.clock)) as server:
        await stage.adapter.start()
        stage.url = str(server.make_url("")).rstrip("/")
        stage.use(_Line(stage.slack, stage.http, str(server.make_url(PATH))))
        yield stage
        await stage.adapter.stop()
        await stage.stop()


@asynccontextmanager
async def slack_stage(database: Database, vault: Vault | None = None) -> AsyncIterator[SlackStage]:
    clock = Clock()
    async with (
        FakeSlack(clock) as slack,
        aiohttp.ClientSession() as http,
        _serving(SlackStage(database, clock, slack, http, vault)) as stage,
    ):
        yield stage
