"""What is due later: digests, deadlines, reminders. Each rings once, even if late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, bindparam, delete, exists, false, or_, select, update
from sqlalchemy.dialects.postgresql import Insert
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.scope import Scope
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import insert_on
from storage.workspaces import Workspace

if TYPE_CHECKING:
    from storage.store import Store

ATTEMPTS_MAX = 10


class Timer(SQLModel, table=True):
    """`key` is the feature's own name for what is due; `channel` is where its answer goes."""

    __tablename__ = "timers"

    workspace: str = Field(primary_key=True, max_length=100)
    kind: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=300)
    channel: str = Field(default="", max_length=300)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    attempts: int = 0


class Timers(Scope):
    async def set(self, kind: str, key: str, at: datetime, channel: str = "") -> None:
        """Ring at `at`, instead of whenever this timer was set to before."""
        timer = {"workspace": self._workspace, "kind": kind, "key": key}
        rings = {"at": at, "channel": channel, "attempts": 0}
        await _SET.change(self._session, timer | rings)

    async def cancel(self, kind: str, key: str) -> None:
        which = {"workspace_": self._workspace, "kind_": kind, "key_": key}
        await _CANCEL.change(self._session, which)

    async def find(self, kind: str, key: str) -> Timer | None:
        return await self._session.get(Timer, (self._workspace, kind, key))

    async def take(self, timer: Timer) -> bool:
        """Remove the timer as it was read; False if it rang elsewhere or was moved meanwhile."""
        which = {"workspace_": self._workspace, "kind_": timer.kind, "key_": timer.key}
        return await _TAKE.change(self._session, which | {"at_": timer.at}) == 1

    async def postpone(self, timer: Timer, until: datetime) -> None:
        """Ring again later after a failure; after ATTEMPTS_MAX failures, in a day each time."""
        if timer.attempts >= ATTEMPTS_MAX:
            until = self._now + timedelta(days=1)
        await self._session.execute(
            update(Timer)
            .where(*self._named(timer.kind, timer.key), col(Timer.at) == timer.at)
            .values(at=until, attempts=timer.attempts + 1)
        )

    def _named(self, kind: str, key: str) -> tuple[ColumnElement[bool], ...]:
        return (
            col(Timer.workspace) == self._workspace,
            col(Timer.kind) == kind,
            col(Timer.key) == key,
        )


def _set(dialect: str) -> Insert:
    setting = insert_on(dialect, Timer)
    anew = {name: setting.excluded[name] for name in ("at", "channel", "attempts")}
    return setting.on_conflict_do_update(index_elements=["workspace", "kind", "key"], set_=anew)


_TIMERS = table_of(Timer)
_SET = Prepared(_set)
_NAMED = (
    _TIMERS.c.workspace == bindparam("workspace_"),
    _TIMERS.c.kind == bindparam("kind_"),
    _TIMERS.c.key == bindparam("key_"),
)
_CANCEL = Prepared(lambda _: delete(_TIMERS).where(*_NAMED))
_TAKE = Prepared(lambda _: delete(_TIMERS).where(*_NAMED, _TIMERS.c.at == bindparam("at_")))


async def due_timers(store: Store, kinds: Collection[str], limit: int) -> Sequence[Timer]:
    """Return timers of all workspaces that should have rung by now, the oldest first.

    A kind not named waits for a replica that knows it; a removed workspace is left in peace.
    """
    rows = await _due(frozenset(kinds)).rows(store.session, {"now": store.now, "most": limit})
    return [Timer(**dict(zip(_TIMERS.c.keys(), row, strict=True))) for row in rows]


@cache
def _due(kinds: frozenset[str]) -> Prepared:
    """Return the statement of every tick; a process knows the same kinds as long as it runs."""
    removed = exists().where(
        col(Workspace.id) == _TIMERS.c.workspace, col(Workspace.removed_at).is_not(None)
    )
    return Prepared(
        lambda _: (
            select(_TIMERS)
            .where(
                _TIMERS.c.at <= bindparam("now", type_=UTCDateTime),
                or_(false(), *(_TIMERS.c.kind == kind for kind in sorted(kinds))),
                ~removed,
            )
            .order_by(_TIMERS.c.at)
            .limit(bindparam("most"))
        )
    )
