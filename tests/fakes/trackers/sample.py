"""The sample tracker as a world of the contract: its tickets stand in a database of their own.

The suite acts on a board and looks at it, at once; the sample lives in a database, which is
awaited. So what people did on the board is brought in before each call of Hone's, and what Hone did
is taken from there behind it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any, Self, cast

from aiohttp import web

from bot.trackers.http import Door
from bot.trackers.sample.adapter import SampleTracker
from bot.trackers.tracker import Access, Tracker
from storage import Database, Store
from storage.counters import Counter, next_number
from storage.tables import table_of
from storage.tickets import SampleTicket
from tests.fakes.trackers.board import NUMBERS, Board, Thing

WORKSPACE = "test:sample"
PAGE = "http://room/tickets"
FIELDS = ("title", "description", "state", "points", "owner", "due", "labels", "parent")
"""Fields that a thing and a ticket both have, under the same names."""


class FakeSample(Board):
    """Two projects. It is in this process, so there is no network and nobody signs in."""

    kind = "sample"
    signs = "each change"
    scope = "PAY"
    other_scope = "OPS"
    gone_scope = "GONE"
    lacks = frozenset({"network", "hooks", "screens", "workflows"})

    def __init__(self) -> None:
        super().__init__()
        self._brought: dict[int, dict[str, Any]] = {}
        """What stands in the database of each thing, as far as Hone and people agree."""

    def access(self) -> Access:
        return Access("sample", {})

    def routes(self) -> list[web.RouteDef]:
        return []

    def tracker(self, door: Door) -> Tracker:
        sample = SampleTracker(
            self._database, WORKSPACE, lambda: self.now, PAGE, self.access().called
        )
        return cast("Tracker", _InStep(self, sample))

    async def __aenter__(self) -> Self:
        self._folder = TemporaryDirectory()
        self._database = Database(f"sqlite:///{self._folder.name}/tickets.db")
        tables = [table_of(SampleTicket), table_of(Counter)]
        async with self._database.engine.begin() as connection:
            await connection.run_sync(SampleTicket.metadata.create_all, tables)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()
        self._folder.cleanup()

    # --- in step with the database ---

    async def bring(self) -> None:
        """Write down what people did since Hone's last call, in the order they did it."""
        changed = [
            thing
            for thing in sorted(self.things.values(), key=lambda each: (each.updated, each.id))
            if self._brought.get(thing.id) != _columns(thing)
        ]
        gone = self.deleted.keys() & self._brought.keys()
        if not changed and not gone:
            return

        async def write(store: Store) -> None:
            for thing in changed:
                await _keep(store, thing.id, **_columns(thing))
            for id in gone:
                await _keep(store, id, deleted=True, changed_at=self.deleted[id])

        await self._database.write(WORKSPACE, self.now, write)
        self._brought |= {thing.id: _columns(thing) for thing in changed}
        for id in gone:
            del self._brought[id]

    async def take(self) -> None:
        """Do on the board what Hone did."""
        async with self._database.read(WORKSPACE, self.now) as store:
            tickets = await store.tickets.all()
        for ticket in tickets:
            if ticket.by_hone and not ticket.deleted:
                self._did(ticket)

    def _did(self, ticket: SampleTicket) -> None:
        thing = self.things.get(ticket.id)
        if thing is None:
            thing = Thing(
                ticket.id, ticket.project, "", ticket.created_at, ticket.changed_at, ticket.state
            )
            self.things[ticket.id] = thing
        before = thing.version
        for name in (*FIELDS, *NUMBERS):
            self.set(thing, name, getattr(ticket, name), self.me)
        if ticket.backlink:
            thing.links["hone"] = ticket.backlink
        if thing.version != before:
            self.note(thing.id, ticket.changed_by)
        self._brought[thing.id] = _columns(thing)


def _columns(thing: Thing) -> dict[str, Any]:
    """Return a thing as its ticket has it."""
    moves = [(each.at, each.before, each.after) for each in thing.history if each.name == "state"]
    first = moves[0][1] if moves else thing.state
    reached: list[tuple[datetime, str]] = [(thing.created, first)]
    reached += [(at, after) for at, _, after in moves]
    numbers = {name: thing.numbers.get(name) for name in NUMBERS}
    return {name: getattr(thing, name) for name in FIELDS} | {
        **numbers,
        "labels": list(thing.labels),
        "blocked_by": list(thing.blocked_by),
        "restricted": thing.restricted,
        "project": thing.scope,
        "key": f"{thing.scope}-{thing.id}",
        "steps": [[at.isoformat(), state] for at, state in reached],
        "created_at": thing.created,
        "changed_at": thing.updated,
        "by_hone": bool(thing.history) and thing.history[-1].who == "hone-bot",
    }


async def _keep(store: Store, id: int, **columns: Any) -> None:
    version = await next_number(store.session, store.workspace, "ticket_change")
    ticket = await store.tickets.find(id)
    if ticket is None:
        store.session.add(
            SampleTicket(workspace=store.workspace, id=id, version=version, **columns)
        )
    else:
        for name, value in {**columns, "version": version}.items():
            setattr(ticket, name, value)
    await store.session.flush()


class _InStep:
    """The sample tracker, called when its database has what stands on the board."""

    def __init__(self, board: FakeSample, tracker: SampleTracker) -> None:
        self._board, self._tracker = board, tracker
        self.kind, self.source = tracker.kind, tracker.source
        self.signs, self.leads_back = tracker.signs, tracker.leads_back

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any) -> Any:
            await self._board.bring()
            answer = await getattr(self._tracker, name)(*args)
            await self._board.take()
            return answer

        return call
