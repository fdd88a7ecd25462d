"""What every tracker to test against has in common: items, people, a clock, and bad days.

A fake keeps its items as `Thing`s and speaks its vendor's language about them. Tests act here as
the people of the other tool would.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ssl import SSLContext
from typing import Any, ClassVar, Self

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.tracker import Access, Tracker

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ADA, GRACE, HONE = "ada", "grace", "hone-bot"

Json = dict[str, Any]


@dataclass(slots=True)
class Happened:
    """Somebody changed something: a state, or another field by its name."""

    at: datetime
    who: str
    name: str
    before: Any
    after: Any


@dataclass(slots=True)
class Thing:
    """One item; `numbers` are the four cards and wsjf, by Hone's names."""

    id: int
    scope: str
    title: str
    created: datetime
    updated: datetime
    state: str
    description: str = ""
    points: float | None = None
    owner: str = ""
    due: date | None = None
    labels: list[str] = field(default_factory=list)
    parent: int | None = None
    blocked_by: list[int] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    restricted: bool = False
    history: list[Happened] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    version: int = 1
    finished: datetime | None = None


MARKDOWN = r"(?m)^\s*/\w+|(?<!\w)[@#!]\w+"
"""People, numbers and orders, as Markdown's kin find them in a text."""


@dataclass(slots=True)
class Trouble:
    """What the next answer is instead; `after` the call has had its effect."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    after: bool = False
    path: str = ""
    method: str = ""

    def meets(self, request: web.Request) -> bool:
        return request.path.endswith(self.path) and request.method == (
            self.method or request.method
        )


class Refusal(Exception):
    """The tracker refuses: a status and its body."""

    def __init__(self, status: int, body: Any = None) -> None:
        self.status = status
        self.body = body


class Board:
    """A tracker at work. Started by `async with`; `tracker()` is Hone's way in."""

    kind: ClassVar[str]
    states: ClassVar[tuple[str, ...]] = ("To Do", "In Progress", "Done")
    """Its states: the first for new items, the last for finished ones."""

    scope = "1"
    other_scope = "2"
    gone_scope = "99999"
    creates_at = "/issue"
    """How the address ends that creates an item."""

    creates_by = "POST"
    token = "s3cret"
    hook_secret = "hook-secret"
    lacks: ClassVar[frozenset[str]] = frozenset()
    """What this tracker cannot do, so that the contract leaves it out, or asks it otherwise.

    Fields: `cards`, `cards read back`, `points`, `due`, `labels`, `parents`. What it tells: `links`
    (who waits for whom), `history` (states it went through), `authors` (whether Hone was the last),
    `deletes` (ids that are gone, in a page), `restriction`, `restricted count`, `hooks`. What it
    refuses or keeps: `screens` (a field that cannot be written says so before), `workflows`,
    `backlinks`.
    """

    leaver: ClassVar[str] = "somebody-who-left"
    """An account that may own nothing any more."""

    signs: ClassVar[str] = "one note"
    """Where it says on whose behalf: "one note", "each score", "each change", or "" for nowhere."""

    acts_on: ClassVar[str] = ""
    """The pattern of what it acts on in the words it is told, "" where words are words."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.people = {ADA: "Ada Park", GRACE: "Grace Wu", HONE: "Hone"}
        self.me = HONE
        self.things: dict[int, Thing] = {}
        self.deleted: dict[int, datetime] = {}
        self.off_screen: set[str] = set()
        """Fields, by Hone's names, that exist and cannot be written."""
        self.stuck: set[int] = set()
        """Items that may not change their state."""
        self.notes: dict[int, list[Json]] = {}
        """What was said of an item, in comments or in its history, with an id and a `body`."""
        self.trouble: list[Trouble] = []
        self.pause_s = 0.0
        """What the network takes to a call's effect, and again back."""
        self.calls: list[tuple[str, str, Any]] = []
        """Every call's method, its path with the query, and its body."""
        self.host = ""
        self.ssl: SSLContext | None = None
        """For clients that know https only; Hone's own needs none on this machine."""
        self._next = 100

    # --- what people do there ---

    def add(self, title: str, **more: Any) -> int:
        """Let Ada create an item, a second after whatever was before."""
        self.tick()
        self._next += 1
        made = Thing(
            self._next, more.pop("scope", self.scope), title, self.now, self.now, self.states[0]
        )
        self.things[made.id] = made
        for name, value in more.items():
            setattr(made, name, value)
        return made.id

    def edit(self, id: int, who: str = ADA, **more: Any) -> None:
        self.tick()
        for name, value in more.items():
            self.set(self.things[id], name, value, who)

    def set(self, thing: Thing, name: str, value: Any, who: str) -> None:
        """Change a field if it is another, with all that follows."""
        before = thing.numbers.get(name) if name in NUMBERS else getattr(thing, name)
        if before == value:
            return
        if name in NUMBERS:
            if value is None:
                thing.numbers.pop(name, None)
            else:
                thing.numbers[name] = value
        else:
            setattr(thing, name, value)
        if name == "state":
            thing.finished = self.now if value == self.states[-1] else None
        thing.history.append(Happened(self.now, who, name, before, value))
        thing.updated = self.now
        thing.version += 1

    def note(self, id: int, body: str) -> Json:
        """Add what somebody says of an item."""
        notes = self.notes.setdefault(id, [])
        notes.append({"id": len(notes) + 1, "body": body})
        return notes[-1]

    def delete(self, id: int) -> None:
        self.tick()
        self.deleted[id] = self.now
        del self.things[id]

    def tick(self, seconds: float = 1) -> None:
        self.now += timedelta(seconds=seconds)

    def in_scope(self, scope: str) -> list[Thing]:
        """Return the items of a scope, oldest change first."""
        here = (thing for thing in self.things.values() if thing.scope == scope)
        return sorted(here, key=lambda thing: (thing.updated, thing.id))

    # --- what Hone has of it ---

    def remote_id(self, id: int) -> str:
        """Return what names an item for ever."""
        return str(id)

    def account(self, who: str) -> str:
        """Return what names a person there."""
        return who

    def hook(self, id: int) -> tuple[dict[str, str], bytes]:
        """Return what the tracker sends when an item changes: headers in lower case, and a body."""
        raise NotImplementedError

    def access(self) -> Access:
        return Access(self.host, {"token": self.token})

    def tracker(self, door: Door) -> Tracker:
        raise NotImplementedError

    # --- HTTP ---

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def signed_in(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def refused_sign_in(self) -> web.Response:
        return web.json_response({"message": "Unauthorized"}, status=401)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._answer], client_max_size=2**24)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.ssl).start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _answer(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        raw = await request.text()
        body = json.loads(raw) if "json" in request.content_type and raw else raw or None
        self.calls.append((request.method, request.path_qs, body))
        trouble = self.mishap(request)
        await asyncio.sleep(self.pause_s)
        if trouble is not None and not trouble.after:
            return self._troubled(trouble)
        if not self.is_open(request) and not self.signed_in(request):
            return self.refused_sign_in()
        try:
            answer = await handler(request)
        except Refusal as refusal:
            answer = web.json_response(refusal.body, status=refusal.status)
        await asyncio.sleep(self.pause_s)
        return self._troubled(trouble) if trouble is not None else answer

    def mishap(self, request: web.Request) -> Trouble | None:
        """Return what goes wrong with a call, None if nothing does."""
        trouble = next((each for each in self.trouble if each.meets(request)), None)
        if trouble is not None:
            self.trouble.remove(trouble)
        return trouble

    def is_open(self, request: web.Request) -> bool:
        """Whether a path is answered to everybody."""
        return False

    def _troubled(self, trouble: Trouble) -> web.Response:
        return web.Response(status=trouble.status, headers=trouble.headers, text=trouble.body)


NUMBERS = ("ubv", "tc", "rroe", "size", "wsjf")
