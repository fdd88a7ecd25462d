"""What a replica reads next from trackers, of all workspaces, and what becomes of it.

A site is asked who Hone is there, a scope what changed, and hints name single items. Whoever reads
holds a lease; it is renewed with each batch that is saved, and what comes after it ended is not
saved: somebody else reads by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.tables import table_of
from storage.trackers import TrackerHint, TrackerScope, TrackerSite
from storage.types import UTCDateTime
from storage.workspaces import Workspace

if TYPE_CHECKING:
    from storage.store import Store

What = Literal["site", "scope", "hints"]

HINTS_MAX: Final = 25
"""Items that are read singly under one lease."""

BEHIND: Final = ("looking", "first")
"""Steps in which much is read that nobody waits for: what is followed goes before them."""


@dataclass(slots=True)
class Reading:
    """What this replica may read until `lease_ends`, as it stood when it was claimed.

    `scope` is None for what concerns the whole site. `due_at` is moved on afterwards, unless
    somebody else has moved it meanwhile.
    """

    what: What
    workspace: str
    tracker: int
    kind: str
    site: str
    sealed: str
    lease_ends: datetime
    due_at: datetime | None = None
    scope: int | None = None
    remote_id: str = ""
    step: str = ""
    cursor: str = ""
    swept_at: datetime | None = None
    looked: bool = False
    attempts: int = 0

    @property
    def is_big(self) -> bool:
        return self.step in BEHIND


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
        lease = {"until": self._ends, "workspace_": reading.workspace}
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
                looked="abilities" in scope.told,
                attempts=site.attempts + scope.attempts,
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


# --- in hand ---------------------------------------------------------------------------------


class Readings(Repository):
    """What this replica has in hand in the workspace."""

    async def still_ours(self, reading: Reading, lease_ends: datetime) -> bool:
        """Hold a reading until the transaction ends and renew its lease; False if it ran out."""
        which = {"until": lease_ends, "lease_": reading.lease_ends}
        return await self._let(_RENEW_SITE, _RENEW_SCOPE, reading, which)

    async def finish(self, reading: Reading, due_at: datetime | None) -> None:
        """Let go of a reading; it is due again then, unless somebody wanted it sooner or never."""
        which: dict[str, object] = {"lease_": reading.lease_ends}
        if reading.what == "hints":
            await self._let(_RELEASE_SITE, _RELEASE_SITE, reading, which)
        else:
            which |= {"was_due": reading.due_at, "due": due_at}
            await self._let(_FINISH_SITE, _FINISH_SCOPE, reading, which)

    async def _let(
        self, site: Prepared, scope: Prepared, reading: Reading, which: Mapping[str, object]
    ) -> bool:
        """Change the lease of what is in hand; no card shows it, so nothing is marked."""
        statement, id = (site, reading.tracker) if reading.scope is None else (scope, reading.scope)
        row = {"workspace_": self._workspace, "id_": id}
        return await statement.change(self._session, {**row, **which}) == 1

    async def rest(self, tracker_id: int, until: datetime, *, counts: bool) -> None:
        """Leave a site alone until then; `counts`: it did not answer once more."""
        site = await self._numbered(TrackerSite, tracker_id, lock=True)
        if site is not None:
            site.rests_until = max(until, site.rests_until or until)
            site.attempts += counts

    async def answered(self, tracker_id: int) -> None:
        """Note that a site answers, if it did not before."""
        await self._session.execute(
            update(TrackerSite)
            .where(
                col(TrackerSite.workspace) == self._workspace,
                col(TrackerSite.id) == tracker_id,
                col(TrackerSite.attempts) > 0,
            )
            .values(attempts=0, rests_until=None)
        )

    async def hints(self, tracker_id: int) -> Sequence[TrackerHint]:
        """Return the oldest hints of a site."""
        rows = await self._session.scalars(
            select(TrackerHint)
            .where(
                col(TrackerHint.workspace) == self._workspace,
                col(TrackerHint.tracker_id) == tracker_id,
            )
            .order_by(col(TrackerHint.at), col(TrackerHint.remote_id))
            .limit(HINTS_MAX)
        )
        return rows.all()

    async def followed(self, tracker_id: int) -> Sequence[tuple[int, str]]:
        """Return (scope, its id there) of what is followed at a site, oldest first."""
        rows = await self._session.execute(
            select(col(TrackerScope.id), col(TrackerScope.remote_id))
            .where(
                col(TrackerScope.workspace) == self._workspace,
                col(TrackerScope.tracker_id) == tracker_id,
                col(TrackerScope.step).in_(("first", "links", "following")),
            )
            .order_by(col(TrackerScope.id))
        )
        return [(id, remote) for id, remote in rows]  # noqa: C416 - mypy cannot see pairs

    async def forget_hints(self, hints: Sequence[TrackerHint]) -> None:
        """Forget hints that were followed, but for those that were given anew meanwhile."""
        for hint in hints:
            await self._session.execute(
                delete(TrackerHint).where(
                    col(TrackerHint.workspace) == self._workspace,
                    col(TrackerHint.tracker_id) == hint.tracker_id,
                    col(TrackerHint.remote_id) == hint.remote_id,
                    col(TrackerHint.at) == hint.at,
                )
            )

    async def waiting(self, tracker_id: int) -> int:
        """Return how many hints of a site nobody has followed yet."""
        count = await self._session.scalar(
            select(func.count())
            .select_from(TrackerHint)
            .where(
                col(TrackerHint.workspace) == self._workspace,
                col(TrackerHint.tracker_id) == tracker_id,
            )
        )
        return int(count or 0)


# --- leases: changed past the session's objects ----------------------------------------------

_SITES, _SCOPES = table_of(TrackerSite), table_of(TrackerScope)


def _lease(table: Table) -> Prepared:
    return Prepared(
        lambda _: (
            update(table)
            .where(table.c.workspace == bindparam("workspace_"), table.c.id == bindparam("id_"))
            .values(leased_until=bindparam("until", type_=UTCDateTime))
        )
    )


def _in_hand(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.workspace == bindparam("workspace_"),
        table.c.id == bindparam("id_"),
        table.c.leased_until == bindparam("lease_", type_=UTCDateTime),
    )


def _renew(table: Table) -> Prepared:
    until = bindparam("until", type_=UTCDateTime)
    return Prepared(lambda _: update(table).where(*_in_hand(table)).values(leased_until=until))


def _release(table: Table) -> Prepared:
    return Prepared(lambda _: update(table).where(*_in_hand(table)).values(leased_until=None))


def _finish(table: Table) -> Prepared:
    was, due = bindparam("was_due", type_=UTCDateTime), bindparam("due", type_=UTCDateTime)
    next_one = case((table.c.due_at == was, due), else_=table.c.due_at)
    return Prepared(
        lambda _: update(table).where(*_in_hand(table)).values(leased_until=None, due_at=next_one)
    )


_LEASE_SITE, _LEASE_SCOPE = _lease(_SITES), _lease(_SCOPES)
_RENEW_SITE, _RENEW_SCOPE = _renew(_SITES), _renew(_SCOPES)
_RELEASE_SITE = _release(_SITES)
_FINISH_SITE, _FINISH_SCOPE = _finish(_SITES), _finish(_SCOPES)
