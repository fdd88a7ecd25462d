"""A Slack workspace with Hone in it: the real adapter, router and database, and a small feature."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp.test_utils import TestServer

from bot.cards import (
    Button,
    Buttons,
    Card,
    Choice,
    Form,
    FormButton,
    Input,
    Option,
    heading,
    says,
    text,
)
from bot.feature import CommandSpec, Feature
from bot.router import Router
from bot.server import make_app
from bot.slack.adapter import PATH, SlackAdapter
from bot.slack.install import OwnApp
from bot.turn import Ask, Mistake, Reply, Turn, Whisper, whisper
from bot.vault import Vault
from bot.wire import Action, action
from storage import Database, Store, Unavailable
from storage.database import T, Work
from tests.fakes.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    TEAM,
    FakeSlack,
)
from tests.fakes.slack_line import SlackLine
from tests.fakes.slack_person import SlackPerson

DEV = "C0DEV"
WORKSPACE = f"slack:{TEAM}"


@action("test.open")
@dataclass(frozen=True, slots=True)
class Open(Action):
    pass


@action("test.rate")
@dataclass(frozen=True, slots=True)
class Rate(Action):
    item_id: int


@action("test.skip")
@dataclass(frozen=True, slots=True)
class Skip(Action):
    item_id: int


@action("test.tick")
@dataclass(frozen=True, slots=True)
class Tick(Action):
    pass


FORM = Form(
    "Rate #7",
    Rate(7),
    (
        Input("why", "Why", max_chars=200, optional=True),
        Choice("size", "Size", tuple(Option(str(n), str(n)) for n in (1, 2, 3, 5, 8, 13))),
    ),
    also=(FormButton("Skip it", Skip(7)),),
)
CARD = Card(
    "Item #7",
    (
        heading("Item #7"),
        text("Cut build time"),
        Buttons((Button("Rate", Open(), opens_form=True), Button("Tick", Tick()))),
    ),
)


@dataclass
class Demo:
    """Records the turns it was given, and answers in every way a feature can."""

    turns: list[Turn] = field(default_factory=list)

    def feature(self) -> Feature:
        return Feature(
            "demo",
            commands={
                "improve": self._spec(self.improve, free_text=True),
                "wsjf": self._spec(self.ask, free_text=True),
                "card": self._spec(self.card),
                "boom": self._spec(self.boom),
                "refuse": self._spec(self.refuse),
                "help": self._spec(self.help),
            },
            actions={Open: self.open, Rate: self.rate, Skip: self.skip, Tick: self.tick},
            shortcuts={
                "log_improvement": self.shortcut,
                "new": self.shortcut,
                "offer_to_log": self.on_message,
            },
            on_message=self.on_message,
            joined=self.on_message,
        )

    def _spec(self, run: object, free_text: bool = False) -> CommandSpec:
        return CommandSpec("Summary", run, "/x", "does x", free_text=free_text)  # type: ignore[arg-type]

    async def improve(self, turn: Turn, store: Store, words: str) -> Reply:
        self.turns.append(turn)
        return whisper(f"Saved: {words} ({turn.person.name}, {turn.person.zone})")

    async def help(self, turn: Turn, store: Store, words: str) -> Reply:
        return whisper("Help is here")

    async def ask(self, turn: Turn, store: Store, words: str) -> Reply:
        self.turns.append(turn)
        return Ask(FORM)

    async def card(self, turn: Turn, store: Store, words: str) -> Reply:
        return Whisper(CARD)

    async def boom(self, turn: Turn, store: Store, words: str) -> Reply:
        raise RuntimeError("boom")

    async def refuse(self, turn: Turn, store: Store, words: str) -> Reply:
        raise Mistake("That is not possible.")

    async def open(self, turn: Turn, store: Store, pressed: Open) -> Reply:
        self.turns.append(turn)
        return Ask(FORM)

    async def tick(self, turn: Turn, store: Store, pressed: Tick) -> Reply:
        self.turns.append(turn)
        return Whisper(says("Ticked."), replaces=True)

    async def rate(self, turn: Turn, store: Store, sent: Rate) -> Reply:
        self.turns.append(turn)
        match turn.answers.one("why"):
            case "field":
                return Ask(FORM, {"why": "Please say more."})
            case "form":
                return Ask(FORM, {"": "The poll is closed."})
            case "next":
                return Ask(Form("Step two", Skip(8), (Input("more", "More"),)))
            case "mistake":
                raise Mistake("Somebody was faster.")
        return whisper("Rated ", turn.answers.one("size"))

    async def skip(self, turn: Turn, store: Store, sent: Skip) -> Reply:
        self.turns.append(turn)
        return whisper(f"Skipped {sent.item_id}")

    async def shortcut(self, turn: Turn, store: Store) -> Reply:
        self.turns.append(turn)
        return Ask(FORM)

    async def on_message(self, turn: Turn, store: Store) -> Reply:
        self.turns.append(turn)
        return whisper("Hello!")


class BreakableDatabase(Database):
    """A database that a test can make unreachable."""

    broken = False

    async def write(self, workspace: str, now: datetime, work: Work[T]) -> T:
        if self.broken:
            raise Unavailable("unplugged")
        return await super().write(workspace, now, work)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class World:
    clock: Clock
    slack: FakeSlack
    adapter: SlackAdapter
    database: BreakableDatabase
    demo: Demo
    http: aiohttp.ClientSession
    line: SlackLine
    url: str
    removed: list[str]

    def person(
        self, id: str, name: str, zone: str = "Europe/Berlin", **more: object
    ) -> SlackPerson:
        self.slack.add_person(id, name, zone, **more)
        self.slack.channels[DEV].add(id)
        return SlackPerson(self.line, id, DEV)


PUBLIC_URL = "https://hone.example"
OWN_APP = OwnApp(CLIENT_ID, CLIENT_SECRET, PUBLIC_URL)


@asynccontextmanager
async def world(
    database_url: str,
    *,
    socket_mode: bool = False,
    keys: Sequence[str] = (),
    app_token: str = APP_TOKEN,
) -> AsyncIterator[World]:
    """Run Hone in a fake workspace with one channel, `#dev`.

    With `keys` it has no token of its own: workspaces add it by themselves.
    """
    clock, demo, removed = Clock(), Demo(), list[str]()
    database = BreakableDatabase(database_url)

    async def on_removed(workspace: str) -> None:
        if database.broken:
            raise Unavailable("unplugged")
        removed.append(workspace)

    async with FakeSlack(clock) as slack, aiohttp.ClientSession() as http:
        slack.add_channel(DEV)
        adapter = SlackAdapter(
            bot_token="" if keys else BOT_TOKEN,
            app=OWN_APP if keys else None,
            vault=Vault(keys) if keys else None,
            signing_secret=SIGNING_SECRET,
            app_token=app_token if socket_mode else None,
            api_url=slack.api_url,
            router=Router([demo.feature()], database),
            database=database,
            http=http,
            clock=clock,
            on_removed=on_removed,
            reaction="bulb",
        )
        server = TestServer(make_app(database, adapter.routes(), clock))
        await server.start_server()
        try:
            await adapter.start()
        except BaseException:
            await server.close()
            await database.close()
            raise
        url = str(server.make_url(PATH))
        line = SlackLine(slack, http, url, adapter.settled)
        try:
            yield World(clock, slack, adapter, database, demo, http, line, url, removed)
        finally:
            await adapter.stop()
            await server.close()
            await database.close()
