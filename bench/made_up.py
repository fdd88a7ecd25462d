"""A tracker of as many issues as a bench wants: made by counting, as slow as a network."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.remote import Abilities, Account, FieldHome, RemoteItem, Scope, Step
from bot.router import Router
from bot.trackers.pull import Puller
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access, Ids, Lost, Page, Written
from handlers import FEATURES
from storage import Database, Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOURCE = "sample:sample"
PAGE_ITEMS = 100
PAGE_S = 0.3
"""What a page of a hundred issues with their histories takes at a cloud."""

STATES = ("To Do", "In Progress", "Done")


class MadeUp:
    """Every scope has the same number of issues; all of them are as old as the tracker."""

    kind = "sample"
    source = SOURCE
    signs = "its history"
    leads_back = "a link"

    def __init__(self, issues: int, page_s: float = PAGE_S, prefix: str = "") -> None:
        self.issues, self.page_s, self.prefix = issues, page_s, prefix
        self.calls = 0
        self.at_once = 0
        self.at_once_most = 0

    async def _network(self) -> None:
        self.calls += 1
        self.at_once += 1
        self.at_once_most = max(self.at_once, self.at_once_most)
        try:
            await asyncio.sleep(self.page_s)
        finally:
            self.at_once -= 1

    async def account(self) -> Account:
        return Account("hone", "Hone")

    async def scopes(self) -> tuple[Scope, ...]:
        return (Scope("PAY", "Payments"),)

    async def abilities(self, scope: str) -> Abilities:
        return Abilities({"title": FieldHome("Summary")})

    async def page(self, scope: str, cursor: str, now: datetime) -> Page:
        await self._network()
        start = int(cursor or 0)
        end = min(start + PAGE_ITEMS, self.issues)
        items = tuple(issue(scope, number) for number in range(start, end))
        return Page(items, str(end), more=end < self.issues)

    async def one(self, scope: str, id: str) -> RemoteItem | Lost:
        await self._network()
        project, _, number = id.partition("-")
        return issue(scope, int(number)) if project == scope else Lost()

    async def ids(self, scope: str, cursor: str) -> Ids:
        await self._network()
        return Ids(frozenset(f"{scope}-{number}" for number in range(self.issues)))

    async def find(self, scope: str, marker: str) -> Written | None:
        return None

    async def create(self, scope: str, record: Any) -> Written:
        raise NotImplementedError

    async def write(self, scope: str, record: Any) -> Written:
        raise NotImplementedError


def issue(scope: str, number: int) -> RemoteItem:
    """Return an issue with a past; one in ten waits for one that comes later."""
    created = NOW - timedelta(days=60, minutes=number)
    state = STATES[number % 3]
    steps = [Step(created, "To Do")]
    steps += [Step(created + timedelta(days=9 * n), STATES[n]) for n in range(1, number % 3 + 1)]
    title = f"Item {number} of a long backlog"
    return RemoteItem(
        source=SOURCE,
        id=f"{scope}-{number}",
        key=f"{scope}-{number}",
        title=title,
        fields={"title": title, "description": "Words. " * 20, "points": number % 8},
        kind="Story",
        state=state,
        owner="",
        blocked_by=(f"{scope}-{number + 1}",) if number % 10 == 0 else (),
        created=created,
        updated=steps[-1].at,
        finished=steps[-1].at if state == "Done" else None,
        steps=tuple(steps),
        version=f"{number:08}",
    )


def puller(database: Database, tracker: MadeUp) -> Puller:
    """Return what reads a made-up tracker into a database; time stands still."""

    def opens(_: str, access: Access) -> Any:
        return tracker

    return Puller(Router(FEATURES, database), database, Sites({"sample": opens}), lambda: NOW)


async def follow(store: Store, team_id: int, scope: str) -> int:
    """Have a team follow a scope, past the preview; returns its number."""
    site = await store.trackers.connect(
        "sample", "sample", "", "ada", hook="h" * 32, hook_secret=""
    )
    site.state, site.due_at = "open", None
    row = await store.trackers.follow(site, team_id, scope, scope)
    row.step = "first"
    return row.id


async def read_all(reading: Puller, database: Database, workspace: str, scope_id: int) -> None:
    """Read until a scope is followed."""
    while True:
        await reading.start_due()
        async with database.read(workspace, NOW) as store:
            row = await store.trackers.scope(scope_id)
        if row is not None and row.step == "following":
            break
        await asyncio.sleep(0.05)
    await reading.drain()
