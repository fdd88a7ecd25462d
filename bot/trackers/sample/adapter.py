"""The sample tracker's door: in this process and its database, with a workspace's own tickets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from bot.records import Record
from bot.remote import Abilities, Account, RemoteItem, Scope
from bot.trackers.sample.projects import PROJECTS, abilities_of, columns_of, fill
from bot.trackers.sample.read import item_of, link_to, version_of
from bot.trackers.sample.write import fields_of
from bot.trackers.tracker import NOTHING, PAGE_ITEMS_MAX, Ids, Lost, Missing, Page, Silent, Written
from bot.trackers.writing import signed
from storage import Database, Store, Unavailable
from storage.tickets import SampleTicket

T = TypeVar("T")


class SampleTracker:
    """The tickets of one workspace. `page` is the address where they are shown, if anywhere."""

    kind = "sample"
    signs = "its history"
    leads_back = "a link"
    source = "sample:sample"

    def __init__(
        self,
        database: Database,
        workspace: str,
        clock: Callable[[], datetime],
        page: str = "",
        called: Mapping[str, str] = NOTHING,
    ) -> None:
        self._database = database
        self._workspace = workspace
        self._clock = clock
        self._page = page
        self._called = called

    # --- reading ---

    async def account(self) -> Account:
        """Return Hone's account; the tickets are written when it is asked for the first time."""
        await self._change(fill)
        return Account("hone", "Hone")

    async def scopes(self) -> tuple[Scope, ...]:
        return tuple(PROJECTS.values())

    async def abilities(self, scope: str) -> Abilities:
        self._known(scope)
        return abilities_of(scope, self._called)

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        """Return tickets that changed after the version that the cursor is."""
        self._known(scope)
        after = int(cursor) if cursor.isdecimal() else 0
        found = await self._read(
            lambda store: store.tickets.changed_after(scope, after, PAGE_ITEMS_MAX + 1)
        )
        tickets, more = found[:PAGE_ITEMS_MAX], len(found) > PAGE_ITEMS_MAX
        return Page(
            tuple(self._item(t) for t in tickets if not (t.deleted or t.restricted)),
            str(tickets[-1].version) if tickets else cursor,
            more,
            gone=tuple(str(t.id) for t in tickets if t.deleted),
            restricted=tuple(str(t.id) for t in tickets if t.restricted and not t.deleted),
        )

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        self._known(scope)
        ticket = await self._read(lambda store: _ticket(store, id))
        if ticket is None or ticket.deleted or ticket.project != scope:
            return Lost()
        return Lost(restricted=True) if ticket.restricted else self._item(ticket)

    async def ids(self, scope: str, cursor: str) -> Ids:
        self._known(scope)
        ids = await self._read(lambda store: store.tickets.shown_ids(scope))
        return Ids(frozenset(map(str, ids)))

    # --- writing ---

    async def find(self, scope: str, marker: str) -> Written | None:
        ticket = await self._read(lambda store: store.tickets.marked(marker))
        return self._written(ticket, {}) if ticket else None

    async def create(self, scope: str, record: Record) -> Written:
        """Create a ticket; the marker is unique, so that twice is as once."""
        self._known(scope)
        fields, left_out = fields_of(record.change.fields, None, abilities_of(scope, self._called))
        fields = self._columns(fields) | {
            "state": "To Do",
            "kind": record.kind or "Story",
            "description": signed(record),
            "marker": record.marker or None,
            "backlink": record.backlink,
        }

        async def add(store: Store) -> SampleTicket:
            known = await store.tickets.marked(record.marker) if record.marker else None
            return known or await store.tickets.add(scope, fields, by=record.by, by_hone=True)

        return self._written(await self._change(add), left_out)

    async def write(self, scope: str, record: Record) -> Written:
        self._known(scope)

        async def change(store: Store) -> Written:
            ticket = await _ticket(store, record.id or "", lock=True)
            if ticket is None or ticket.deleted or ticket.restricted:
                raise Missing(f"There is no ticket {record.id} any more.")
            fields, left_out = fields_of(
                record.change.fields, ticket, abilities_of(ticket.project, self._called)
            )
            fields = self._columns(fields)
            if record.backlink:
                fields["backlink"] = record.backlink
            await store.tickets.change(ticket, fields, by=record.by, by_hone=True)
            return self._written(ticket, left_out)

        return await self._change(change)

    def _written(self, ticket: SampleTicket, left_out: dict[str, str]) -> Written:
        link = link_to(ticket, self._page)
        return Written(str(ticket.id), ticket.key, link, version_of(ticket), left_out)

    # --- its numbers ---

    def _item(self, ticket: SampleTicket) -> RemoteItem:
        return item_of(ticket, self.source, self._page, columns_of(self._called))

    def _columns(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields by the columns that their numbers go to."""
        columns = columns_of(self._called)
        return {columns.get(name, name): value for name, value in fields.items()}

    # --- its database ---

    def _known(self, scope: str) -> None:
        if scope not in PROJECTS:
            raise Missing("There is no such project in the sample tracker.")

    async def _read(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        try:
            async with self._database.read(self._workspace, self._clock()) as store:
                return await ask(store)
        except Unavailable as error:
            raise Silent("The sample tracker does not answer.") from error

    async def _change(self, work: Callable[[Store], Awaitable[T]]) -> T:
        try:
            return await self._database.write(self._workspace, self._clock(), work)
        except Unavailable as error:
            raise Silent("The sample tracker does not answer.") from error


async def _ticket(store: Store, id: str, *, lock: bool = False) -> SampleTicket | None:
    return await store.tickets.find(int(id), lock=lock) if id.isdecimal() else None
