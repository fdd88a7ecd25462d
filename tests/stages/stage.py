"""A stage is Hone behind one platform's real door, with people at their clients and a clock.

    ada, grace = stage.person("Ada"), stage.person("Grace")
    await ada.says("improve Estimation runs long @Grace", grace)
    assert "Estimation runs long" in await grace.sees()

The same dialogue runs on every stage: `Player` is what any client lets a person do and see, in
words that leave out how each platform does it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.outbox import Outbox
from bot.platform import Platform
from bot.router import Router
from bot.trackers.http import Door
from bot.trackers.kinds import SignInPages
from bot.trackers.pull import Puller
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.sign_in.keeper import TokenKeeper
from bot.trackers.sign_in.vendors import App
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access, Opens
from bot.trackers.writer import TrackerWriter
from bot.worker import Worker
from handlers import features
from storage import Database
from tests.fakes.tracker import FakeTracker
from tests.keys import VAULT

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""

ZONE = "Europe/Berlin"

PACE_S = 3.0
"""Longer than any platform wants between two updates of a message."""


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True, slots=True)
class Written:
    """Plain words of a person in the channel; `id` is the platform's own, `link` leads back."""

    id: str
    text: str
    author: str
    link: str


Answer = str | bool | tuple[str, ...] | None
"""What a person enters: a text, an option's value, a tick, an ISO day or a person's id."""


class Player(Protocol):
    """A person, by what they do and what their screen shows."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str:
        """The name as everybody reads it."""
        ...

    @property
    def called(self) -> str:
        """The name as it is typed after an @."""
        ...

    def alone(self) -> Player:
        """Return the same person in their one-to-one chat with Hone."""
        ...

    async def says(self, line: str, *mentions: Player) -> None:
        """Give Hone a command; each of `mentions` stands in it as @ and what they are called."""
        ...

    async def chats(self, text: str) -> None:
        """Write to Hone alone: plain words, or a command without its slash."""
        ...

    async def sends(self, name: str, content: bytes) -> None:
        """Send Hone a file alone, without a word."""
        ...

    async def calls(self, text: str) -> None:
        """Write to the channel with `@Hone` somewhere in the text, as people do."""
        ...

    async def writes(self, text: str) -> Written:
        """Write plain words to the channel, which are not for Hone."""
        ...

    async def logs(self, message: Written) -> None:
        """Choose "Log improvement" in the menu of a message."""
        ...

    async def clicks(self, label: str) -> None:
        """Press the newest button of that label."""
        ...

    async def fills(self, answers: Mapping[str, Answer], press: str = "") -> None:
        """Enter answers, by field id, and send the form by its main button or by `press`."""
        ...

    async def adds_hone(self) -> None:
        """Bring Hone into the channel."""
        ...

    async def renames_channel(self, name: str) -> None: ...

    async def leaves(self) -> None:
        """Leave the channel."""
        ...

    async def comes_back(self) -> None:
        """Join the channel again."""
        ...

    async def opens_chat(self) -> None:
        """Open the chat with Hone, or make it a personal app, and write nothing."""
        ...

    async def opens_page(self) -> Player:
        """Open the person's own page. What the returned player sees and presses is on it."""
        ...

    async def sees(self) -> str:
        """What the channel's messages show this person, oldest first, on lines of their own."""
        ...

    @property
    def told(self) -> str:
        """What Hone told this person alone since they began their last act."""
        ...

    @property
    def form(self) -> str:
        """Every word of the open form, its title first and its errors with it; "" without one."""
        ...

    def prefilled(self, field: str) -> str:
        """What stands in a field of the open form; several answers are joined with commas."""
        ...


class Stage(ABC):
    """Everything behind the platform: real router, outbox, worker and database."""

    workspace: str
    channel: str

    def __init__(self, database: Database, clock: Clock) -> None:
        self.clock = clock
        self.database = database
        self._clouds: dict[str, tuple[str, ...]] = {}
        self._apps: dict[str, App] = {}
        pages = SignInPages("https://hone.example", self._clouds)
        self.router = Router(features(pages), database, VAULT)
        self._door = Door(clock)
        self.tokens = TokenKeeper(self._apps, database, VAULT, self._door, clock)
        self._opens: dict[str, Opens] = {"sample": self._sample}
        self._sites = Sites(self._opens, VAULT, self.tokens)
        writer = TrackerWriter(self.router, database, self._sites, self.clock)
        self._platforms: dict[str, Platform] = {writer.name: writer}
        self.outbox = Outbox(self.router, database, self._platforms, self.clock)
        self.worker = Worker(self.router, database, self.outbox, self.clock)
        self._puller = Puller(self.router, database, self._sites, self.clock)

    def _sample(self, _: str, access: Access) -> SampleTracker:
        return SampleTracker(self.database, access.workspace, self.clock)

    def lets_sign_in(self, app: App) -> None:
        """Let whoever runs Hone register it with a vendor, whose tracker answers to any token."""
        kind = app.vendor.kind
        self._clouds[kind], self._apps[kind] = app.vendor.clouds, app
        self._opens[kind] = lambda kind, access: FakeTracker(kind, f"{kind}:{access.site}")

    def connect(self, platform: Platform) -> None:
        self._platforms[platform.name] = platform

    @abstractmethod
    def person(self, name: str, team: str = "") -> Player:
        """Return a member who talks in the stage's channel, or in another team's.

        There are Ada, Grace, Tomás, Kim and Lin everywhere.
        """

    @abstractmethod
    def replica(self, database: Database) -> AbstractAsyncContextManager[Stage]:
        """Begin anew beside the same platform, with nothing of this process's memory."""

    @abstractmethod
    def guest(self, name: str) -> Player | None:
        """Return a guest of the workspace, or None where a platform knows none."""

    @abstractmethod
    def group_chat(self, *names: str) -> list[Player]:
        """Return members who talk in a chat of their own, to which nobody gave a name.

        Nobody where a platform knows none.
        """

    @abstractmethod
    def in_a_thread(self, *names: str) -> list[Player]:
        """Return members who talk in a thread of the channel, under somebody's message."""

    @abstractmethod
    def shown(self) -> list[str]:
        """Return all that ever reached any screen, as it was sent, but for people's own forms."""

    async def settle(self) -> None:
        """Do what is due, at the pace that platforms ask for."""
        sent = True
        while sent:
            while await self.worker.ring_due():
                pass
            sent = False
            while await self.outbox.send_due():
                await self.outbox.drain()
                sent = True
            self.clock.advance(seconds=PACE_S)

    async def stop(self) -> None:
        await self.outbox.stop(0)
        await self._door.close()

    async def pulls(self) -> None:
        """Read all that is due in trackers by now, and do what follows from it."""
        while await self._puller.read_due():
            await self.settle()
        await self.settle()

    async def wait(self, **time: float) -> None:
        """Let time pass, then do what became due."""
        self.clock.advance(**time)
        await self.settle()
