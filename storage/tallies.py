"""How many open items a team has, kept beside them: a sum costs the same at ten and at a million.

An open item stands in one row of its team: that of the day an improvement is due, or NEVER's. Each
change of an item passes here. What it adds and takes away gathers in the session and is written
once, at the end of the transaction, in one order: two turns that change the same items wait for
each other, never in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date
from typing import Final, Protocol

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage.prepared import Prepared
from storage.repository import Repository
from storage.states import FINISHED_STATES, READY_STATES
from storage.tables import table_of
from storage.types import Points, exact
from storage.upsert import insert_on

NEVER: Final = date(9999, 1, 1)
"""The day of what falls due on none."""


class Tally(SQLModel, table=True):
    """Sums over a team's open items of one day: each column counts, but `points`, which adds up.

    `scored` have a WSJF; `ready` are ready or planned, `points` are theirs and `unsized` those of
    them without any; `unowned` are improvements past `captured` that nobody owns.
    """

    __tablename__ = "tallies"

    workspace: str = Field(primary_key=True, max_length=100)
    team_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    due: date = Field(primary_key=True)
    open: int = 0
    scored: int = 0
    ready: int = 0
    points: float = Field(default=0, sa_type=Points)
    unsized: int = 0
    unowned: int = 0


COUNTED: Final = ("open", "scored", "ready", "points", "unsized", "unowned")


class Tallied(Protocol):
    """What the sums need to know of an item; an item and a row of one both do."""

    @property
    def workspace(self) -> str: ...
    @property
    def team_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def owner(self) -> str | None: ...
    @property
    def due(self) -> date | None: ...
    @property
    def wsjf(self) -> float | None: ...
    @property
    def points(self) -> float | None: ...


Cell = tuple[str, int, date, str]
"""Workspace, team, day and the name of a sum."""


def cells(item: Tallied) -> dict[Cell, float]:
    """Return what an item adds to the sums: nothing once it is finished."""
    if item.state in FINISHED_STATES:
        return {}
    improves = item.kind == "improvement"
    day = (improves and item.due) or NEVER
    adds: dict[str, float] = {"open": 1}
    if item.wsjf is not None:
        adds["scored"] = 1
    if item.state in READY_STATES:
        adds["ready"] = 1
        if item.points is None:
            adds["unsized"] = 1
        elif item.points:
            adds["points"] = item.points
    if improves and item.owner is None and item.state != "captured":
        adds["unowned"] = 1
    return {(item.workspace, item.team_id, day, name): add for name, add in adds.items()}


def tally(session: AsyncSession, before: Mapping[Cell, float], after: Mapping[Cell, float]) -> None:
    """Remember that an item's share of the sums changed; `settle` writes it down."""
    waiting: dict[Cell, float] = session.info.setdefault("tallied", {})
    subtract(waiting, before)
    for cell, add in after.items():
        waiting[cell] = exact(waiting.get(cell, 0) + add)


def subtract(sums: MutableMapping[Cell, float], less: Mapping[Cell, float]) -> None:
    """Take an item's share out of sums."""
    for cell, count in less.items():
        sums[cell] = exact(sums.get(cell, 0) - count)


async def settle(session: AsyncSession) -> None:
    """Write down what gathered in the session."""
    waiting: dict[Cell, float] = session.info.pop("tallied", {})
    changed: dict[tuple[str, int, date], dict[str, float]] = {}
    for (workspace, team, day, name), change in waiting.items():
        if change:
            changed.setdefault((workspace, team, day), dict.fromkeys(COUNTED, 0))[name] = change
    rows = sorted(changed.items())
    if rows:
        await _ADD.change(session, [_row(key, changes) for key, changes in rows])
    for (workspace, team, day), changes in rows:
        if changes["open"] < 0:
            await session.execute(
                delete(Tally).where(
                    col(Tally.workspace) == workspace,
                    col(Tally.team_id) == team,
                    col(Tally.due) == day,
                    col(Tally.open) == 0,
                )
            )


def _add(dialect: str) -> Insert:
    adding = insert_on(dialect, Tally)
    return adding.on_conflict_do_update(
        index_elements=["workspace", "team_id", "due"],
        set_={name: _SUMS[name] + adding.excluded[name] for name in COUNTED},
    )


_ADD = Prepared(_add)
_SUMS = table_of(Tally).c
_OF_TEAM = select(_SUMS.due, *(_SUMS[name] for name in COUNTED)).where(
    _SUMS.workspace == bindparam("workspace_"), _SUMS.team_id == bindparam("team")
)


def _row(key: tuple[str, int, date], changes: Mapping[str, float]) -> dict[str, object]:
    workspace, team, day = key
    return {"workspace": workspace, "team_id": team, "due": day, **changes}


class Tallies(Repository):
    async def of_team(self, team_id: int) -> dict[Cell, float]:
        """Return a team's sums, with what this transaction changed."""
        await settle(self._session)
        which = {"workspace_": self._workspace, "team": team_id}
        return {
            (self._workspace, team_id, due, name): count
            for due, *counts in await self._session.execute(_OF_TEAM, which)
            for name, count in zip(COUNTED, counts, strict=True)
            if count
        }
