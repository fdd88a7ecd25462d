"""Nothing crosses a workspace, whichever query is asked: today's and those still to be written."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.sql.elements import ClauseElement
from sqlmodel import SQLModel

import storage
from storage import Database, Store
from storage.backlog import Wanted
from storage.prepared import Prepared
from storage.store import Bound
from storage.tables import table_of
from tests.bound import unbound
from tests.storage.rows import NOW, NUMBER, furnish, row_of, rows_of, rows_seen_by, tables

OURS, THEIRS, NEW = "test:ours", "test:theirs", "test:new"


def queries() -> list[tuple[str, str]]:
    """Every group of queries on the store, with every public coroutine it offers."""
    groups = {name: of.group for name, of in vars(Store).items() if isinstance(of, Bound)}
    return [
        (group, name)
        for group, cls in groups.items()
        for name, method in inspect.getmembers(cls, inspect.iscoroutinefunction)
        if not name.startswith("_") and (group, name) != ("workspaces", "delete_everything")
    ]


async def test_asking_from_another_workspace_finds_and_changes_nothing(
    database: Database,
) -> None:
    """A forged id must read exactly like one that never was."""
    await furnish(database, THEIRS, "hers")
    before = await rows_of(database, THEIRS)
    crossed, refused = [], []
    for group, name in queries():
        asked = _Asked(group, name)
        with contextlib.suppress(_Undo):
            await database.write(NEW, NOW, asked)
        if asked.found_theirs or any(rows != before[name] for name, rows in asked.rows.items()):
            crossed.append(f"{group}.{name}")
        if asked.refused:
            refused.append(f"{group}.{name}")
    assert not crossed
    assert len(refused) < len(queries()) / 6, f"these were hardly asked: {refused}"


FOR_ALL = {
    "inbox.forget_old": {"deliveries", "unseen_deliveries"},  # a clean-up of all workspaces
    "workspaces.all": {"workspaces"},
}
"""Queries of a store that are about every workspace, with the tables that they read so."""


async def test_whatever_is_asked_names_the_workspace_of_every_table(database: Database) -> None:
    """Ids repeat from workspace to workspace: one condition forgotten, and others' rows change."""
    await furnish(database, THEIRS, "hers")
    loose: dict[str, set[str]] = {}
    for group, name in queries():
        asked = _Asked(group, name)
        with contextlib.suppress(_Undo):
            await database.write(THEIRS, NOW, asked)
        if asked.loose:
            loose[f"{group}.{name}"] = asked.loose
    assert loose == FOR_ALL


def test_what_is_built_once_names_the_workspace_of_every_table() -> None:
    """What is compiled runs past SQLAlchemy, where no test that listens would hear it."""
    loose = {
        f"{module.__name__}.{name}"
        for module in _modules()
        for name, built in vars(module).items()
        for statement in _statements(built)
        if unbound(statement)
    }
    assert loose == {"storage.claiming._QUEUES"}, "the outbox alone sends for all"


def _statements(built: object) -> Iterator[ClauseElement]:
    if isinstance(built, Prepared):
        yield from (built._build(dialect) for dialect in ("sqlite", "postgresql"))
    elif isinstance(built, ClauseElement):
        yield built


def _modules() -> Iterator[types.ModuleType]:
    for found in pkgutil.iter_modules(storage.__path__, "storage."):
        yield importlib.import_module(found.name)


class _Undo(Exception):
    """Ends a transaction without a trace."""


