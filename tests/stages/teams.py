"""The Teams stage: deliveries with real RS256 tokens, and a fake cloud that Hone signs in to."""

from __future__ import annotations

import html
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
from aiohttp.test_utils import TestServer

from bot.server import make_app
from bot.teams.adapter import TeamsAdapter
from storage import Database
from tests.fakes.teams import CHANNEL, GROUP_CHAT, TENANT, FakeTeams, Json, Message, direct_with
from tests.fakes.teams_person import TeamsPerson, shown
from tests.stages.stage import ZONE, Answer, Clock, Player, Stage, Written

LAUNCHER = '["teams.command"'
"""How the button begins that opens the form of a typed command."""


class TeamsStage(Stage):
    workspace = f"teams:{TENANT}"
    channel = CHANNEL

    def __init__(
        self, database: Database, clock: Clock, cloud: FakeTeams, http: aiohttp.ClientSession
    ) -> None:
        super().__init__(database, clock)
        self.cloud, self.http = cloud, http
        self.answers: list[Json] = []
        self.adapter = TeamsAdapter(
            **cloud.settings(),
            router=self.router,
            database=database,
            http=http,
            clock=self.clock,
            on_removed=_stays,
        )
        self.connect(self.adapter)
        self.url = ""

    def person(self, name: str, team: str = "", role: str = "user") -> TeamsPlayer:
        return TeamsPlayer(self, self.client(name, _channel(team), role))

    def client(self, name: str, conversation: str, role: str = "user") -> _Client:
        return _Client(self.cloud, self.url, name, conversation, zone=ZONE, role=role, stage=self)

    def guest(self, name: str) -> TeamsPlayer:
        return self.person(name, role="guest")

    def group_chat(self, *names: str) -> list[Player]:
        return [TeamsPlayer(self, self.client(name, GROUP_CHAT)) for name in names]

    def in_a_thread(self, *names: str) -> list[Player]:
        clients = [self.client(name, CHANNEL) for name in names]
        return [TeamsPlayer(self, replace(client, root="1600000000000")) for client in clients]

    @asynccontextmanager
    async def replica(self, database: Database) -> AsyncIterator[TeamsStage]:
        async with _serving(TeamsStage(database, self.clock, self.cloud, self.http)) as stage:
            yield stage

    def shown(self) -> list[str]:
        messages = self.cloud.messages.values()
        cards = [card for message in messages for card in message.cards]
        return [json.dumps(each) for each in (*cards, *self.answers) if not _has_inputs(each)]

    async def settle(self) -> None:
        await self.adapter.stop()  # waits for what is done after an answer; nothing is closed
        await super().settle()


@dataclass(slots=True)
class _Client(TeamsPerson):
    """A client whose acts happen when the stage's clock says so, and whose answers are kept."""

    stage: TeamsStage = field(kw_only=True)

    def alone(self) -> _Client:
        return replace(self, conversation=direct_with(self.id), dialog=None, own={})

    async def delivers(self, activity: Json, *, bearer: str | None = None) -> Json:
        at = {"timestamp": f"{self.stage.clock():%Y-%m-%dT%H:%M:%S.%fZ}"}
        answer = await TeamsPerson.delivers(self, at | activity, bearer=bearer)
        self.stage.answers.append(answer)
        return answer

    async def looks(self) -> str:
        """Have the client ask for the newest card drawn for each person; return what it shows."""
        drawn_for_each = (
            (message, card)
            for message in reversed(self.teams.messages.values())
            for card in message.cards
            if self.id in card.get("refresh", {}).get("userIds", ())
        )
        message, card = next(drawn_for_each)
        value = {"action": card["refresh"]["action"], "trigger": "automatic"}
        self._read_press(await self.invokes("adaptiveCard/action", value, message), message)
        return shown(self.own[message.id])


