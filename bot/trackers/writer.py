"""Writes records: the platform that the outbox sends them to, whose messages are items of trackers.

What is about to be written is noted before the call and what came of it behind, each in a short
transaction: killed in between, it is written once more, which is as once. A creation looks for its
marker first. What a tracker refuses for good is no failure of the outbox: it stands with the item
as a sentence, and is not tried again until somebody changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.cards import Card
from bot.platform import Address, Refused, Throttled, Unsure
from bot.records import CHANNEL, Record
from bot.remote import Failed
from bot.router import Router
from bot.trackers.sites import Sites
from bot.trackers.tracker import (
    BadAddress,
    Missing,
    NotAllowed,
    NotNow,
    Outdated,
    Rejected,
    SignedOut,
    Silent,
    Tracker,
    Unreadable,
    Written,
)
from bot.trackers.writing import born
from bot.turn import HONE, Place, Pulled, Turn
from storage import Database, Store
from storage.lanes import RateLimits
from storage.records import CREATION, UNBORN, Sent

ATTEMPTS_MAX = 2
"""Creations without an answer after which a person is asked to look before the next."""

INDEX_LAG = timedelta(seconds=45)
"""How long a tracker's search may not know yet what was created; then its silence is a no."""

SIGNED_OUT_REST_S = 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record is written: a scope of a site, and how Hone gets in."""

    scope: str
    tracker: Tracker


class TrackerWriter:
    """Sends records; everything else that a platform can do has no meaning there."""

    name = "tracker"
    rate_limits = RateLimits()

    def __init__(
        self,
        router: Router,
        database: Database,
        sites: Sites,
        clock: Callable[[], datetime],
    ) -> None:
        self._router = router
        self._database = database
        self._sites = sites
        self._clock = clock

    async def post(self, to: Address, card: Card) -> str:
        """Write an item for the first time; its number is name enough for the outbox."""
        assert isinstance(card, Record), "only records are sent to a tracker"
        await self._write(to, card)
        return f"#{card.number}"

    async def update(self, to: Address, ref: str, card: Card) -> None:
        assert isinstance(card, Record), "only records are sent to a tracker"
        await self._write(to, card)

    async def pin(self, to: Address, ref: str, pinned: bool) -> None:
        raise AssertionError("records are not pinned")

    async def open_direct(self, workspace: str, person: str) -> str:
        raise Refused("a tracker has no chats")

    async def _write(self, to: Address, record: Record) -> None:
        """Write what a record says; raises SendError where it is not settled by that."""
        if not record.change:
            return
        scope_id = int(to.channel.removeprefix(CHANNEL))
        try:
            place = await self._place(to.workspace, scope_id)
            if place is None:
                raise Refused("not followed any more")
            sent = await self._sent(to.workspace, scope_id, place, record)
        except SignedOut as error:
            await self._signed_out(to.workspace, scope_id, str(error))
            raise Throttled(SIGNED_OUT_REST_S) from error
        except NotNow as error:
            left = (error.until - self._clock()).total_seconds()
            raise Throttled(max(1.0, left)) from error
        except (Silent, Unreadable) as error:
            raise Unsure(type(error).__name__) from error
        except (Outdated, Missing) as error:
            await self._read_again(to.workspace, scope_id, record)
            if isinstance(error, Outdated):
                raise Unsure("Outdated") from error
            sent = _refused(record, str(error), until_read=True)
        except (NotAllowed, Rejected, BadAddress) as error:
            sent = _refused(record, str(error))
        await self._settle(to.workspace, scope_id, record, sent)

    async def _place(self, workspace: str, scope_id: int) -> _Place | None:
        """Return the way to a scope; None where it is followed no more."""
        async with self._database.read(workspace, self._clock(), patient=True) as store:
            scope = await store.trackers.scope(scope_id)
            site = await store.trackers.find(scope.tracker_id) if scope else None
        if scope is None or site is None:
            return None
        tracker = self._sites.open(workspace, site.kind, site.site, site.sealed)
        return _Place(scope.remote_id, tracker)

    # --- the call ---

    async def _sent(self, workspace: str, scope_id: int, place: _Place, record: Record) -> Sent:
        """Write a change, or create the item, and return what came of it."""
        if record.id is not None:
            await self._note(workspace, scope_id, record, record.values)
            return _came_of(record, await place.tracker.write(place.scope, record))
        found = await place.tracker.find(place.scope, record.marker)
        if found is not None:  # and may be half of what was wanted: the rest comes behind
            rest = born(record, found.id)
            return _came_of(record, await place.tracker.write(place.scope, rest))
        if (doubt := await self._doubt(workspace, scope_id, record)) is not None:
            return doubt
        return _came_of(record, await place.tracker.create(place.scope, record))

    async def _doubt(self, workspace: str, scope_id: int, record: Record) -> Sent | None:
        """Note that the item is created now; return what to say instead after too many doubts.

        Raises Throttled while an earlier creation may have worked and not be found yet.
        """
        async with self._database.read(workspace, self._clock(), patient=True) as store:
            tracked = await store.records.of(record.number, scope_id)
        tries = dict((tracked.sent if tracked else {}).get(CREATION) or {})
        if tries:
            waited = self._clock() - datetime.fromisoformat(tries["at"])
            if waited < INDEX_LAG:
                raise Throttled((INDEX_LAG - waited).total_seconds())
        count = int(tries.get("count", 0))
        if count >= ATTEMPTS_MAX:
            return Sent({}, {CREATION: IN_DOUBT})
        now = {"at": self._clock().isoformat(), "count": count + 1}
        await self._note(workspace, scope_id, record, {CREATION: now})
        return None

    async def _note(
        self, workspace: str, scope_id: int, record: Record, values: Mapping[str, object]
    ) -> None:
        await self._database.write(
            workspace,
            self._clock(),
            lambda store: store.records.sending(record.number, scope_id, values),
        )

    # --- what came of it ---

    async def _settle(self, workspace: str, scope_id: int, record: Record, sent: Sent) -> None:
        async def settle(store: Store) -> None:
            row = await store.records.settle(record.number, scope_id, sent)
            if row is None or row.remote_id.startswith(UNBORN):  # nothing there to be read
                return
            if not ("state" in record.change.fields or record.id is None):
                return
            # Where it may go from there, and what that means here, is only known by reading.
            if (home := await store.records.home(scope_id)) is not None:
                await store.trackers.hint(home.tracker_id, [row.remote_id])

        await self._database.write(workspace, self._clock(), settle)

    async def _read_again(self, workspace: str, scope_id: int, record: Record) -> None:
        """Have an item read afresh: it is not there, or not as it was."""

        async def hint(store: Store) -> None:
            home = await store.records.home(scope_id)
            if home is not None and record.id:
                await store.trackers.hint(home.tracker_id, [record.id])

        await self._database.write(workspace, self._clock(), hint)

    async def _signed_out(self, workspace: str, scope_id: int, words: str) -> None:
        """Let the feature know, as if reading had failed: it tells people, and records wait."""

        async def tell(store: Store) -> None:
            home = await store.records.home(scope_id)
            if home is None:
                return
            news = Pulled(home.tracker_id, None, Failed("signed out", words))
            now = self._clock()
            turn = Turn(workspace, Place(""), HONE, news, now, key="", acted_at=now)
            await self._router.take_in(turn, store)

        await self._database.write(workspace, self._clock(), tell)


IN_DOUBT = (
    "I asked for it twice and never got an answer, so it may be there already. Look before you "
    "press Try again."
)


def _came_of(record: Record, written: Written) -> Sent:
    """Return what both sides agree on now, and what was left out."""
    left_out = dict(written.left_out)
    sent = frozenset(record.change.fields)  # what else is noted beside it stays Hone's own
    agreed = {
        name: value
        for name, value in record.values.items()
        if name in sent and name not in left_out
    }
    state = str(agreed.get("state", ""))
    return Sent(
        {name: value for name, value in agreed.items() if name != "state"},
        left_out,
        id=written.id,
        key=written.key,
        link=written.link,
        version=written.version,
        state=state,
    )


def _refused(record: Record, why: str, *, until_read: bool = False) -> Sent:
    """Return that nothing of a record was taken."""
    if record.id is None:
        return Sent({}, {CREATION: why})
    return Sent({}, dict.fromkeys(record.change.fields, why), until_read=until_read)
