"""Scores that are accepted and items that are put into trackers while the process that writes dies.

Four trackers stand in the process of the bench, so that a call takes effect there whether or not
its caller lives; each is the strict stand-in of the contract's suite, with answers that get lost
and calls that are sent away. What a team decides, and all of Hone that follows from it, runs in a
process that is killed.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from aiohttp import web
from sqlalchemy import func, select
from sqlmodel import col

from bench.made_up import NOW
from bench.mortal import killed
from bot.outbox import Outbox
from bot.remote import CARDS, Unlinked
from bot.router import Router
from bot.trackers.http import Door
from bot.trackers.pull import Puller
from bot.trackers.sites import Sites
from bot.trackers.tracker import Access, Tracker
from bot.trackers.writer import TrackerWriter
from bot.turn import HONE, Place, Pulled, Turn
from bot.wire import encode
from bot.worker import Worker
from handlers import FEATURES
from handlers.tracker import putting
from handlers.tracker.records import record_of
from storage import Database, Store, Unavailable, patience
from storage.audit import AuditEntry
from storage.items import Item
from storage.posts import PostRow
from storage.records import CREATION, UNBORN
from storage.scale import SCALE
from storage.tracked import Tracked
from storage.trackers import TrackerScope
from tests.bot.trackers.worlds import WORLDS
from tests.fakes.trackers.board import Board, Trouble

WORKSPACE = "bench:writes"
KINDS = ("jira", "azure", "github", "linear")
"""Azure has a lock, Linear takes our ids; the other two have neither."""

LOST_ANSWERS, SENT_AWAY, DOWN = 0.1, 0.2, 0.05
NETWORK_S = 0.005
FASTER = 30
"""How much faster time passes, so that no rest and no lease takes long."""

PUT_EACH = 10
"""One improvement is put there for so many scores."""

ACCEPTED_AT_ONCE = 20
PATIENCE_S = 60.0
"""How long a transaction may wait here: a busy machine is no fault of what is looked for."""

CALLS_MIN = 60
"""What trackers hear at least of a process before it dies, however busy the machine."""


def hurried() -> datetime:
    now = datetime.now(UTC)
    return NOW + FASTER * (now - NOW)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in the trackers in the end, beside what was accepted and put there.

    `sent_again` counts by tracker what was written more than once where that shows: comments where
    each score has one. `asked` are creations that a person was asked to look for.
    """

    scores: int
    put: int
    deaths: int
    lost: int
    doubled: int
    sent_again: Mapping[str, int]
    asked: int

    def __str__(self) -> str:
        again = ", ".join(f"{count} in {kind}" for kind, count in self.sent_again.items() if count)
        return (
            f"{self.scores:,} scores and {self.put:,} new items: {self.deaths} deaths, "
            f"{self.lost} lost, {self.doubled} doubled; said twice: {again or 'none'}; "
            f"{self.asked} times somebody was asked to look"
        )


# --- the trackers, which live on -------------------------------------------------------------


def _mishap(_: web.Request) -> Trouble | None:
    """Return what goes wrong with a call, by chance."""
    luck = random.random()
    if luck < LOST_ANSWERS:
        return Trouble(502, after=True)
    if luck < LOST_ANSWERS + SENT_AWAY:
        return Trouble(429, {"Retry-After": "1"})
    return Trouble(503) if luck < LOST_ANSWERS + SENT_AWAY + DOWN else None


def card_of(number: int) -> int:
    """Return the first card of an item's score; no two neighbours have the same."""
    return SCALE[number % len(SCALE)]


