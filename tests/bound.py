"""Whether a statement names the workspace of every row that it reads or changes.

    unbound(statement)  ->  {"items"}: the tables of which it may meet rows of others
    with watching(database) as loose: …   # what was asked for one workspace, and is not bound to it

A table is bound where a condition that must hold says that its `workspace` is a given value, or
that of a table that is bound. Each scope vouches for its own tables: what a subquery says of its
rows binds nothing around it.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet  # type: ignore[import-untyped]
from sqlalchemy import (
    Alias,
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    CompoundSelect,
    Connection,
    Delete,
    FromClause,
    Join,
    Select,
    Table,
    Update,
    event,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement, ExpressionClauseList, Grouping

from storage import Database, Store
from tests.storage.rows import workspace_column

STORAGE, TESTS = (f"{Path(__file__).parents[1] / part}/" for part in ("storage", "tests"))
_GLUE = {f"{STORAGE}sqlite.py", __file__}
"""What stands between a statement and whoever asks."""

Tables = frozenset[FromClause]

_KNOWN: dict[str, frozenset[str]] = {}
"""What was found of each text: a run asks the same ones again and again."""


@contextlib.contextmanager
def watching(database: Database) -> Iterator[list[str]]:
    """Note each statement that some turn asks in its workspace, and that others' rows may answer.

    What serves every workspace, such as the outbox, runs in none.
    """
    loose: list[str] = []
    open_store = database._open_store

    def opened(session: AsyncSession, workspace: str, now: datetime) -> Store:
        session.get_bind().info["workspace"] = workspace  # type: ignore[union-attr]
        return open_store(session, workspace, now)

    def hear(
        asking: Connection, _: object, said: str, _given: object, context: Any, _many: bool
    ) -> None:
        if context.compiled is None:
            return
        if said not in _KNOWN:
            _KNOWN[said] = unbound(context.compiled.statement)
        if _KNOWN[said] and asking.info.get("workspace") and not _is_asked_by_a_test():
            loose.append(f"{', '.join(_KNOWN[said])}: {said}")

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    database._open_store = database._writer._open_store = opened  # type: ignore[method-assign]
    try:
        yield loose
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _is_asked_by_a_test() -> bool:
    """Whether a test looks for itself, past what Hone asks: it may look at everything."""
    files = (frame.f_code.co_filename for frame in _frames())
    asks = (file for file in files if file.startswith((STORAGE, TESTS)) and file not in _GLUE)
    return next(asks, "").startswith(TESTS)


def _frames() -> Iterator[FrameType]:
    """Who called whom, innermost first, also out of the greenlet in which PostgreSQL is asked."""
    here: Any = greenlet.getcurrent()
    frame = sys._getframe(1)
    while here is not None:
        at: FrameType | None = frame
        while at is not None:
            yield at
            at = at.f_back
        here = here.parent
        frame = here and here.gr_frame


def unbound(statement: ClauseElement, around: Tables = frozenset()) -> frozenset[str]:
    """Return the names of the tables whose rows may be those of several workspaces.

    `around`: the tables of the scopes that this one stands in, each looked at there.
    """
    match statement:
        case Select():
            sources = tuple(_sources(statement.get_final_froms()))
            said = [*_joined(statement.get_final_froms()), statement.whereclause]
        case Update() | Delete():
            sources, said = (statement.table,), [statement.whereclause]
        case _:
            sources, said = (), []
    tables = frozenset(each for each in sources if _table(each) is not None)
    if isinstance(statement, Select):
        tables = (tables - around) or tables  # what is read around it is meant, as SQLAlchemy does
    conditions = [each for condition in said for each in _all_of(condition)]
    bound = around - tables
    while newly := {each for each in tables - bound if _is_bound(each, bound, conditions)}:
        bound |= newly
    loose = frozenset(found.name for each in tables - bound if (found := _table(each)) is not None)
    return loose.union(*(unbound(inner, around | tables) for inner in _inner(statement)))


def _sources(froms: Iterable[Any]) -> Iterator[FromClause]:
    """What rows come from, each side of a join by itself."""
    for each in froms:
        if isinstance(each, Join):
            yield from _sources((each.left, each.right))
        else:
            yield each


def _joined(froms: Iterable[Any]) -> Iterator[Any]:
    for each in froms:
        if isinstance(each, Join):
            yield each.onclause
            yield from _joined((each.left, each.right))


def _table(source: Any) -> Table | None:
    """The table that is read under this name; None for a subquery, which is looked at itself."""
    while isinstance(source, Alias):
        source = source.element
    return source if isinstance(source, Table) else None


def _all_of(condition: Any) -> Iterator[BinaryExpression[Any]]:
    """The comparisons that hold for every row: those of an OR do not."""
    match condition:
        case BooleanClauseList() | ExpressionClauseList() if condition.operator is operators.and_:
            for each in condition.clauses:
                yield from _all_of(each)
        case Grouping():
            yield from _all_of(condition.element)
        case BinaryExpression():
            yield condition


def _is_bound(
    source: FromClause, bound: Iterable[FromClause], conditions: Iterable[BinaryExpression[Any]]
) -> bool:
    mine = _workspace_of(source)
    return any(
        _is(one, mine) and _is_known(other, bound)
        for condition in conditions
        for left, right in _pairs(condition)
        for one, other in ((left, right), (right, left))
    )


def _pairs(condition: BinaryExpression[Any]) -> Iterator[tuple[Any, Any]]:
    """What is equal to what."""
    if condition.operator is operators.eq:
        yield condition.left, condition.right


def _workspace_of(source: FromClause) -> Any:
    table = _table(source)
    assert table is not None
    return source.c[workspace_column(table).name]


def _is(side: Any, column: Any) -> bool:
    return bool(getattr(side, "table", None) == column.table and side.name == column.name)


def _is_known(side: Any, bound: Iterable[FromClause]) -> bool:
    return isinstance(side, BindParameter) or any(_is(side, _workspace_of(each)) for each in bound)


def _inner(statement: Any) -> Iterator[Any]:
    """The selects that stand in this one, but not those in them."""
    waiting = list(statement.get_children())
    seen = set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, Select | CompoundSelect):
            yield each
        elif not isinstance(each, Table):
            waiting.extend(each.get_children())
