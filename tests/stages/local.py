"""The local room's stage: what its page's script would send, the page and its events."""

from __future__ import annotations

import asyncio
import base64
import json
import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.local import people, room
from bot.local.adapter import LocalRoom
from bot.local.people import RESIDENTS, Resident
from bot.local.room import CHANNELS, WORKSPACE
from bot.server import make_app
from bot.turn import Person
from storage import Database
from tests.stages.page import Page, PageForm, read_form, read_page
from tests.stages.stage import Answer, Clock, Player, Stage, Written

Json = dict[str, Any]

MORE_RESIDENTS = (
    Resident(Person("kim", "Kim Vu", "Asia/Tokyo"), "Tester", "Tokyo"),
    Resident(Person("lin", "Lin Berg", "Europe/Oslo"), "Engineer", "Oslo"),
)
MORE_CHANNELS = ("search", "mobile", "billing", "web")
"""The room is larger here than it opens, so that its people can play every story."""


class LocalStage(Stage):
    workspace = WORKSPACE
    channel = CHANNELS[0]

    def __init__(self, database: Database, clock: Clock, http: aiohttp.ClientSession) -> None:
        super().__init__(database, clock)
        self.http = http
        self.room = LocalRoom(self.router, database, self.clock)
        self.connect(self.room)
        self.url = ""
        self.sent: list[str] = []
        """All that ever reached a browser, but for forms."""

    def person(self, name: str, team: str = "") -> LocalPlayer:
        who = next(r for r in people.RESIDENTS if _plain(r.first_name) == _plain(name))
        return LocalPlayer(self, who, team or self.channel)

    def guest(self, name: str) -> None:
        """Everybody who can open the room is a member."""

    def group_chat(self, *names: str) -> list[Player]:
        """Everybody is in every channel."""
        return []

    def in_a_thread(self, *names: str) -> list[Player]:
        """Its threads hold answers of Hone's only."""
        return []

    @asynccontextmanager
    async def replica(self, database: Database) -> AsyncIterator[LocalStage]:
        async with _serving(LocalStage(database, self.clock, self.http)) as stage:
            yield stage

    def shown(self) -> list[str]:
        return self.sent

    async def hear(self, heard: asyncio.Event) -> None:
        """Keep the events that every open page of the channel is sent."""
        url = f"{self.url}/local/events?as={RESIDENTS[-1].person.id}&mark=none"
        async with self.http.get(url) as response:
            async for line in response.content:
                heard.set()
                if line.startswith(b"data:"):
                    self.sent.append(line.decode())