async def written_back(url: str, scores: int) -> Verdict:
    """Accept scores in processes that die, until all is written; return what stands there."""
    async with AsyncExitStack() as trackers:
        boards = [await trackers.enter_async_context(WORLDS[kind]()) for kind in KINDS]
        for board in boards:
            board.now = hurried()
            for n in range(scores // len(KINDS)):
                board.add(f"Item {n} in {board.kind}")
        await _prepare(url, boards, scores // PUT_EACH // len(KINDS))
        for board in boards:
            board.pause_s = NETWORK_S
            board.mishap = _mishap  # type: ignore[method-assign, assignment]
        heard = 0

        def has_lived() -> bool:
            nonlocal heard
            calls = sum(len(board.calls) for board in boards)
            if calls - heard < CALLS_MIN:
                return False
            heard = calls
            return True

        deaths = await killed(write, url, [board.host for board in boards], has_lived=has_lived)
    return await _verdict(url, boards, deaths)


# --- Hone, before it dies for the first time -------------------------------------------------


class _Hone:
    """Hone with its trackers, as far as reading and writing them needs it."""

    def __init__(self, url: str, hosts: list[str]) -> None:
        patience.PATIENCE_S = PATIENCE_S
        self.database = Database(url)
        self.router = Router(FEATURES, self.database)
        self.door = Door(hurried, hosts)
        self.trackers: dict[str, Tracker] = {}
        for kind, host in zip(KINDS, hosts, strict=True):
            board = WORLDS[kind]()
            board.host = host
            self.trackers[kind] = board.tracker(self.door)

        def opens(kind: str, access: Access) -> Tracker:
            return self.trackers[kind]

        self.sites = Sites(dict.fromkeys(KINDS, opens))
        self.puller = Puller(self.router, self.database, self.sites, hurried)

    async def change(self, work: Any) -> Any:
        return await self.database.write(WORKSPACE, hurried(), work)

    async def close(self) -> None:
        await self.door.close()
        await self.database.close()


async def _prepare(url: str, boards: list[Board], put_each: int) -> None:
    """Have a team follow each tracker, all of it read, and write down some improvements."""
    hone = _Hone(url, [board.host for board in boards])

    async def follow(store: Store) -> None:
        for board in boards:
            team = await store.teams.add(f"{board.kind} team", "UTC")
            source = hone.trackers[board.kind].source
            site = await store.trackers.connect(
                board.kind, source.partition(":")[2], "", "ada", hook=board.kind * 9, hook_secret=""
            )
            site.state, site.due_at = "open", None
            row = await store.trackers.follow(site, team.id, board.scope, board.kind)
            row.step = "first"

    async def still_reading(store: Store) -> bool:
        steps = await store.session.scalars(select(col(TrackerScope.step)))
        return any(step != "following" for step in steps)

    async def capture(n: int, store: Store) -> None:
        for team in await store.teams.all():
            link = f"https://chat.example/{team.id}/{n}"
            title = f"Improvement {n} of {team.name}"
            await store.items.add(team.id, title, by="ada", kind="improvement", link=link)

    await hone.change(follow)
    for n in range(put_each):
        await hone.change(partial(capture, n))
    await hone.puller.begin()
    while True:
        await hone.puller.start_due()
        if not await hone.change(still_reading):
            break
        await asyncio.sleep(0.05)
    await hone.puller.stop()
    await hone.close()


# --- Hone, as it is killed -------------------------------------------------------------------


def write(ready: Event, url: str, hosts: list[str]) -> None:
    """Accept scores, put improvements into trackers, and go on until all of it is there."""
    asyncio.run(_write_on(ready, url, hosts))


async def _write_on(ready: Event, url: str, hosts: list[str]) -> None:
    hone = _Hone(url, hosts)
    writer = TrackerWriter(hone.router, hone.database, hone.sites, hurried)
    outbox = Outbox(hone.router, hone.database, {"tracker": writer}, hurried)
    worker = Worker(hone.router, hone.database, outbox, hurried, hone.puller)
    worker.start()
    ready.set()
    for work, pause_s in ((partial(_decide, hone), 0.1), (partial(_waiting, hone), 1.0)):
        while True:
            with suppress(Unavailable):  # the disk is busy
                if not await hone.change(work):
                    break
            await asyncio.sleep(pause_s)
    await worker.stop()
    await hone.close()


async def _decide(hone: _Hone, store: Store) -> bool:
    """Accept some more scores, and put an improvement there; False once all of it is decided."""
    asked = select(Item).where(col(Item.workspace) == WORKSPACE).order_by(func.random())
    tracked = select(col(Tracked.number)).where(col(Tracked.workspace) == WORKSPACE)
    new = col(Item.title).startswith("Improvement")
    unscored = await store.session.scalars(
        asked.where(col(Item.wsjf).is_(None), ~new).limit(ACCEPTED_AT_ONCE)
    )
    accepted = unscored.all()
    for item in accepted:
        card = card_of(item.number)
        score: dict[str, Any] = {"ubv": card, "tc": 5, "rroe": 3, "size": 2}
        score |= {"wsjf": (card + 8) / 2, "scored_at": store.now}
        await store.items.change(item, score, by="ada", kind="scored")
    here = (await store.session.scalars(asked.where(new, ~col(Item.number).in_(tracked)))).first()
    if here is not None:
        (home,) = await store.records.homes_of_team(here.team_id)
        await putting.begin(store, here, home, by="ada")
        post = record_of(here.number, home.scope_id)
        await store.posts.add(encode(post.view), channel=post.channel, can_wait=True)
    await _follow_up(hone, store)
    return bool(accepted) or here is not None


async def _waiting(hone: _Hone, store: Store) -> bool:
    """Tell whether something is not there yet; where a person is asked to look, they have."""
    same = (col(Item.workspace) == col(Tracked.workspace)) & (
        col(Item.number) == col(Tracked.number)
    )
    rows = await store.session.execute(
        select(
            col(Tracked.number),
            col(Tracked.scope_id),
            col(Tracked.remote_id),
            col(Tracked.base),
            col(Tracked.refused),
            col(Item.ubv),
        )
        .join(Item, same)
        .where(col(Tracked.workspace) == WORKSPACE)
    )
    waits = False
    for number, scope_id, remote_id, base, refused, card in rows.tuples():
        if CREATION in refused and scope_id is not None:
            row = await store.records.of(number, scope_id)
            assert row is not None
            await store.records.try_again(row)
            store.note_edited([number])
            await store.audit.add("ada", "looked")
        waits |= remote_id.startswith(UNBORN)
        waits |= card is not None and base.get("ubv") != card and not refused
    await _follow_up(hone, store)
    return waits


async def _follow_up(hone: _Hone, store: Store) -> None:
    """Do what follows from an edit, as behind each turn."""
    nothing = Pulled(0, None, Unlinked())
    after = Turn(WORKSPACE, Place(""), HONE, nothing, store.now, key="", acted_at=store.now)
    await hone.router.take_in(after, store)


# --- what stands there -----------------------------------------------------------------------


async def _verdict(url: str, boards: list[Board], deaths: int) -> Verdict:
    """Compare what the trackers have with what was decided."""
    database = Database(url)
    async with database.read(WORKSPACE, hurried(), patient=True) as store:
        items = (await store.session.scalars(select(Item))).all()
        asked = await store.session.scalar(select(func.count()).select_from(AuditEntry))
        dead = await store.session.scalar(
            select(func.count()).select_from(PostRow).where(col(PostRow.state) == "dead")
        )
    await database.close()
    there = Counter(thing.title for board in boards for thing in board.things.values())
    numbers = {thing.title: thing.numbers for board in boards for thing in board.things.values()}
    lost, put = dead or 0, 0
    for item in items:
        if item.wsjf is None:
            put += 1
            lost += item.title not in there
        else:
            cards = {name: getattr(item, name) for name in CARDS}
            had = numbers.get(item.title, {})
            lost += any(had.get(name) != value for name, value in cards.items())
    doubled = sum(count - 1 for count in there.values())
    again = {board.kind: 0 for board in boards}
    for board in boards:
        for notes in board.notes.values():
            if board.signs == "one note":
                doubled += max(0, len(notes) - 1)
            elif board.signs == "each score":
                again[board.kind] += max(0, len(notes) - 1)
        doubled += sum(max(0, len(thing.links) - 1) for thing in board.things.values())
    return Verdict(len(items) - put, put, deaths, lost, doubled, again, asked or 0)