class _Asked:
    """A query, asked with everything that names their rows, from a workspace that is not theirs."""

    def __init__(self, group: str, name: str) -> None:
        self._group = group
        self._name = name
        self.found_theirs = False
        self.refused = False
        self.loose: set[str] = set()
        """Tables of which some statement may have met rows of others."""
        self._said: list[str] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {}

    async def __call__(self, store: Store) -> None:
        method = getattr(getattr(store, self._group), self._name)
        connection = (await store.session.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", self._hear)
        try:
            async with store.session.begin_nested():
                await store.session.connection()  # else the savepoint waits for a first row
                given = _arguments(method, THEIRS)
                found = await method(**given)
                # A line in which nothing is known comes back as it was given: that is no find.
                if not any(found is value for value in given.values()):
                    self.found_theirs = any(_is_theirs(part) for part in _parts(found))
        except Exception:  # the arguments are made up: whatever it makes of them, it found nothing
            self.refused = True
        event.remove(connection, "before_cursor_execute", self._hear)
        written = [table for table in tables() if any(table.name in said for said in self._said)]
        self.rows = await rows_seen_by(store.session, THEIRS, written)
        raise _Undo

    def _hear(
        self,
        _connection: object,
        _cursor: object,
        statement: str,
        _given: object,
        context: Any,
        _: bool,
    ) -> None:
        if context.compiled is not None:
            self.loose |= unbound(context.compiled.statement)
        if not statement.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self._said.append(statement)


def _is_theirs(part: object) -> bool:
    return part in ("hers", b"hers") or getattr(part, "workspace", NEW) != NEW


def _arguments(method: Any, workspace: str) -> dict[str, Any]:
    """Return what names their rows: their ids, their words, the rows themselves."""
    signature = inspect.signature(method)
    hints = typing.get_type_hints(method)
    return {
        name: _argument(hints[name], workspace)
        for name, parameter in signature.parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        and (parameter.default is inspect.Parameter.empty or hints[name] in (str, int))
        and name not in ("limit", "offset")
    } | {name: 10 for name in ("limit",) if name in signature.parameters}


def _argument(hint: Any, workspace: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _argument(inner[0], workspace)
    if origin is tuple:
        return tuple(_argument(each, workspace) for each in inner if each is not ...)
    if origin in (list, Sequence):
        return [_argument(inner[0], workspace)]
    if origin in (dict, Mapping):
        return {_argument(inner[0], workspace): _argument(inner[1], workspace)}
    if hint in (int, float):
        return hint(NUMBER)
    if hint is bytes:
        return b"hers"
    if hint is bool:
        return True
    if hint is datetime:
        return NOW
    if hint is date:
        return NOW.date()
    if isinstance(hint, type) and issubclass(hint, SQLModel):
        return _row(hint, workspace)
    if hint is Wanted:
        return Wanted()
    return "hers"


def _row(model: type[SQLModel], workspace: str) -> SQLModel:
    return model(**row_of(table_of(model), workspace, "hers"))


def _parts(result: object) -> Iterator[object]:
    """Every value inside an answer."""
    if isinstance(result, Mapping):
        for key, value in result.items():
            yield from _parts(key)
            yield from _parts(value)
    elif isinstance(result, (list, tuple, set)):
        for value in result:
            yield from _parts(value)
    elif hasattr(result, "__dataclass_fields__"):
        for name in result.__dataclass_fields__:
            yield from _parts(getattr(result, name))
    else:
        yield result


async def test_deleting_a_workspace_leaves_no_row_of_it_and_every_row_of_others(
    database: Database,
) -> None:
    """What a company was promised when it uninstalled, in tables not yet written too."""
    await furnish(database, OURS, "ours")
    await furnish(database, THEIRS, "hers")
    theirs = await rows_of(database, THEIRS)
    assert all(theirs.values()), "a table was not furnished"
    await database.write(OURS, NOW, lambda store: store.workspaces.delete_everything())
    assert not any((await rows_of(database, OURS)).values())
    assert await rows_of(database, THEIRS) == theirs


def test_every_table_says_whose_its_rows_are() -> None:
    """First in the key, so that no row can be found without it and the data can be spread by it."""
    for table in tables():
        first = next(iter(table.primary_key.columns)).name
        assert first == ("id" if table.name == "workspaces" else "workspace"), table.name


async def test_a_workspace_nobody_welcomed_is_deleted_too_once_removed(database: Database) -> None:
    """Hone may be used by slash command alone, and never join a channel."""
    await database.write(OURS, NOW, lambda store: store.lines.add("general", "ada", "hello"))
    await database.write(OURS, NOW, lambda store: store.workspaces.mark_removed())
    removed = (await rows_of(database, OURS))["workspaces"]
    assert len(removed) == 1


async def test_a_removal_that_comes_three_times_counts_from_the_first(database: Database) -> None:
    for day in (1, 2, 3):
        at = datetime(2026, 11, day, tzinfo=NOW.tzinfo)
        await database.write(OURS, at, lambda store: store.workspaces.mark_removed())
    (row,) = (await rows_of(database, OURS))["workspaces"]
    assert datetime(2026, 11, 1, tzinfo=NOW.tzinfo) in row
