"""What a replica reads next from trackers, of all workspaces.

A site is asked who Hone is there, a scope what changed, and hints name single items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, or_, select, tuple_, update
from sqlmodel import col

from storage.prepared import Prepared
from storage.readings import BEHIND, Reading, What
from storage.store import Store
from storage.tables import table_of
from storage.trackers import TrackerHint, TrackerScope, TrackerSite
from storage.types import UTCDateTime
from storage.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """How much a replica takes on: in all, at one site, and of what is read for the first time.

    `busy` says how much it has in hand already at each site of a workspace, `big` how much of it
    is read for the first time.
    """

    readings: int
    each: int
    big: int
    busy: Mapping[tuple[str, int], int]


async def is_anything_due(store: Store, kinds: Collection[str]) -> bool:
    """Tell whether there may be something to read: a look that writes nothing."""
    for which in (
        select(col(TrackerSite.id)).where(*_due_sites(store.now, kinds)),
        _scopes(store.now, kinds),
        _hinted(store.now, kinds),
    ):
        if (await store.session.execute(which.limit(1))).first() is not None:
            return True
    return False


async def claim_readings(
    store: Store, lease: timedelta, room: ReadingRoom, kinds: Collection[str]
) -> list[Reading]:
    """Lease what is due at the kinds of trackers that this replica knows, most urgent first."""
    claim = _Claim(store, store.now + lease, room, kinds)
    await claim.sites()
    await claim.hints()
    await claim.scopes()
    return claim.taken


class _Claim:
    def __init__(
        self, store: Store, lease_ends: datetime, room: ReadingRoom, kinds: Collection[str]
    ) -> None:
        self.taken: list[Reading] = []
        self._store, self._ends, self._room, self._kinds = store, lease_ends, room, kinds
        self._busy = Counter(room.busy)
        self._big = room.big

    def _fits(self, workspace: str, tracker: int, *, big: bool = False) -> bool:
        if len(self.taken) >= self._room.readings or (big and self._big <= 0):
            return False
        return self._busy[workspace, tracker] < self._room.each

    async def _take(self, reading: Reading) -> None:
        lease = {"lease_until": self._ends, "workspace_": reading.workspace}
        if reading.scope is None:
            await _LEASE_SITE.change(self._store.session, lease | {"id_": reading.tracker})
        else:
            await _LEASE_SCOPE.change(self._store.session, lease | {"id_": reading.scope})
        self._busy[reading.workspace, reading.tracker] += 1
        self._big -= reading.is_big
        self.taken.append(reading)

    def _of(self, what: What, site: TrackerSite, **more: Any) -> Reading:
        return Reading(
            what, site.workspace, site.id, site.kind, site.site, site.sealed, self._ends, **more
        )

    async def sites(self) -> None:
        due = await self._store.session.scalars(
            select(TrackerSite)
            .where(*_due_sites(self._store.now, self._kinds))
            .order_by(col(TrackerSite.due_at))
            .limit(self._room.readings)
            .with_for_update(skip_locked=True)
        )
        for site in due.all():
            if self._fits(site.workspace, site.id):
                await self._take(self._of("site", site, due_at=site.due_at))

    async def hints(self) -> None:
        now = self._store.now
        named = await self._store.session.scalars(
            select(TrackerSite)
            .where(
                tuple_(col(TrackerSite.workspace), col(TrackerSite.id)).in_(
                    _hinted(now, self._kinds)
                ),
                _is_free(TrackerSite, now),
            )
            .limit(self._room.readings)
            .with_for_update(skip_locked=True)
        )
        for site in named.all():
            if self._fits(site.workspace, site.id):
                await self._take(self._of("hints", site, attempts=site.attempts))

    async def scopes(self) -> None:
        rows = await self._store.session.execute(
            _scopes(self._store.now, self._kinds)
            .with_only_columns(TrackerScope, TrackerSite)
            .order_by(col(TrackerScope.step).in_(BEHIND), col(TrackerScope.due_at))
            .limit(8 * self._room.readings)
            .with_for_update(skip_locked=True, of=TrackerScope)
        )
        for scope, site in rows.all():
            if not self._fits(site.workspace, site.id, big=scope.step in BEHIND):
                continue
            reading = self._of(
                "scope",
                site,
                due_at=scope.due_at,
                scope=scope.id,
                remote_id=scope.remote_id,
                step=scope.step,
                cursor=scope.cursor,
                swept_at=scope.swept_at,
                looked=_is_looked(scope.told),
                attempts=site.attempts + scope.attempts,
                plan=scope.plan,
            )
            await self._take(reading)


# --- what is due -----------------------------------------------------------------------------


def _is_free(model: type[TrackerSite] | type[TrackerScope], now: datetime) -> ColumnElement[bool]:
    return or_(col(model.leased_until).is_(None), col(model.leased_until) <= now)


def _serves(now: datetime, kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Return that a site may be asked: its kind is known here, it does not rest, nobody left."""
    left = exists().where(
        col(Workspace.id) == col(TrackerSite.workspace), col(Workspace.removed_at).is_not(None)
    )
    rested = or_(col(TrackerSite.rests_until).is_(None), col(TrackerSite.rests_until) <= now)
    return col(TrackerSite.kind).in_(sorted(kinds)), rested, ~left


def _due_sites(now: datetime, kinds: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    due = and_(col(TrackerSite.due_at).is_not(None), col(TrackerSite.due_at) <= now)
    return due, _is_free(TrackerSite, now), *_serves(now, kinds)


def _scopes(now: datetime, kinds: Collection[str]) -> Any:
    return (
        select(col(TrackerScope.id))
        .join(
            TrackerSite,
            and_(
                col(TrackerSite.workspace) == col(TrackerScope.workspace),
                col(TrackerSite.id) == col(TrackerScope.tracker_id),
            ),
        )
        .where(
            col(TrackerScope.due_at).is_not(None),
            col(TrackerScope.due_at) <= now,
            _is_free(TrackerScope, now),
            col(TrackerSite.state) == "open",
            *_serves(now, kinds),
        )
    )


def _hinted(now: datetime, kinds: Collection[str]) -> Any:
    return (
        select(col(TrackerSite.workspace), col(TrackerSite.id))
        .join(
            TrackerHint,
            and_(
                col(TrackerHint.workspace) == col(TrackerSite.workspace),
                col(TrackerHint.tracker_id) == col(TrackerSite.id),
            ),
        )
        .where(col(TrackerHint.at) <= now, col(TrackerSite.state) == "open", *_serves(now, kinds))
        .distinct()
    )


async def release_all(store: Store) -> None:
    """End all leases: what a process held that was killed, where there is one process only."""
    for model in (TrackerSite, TrackerScope):
        await store.session.execute(update(model).values(leased_until=None))


def _lease(table: Table) -> Prepared:
    return Prepared(
        lambda _: (
            update(table)
            .where(table.c.workspace == bindparam("workspace_"), table.c.id == bindparam("id_"))
            .values(leased_until=bindparam("lease_until", type_=UTCDateTime))
        )
    )


_LEASE_SITE, _LEASE_SCOPE = _lease(table_of(TrackerSite)), _lease(table_of(TrackerScope))


def _is_looked(told: Mapping[str, Any]) -> bool:
    """Tell whether it is known what can be written in a scope."""
    return bool(told.get("abilities", {}).get("homes")) and not told.get("looks_again")
