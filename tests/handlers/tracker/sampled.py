"""The sample tracker with people at work in it, and a team that follows one of its projects."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import SQLModel

from bot.remote import News
from bot.trackers.sample.adapter import SampleTracker
from bot.turn import HONE, Place, Pulled, Turn
from handlers.sources.accounts import know_as
from storage import Store
from storage.items import Item, ItemEvent
from storage.tickets import SampleTicket
from storage.tracked import Tracked, changed_row
from storage.trackers import TrackerPerson, TrackerScope, TrackerSite
from tests.hone import Hone

T = TypeVar("T")


class Sampled:
    """Two projects, PAY and OPS. What a person does there is not told by a hook, unless asked."""

    def __init__(self, hone: Hone) -> None:
        self.hone = hone
        self.tracker = SampleTracker(hone.database, hone.workspace, lambda: hone.now)

    # --- the tracker ---

    async def add(self, title: str, project: str = "PAY", by: str = "Grace", **fields: Any) -> int:
        """Somebody writes a ticket; returns its id."""
        given = {"title": title, "state": "To Do", **fields}
        ticket = await self._writes(lambda s: s.tickets.add(project, given, by=by))
        return ticket.id

    async def edit(
        self,
        id: int,
        *,
        hooked: bool = False,
        by_hone: bool = False,
        at: datetime | None = None,
        **fields: Any,
    ) -> None:
        """Somebody changes a ticket there, at a time of their clock.

        `hooked`: the tracker calls about it.
        """

        async def change(store: Store) -> None:
            theirs = store.at(at or store.now)
            ticket = await theirs.tickets.find(id, lock=True)
            assert ticket is not None
            await theirs.tickets.change(ticket, fields, by="Grace", by_hone=by_hone)
            if hooked:
                for site in await store.trackers.all():
                    await store.trackers.hooked(site.hook, [str(id)])

        await self._writes(change)

    async def ticket(self, id: int) -> SampleTicket:
        async def find(store: Store) -> SampleTicket:
            ticket = await store.tickets.find(id)
            assert ticket is not None
            return ticket

        return await self._reads(find)

    # --- Hone ---

    async def connect(self) -> int:
        """Somebody lets Hone in; returns the connection's number."""

        async def connect(store: Store) -> TrackerSite:
            return await store.trackers.connect(
                "sample",
                "sample",
                "",
                "ada",
                hook=self.hone.workspace.ljust(32, "h"),
                hook_secret="",
            )

        site = await self._writes(connect)
        await self.hone.pulls()
        return site.id

    async def follow(
        self, project: str = "PAY", channel: str = "refinement", *, until: str = "following"
    ) -> int:
        """The team of a channel follows a project; returns the scope's number."""

        async def follow(store: Store) -> int:
            (site,) = await store.trackers.all()
            await store.channels.ensure(channel, channel, zone="UTC")
            team = await store.teams.resolve(channel, "ada")
            return (await store.trackers.follow(site, team.id, project, project)).id

        scope_id = await self._writes(follow)
        await self.hone.pulls()
        if until != "shown":
            await self.start(scope_id)
            await self.hone.pulls()
        return scope_id

    async def start(self, scope_id: int) -> None:
        """Somebody presses Start."""
        await self.changes_scope(scope_id, step="first", cursor="", due_at=self.hone.now)

    async def changes_scope(self, scope_id: int, **fields: Any) -> None:
        async def change(store: Store) -> None:
            scope = await store.trackers.scope(scope_id, lock=True)
            assert scope is not None
            for name, value in fields.items():
                setattr(scope, name, value)

        await self._writes(change)

    async def scope(self, id: int = 1) -> TrackerScope:
        found = await self._reads(lambda store: store.trackers.scope(id))
        assert found is not None
        return found

    async def site(self) -> TrackerSite:
        (site,) = await self._reads(lambda store: store.trackers.all())
        return site

    async def item(self, ticket: int) -> Item:
        """Return what a ticket is here."""

        async def find(store: Store) -> Item:
            item = await store.items.find((await _tracked(store, ticket)).number)
            assert item is not None
            return item

        return await self._reads(find)

    async def tracked(self, ticket: int) -> Tracked:
        return await self._reads(lambda store: _tracked(store, ticket))

    async def events(self, ticket: int) -> Sequence[ItemEvent]:
        """Return the history of what a ticket is here."""
        number = (await self.item(ticket)).number
        return await self._reads(lambda store: store.items.history(number))

    async def people(self) -> Sequence[TrackerPerson]:
        return await self._reads(lambda store: store.trackers.people(1))

    async def knows(self, account: str, person: str) -> int:
        """Somebody says who an account is; returns how many items are theirs now."""

        async def know(store: Store) -> int:
            (site,) = await store.trackers.all()
            return await know_as(store, site, account, person)

        return await self._writes(know)

    async def changes_tracked(self, ticket: int, **columns: Any) -> None:
        async def change(store: Store) -> None:
            row = await _tracked(store, ticket)
            await store.tracked.keep([changed_row(row, **columns)])

        await self._writes(change)

    async def changes_item(self, number: int, **fields: Any) -> None:
        """Ada changes an item here."""

        async def change(store: Store) -> None:
            item = await store.items.locked(number)
            assert item is not None
            await store.items.change(item, fields, by="ada park")

        await self._writes(change)

    async def told(self, news: News, scope: int | None) -> None:
        """The tracker tells something, past the loop that reads it."""
        now = self.hone.now
        turn = Turn(self.hone.workspace, Place(""), HONE, Pulled(1, scope, news), now, "", now)
        await self._writes(lambda store: self.hone.router.take_in(turn, store))
        await self.hone.settle()

    async def numbers(self, *channels: str) -> dict[str, int]:
        """Return title → number of the open items of the channels' teams."""

        async def find(store: Store) -> dict[str, int]:
            found: dict[str, int] = {}
            for channel in channels or ("refinement",):
                team = await store.teams.resolve(channel, "ada")
                found |= {item.title: item.number for item in await store.items.of_team(team.id)}
            return found

        return await self._reads(find)

    async def _writes(self, work: Callable[[Store], Awaitable[T]]) -> T:
        return await self.hone.database.write(self.hone.workspace, self.hone.now, work)

    async def _reads(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        async with self.hone.database.read(self.hone.workspace, self.hone.now) as store:
            return await ask(store)


async def _tracked(store: Store, ticket: int) -> Tracked:
    names = [("sample:sample", str(ticket))]
    return (await store.tracked.by_id(names))[names[0]]


async def following(hone: Hone) -> Sampled:
    """Let a team that has an item of its own follow the sample tracker."""
    sampled = Sampled(hone)
    await hone.person("Ada").says("improve Something of our own")
    await sampled.connect()
    await sampled.follow()
    return sampled


async def everything_kept(hone: Hone) -> str:
    """Return all that the workspace keeps and shows, but for the sample tracker's own tickets."""
    shown = [message.text for message in hone.platform.messages.values()]
    async with hone.database.read(hone.workspace, hone.now) as store:
        rows = [
            str(row)
            for table in SQLModel.metadata.sorted_tables
            if table.name not in ("sample_tickets", "posts")
            for row in (await store.session.execute(select(table))).all()
        ]
    return "\n".join([*shown, *rows])
