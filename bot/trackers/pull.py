"""Reads trackers: fetches outside of any transaction, and brings what they tell in as turns.

A scope is read page by page, each page saved in small batches; the next page is fetched meanwhile.
Killed anywhere, reading goes on from the cursor that was saved last. What a tracker calls about is
a hint, and read singly. All ids are compared once a day, since searches forget some.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from bot.incidents import report
from bot.metrics import PULLS
from bot.remote import Batch, Checked, Failed, Looked, News, Swept, Unlinked
from bot.router import Router
from bot.trackers.batches import batches
from bot.trackers.failing import OURS, TRIED_AT_FIRST, failed_by, next_try, rest_of_site
from bot.trackers.finding import Named, find, seen
from bot.trackers.planning import planned_in
from bot.trackers.sites import Sites
from bot.trackers.tracker import NotNow, Page, SignedOut, Silent, Tracker, TrackerError, Unreadable
from bot.turn import HONE, Place, Pulled, Turn
from storage import Database, Store, Unavailable
from storage.pulling import ReadingRoom, claim_readings, is_anything_due, release_all
from storage.readings import Reading
from storage.trackers import TrackerHint

T = TypeVar("T")

READINGS_MAX = 16
"""What one replica reads at the same time."""

READINGS_MAX_EACH = 3
"""Of one site: its limits are for all teams, and for others who use it."""

READINGS_MAX_BIG = 8
"""What is read for the first time: it must not hold up what is followed."""

CALL_S = 90.0
"""How long a tracker may take for a page, histories and all."""

LEASE = timedelta(minutes=2)
"""Longer than a call: nobody else reads meanwhile."""

PAGES_MAX = 50
"""Read under one claim; then others have their turn."""

PAUSE_MAX_S = 0.5
"""Between two batches of what is read for the first time."""

CHECK_EVERY = timedelta(days=1)
SWEEP_EVERY = timedelta(days=1)

POLL_EVERY = timedelta(minutes=2)
POLL_EVERY_HOOKED = timedelta(minutes=15)
HOOK_TRUSTED = timedelta(days=2)
"""How long after its last call a tracker is taken to call when something changes."""

log = structlog.get_logger()


class _LeaseLost(Exception):
    """Somebody else reads this by now."""


class Puller:
    def __init__(
        self, router: Router, database: Database, sites: Sites, clock: Callable[[], datetime]
    ) -> None:
        self._router = router
        self._database = database
        self._sites = sites
        self._clock = clock
        self._reading: dict[asyncio.Task[None], Reading] = {}

    async def begin(self) -> None:
        """Take over what a process was reading that was killed; on SQLite there is no other."""
        if self._database.is_sqlite:
            await self._database.write("", self._clock(), release_all)

    async def read_due(self) -> int:
        """Read what is due to its end and return how much that was."""
        count = await self.start_due()
        await self.drain()
        return count

    async def start_due(self) -> int:
        """Start reading what is due and return how much that is; a slow site holds up itself."""
        now, kinds = self._clock(), self._sites.kinds
        in_hand = self._reading.values()
        room = ReadingRoom(
            READINGS_MAX - len(in_hand),
            READINGS_MAX_EACH,
            READINGS_MAX_BIG - sum(reading.is_big for reading in in_hand),
            Counter((reading.workspace, reading.tracker) for reading in in_hand),
        )
        if room.readings <= 0:
            return 0
        async with self._database.read("", now) as store:
            if not await is_anything_due(store, kinds):
                return 0
        claimed = await self._database.write(
            "", now, lambda store: claim_readings(store, LEASE, room, kinds)
        )
        for reading in claimed:
            task = asyncio.create_task(self._read(reading))
            self._reading[task] = reading
            task.add_done_callback(lambda task: self._reading.pop(task, None))
        return len(claimed)

    async def drain(self) -> None:
        while self._reading:
            await asyncio.wait(self._reading)

    async def stop(self) -> None:
        """Let go of everything: nothing is lost, since what was not saved is read again."""
        in_hand = dict(self._reading)
        for task in in_hand:
            task.cancel()
        if in_hand:
            await asyncio.wait(in_hand)
        for reading in in_hand.values():
            with suppress(Unavailable):
                await self._finish(reading, reading.due_at)

    # --- one reading ---

    async def _read(self, reading: Reading) -> None:
        result = "read"
        try:
            tracker = self._sites.open(
                reading.workspace, reading.kind, reading.site, reading.sealed
            )
            reads = {"site": self._check, "hints": self._follow_hints, "scope": self._follow}
            due = await reads[reading.what](reading, tracker)
            await self._finish(reading, due)
        except _LeaseLost:
            result = "lost"
        except Unavailable as error:  # the lease ends by itself
            log.warning("not_pulled", workspace=reading.workspace, cause=str(error))
            result = "unavailable"
        except Exception as error:
            result = "failed"
            with suppress(Unavailable, _LeaseLost):
                await self._fail(reading, error)
        PULLS.labels(reading.kind, result).inc()

    async def _fail(self, reading: Reading, error: Exception) -> None:
        """Tell what went wrong, and let go until it makes sense to ask again."""
        now = self._clock()
        failed = failed_by(error, now)
        if not isinstance(error, TrackerError | TimeoutError):
            incident = report(error, "pull_failed", workspace=reading.workspace, kind=reading.kind)
            failed = replace(failed, words=f"{OURS} (Incident {incident}.)")
        rest = rest_of_site(failed, reading.attempts, now)
        if reading.what == "hints":  # they have no time of their own to wait for
            rest = rest or now + TRIED_AT_FIRST
        try:
            if reading.what != "hints" or failed.trouble == "signed out":
                await self._take(reading, failed)
        except (Unavailable, _LeaseLost):
            raise
        except Exception as ours:  # even this must not be tried at once, again and again
            report(ours, "pull_failed", workspace=reading.workspace, kind=reading.kind)
        if rest is not None:
            counts = failed.trouble == "silent"
            await self._database.write(
                reading.workspace,
                now,
                lambda store: store.readings.rest(reading.tracker, rest, counts=counts),
            )
        await self._finish(reading, next_try(failed, reading, now))

    async def _finish(self, reading: Reading, due_at: datetime | None) -> None:
        await self._database.write(
            reading.workspace,
            self._clock(),
            lambda store: store.readings.finish(reading, due_at),
        )

    async def _call(self, call: Awaitable[T]) -> T:
        """Ask a tracker, with a deadline."""
        try:
            async with asyncio.timeout(CALL_S):
                return await call
        except TimeoutError as error:
            raise Silent("It took too long to answer.") from error

    async def _take(
        self,
        reading: Reading,
        news: News,
        scope: int | None = None,
        *,
        hints: Sequence[TrackerHint] = (),
    ) -> str:
        """Bring news in, in one transaction, and return the step its scope is in then.

        Raises _LeaseLost where somebody else reads by now: nothing is saved.
        """
        now = self._clock()
        lease_ends = now + LEASE
        scope = reading.scope if scope is None else scope
        turn = Turn(
            workspace=reading.workspace,
            place=Place(""),
            person=HONE,
            intent=Pulled(reading.tracker, scope, news),
            now=now,
            key="",
            acted_at=now,
        )

        async def take(store: Store) -> str:
            if not await store.readings.still_ours(reading, lease_ends):
                raise _LeaseLost
            await self._router.take_in(turn, store)
            await store.readings.forget_hints(hints)
            if reading.attempts and not isinstance(news, Failed):
                await store.readings.answered(reading.tracker)
            row = await store.trackers.scope(scope) if scope is not None else None
            return row.step if row else ""

        step = await self._database.write(reading.workspace, now, take)
        reading.lease_ends = lease_ends
        reading.attempts = reading.attempts if isinstance(news, Failed) else 0
        return step

    # --- a site ---

    async def _check(self, reading: Reading, tracker: Tracker) -> datetime | None:
        account = await self._call(tracker.account())
        scopes = await self._call(tracker.scopes())
        await self._take(reading, Checked(account, scopes))
        return self._clock() + CHECK_EVERY

    # --- hints ---

    async def _follow_hints(self, reading: Reading, tracker: Tracker) -> datetime | None:
        """Read the items that were named: each where it was last, else where it may be now.

        What was read before something goes wrong is kept. The hint that met it waits if the site
        sends everybody away; else it is forgotten, lest one item be asked for again and again: the
        scope's next page, or the night's sweep, tells what it meant.
        """
        async with self._database.read(reading.workspace, self._clock()) as store:
            hints = await store.readings.hints(reading.tracker)
            followed = dict(await store.readings.followed(reading.tracker))
            known = await store.tracked.by_id([(tracker.source, h.remote_id) for h in hints])
        told: defaultdict[int, list[Named]] = defaultdict(list)
        over: list[TrackerHint] = []
        trouble: Exception | None = None
        for hint in hints:
            row = known.get((tracker.source, hint.remote_id))
            home = row.scope_id if row and row.scope_id in followed else None
            try:
                scope, found = await find(tracker, hint.remote_id, home, followed, self._call)
            except Exception as error:
                trouble = error
                over += [] if isinstance(error, NotNow | SignedOut) else [hint]
                break
            if scope is None:
                over.append(hint)
            else:
                told[scope].append((hint, found))
        for scope, named in told.items():
            followed_up = [hint for hint, _ in named]
            await self._take(reading, seen(named), scope, hints=followed_up)
        if over:
            await self._database.write(
                reading.workspace,
                self._clock(),
                lambda store: store.readings.forget_hints(over),
            )
        if trouble is not None:
            raise trouble
        return None

    # --- a scope ---

    async def _follow(self, reading: Reading, tracker: Tracker) -> datetime | None:
        now = self._clock()
        if reading.step == "links":
            for _ in range(PAGES_MAX):
                if await self._take(reading, Unlinked()) != "links":
                    break
            return self._clock()
        if not reading.looked:
            await self._look(reading, tracker)
        swept = reading.swept_at
        if reading.step == "following" and (swept is None or now - swept >= SWEEP_EVERY):
            await self._look(reading, tracker)
            await self._sweep(reading, tracker)
        plan = await planned_in(reading, tracker, self._database, now, self._call)
        if plan is not None:
            await self._take(reading, plan)
        return await self._read_pages(reading, tracker)

    async def _look(self, reading: Reading, tracker: Tracker) -> None:
        await self._take(reading, Looked(await self._call(tracker.abilities(reading.remote_id))))

    async def _sweep(self, reading: Reading, tracker: Tracker) -> None:
        since, cursor, ids = self._clock(), "", set[str]()
        while True:
            some = await self._call(tracker.ids(reading.remote_id, cursor))
            ids |= some.ids
            await self._still_ours(reading)
            if not some.cursor or some.cursor == cursor:
                break
            cursor = some.cursor
        await self._take(reading, Swept(frozenset(ids), since))

    async def _still_ours(self, reading: Reading) -> None:
        now = self._clock()
        lease_ends = now + LEASE
        if not await self._database.write(
            reading.workspace, now, lambda store: store.readings.still_ours(reading, lease_ends)
        ):
            raise _LeaseLost
        reading.lease_ends = lease_ends

    async def _read_pages(self, reading: Reading, tracker: Tracker) -> datetime | None:
        """Save what changed, page by page; return when to look again."""
        cursor, step = reading.cursor, reading.step
        async with self._ahead(reading, tracker) as fetch:
            page = await fetch(cursor)
            for read in range(1, PAGES_MAX + 1):
                if page.more and page.cursor == cursor:
                    raise Unreadable("It gives the same page again and again.")
                next_page = fetch(page.cursor) if page.more and read < PAGES_MAX else None
                for batch in batches(page, cursor, reading.step):
                    began = time.process_time()
                    step = await self._save(reading, batch)
                    if reading.is_big:  # half of the time is for people
                        await asyncio.sleep(min(time.process_time() - began, PAUSE_MAX_S))
                cursor = page.cursor
                if next_page is None or step != reading.step:
                    break
                page = await next_page
        if step in ("first", "links", "looking") or (page.more and step == "following"):
            return self._clock()
        return self._clock() + await self._pause(reading)

    @asynccontextmanager
    async def _ahead(
        self, reading: Reading, tracker: Tracker
    ) -> AsyncIterator[Callable[[str], asyncio.Task[Page]]]:
        """Offer to fetch pages before they are needed; what is not needed is given up."""
        fetching: list[asyncio.Task[Page]] = []

        def fetch(cursor: str) -> asyncio.Task[Page]:
            page = tracker.page(reading.remote_id, cursor, self._clock())
            fetching.append(asyncio.create_task(self._call(page)))
            return fetching[-1]

        try:
            yield fetch
        finally:
            for task in fetching:
                task.cancel()
            await asyncio.gather(*fetching, return_exceptions=True)

    async def _save(self, reading: Reading, batch: Batch) -> str:
        """Save a batch; if something of ours fails, one by one, and without the item that does."""
        try:
            return await self._take(reading, batch)
        except (Unavailable, _LeaseLost):
            raise
        except Exception as error:
            if not batch.items:
                raise
            if len(batch.items) == 1:
                incident = report(error, "item_not_saved", workspace=reading.workspace)
                unsaved = {batch.items[0].id: incident}
                return await self._take(reading, replace(batch, items=(), unsaved=unsaved))
        for item in batch.items:
            await self._save(
                reading, Batch((item,), batch.cursor_before, batch.cursor_before, True)
            )
        return await self._take(reading, replace(batch, items=()))

    async def _pause(self, reading: Reading) -> timedelta:
        """Return how long to leave a scope alone; two of a site are not looked at at once."""
        now = self._clock()
        async with self._database.read(reading.workspace, now) as store:
            site = await store.trackers.find(reading.tracker)
        calls = site is not None and site.hooked_at and now - site.hooked_at < HOOK_TRUSTED
        every = POLL_EVERY_HOOKED if calls else POLL_EVERY
        return every * (0.9 + 0.2 * ((reading.scope or 0) * 0.618 % 1))
