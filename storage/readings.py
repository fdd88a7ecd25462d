"""What a replica has in hand of trackers' news, and until when nobody else may read it.

A lease is renewed with each batch that is saved. What comes after it ended is not saved: somebody
else reads by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlmodel import col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.tables import table_of
from storage.trackers import TrackerHint, TrackerScope, TrackerSite
from storage.types import UTCDateTime

What = Literal["site", "scope", "hints"]

HINTS_MAX: Final = 25
"""Items that are read singly under one lease."""

BEHIND: Final = ("looking", "first")
"""Steps in which much is read that nobody waits for: what is followed goes before them."""


@dataclass(slots=True)
class Reading:
    """What this replica may read until `lease_ends`, as it stood when it was claimed.

    `scope` is None for what concerns the whole site. `due_at` is moved on afterwards, unless
    somebody else has moved it meanwhile. `plan` is whose objectives there are wanted, too.
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
    plan: str = ""

    @property
    def is_big(self) -> bool:
        return self.step in BEHIND


# --- in hand ---------------------------------------------------------------------------------


class Readings(Repository):
    """What this replica has in hand in the workspace."""

    async def still_ours(self, reading: Reading, lease_ends: datetime) -> bool:
        """Hold a reading until the transaction ends and renew its lease; False if it ran out."""
        which = {"lease_until": lease_ends, "lease_": reading.lease_ends}
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

    async def moved_on(self, scope_id: int, cursor: str) -> None:
        """Note that a scope was read to its end and nothing was new; no card shows it."""
        await self._session.execute(
            update(_SCOPES)
            .where(_SCOPES.c.workspace == self._workspace, _SCOPES.c.id == scope_id)
            .values(cursor=cursor, read_at=self._now)
        )

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
        return [(id, remote) for id, remote in rows]

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


def _in_hand(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.workspace == bindparam("workspace_"),
        table.c.id == bindparam("id_"),
        table.c.leased_until == bindparam("lease_", type_=UTCDateTime),
    )


def _renew(table: Table) -> Prepared:
    until = bindparam("lease_until", type_=UTCDateTime)
    return Prepared(lambda _: update(table).where(*_in_hand(table)).values(leased_until=until))


def _release(table: Table) -> Prepared:
    return Prepared(lambda _: update(table).where(*_in_hand(table)).values(leased_until=None))


def _finish(table: Table) -> Prepared:
    was, due = bindparam("was_due", type_=UTCDateTime), bindparam("due", type_=UTCDateTime)
    next_one = case((table.c.due_at == was, due), else_=table.c.due_at)
    return Prepared(
        lambda _: update(table).where(*_in_hand(table)).values(leased_until=None, due_at=next_one)
    )


_RENEW_SITE, _RENEW_SCOPE = _renew(_SITES), _renew(_SCOPES)
_RELEASE_SITE = _release(_SITES)
_FINISH_SITE, _FINISH_SCOPE = _finish(_SITES), _finish(_SCOPES)
