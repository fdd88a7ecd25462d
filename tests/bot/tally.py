"""The smallest feature there is, for tests of the machinery: a card that counts marks.

room = Room(database)
await room.post("general")
await room.mark("general")
await room.settle()
assert room.platform.shown("general") == ["1 mark"]
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from bot.cards import Card, says
from bot.feature import Feature
from bot.outbox import Outbox
from bot.platform import Address, SendError
from bot.router import Router
from bot.turn import Post, Reply, Turn
from bot.twins import twin
from bot.wire import View, encode, view
from bot.worker import Worker
from storage import Database, Store
from storage.lanes import RateLimits
from storage.posts import PostRow

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORKSPACE = "test:tally"


@view("tally.count")
@dataclass(frozen=True, slots=True)
class Tally(View):
    """How many marks a channel has."""

    channel: str


@view("tally.broken")
@dataclass(frozen=True, slots=True)
class Broken(View):
    """A view whose drawing fails."""


async def draw(store: Store, tally: Tally) -> Card:
    marks = await store.lines.in_channel(tally.channel, limit=10_000)
    return says(f"{len(marks)} mark{'s' if len(marks) != 1 else ''}")


async def draw_broken(store: Store, _: Broken) -> Card:
    raise ZeroDivisionError


async def ring(turn: Turn, store: Store, key: str) -> Reply:
    """A timer's mark; the key `fails` fails after marking."""
    await store.lines.add(turn.place.channel, "clock", key)
    if key == "fails":
        raise ZeroDivisionError
    return Post(Tally(turn.place.channel))


FEATURE = Feature(name="tally", views={Tally: draw, Broken: draw_broken}, due={"tally.ring": ring})


Kind = Literal["post", "update", "open"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the platform, when it began."""

    at: datetime
    kind: Kind
    to: Address
    text: str


Answering = Callable[[Call], Awaitable[None]]


async def accept(_: Call) -> None:
    """Take every message."""


@dataclass(slots=True)
class ScriptedPlatform:
    """Remembers every call; `answering` may wait, raise a SendError or do something meanwhile.

    `answered` may do the same once the message stands there.
    """

    clock: Callable[[], datetime]
    name: str = "test"
    rate_limits: RateLimits = field(default_factory=RateLimits)
    answering: Answering = accept
    answered: Answering = accept
    calls: list[Call] = field(default_factory=list)
    messages: dict[str, tuple[Address, str]] = field(default_factory=dict)
    _refs: count[int] = field(default_factory=lambda: count(1))

    async def post(self, to: Address, card: Card) -> str:
        call = await self._called("post", to, twin(card))
        ref = f"m{next(self._refs)}"
        self.messages[ref] = (to, twin(card))
        await self.answered(call)
        return ref

    async def update(self, to: Address, ref: str, card: Card) -> None:
        call = await self._called("update", to, twin(card))
        self.messages[ref] = (to, twin(card))
        await self.answered(call)

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        raise AssertionError("nothing here is pinned")

    async def open_direct(self, workspace: str, person: str) -> str:
        await self._called("open", Address(workspace, f"dm-{person}"), "")
        return f"dm-{person}"

    async def _called(
        self, kind: Literal["post", "update", "open"], to: Address, text: str
    ) -> Call:
        call = Call(self.clock(), kind, to, text)
        self.calls.append(call)
        await self.answering(call)
        return call

    def shown(self, channel: str) -> list[str]:
        """What a channel's messages say now, in the order they were posted."""
        return [text for to, text in self.messages.values() if to.channel == channel]


class Room:
    """The machinery around the tally on one database, with a clock that tests move."""

    def __init__(
        self, database: Database, workspace: str = WORKSPACE, feature: Feature = FEATURE
    ) -> None:
        self.now = START
        self.database = database
        self.workspace = workspace
        self.platform = ScriptedPlatform(lambda: self.now)
        self.router = Router([feature], database)
        self.outbox = self.replica()
        self.worker = Worker(self.router, database, self.outbox, lambda: self.now)

    def replica(self, database: Database | None = None) -> Outbox:
        """Return one more outbox on the same platform, as another process would run."""
        platforms = {"test": self.platform, "tracker": self.platform}
        return Outbox(self.router, database or self.database, platforms, lambda: self.now)

    async def post(
        self,
        channel: str,
        *,
        under: str | None = None,
        broken: bool = False,
        can_wait: bool = False,
    ) -> str:
        """Want a message in a channel, perhaps under the newest tally of channel `under`."""
        wanted = encode(Broken() if broken else Tally(channel))

        async def add(store: Store) -> str:
            parent = encode(Tally(under)) if under else None
            return await store.posts.add(wanted, channel=channel, under=parent, can_wait=can_wait)

        return await self.database.write(self.workspace, self.now, add)

    async def row(self, post: str) -> PostRow:
        """What is kept of a post."""
        async with self.database.read(WORKSPACE, self.now) as store:
            row = await store.posts.find(post)
        assert row is not None
        return row

    async def mark(self, channel: str) -> None:
        """Make a mark, as a turn would: the state and what shows it, in one transaction."""
        await self.database.write(self.workspace, self.now, lambda store: marked(store, channel))

    async def settle(self) -> None:
        """Send everything that is due by now."""
        while await self.outbox.send_due():
            await self.outbox.drain()

    async def wait(self, seconds: float) -> None:
        """Let time pass, then send what became due."""
        self.now += timedelta(seconds=seconds)
        await self.settle()


async def marked(store: Store, channel: str) -> None:
    await store.lines.add(channel, "ada", "|")


class Answers:
    """Gives the platform's answers one after the other, then accepts everything."""

    def __init__(self, *answers: SendError | None) -> None:
        self._left = list(answers)

    async def __call__(self, _: Call) -> None:
        answer = self._left.pop(0) if self._left else None
        if answer is not None:
            raise answer


class Held:
    """Lets calls begin and keeps their answers back until `go` is set."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _: Call) -> None:
        self.begun.set()
        await self.go.wait()
