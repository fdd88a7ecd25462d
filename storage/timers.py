"""What is due later: digests, deadlines, reminders. Each rings once, even if late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    exists,
    false,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared, among
from storage.repository import Repository
from storage.subjects import PostSubject
from storage.tables import table_of
from storage.types import UTCDateTime
from storage.upsert import upsert
from storage.workspaces import Workspace

if TYPE_CHECKING:
    from storage.store import Store

ATTEMPTS_MAX = 10

REDRAW = "posts.redraw"
"""The timer that has posts drawn again that show a wide set; see `redraw_key`."""


def redraw_key(subject: str, after: str = "") -> str:
    """Return the timer's key: a wide set, and the post up to which what shows it is done."""
    return f"{subject}\n{after}" if after else subject


def read_redraw_key(key: str) -> tuple[str, str]:
    """Return the wide set and the post up to which what shows it is done."""
    subject, _, after = key.partition("\n")
    return subject, after


class Timer(SQLModel, table=True):
    """Something due later, once: a deadline, a digest, a reminder.

    `key` is the feature's own name for what is due; `channel` is where its answer goes."""

    __tablename__ = "timers"

    workspace: str = Field(primary_key=True, max_length=100)
    kind: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=300)
    channel: str = Field(default="", max_length=300)
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    attempts: int = 0


class Timers(Repository):
    async def set(self, kind: str, key: str, at: datetime, channel: str = "") -> None:
        """Ring at `at`, instead of whenever this timer was set to before."""
        timer = {"workspace": self._workspace, "kind": kind, "key": key}
        rings = {"at": at, "channel": channel, "attempts": 0}
        await _SET.change(self._session, timer | rings)

    async def redraw_soon(self, subjects: Collection[str]) -> None:
        """Have what shows one of these wide sets drawn again soon, if anything does."""
        which = {"workspace_": self._workspace, "subjects": sorted(subjects)}
        await _REDRAW.change(self._session, which | {"now": self._now})

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


def _redraw(dialect: str) -> Insert:
    """Set one timer for each subject that some post shows."""
    shown = table_of(PostSubject).c
    subjects = (
        select(
            shown.workspace,
            literal(REDRAW),
            shown.subject,
            literal(""),
            bindparam("now", type_=UTCDateTime),
            literal(0),
        )
        .where(
            shown.workspace == bindparam("workspace_"), among(dialect, shown.subject, "subjects")
        )
        .distinct()
    )
    columns = ("workspace", "kind", "key", "channel", "at", "attempts")
    return upsert(dialect, Timer, "at", "channel", "attempts").from_select(columns, subjects)


_REDRAW = Prepared(_redraw)
_TIMERS = table_of(Timer)
_SET = Prepared(lambda dialect: upsert(dialect, Timer, "at", "channel", "attempts"))
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