class TeamsPlayer:
    def __init__(self, stage: TeamsStage, client: _Client) -> None:
        self._stage = stage
        self._client = client
        self._before: dict[str, int] = {}

    @property
    def id(self) -> str:
        return self._client.id

    @property
    def name(self) -> str:
        return self._client.name

    @property
    def called(self) -> str:
        return self.name

    def alone(self) -> TeamsPlayer:
        return TeamsPlayer(self._stage, self._stage.client(self.name, direct_with(self.id)))

    # --- doing ---

    async def chats(self, text: str) -> None:
        self._begins()
        await self._client.says(text)
        await self._stage.settle()

    async def says(self, line: str, *mentions: Player) -> None:
        """Teams opens a form only for a button, so the one that is offered is pressed as well."""
        self._begins()
        named = tuple(p._client for p in mentions if isinstance(p, TeamsPlayer))
        await self._client.says(f"@Hone {line}", mentions=named)
        if title := self._launcher():
            await self._client.clicks(title)
        await self._stage.settle()

    async def sends(self, name: str, content: bytes) -> None:
        await self.shares(self._stage.cloud.upload(name, content))

    async def shares(self, *files: Json) -> None:
        """Send files as Teams attaches them."""
        self._begins()
        await self._client.delivers({"type": "message", "attachments": list(files)})
        await self._stage.settle()

    async def calls(self, text: str) -> None:
        self._begins()
        await self._client.says(text)
        await self._stage.settle()

    async def writes(self, text: str) -> Written:
        """Teams tells Hone nothing of it."""
        return Written("1600000000000", text, self.name, "https://teams.example.com/l/message/16")

    async def logs(self, message: Written) -> None:
        self._begins()
        said = f"<p>{html.escape(message.text)}</p>"
        await self._client.calls("log_improvement", said, message.author, message.link)
        await self._stage.settle()

    async def clicks(self, label: str) -> None:
        self._begins()
        await self._client.clicks(label)
        await self._stage.settle()

    async def fills(self, answers: Mapping[str, Answer], press: str = "") -> None:
        self._begins()
        await self._client.submits({f: self._entered(a) for f, a in answers.items()}, press)
        await self._stage.settle()

    async def adds_hone(self) -> None:
        self._begins()
        await self._client.adds_hone()
        await self._stage.settle()

    async def renames_channel(self, name: str) -> None:
        await self._client.renames_channel(name)
        await self._stage.settle()

    async def leaves(self) -> None:
        await self._client.leaves()
        await self._stage.settle()

    async def comes_back(self) -> None:
        await self._client.comes_back()
        await self._stage.settle()

    async def opens_chat(self) -> None:
        await self._client.alone().adds_hone()
        await self._stage.settle()

    async def opens_page(self) -> Player:
        """Teams has no place for a page but the chat with Hone."""
        alone = self._client.alone()
        await alone.says("me")
        await self._stage.settle()
        return _AtPage(self._stage, alone)

    # --- seeing ---

    async def sees(self) -> str:
        return self._client.sees()

    @property
    def told(self) -> str:
        changed = [m for m in self._private() if len(m.cards) != self._before.get(m.id)]
        said = [self._client.toast] if self._client.toast else []
        in_dialog = self._client.dialog is not None and not _has_inputs(self._client.dialog)
        return "\n".join(
            [*said, *(shown(m.card) for m in changed), *([self.form] if in_dialog else [])]
        )

    @property
    def form(self) -> str:
        return self._client.sees_dialog() if self._client.has_dialog else ""

    def prefilled(self, field: str) -> str:
        return self._client.prefilled(field)

    def _begins(self) -> None:
        self._before = {m.id: len(m.cards) for m in self._private()}
        self._client.toast = ""

    def _private(self) -> list[Message]:
        return list(self._stage.cloud.in_conversation(direct_with(self.id)))

    def _launcher(self) -> str:
        newest = [*self._stage.cloud.in_conversation(self._client.conversation)][-1:]
        actions = [a for m in newest for e in m.card["body"] for a in e.get("actions", ())]
        return next((a["title"] for a in actions if _is_launcher(a)), "")

    def _entered(self, answer: Answer) -> str:
        """Teams' people picker names people by their directory ids."""
        match answer:
            case None:
                return ""
            case bool():
                return "on" if answer else "off"
            case str():
                return self._picked(answer)
            case _:
                return ",".join(map(self._picked, answer))

    def _picked(self, answer: str) -> str:
        member = self._stage.cloud.members.get(answer)
        return member["aadObjectId"] if member else answer


class _AtPage(TeamsPlayer):
    """The same person before the card in their own chat."""

    async def sees(self) -> str:
        return next(
            page for m in reversed(self._private()) if "Your page" in (page := shown(m.card))
        )


def _channel(team: str) -> str:
    return f"19:{team}@thread.tacv2" if team else CHANNEL


def _is_launcher(action: Json) -> bool:
    return str((action.get("data") or {}).get("hone", "")).startswith(LAUNCHER)


def _has_inputs(card: Json) -> bool:
    return '"type": "Input.' in json.dumps(card)


async def _stays(_: str, __: str) -> None:
    raise AssertionError("nobody removes Hone here")


@asynccontextmanager
async def _serving(stage: TeamsStage) -> AsyncIterator[TeamsStage]:
    async with TestServer(make_app(stage.database, stage.adapter.routes(), stage.clock)) as server:
        stage.url = str(server.make_url("")).rstrip("/")
        yield stage
        await stage.adapter.stop()
        await stage.stop()


@asynccontextmanager
async def teams_stage(database: Database) -> AsyncIterator[TeamsStage]:
    async with (
        FakeTeams() as cloud,
        aiohttp.ClientSession() as http,
        _serving(TeamsStage(database, Clock(), cloud, http)) as stage,
    ):
        yield stage