class LocalPlayer:
    def __init__(self, stage: LocalStage, who: Resident, channel: str = "") -> None:
        self._stage = stage
        self._channel = channel or stage.channel
        self._who = who
        self._whispers: list[Page] = []
        self._answer: Json = {}
        self._form: PageForm | None = None
        self._pressed_at: Json = {}

    @property
    def id(self) -> str:
        return self._who.person.id

    @property
    def name(self) -> str:
        return self._who.person.name

    @property
    def called(self) -> str:
        return self._who.first_name

    def alone(self) -> LocalPlayer:
        return LocalPlayer(self._stage, self._who, self._who.direct_channel)

    # --- doing ---

    async def chats(self, text: str) -> None:
        await self._acts("say", text=text)

    async def says(self, line: str, *mentions: Player) -> None:
        await self._acts("say", text=f"/{line}")

    async def sends(self, name: str, content: bytes) -> None:
        self._whispers = []
        files = [{"name": name, "content": base64.b64encode(content).decode()}]
        await self._acts("hand", files=files)

    async def calls(self, text: str) -> None:
        await self._acts("say", text=text)

    async def writes(self, text: str) -> Written:
        await self._acts("say", text=text)
        line = (await self._page()).lines[-1]
        link = f"{self._stage.url}/?in={self._channel}#line-{line}"
        return Written(line, text, self.name, link)

    async def logs(self, message: Written) -> None:
        await self._acts("shortcut", name="log_improvement", line=message.id)

    async def clicks(self, label: str) -> None:
        page = await self._page()
        for place in (*reversed(self._whispers), page):
            for button in reversed(place.buttons):
                if button.label == label:
                    self._pressed_at = {"post": button.post, "thread": button.thread}
                    return await self._acts("click", action=button.action, **self._pressed_at)
        raise AssertionError(f"{self.name} sees no button {label!r}")

    async def fills(self, answers: Mapping[str, Answer], press: str = "") -> None:
        form = self._form
        assert form is not None, f"{self.name} has no form open"
        unknown = answers.keys() - form.answers.keys()
        assert not unknown, f"the form has no field {unknown}, only {sorted(form.answers)}"
        given = form.answers | {field: _texts(answer) for field, answer in answers.items()}
        action = form.submits[press] if press else form.primary
        await self._acts("submit", key=form.nonce, action=action, answers=given, **self._pressed_at)

    async def adds_hone(self) -> None:
        pytest.skip("Hone is in the room from the first")

    async def renames_channel(self, name: str) -> None:
        pytest.skip("the room's channels keep their names")

    async def leaves(self) -> None:
        pytest.skip("nobody leaves the room")

    async def comes_back(self) -> None:
        pytest.skip("nobody leaves the room")

    async def opens_chat(self) -> None:
        pytest.skip("everybody in the room has read its page")

    async def opens_page(self) -> Player:
        there = LocalPlayer(self._stage, self._who, self._who.home)
        await there.sees()
        await self._stage.settle()
        return there

    # --- seeing ---

    async def sees(self) -> str:
        return (await self._page()).text

    @property
    def told(self) -> str:
        return "\n".join(read_page(each["html"]).text for each in self._answer["whispers"])

    @property
    def form(self) -> str:
        return self._form.text if self._form else ""

    def prefilled(self, field: str) -> str:
        assert self._form is not None, "no form is open"
        return ",".join(self._form.answers[field])

    # --- how the page does it ---

    async def _acts(self, what: str, **body: Any) -> None:
        whole = {"as": self.id, "in": self._channel, "key": uuid4().hex, **body}
        async with self._stage.http.post(f"{self._stage.url}/local/{what}", json=whole) as response:
            assert response.status == 200, await response.text()
            self._answer = await response.json()
        form = self._answer.pop("form")
        self._form = read_form(form) if form else None
        self._stage.sent.append(json.dumps(self._answer))
        self._whispers += [read_page(each["html"]) for each in self._answer["whispers"]]
        await self._stage.settle()

    async def _page(self) -> Page:
        url = f"{self._stage.url}/?as={self.id}&in={self._channel}"
        async with self._stage.http.get(url) as response:
            drawn = await response.text()
        messages = drawn.partition('id="messages"')[2].partition('class="compose"')[0]
        self._stage.sent.append(messages)
        return read_page(drawn)


def _texts(answer: Answer) -> list[str]:
    match answer:
        case None | False | "":
            return []
        case True:
            return ["on"]
        case str():
            return [answer]
        case _:
            return list(answer)


def _plain(name: str) -> str:
    """Return a name without its accents: Tomas is who the others call Tomás."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@asynccontextmanager
async def _serving(stage: LocalStage) -> AsyncIterator[LocalStage]:
    async with TestServer(make_app(stage.database, stage.room.routes(), stage.clock)) as server:
        stage.url = str(server.make_url("")).rstrip("/")
        heard = asyncio.Event()
        hearing = asyncio.create_task(stage.hear(heard))
        await heard.wait()
        yield stage
        stage.room.close()
        await hearing
        await stage.stop()


@asynccontextmanager
async def local_stage(database: Database) -> AsyncIterator[LocalStage]:
    with pytest.MonkeyPatch.context() as larger:
        larger.setattr(people, "RESIDENTS", RESIDENTS + MORE_RESIDENTS)
        larger.setattr(room, "CHANNELS", CHANNELS + MORE_CHANNELS)
        async with (
            aiohttp.ClientSession() as http,
            _serving(LocalStage(database, Clock(), http)) as stage,
        ):
            yield stage
